package events_test

import (
	"reflect"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
)

func TestPlatformKindsAreSound(t *testing.T) {
	kinds := slices.Collect(events.Platform().All())
	require.Len(t, kinds, 15)
	_, err := events.NewRegistry(kinds...)
	require.NoError(t, err)
	for _, k := range kinds {
		t.Run(k.ID(), func(t *testing.T) {
			assert.NotEmpty(t, k.Name())
			assert.NotEmpty(t, k.Description())
			assert.NotEmpty(t, k.Source())
			env, err := events.DecodeEnvelope(k.Sample())
			require.NoError(t, err)
			event, err := k.DecodeAny(env)
			require.NoError(t, err)
			payload := reflect.ValueOf(event).FieldByName("Payload")
			assert.False(t, payload.IsZero())
			assert.False(t, env.Timestamp.IsZero())

			data, err := env.Encode()
			require.NoError(t, err)
			again, err := events.DecodeEnvelope(data)
			require.NoError(t, err)
			assert.Equal(t, env, again)
		})
	}
}
