package function

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
)

func TestHurry(t *testing.T) {
	urgent, normal := &events.TTR{TTRType: "URGENT"}, &events.TTR{TTRType: "NORMAL"}
	moved := events.Commands{events.SystemMessage(soon), events.Transfer(urgentSkill)}
	for _, test := range []struct {
		name    string
		ttr     *events.TTRChange
		routing *events.Routing
		want    events.Commands
	}{
		{"it becomes urgent", &events.TTRChange{OldTTR: normal, NewTTR: urgent}, &events.Routing{NewSkillID: "1"}, moved},
		{"nobody says what it was", &events.TTRChange{NewTTR: urgent}, nil, moved},
		{"it is with the right skill", &events.TTRChange{NewTTR: urgent}, &events.Routing{NewSkillID: urgentSkill}, moved[:1]},
		{"it was urgent already", &events.TTRChange{OldTTR: urgent, NewTTR: urgent}, nil, nil},
		{"it is urgent no longer", &events.TTRChange{OldTTR: urgent, NewTTR: normal}, nil, nil},
		{"nobody says what it is", &events.TTRChange{OldTTR: urgent}, nil, nil},
		{"nobody says anything", nil, nil, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			commands, err := hurry(t.Context(), events.Event[events.Messaging]{Payload: events.Messaging{TTR: test.ttr, Routing: test.routing}})
			require.NoError(t, err)
			assert.Equal(t, test.want, commands)
		})
	}
}

func TestPromise(t *testing.T) {
	assert.Equal(t, soon, promise(events.TTR{}))
	for seconds, want := range map[int64]string{
		-1:            soon,
		0:             soon,
		1:             "We have marked this as urgent, and answer within 1 min.",
		60:            "We have marked this as urgent, and answer within 1 min.",
		61:            "We have marked this as urgent, and answer within 2 min.",
		math.MaxInt64: "We have marked this as urgent, and answer within 153722867280912931 min.",
	} {
		assert.Equal(t, want, promise(events.TTR{Value: &seconds}))
	}
}

func TestHurryWithTheSample(t *testing.T) {
	env, err := events.DecodeEnvelope(events.MessagingTTR.Sample())
	require.NoError(t, err)
	event, err := events.MessagingTTR.Decode(env)
	require.NoError(t, err)
	commands, err := hurry(t.Context(), event)
	require.NoError(t, err)
	require.Len(t, commands, 2)
	assert.Contains(t, commands[0].Text, "5 min")
	assert.Equal(t, events.Transfer(urgentSkill), commands[1])
}
