package faas_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// Shorthands for the kind that most tests use.
type (
	survey = events.Event[events.PostSurvey]
	emails = []events.TranscriptEmail
)

var chat = events.ChatPostSurveyEmailTranscript

// none decides that no e-mail is sent.
func none(context.Context, survey) (emails, error) { return nil, nil }

// quiet sends no command.
func quiet(context.Context, events.Event[events.Messaging]) (events.Commands, error) { return nil, nil }

// mail is an e-mail with a subject.
func mail(subject string) emails {
	return emails{{TargetEmail: "to@example.com", SenderName: "S", SenderEmail: "from@example.com", Subject: subject}}
}

func surveyOf(skill string) survey { return survey{Payload: events.PostSurvey{SkillName: skill}} }

func envelopeOf(payload string) events.Envelope { return events.Envelope{Payload: []byte(payload)} }

func newRuntime(t testing.TB, functions ...faas.Function) *faas.Runtime {
	t.Helper()
	rt, err := faas.New(faas.Config{Functions: functions})
	require.NoError(t, err)
	return rt
}

// failed takes an error apart.
func failed(t testing.TB, err error) *faas.Error {
	t.Helper()
	var failure *faas.Error
	require.ErrorAs(t, err, &failure)
	return failure
}

// Events of a laboratory: for one function, for ten, and with skills.
type object = events.Event[events.Object]

var (
	single  = events.Define[events.Object, any](events.Spec{ID: "single", Limit: 1})
	tenfold = events.Define[events.Object, any](events.Spec{ID: "tenfold", Limit: 10})
	skilled = events.Define[events.Object, any](events.Spec{ID: "skilled", Limit: 1, Skills: true})
)

// A body is what a builder makes.
type body = func(context.Context, object) (any, error)

// say gives a text.
func say(text string) body {
	return func(context.Context, object) (any, error) { return text, nil }
}

// echo builds functions that give their source; sources that begin with "bad"
// are refused, line by line.
func echo(_ string, source []byte) (body, error) {
	if text := string(source); !strings.HasPrefix(text, "bad") {
		return say(text), nil
	}
	return nil, errors.New(strings.ReplaceAll(string(source), " ", "\n"))
}

// laboratory makes a runtime of the laboratory's events. Its builders echo,
// unless the config has others.
func laboratory(t testing.TB, config faas.Config) *faas.Runtime {
	t.Helper()
	rt, err := faas.New(equipped(t, config))
	require.NoError(t, err)
	return rt
}

func equipped(t testing.TB, config faas.Config) faas.Config {
	t.Helper()
	registry, err := events.NewRegistry(single, tenfold, skilled)
	require.NoError(t, err)
	config.Registry = registry
	if config.Builders == nil {
		config.Builders = []faas.Builder{faas.Build(single, echo), faas.Build(tenfold, echo), faas.Build(skilled, echo)}
	}
	return config
}

// built is the config of a laboratory with one builder, for tenfold.
func built(build func(name string, source []byte) (body, error)) faas.Config {
	return faas.Config{Builders: []faas.Builder{faas.Build(tenfold, build)}}
}

func create(t testing.TB, rt *faas.Runtime, draft faas.Draft) faas.Record {
	t.Helper()
	r, err := rt.Create(t.Context(), draft)
	require.NoError(t, err)
	return r
}

// deployed creates a function of tenfold, with its name as the source unless
// there is another, and deploys it.
func deployed(t testing.TB, rt *faas.Runtime, draft faas.Draft) faas.Record {
	t.Helper()
	if draft.Event == "" {
		draft.Event = tenfold.ID()
	}
	if draft.Source == "" {
		draft.Source = draft.Name
	}
	r, err := rt.Deploy(t.Context(), create(t, rt, draft).ID)
	require.NoError(t, err)
	return r
}

func edited(t testing.TB, rt *faas.Runtime, id string, edit faas.Edit) faas.Record {
	t.Helper()
	r, err := rt.Update(t.Context(), id, edit)
	require.NoError(t, err)
	return r
}

func function(t testing.TB, rt *faas.Runtime, id string) faas.Record {
	t.Helper()
	r, err := rt.Function(id)
	require.NoError(t, err)
	return r
}

// answers are the results of an event, as "function: JSON".
func answers(t testing.TB, rt *faas.Runtime, event string, opts ...faas.CallOption) (out []string) {
	t.Helper()
	results, err := rt.Invoke(t.Context(), event, events.Envelope{}, opts...)
	if err != nil {
		require.Equal(t, faas.CodeNotImplemented, failed(t, err).Code)
		assert.False(t, rt.Implements(event, opts...))
		return nil
	}
	for _, r := range results {
		out = append(out, r.Function+": "+string(r.Value))
	}
	return out
}

// codeOf is the code of an error, which is an *faas.Error and nothing around it.
func codeOf(t testing.TB, err error) faas.Code {
	t.Helper()
	require.IsType(t, (*faas.Error)(nil), err)
	assert.NotContains(t, err.Error(), "\n")
	return err.(*faas.Error).Code
}

func to[T any](v T) *T { return &v }
