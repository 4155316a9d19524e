package faas_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
)

func TestCreateTellsAllThatIsWrong(t *testing.T) {
	t.Parallel()
	config := faas.Config{Functions: []faas.Function{faas.On(single, "in_go", say("x"))}, Builders: []faas.Builder{faas.Build(tenfold, echo), faas.Build(skilled, echo)}}
	rt := laboratory(t, config)
	create(t, rt, faas.Draft{Name: "taken", Event: "tenfold"})
	before := rt.Functions(faas.Filter{})
	many := make([]string, events.MaxSkills+1)
	for i := range many {
		many[i] = fmt.Sprint(i)
	}
	for name, c := range map[string]struct {
		draft faas.Draft
		want  string
	}{
		"nothing": {faas.Draft{}, `invalid: the name "" must be 1 to 50 letters, digits and underscores; it names no event, and functions without one are made in Go`},
		"all": {
			faas.Draft{Name: "a-b", Description: strings.Repeat("ä", 201), Event: "tenfold", Skills: []string{"1"}, Source: strings.Repeat("ä", 100_001)},
			`event tenfold: invalid: the name "a-b" must be 1 to 50 letters, digits and underscores; the description has 201 characters; keep it to 200; ` +
				`the source has 100001 characters; keep it to 100000; event tenfold does not support skills: let a-b name none`,
		},
		"taken":        {faas.Draft{Name: "taken", Event: "tenfold"}, `event tenfold: function taken: invalid: another function has this name`},
		"taken in Go":  {faas.Draft{Name: "in_go", Event: "tenfold"}, `event tenfold: function in_go: invalid: another function has this name`},
		"no builder":   {faas.Draft{Name: "f", Event: "single"}, `event single: function f: invalid: functions of this event are made in Go here, not of text`},
		"typo":         {faas.Draft{Name: "f", Event: "tenfol"}, `function f: invalid: unknown event "tenfol"; did you mean tenfold?`},
		"many skills":  {faas.Draft{Name: "f", Event: "skilled", Skills: many}, fmt.Sprintf(`event skilled: function f: invalid: event skilled takes at most %d skills per function: f names %d`, events.MaxSkills, len(many))},
		"twice":        {faas.Draft{Name: "f", Event: "skilled", Skills: []string{"1", "1"}}, `event skilled: function f: invalid: event skilled takes each skill once: f names "1" twice`},
		"newline name": {faas.Draft{Name: "f\n", Event: "tenfold"}, `event tenfold: invalid: the name "f\n" must be 1 to 50 letters, digits and underscores`},
	} {
		_, err := rt.Create(t.Context(), c.draft)
		assert.EqualError(t, err, c.want, name)
		assert.Equal(t, faas.CodeInvalid, codeOf(t, err), name)
	}
	_, err := rt.Create(t.Context(), faas.Draft{Name: strings.Repeat("\n", 1<<20), Event: strings.Repeat("\n", 1<<20), Skills: []string{"1"}})
	assert.Equal(t, faas.CodeInvalid, codeOf(t, err))
	assert.Less(t, len(err.Error()), 600)
	assert.Equal(t, before, rt.Functions(faas.Filter{}))

	create(t, rt, faas.Draft{Name: strings.Repeat("x", 50), Description: strings.Repeat("ä", 200), Event: "tenfold", Source: strings.Repeat("ä", 100_000)})
}

func TestEditsThatAreRefused(t *testing.T) {
	t.Parallel()
	rt := laboratory(t, faas.Config{Functions: []faas.Function{faas.On(single, "in_go", say("x"))}})
	other := deployed(t, rt, faas.Draft{Name: "other", Event: "skilled", Skills: []string{"1", "2"}})
	r := deployed(t, rt, faas.Draft{Name: "f", Event: "skilled", Skills: []string{"3"}, Source: "s"})
	inGo := rt.Functions(faas.Filter{Name: "in_go"})[0]
	for name, c := range map[string]struct {
		id   string
		edit faas.Edit
		code faas.Code
		want string
	}{
		"nothing":           {r.ID, faas.Edit{}, faas.CodeUnchanged, "event skilled: function f: unchanged"},
		"nothing new":       {r.ID, faas.Edit{Name: to("f"), Skills: &[]string{"3"}, Source: to("s"), Description: to("")}, faas.CodeUnchanged, "event skilled: function f: unchanged"},
		"an old revision":   {r.ID, faas.Edit{Name: to("g"), Revision: 1}, faas.CodeConflict, "event skilled: function f: conflict: the function has been changed meanwhile: look at it again"},
		"a taken name":      {r.ID, faas.Edit{Name: to("other")}, faas.CodeInvalid, "event skilled: function other: invalid: another function has this name"},
		"a bad name":        {r.ID, faas.Edit{Name: to("")}, faas.CodeInvalid, `event skilled: invalid: the name "" must be 1 to 50 letters, digits and underscores`},
		"another's skill":   {r.ID, faas.Edit{Skills: &[]string{"3", "2"}}, faas.CodeLimit, `event skilled: function f: limit: event skilled has skill "2" held by other: name it in one function only`},
		"all skills":        {r.ID, faas.Edit{Skills: &[]string{}}, faas.CodeLimit, "event skilled: function f: limit: event skilled is held for single skills by other: name the skills of this function too"},
		"an empty skill":    {r.ID, faas.Edit{Skills: &[]string{""}}, faas.CodeInvalid, "event skilled: function f: invalid: event skilled takes no empty skill: f names one"},
		"a long text":       {r.ID, faas.Edit{Description: to(strings.Repeat("x", 201))}, faas.CodeInvalid, "event skilled: function f: invalid: the description has 201 characters; keep it to 200"},
		"a function in Go":  {inGo.ID, faas.Edit{Name: to("g")}, faas.CodeInvalid, "event single: function in_go: invalid: it is made in Go: change it there"},
		"the other's place": {other.ID, faas.Edit{Skills: &[]string{"3"}}, faas.CodeLimit, `event skilled: function other: limit: event skilled has skill "3" held by f: name it in one function only`},
	} {
		before := function(t, rt, c.id)
		_, err := rt.Update(t.Context(), c.id, c.edit)
		assert.EqualError(t, err, c.want, name)
		assert.Equal(t, c.code, codeOf(t, err), name)
		assert.Equal(t, before, function(t, rt, c.id), name)
	}
	assert.Equal(t, []string{`f: "s"`}, answers(t, rt, "skilled", faas.ForSkill("3")))
	assert.Equal(t, []string{`other: "other"`}, answers(t, rt, "skilled", faas.ForSkill("2")))
	assert.Equal(t, faas.CodeInvalid, codeOf(t, rt.Delete(t.Context(), inGo.ID)))
}

// Skills, names and descriptions need no deployment, and leave the version that
// is in service as it is.
func TestWhatCountsAtOnce(t *testing.T) {
	t.Parallel()
	rt := laboratory(t, faas.Config{})
	r := deployed(t, rt, faas.Draft{Name: "f", Event: "skilled", Skills: []string{"1"}, Source: "old"})
	edited(t, rt, r.ID, faas.Edit{Source: to("new")})
	now := edited(t, rt, r.ID, faas.Edit{Skills: &[]string{"2"}, Name: to("g"), Description: to("d")})
	assert.Equal(t, faas.StateModified, now.State)
	assert.Equal(t, 2, now.Version)
	assert.Nil(t, answers(t, rt, "skilled", faas.ForSkill("1")))
	assert.Equal(t, []string{`g: "old"`}, answers(t, rt, "skilled", faas.ForSkill("2")))
	edited(t, rt, r.ID, faas.Edit{Skills: &[]string{}})
	assert.Equal(t, []string{`g: "old"`}, answers(t, rt, "skilled"))

	// A draft may have any skills: they are checked when it is deployed.
	draft := create(t, rt, faas.Draft{Name: "f", Event: "skilled", Skills: []string{"2"}, Source: "s"})
	_, err := rt.Deploy(t.Context(), draft.ID)
	assert.EqualError(t, err, "event skilled: function f: limit: event skilled is held for all skills by g: let it name its skills first")
	edited(t, rt, r.ID, faas.Edit{Skills: &[]string{"1"}})
	_, err = rt.Deploy(t.Context(), draft.ID)
	require.NoError(t, err)
	assert.Equal(t, []string{`f: "s"`}, answers(t, rt, "skilled", faas.ForSkill("2")))
}
