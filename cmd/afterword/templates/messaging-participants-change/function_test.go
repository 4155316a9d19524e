package function

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
)

func TestAnnounce(t *testing.T) {
	type partners = []events.MessagingPartner
	customer := events.MessagingPartner{ID: "c", Role: "CONSUMER"}
	ann := events.MessagingPartner{ID: "ann", Role: "ASSIGNED_AGENT"}
	bob := events.MessagingPartner{ID: "bob", Role: "AGENT"}
	manager := events.MessagingPartner{ID: "eve", Role: "AGENT_MANAGER"}

	for _, test := range []struct {
		name        string
		before, now partners
		says        string // empty: nothing
	}{
		{"an agent comes", partners{customer}, partners{customer, ann}, joined},
		{"the first of all is an agent", nil, partners{ann}, joined},
		{"another agent comes", partners{customer, ann}, partners{customer, ann, bob}, joined},
		{"a manager comes", partners{customer, ann}, partners{manager, customer, ann}, joined},
		{"one agent for another", partners{customer, ann}, partners{customer, bob}, handedOver},
		{"one of two agents goes", partners{customer, ann, bob}, partners{ann, customer}, oneLeft},
		{"the only agent goes", partners{customer, ann}, partners{customer}, allLeft},
		{"nobody is left at all", partners{ann}, nil, allLeft},
		{"an agent changes roles", partners{customer, {ID: "ann", Role: "AGENT"}}, partners{customer, ann}, ""},
		{"the customer comes", nil, partners{customer}, ""},
		{"somebody of another role goes", partners{customer, {ID: "x", Role: "CONTROLLER"}}, partners{customer}, ""},
		{"two empty lists", nil, nil, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			change := &events.ParticipantChange{OldParticipants: test.before, NewParticipants: test.now}
			commands, err := announce(t.Context(), events.Event[events.Messaging]{Payload: events.Messaging{ParticipantChange: change}})
			require.NoError(t, err)
			if test.says == "" {
				assert.Empty(t, commands)
				return
			}
			assert.Equal(t, events.Commands{events.SystemMessage(test.says)}, commands)
		})
	}
}

func TestAnnounceWithoutAnyPartners(t *testing.T) {
	commands, err := announce(t.Context(), events.Event[events.Messaging]{})
	require.NoError(t, err)
	assert.Empty(t, commands)
}

func TestAnnounceTheSample(t *testing.T) {
	env, err := events.DecodeEnvelope(events.MessagingParticipantChange.Sample())
	require.NoError(t, err)
	event, err := events.MessagingParticipantChange.Decode(env)
	require.NoError(t, err)
	commands, err := announce(t.Context(), event)
	require.NoError(t, err)
	assert.Equal(t, events.Commands{events.SystemMessage(joined)}, commands)
}
