package function

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
)

func TestSayWhere(t *testing.T) {
	for _, test := range []struct {
		name    string
		routing *events.Routing
		want    string // empty: nothing is said
	}{
		{"between teams", &events.Routing{OldSkillID: billing, NewSkillID: sales}, "We connect you with our sales team. You need not say again what you have told our billing team."},
		{"to the first skill", &events.Routing{NewSkillID: billing}, "We connect you with our billing team."},
		{"from an unknown skill", &events.Routing{OldSkillID: "1", NewSkillID: billing}, "We connect you with our billing team."},
		{"to an unknown skill", &events.Routing{OldSkillID: sales, NewSkillID: "1"}, "We connect you with a colleague. You need not say again what you have told our sales team."},
		{"to the same skill", &events.Routing{OldSkillID: sales, NewSkillID: sales}, ""},
		{"to no skill", &events.Routing{OldSkillID: sales}, ""},
		{"nobody says where", nil, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			commands, err := sayWhere(t.Context(), events.Event[events.Messaging]{Payload: events.Messaging{Routing: test.routing}})
			require.NoError(t, err)
			var want events.Commands
			if test.want != "" {
				want = events.Commands{events.SystemMessage(test.want)}
			}
			assert.Equal(t, want, commands)
		})
	}
}

func TestSayWhereTheSampleGoes(t *testing.T) {
	env, err := events.DecodeEnvelope(events.MessagingConversationRouting.Sample())
	require.NoError(t, err)
	event, err := events.MessagingConversationRouting.Decode(env)
	require.NoError(t, err)
	commands, err := sayWhere(t.Context(), event)
	require.NoError(t, err)
	require.Len(t, commands, 1)
	assert.Contains(t, commands[0].Text, "with our billing team")
	assert.Contains(t, commands[0].Text, "told our sales team")
}
