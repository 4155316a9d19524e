package events_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
)

func holders(n int) (all []events.Holder) {
	for i := range n {
		all = append(all, events.Holder{Function: fmt.Sprintf("f%d", i+1)})
	}
	return all
}

func TestEveryLimitHolds(t *testing.T) {
	limits := map[string]int{
		"denver_post_survey_email_transcript": 10, "conversational_command": 30,
		"bot_connectors_custom_integration": 15, "bot_connectors_pre_hook": 15, "bot_connectors_post_hook": 15, "bot_connectors_error_hook": 15,
	}
	for kind := range events.Platform().All() {
		limit := max(limits[kind.ID()], 1)
		require.Equal(t, limit, kind.Limit(), kind.ID())
		require.NoError(t, events.CheckLimit(kind, holders(limit-1), events.Holder{Function: "new"}), kind.ID())
		err := events.CheckLimit(kind, holders(limit), events.Holder{Function: "new"})
		var crossed *events.LimitError
		require.ErrorAs(t, err, &crossed, kind.ID())
		assert.Equal(t, kind.ID(), crossed.Event)
		assert.Equal(t, limit, crossed.Limit)
		assert.Equal(t, holders(limit), crossed.Holders)
		assert.NoError(t, events.CheckLimit(kind, holders(limit), events.Holder{Function: "f1"}), "a function may come again")
	}
	err := events.CheckLimit(events.ChatPostSurveyEmailTranscript, holders(10), events.Holder{Function: "new"})
	assert.EqualError(t, err, "event denver_post_survey_email_transcript holds 10 of 10 functions: f1, f2, f3, f4, f5, f6, f7, f8, f9, f10")
}

func TestSkills(t *testing.T) {
	skilled := func(name string, skills ...string) events.Holder {
		return events.Holder{Function: name, Skills: skills}
	}
	many := make([]string, 51)
	for i := range many {
		many[i] = fmt.Sprint("s", i)
	}
	ab := []events.Holder{skilled("a", "1", "2"), skilled("b", "3", "4")}
	for name, c := range map[string]struct {
		kind    events.AnyKind
		holders []events.Holder
		joins   events.Holder
		want    string
	}{
		"others may have other skills": {holders: ab, joins: skilled("c", "5")},
		"as many as there can be":      {joins: skilled("c", many[:50]...)},
		"more than there can be":       {joins: skilled("c", many...), want: "takes at most 50 skills per function: c names 51"},
		"a skill is taken":             {holders: ab, joins: skilled("c", "5", "2", "3"), want: `has skill "2" held by a: name it in one function only; has skill "3" held by b: name it in one function only`},
		"its own skills are not taken": {holders: ab, joins: skilled("a", "2", "5")},
		"all skills are taken":         {holders: holders(1), joins: skilled("c", "1"), want: "is held for all skills by f1: let it name its skills first"},
		"others have skills":           {holders: ab, joins: skilled("c"), want: "is held for single skills by a, b: name the skills of this function too"},
		"twice, and empty":             {joins: skilled("c", "1", "2", "1", "", "1"), want: `takes each skill once: c names "1" twice; takes no empty skill: c names one`},
		"no support":                   {kind: events.ConversationalCommand, joins: skilled("c", "1"), want: "does not support skills: let c name none"},
		"no support, no place":         {kind: events.ChatPostSurveyEmailTranscript, holders: holders(10), joins: skilled("c", "1"), want: "does not support skills: let c name none; holds 10 of 10 functions: f1, f2, f3, f4, f5, f6, f7, f8, f9, f10"},
	} {
		t.Run(name, func(t *testing.T) {
			if c.kind == nil {
				c.kind = events.MessagingTTR
			}
			err := events.CheckLimit(c.kind, c.holders, c.joins)
			if c.want == "" {
				assert.NoError(t, err)
				return
			}
			assert.EqualError(t, err, "event "+c.kind.ID()+" "+c.want)
			assert.NotContains(t, strings.TrimSpace(err.Error()), "\n")
		})
	}
}
