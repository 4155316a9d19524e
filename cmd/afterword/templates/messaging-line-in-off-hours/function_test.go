package function

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
)

func TestStandIn(t *testing.T) {
	for name, test := range map[string]struct {
		mid   *events.OffHoursLine
		off   *bool
		quiet bool
	}{
		"opened within the hours":    {&events.OffHoursLine{OpenedInOffHours: new(false)}, new(true), false},
		"opened in off-hours":        {&events.OffHoursLine{OpenedInOffHours: new(true)}, new(true), true},
		"nobody says when opened":    {&events.OffHoursLine{}, new(true), false},
		"nobody says anything":       {nil, nil, false},
		"the hours have begun again": {&events.OffHoursLine{OpenedInOffHours: new(false)}, new(false), true},
	} {
		t.Run(name, func(t *testing.T) {
			payload := events.Messaging{General: events.General{InOffHours: test.off}, Mid: test.mid}
			commands, err := standIn(t.Context(), events.Event[events.Messaging]{Payload: payload})
			require.NoError(t, err)
			if test.quiet {
				assert.Empty(t, commands)
				return
			}
			assert.Equal(t, events.Commands{events.SystemMessage(english)}, commands)
		})
	}
}

func TestAnswer(t *testing.T) {
	for language, want := range map[string]string{
		"de-AT": german,
		"DE":    german,
		"fr-CA": french,
		"en-US": english,
		"den":   english, // another language
		"":      english,
	} {
		assert.Equal(t, want, answer(language), language)
	}
}

func TestStandInForTheSample(t *testing.T) {
	env, err := events.DecodeEnvelope(events.MessagingLineInOffHours.Sample())
	require.NoError(t, err)
	event, err := events.MessagingLineInOffHours.Decode(env)
	require.NoError(t, err)
	event.Payload.General.ClientLanguage = "fr-FR"
	commands, err := standIn(t.Context(), event)
	require.NoError(t, err)
	assert.Equal(t, events.Commands{events.SystemMessage(french)}, commands)
}
