package faas_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
)

// A team is a plugin of given functions.
type team []faas.Function

func (t team) Functions() []faas.Function { return t }

// A lazy plugin makes its functions when asked.
type lazy func() []faas.Function

func (l lazy) Functions() []faas.Function { return l() }

// A fragile plugin does not work as a nil pointer.
type fragile struct{ functions []faas.Function }

func (f *fragile) Functions() []faas.Function { return f.functions }

func TestZeroConfig(t *testing.T) {
	t.Parallel()
	rt, err := faas.New(faas.Config{})
	require.NoError(t, err)
	for kind := range events.Platform().All() {
		assert.False(t, rt.Implements(kind.ID()), kind.ID())
	}
	assert.Zero(t, rt.Abandoned())
}

func TestEveryFaultOfAConfigIsReportedInOrder(t *testing.T) {
	t.Parallel()
	impostor := events.Define[events.PostSurvey, []events.TranscriptEmail](events.Spec{ID: chat.ID(), Limit: 10})
	unknown := events.Define[events.PostSurvey, []events.TranscriptEmail](events.Spec{ID: "denver_post_survey_email_transcripts", Limit: 10})
	_, err := faas.New(faas.Config{
		Timeout: -time.Second,
		Functions: []faas.Function{
			faas.On(chat, "", none),
			faas.On(chat, "has-hyphen", none),
			faas.On(chat, "umläut", none),
			faas.On(chat, strings.Repeat("x", 51), none),
			faas.On(chat, "twice", none),
			faas.On(chat, "twice", none),
			faas.On(chat, "nothing", nil),
			faas.On(nil, "nowhere", none),
			faas.On(unknown, "misspelt", none),
			faas.On(impostor, "impostor", none),
			faas.On(chat, "wordy", none, faas.Description(strings.Repeat("ä", 201))),
			faas.On(chat, "skilled", none, faas.Skills("1")),
			{},
		},
		Plugins: []faas.Plugin{
			nil,
			(*fragile)(nil),
			lazy(func() []faas.Function { panic("secret") }),
			lazy(func() []faas.Function { runtime.Goexit(); return nil }),
			team{faas.On(chat, "twice", none), faas.On(chat, "two words", none)},
		},
	})
	assert.EqualError(t, err, strings.Join([]string{
		`timeout: -1s is negative; zero is 30s`,
		`function 1: the name "" must be 1 to 50 letters, digits and underscores`,
		`function 2: the name "has-hyphen" must be 1 to 50 letters, digits and underscores`,
		`function 3: the name "umläut" must be 1 to 50 letters, digits and underscores`,
		`function 4: the name "` + strings.Repeat("x", 51) + `" must be 1 to 50 letters, digits and underscores`,
		`function "twice": function "twice" has this name; give each its own`,
		`function "nothing": has no Go function; make it with On and a function that is not nil`,
		`function "nowhere": the event's kind is nil`,
		`function "misspelt": unknown event "denver_post_survey_email_transcripts"; did you mean denver_post_survey_email_transcript?`,
		`function "impostor": the registry holds another kind denver_post_survey_email_transcript; use that one`,
		`function "wordy": the description has 201 characters; keep it to 200`,
		`function "skilled": event denver_post_survey_email_transcript does not support skills: let skilled name none`,
		`function 13: the name "" must be 1 to 50 letters, digits and underscores`,
		`function 13: has no Go function; make it with On and a function that is not nil`,
		`function 13: the event's kind is nil`,
		`plugin 1: is nil`,
		`plugin 2 (*faas_test.fragile): crashed: it panicked`,
		`plugin 3 (faas_test.lazy): crashed: it panicked`,
		`plugin 4 (faas_test.lazy): crashed: it ended without returning`,
		`plugin 5 (faas_test.team), function "twice": function "twice" has this name; give each its own`,
		`plugin 5 (faas_test.team), function 2: the name "two words" must be 1 to 50 letters, digits and underscores`,
	}, "\n"))
	var misspelt *events.UnknownEventError
	assert.ErrorAs(t, err, &misspelt)
	var limit *events.LimitError
	assert.ErrorAs(t, err, &limit)
	assert.Equal(t, faas.CodeCrashed, failed(t, err).Code)
}

func TestAPluginsPanicIsForTheCallerAlone(t *testing.T) {
	t.Parallel()
	_, err := faas.New(faas.Config{Plugins: []faas.Plugin{lazy(func() []faas.Function { panic("secret") })}})
	assert.NotContains(t, err.Error(), "secret")
	value, stack := failed(t, err).Panic()
	assert.Equal(t, "secret", value)
	assert.Contains(t, string(stack), "TestAPluginsPanicIsForTheCallerAlone")
}

func TestLongNamesAreCutInErrors(t *testing.T) {
	t.Parallel()
	_, err := faas.New(faas.Config{Functions: []faas.Function{faas.On(chat, strings.Repeat("\n", 100000), none)}})
	assert.Less(t, len(err.Error()), 300)
	assert.NotContains(t, err.Error(), "\n")
}

func TestNamesAndDescriptionsAtTheirLimit(t *testing.T) {
	t.Parallel()
	f := faas.On(chat, strings.Repeat("aZ_09", 10), none, faas.Description(strings.Repeat("ä", 200)))
	rt := newRuntime(t, f)
	assert.True(t, rt.Implements(chat.ID()))
}

func TestTheLimitOfAnEventHolds(t *testing.T) {
	t.Parallel()
	var ten []faas.Function
	for i := range 8 {
		ten = append(ten, faas.On(chat, fmt.Sprintf("f%d", i), none))
	}
	plugin := team{faas.On(chat, "p0", none), faas.On(chat, "p1", none)}
	_, err := faas.New(faas.Config{Functions: ten, Plugins: []faas.Plugin{plugin}})
	require.NoError(t, err)

	_, err = faas.New(faas.Config{Functions: ten, Plugins: []faas.Plugin{append(plugin, faas.On(chat, "eleventh", none), faas.On(chat, "twelfth", none))}})
	const full = `event denver_post_survey_email_transcript holds 10 of 10 functions: f0, f1, f2, f3, f4, f5, f6, f7, p0, p1`
	assert.EqualError(t, err, `plugin 1 (faas_test.team), function "eleventh": `+full+"\n"+`plugin 1 (faas_test.team), function "twelfth": `+full)
}

// A function with a fault of another sort takes its place on the event all the
// same: else mending that fault would uncover this one.
func TestAFaultyFunctionHoldsItsPlace(t *testing.T) {
	t.Parallel()
	_, err := faas.New(faas.Config{Functions: []faas.Function{
		faas.On(events.MessagingTTR, "bad name", quiet),
		faas.On(events.MessagingTTR, "good", quiet),
	}})
	assert.EqualError(t, err, `function 1: the name "bad name" must be 1 to 50 letters, digits and underscores
function "good": event controllerbot_messaging_ttr holds 1 of 1 functions: function 1`)
}

func TestSkillsOfAnEvent(t *testing.T) {
	t.Parallel()
	a := faas.On(events.MessagingTTR, "a", quiet, faas.Skills("1", "2"))
	b := faas.On(events.MessagingTTR, "b", quiet, faas.Skills("3", "4"))
	overlapping := faas.On(events.MessagingTTR, "c", quiet, faas.Skills("4", "5"))
	everything := faas.On(events.MessagingTTR, "d", quiet)
	for _, c := range []struct {
		name      string
		functions []faas.Function
		want      string
	}{
		{"apart", []faas.Function{a, b}, ""},
		{"a default alone", []faas.Function{everything}, ""},
		{"a default behind", []faas.Function{a, b, everything}, `function "d": event controllerbot_messaging_ttr is held for single skills by a, b: name the skills of this function too`},
		{"a default in front", []faas.Function{everything, a}, `function "a": event controllerbot_messaging_ttr is held for all skills by d: let it name its skills first`},
		{"overlap", []faas.Function{a, b, overlapping}, `function "c": event controllerbot_messaging_ttr has skill "4" held by b: name it in one function only`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := faas.New(faas.Config{Functions: c.functions})
			if c.want == "" {
				assert.NoError(t, err)
				return
			}
			assert.EqualError(t, err, c.want)
		})
	}
}

func TestAFunctionTellsWhatItIs(t *testing.T) {
	t.Parallel()
	skills := []string{"1", "2"}
	f := faas.On(events.MessagingTTR, "urgent", quiet, faas.Option{}, faas.Skills("9"), faas.Skills(skills...), faas.Description("a"), faas.Description("b"))
	skills[0] = "changed"
	f.Skills()[1] = "changed"
	assert.Equal(t, "urgent", f.Name())
	assert.Equal(t, "controllerbot_messaging_ttr", f.Event())
	assert.Equal(t, "b", f.Description())
	assert.Equal(t, []string{"1", "2"}, f.Skills())
	assert.Empty(t, faas.On(events.MessagingTTR, "urgent", quiet, faas.Skills("1"), faas.Skills()).Skills())

	var zero faas.Function
	assert.Empty(t, zero.Name()+zero.Event()+zero.Description())
	assert.Nil(t, zero.Skills())
}

func TestOwnKinds(t *testing.T) {
	t.Parallel()
	stepUp := events.Define[events.Messaging, events.Commands](events.Spec{ID: "consumer_step_up", Limit: 1, Skills: true})
	registry, err := events.Platform().With(stepUp)
	require.NoError(t, err)
	rt, err := faas.New(faas.Config{Registry: registry, Functions: []faas.Function{faas.On(stepUp, "hello", quiet)}})
	require.NoError(t, err)
	assert.True(t, rt.Implements("consumer_step_up"))

	_, err = faas.New(faas.Config{Registry: &events.Registry{}, Functions: []faas.Function{faas.On(chat, "f", none)}})
	assert.EqualError(t, err, `function "f": unknown event "denver_post_survey_email_transcript"`)
}
