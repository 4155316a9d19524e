package faas_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
)

// Slow is a text that takes 40 seconds to decode.
type slow struct{ text string }

func (s *slow) UnmarshalJSON(data []byte) error {
	time.Sleep(40 * time.Second)
	s.text = string(data)
	return nil
}

// The caller has the envelope back as soon as the invocation returns, whatever
// an abandoned function still does with it.
func TestTheEnvelopeStaysTheCallers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		type object struct {
			Text slow `json:"text"`
		}
		kind := events.Define[object, events.Ignored](events.Spec{ID: "slow", Limit: 1})
		registry, err := events.NewRegistry(kind)
		require.NoError(t, err)
		var seen events.Event[object]
		rt, err := faas.New(faas.Config{Registry: registry, Functions: []faas.Function{
			faas.On(kind, "f", func(_ context.Context, event events.Event[object]) (events.Ignored, error) {
				seen = event
				return events.Ignored{}, nil
			}),
		}})
		require.NoError(t, err)
		env := envelopeOf(`{"text": "mine"}`)
		env.Headers = []events.Header{{Key: "mine"}}
		_, err = rt.Invoke(t.Context(), "slow", env)
		assert.Equal(t, faas.CodeTimedOut, failed(t, err).Code)
		env.Headers[0].Key = "changed"
		for i := range env.Payload {
			env.Payload[i] = '!'
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		assert.Equal(t, `"mine"`, seen.Payload.Text.text)
		assert.Equal(t, []events.Header{{Key: "mine"}}, seen.Headers)
	})
}

func TestACallerWhoHasGivenUpAlready(t *testing.T) {
	t.Parallel()
	ran := false
	rt := newRuntime(t, faas.On(chat, "f", func(context.Context, survey) (emails, error) {
		ran = true
		return nil, nil
	}))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, invoke := range invocations(rt) {
		_, err := invoke(ctx, "")
		require.ErrorIs(t, err, context.Canceled)
		assert.EqualError(t, err, "event denver_post_survey_email_transcript: canceled: context canceled")
		assert.Equal(t, faas.CodeCanceled, failed(t, err).Code)
	}
	assert.False(t, ran)
}

// A caller who gives up midway gets no results either.
func TestACallerWhoGivesUpMidway(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	rt := newRuntime(t,
		faas.On(chat, "a", none),
		faas.On(chat, "b", func(context.Context, survey) (emails, error) {
			cancel()
			return mail("late"), nil
		}),
		faas.On(chat, "c", none),
	)
	results, err := faas.Invoke(ctx, rt, chat, survey{})
	assert.Nil(t, results)
	assert.EqualError(t, err, "event denver_post_survey_email_transcript: function b: canceled: context canceled")
}
