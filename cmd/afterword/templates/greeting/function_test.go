package function

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
)

func TestGreet(t *testing.T) {
	for name, want := range map[string]string{
		"Ann": "Hello, Ann!",
		"":    "Hello, stranger!",
	} {
		greeting, err := greet(t.Context(), events.Event[Guest]{Payload: Guest{Name: name}})
		require.NoError(t, err)
		assert.Equal(t, want, greeting.Text)
	}
}
