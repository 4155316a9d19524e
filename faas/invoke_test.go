package faas_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
)

func TestResultsComeInTheOrderOfConnection(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		// The earlier a function is connected, the longer it takes.
		slow := func(name string, d time.Duration) faas.Function {
			return faas.On(chat, name, func(context.Context, survey) (emails, error) {
				time.Sleep(d)
				return mail(name), nil
			})
		}
		rt, err := faas.New(faas.Config{
			Functions: []faas.Function{slow("z", 3*time.Second), slow("m", 2*time.Second)},
			Plugins:   []faas.Plugin{team{slow("a", time.Second)}, team{slow("k", 0)}},
		})
		require.NoError(t, err)
		start := time.Now().UTC()
		want := []faas.Result[emails]{
			{Function: "z", Timestamp: start.Add(3 * time.Second), Value: mail("z")},
			{Function: "m", Timestamp: start.Add(5 * time.Second), Value: mail("m")},
			{Function: "a", Timestamp: start.Add(6 * time.Second), Value: mail("a")},
			{Function: "k", Timestamp: start.Add(6 * time.Second), Value: mail("k")},
		}
		typed, err := faas.Invoke(t.Context(), rt, chat, survey{})
		require.NoError(t, err)
		for i := range typed {
			assert.NotEmpty(t, typed[i].ID)
			typed[i].ID = ""
		}
		assert.Equal(t, want, typed)

		raw, err := rt.Invoke(t.Context(), chat.ID(), events.Envelope{})
		require.NoError(t, err)
		require.Len(t, raw, 4)
		for i, result := range raw {
			assert.Equal(t, want[i].Function, result.Function)
			assert.Equal(t, want[i].Timestamp.Add(6*time.Second), result.Timestamp)
			value, err := chat.DecodeResult(result.Value)
			require.NoError(t, err)
			assert.Equal(t, want[i].Value, value)
		}
	})
}

func TestAFunctionSeesTheWholeEvent(t *testing.T) {
	t.Parallel()
	var seen []survey
	rt := newRuntime(t, faas.On(chat, "f", func(_ context.Context, event survey) (emails, error) {
		seen = append(seen, event)
		return nil, nil
	}))
	env, err := events.DecodeEnvelope(chat.Sample())
	require.NoError(t, err)
	env.Headers = []events.Header{{Key: "k", Value: "v"}}
	event, err := chat.Decode(env)
	require.NoError(t, err)

	results, err := rt.Invoke(t.Context(), chat.ID(), env)
	require.NoError(t, err)
	assert.JSONEq(t, `[]`, string(results[0].Value))
	typed, err := faas.Invoke(t.Context(), rt, chat, event)
	require.NoError(t, err)
	assert.Nil(t, typed[0].Value)
	assert.Equal(t, []survey{event, event}, seen)
}

func TestSkillsChooseTheFunctions(t *testing.T) {
	t.Parallel()
	rt := newRuntime(t,
		faas.On(events.MessagingTTR, "a", quiet, faas.Skills("1", "2")),
		faas.On(events.MessagingTTR, "b", quiet, faas.Skills("3", "4")),
		faas.On(chat, "everybody", none),
	)
	for _, c := range []struct {
		event string
		opts  []faas.CallOption
		want  []string
	}{
		{events.MessagingTTR.ID(), nil, nil},
		{events.MessagingTTR.ID(), []faas.CallOption{faas.ForSkill("")}, nil},
		{events.MessagingTTR.ID(), []faas.CallOption{faas.ForSkill("1")}, []string{"a"}},
		{events.MessagingTTR.ID(), []faas.CallOption{faas.ForSkill("4")}, []string{"b"}},
		{events.MessagingTTR.ID(), []faas.CallOption{faas.ForSkill("1"), {}, faas.ForSkill("3")}, []string{"b"}},
		{events.MessagingTTR.ID(), []faas.CallOption{faas.ForSkill("5")}, nil},
		{chat.ID(), nil, []string{"everybody"}},
		{chat.ID(), []faas.CallOption{faas.ForSkill("1")}, []string{"everybody"}},
		{events.MessagingConversationEnd.ID(), nil, nil},
	} {
		assert.Equal(t, c.want != nil, rt.Implements(c.event, c.opts...))
		results, err := rt.Invoke(t.Context(), c.event, events.Envelope{}, c.opts...)
		if c.want == nil {
			failure := failed(t, err)
			assert.Equal(t, faas.CodeNotImplemented, failure.Code)
			assert.Equal(t, c.event, failure.Event)
			continue
		}
		require.NoError(t, err)
		var names []string
		for _, result := range results {
			names = append(names, result.Function)
		}
		assert.Equal(t, c.want, names)
	}
	_, err := rt.Invoke(t.Context(), events.MessagingTTR.ID(), events.Envelope{})
	assert.EqualError(t, err, "event controllerbot_messaging_ttr: not implemented: no function for all skills is connected")
	_, err = faas.Invoke(t.Context(), rt, events.MessagingTTR, events.Event[events.Messaging]{}, faas.ForSkill("5"))
	assert.EqualError(t, err, "event controllerbot_messaging_ttr: not implemented: no function is connected that serves the skill of the call")
}

func TestUnknownEvents(t *testing.T) {
	t.Parallel()
	rt := newRuntime(t, faas.On(chat, "f", none))
	assert.False(t, rt.Implements("denver"))

	results, err := rt.Invoke(t.Context(), "conversational_comand", events.Envelope{})
	assert.Nil(t, results)
	assert.Equal(t, faas.CodeUnknownEvent, failed(t, err).Code)
	var unknown *events.UnknownEventError
	require.ErrorAs(t, err, &unknown)
	assert.EqualError(t, err, `unknown event "conversational_comand"; did you mean conversational_command?`)

	_, err = rt.Invoke(t.Context(), strings.Repeat("x", 1<<20), events.Envelope{})
	assert.Less(t, len(err.Error()), 200)

	// A kind with the same ID is not the same kind: its types differ.
	impostor := events.Define[events.CommandCall, events.Reply](events.Spec{ID: chat.ID(), Limit: 1})
	_, err = faas.Invoke(t.Context(), rt, impostor, events.Event[events.CommandCall]{})
	assert.Equal(t, faas.CodeUnknownEvent, failed(t, err).Code)
	assert.EqualError(t, err, "event denver_post_survey_email_transcript: unknown event: the registry holds another kind denver_post_survey_email_transcript; use that one")

	var missing *events.Kind[events.CommandCall, events.Reply]
	_, err = faas.Invoke(t.Context(), rt, missing, events.Event[events.CommandCall]{})
	assert.EqualError(t, err, "unknown event: the event's kind is nil")
}

func TestBadInputRunsNothing(t *testing.T) {
	t.Parallel()
	ran := false
	rt := newRuntime(t, faas.On(chat, "f", func(context.Context, survey) (emails, error) {
		ran = true
		return nil, nil
	}))
	_, err := rt.Invoke(t.Context(), chat.ID(), envelopeOf(`{"csatRank": 4711, "skillName": 4712}`))
	failure := failed(t, err)
	assert.Equal(t, faas.CodeBadInput, failure.Code)
	assert.Empty(t, failure.Function)
	var decoding *events.DecodeError
	require.ErrorAs(t, err, &decoding)
	assert.Len(t, decoding.Problems, 2)
	assert.EqualError(t, err, "event denver_post_survey_email_transcript: bad input: "+
		"payload.csatRank: must be at most 5; payload.skillName: must be text, not a number")
	assert.False(t, ran)
}

func TestTheFirstFailureEndsTheInvocation(t *testing.T) {
	t.Parallel()
	var ran []string
	own := errors.New("the CRM\nis down\n")
	function := func(name string, err error) faas.Function {
		return faas.On(chat, name, func(context.Context, survey) (emails, error) {
			ran = append(ran, name)
			return mail(name), err
		})
	}
	rt := newRuntime(t, function("a", nil), function("b", own), function("c", nil))
	for _, invoke := range invocations(rt) {
		ran = nil
		results, err := invoke(t.Context(), "")
		assert.Zero(t, results)
		assert.Equal(t, []string{"a", "b"}, ran)
		require.ErrorIs(t, err, own)
		assert.Equal(t, &faas.Error{Code: faas.CodeFailed, Event: chat.ID(), Function: "b", Err: own}, err)
		assert.EqualError(t, err, "event denver_post_survey_email_transcript: function b: failed: the CRM; is down")
	}
}

// invocations are the two ways to invoke the functions of chat, with a survey
// that has the given skill. They give the number of results.
func invocations(rt *faas.Runtime) map[string]func(ctx context.Context, skill string) (int, error) {
	return map[string]func(context.Context, string) (int, error){
		"typed": func(ctx context.Context, skill string) (int, error) {
			results, err := faas.Invoke(ctx, rt, chat, surveyOf(skill))
			return len(results), err
		},
		"json": func(ctx context.Context, skill string) (int, error) {
			payload, err := chat.EncodePayload(surveyOf(skill).Payload)
			if err != nil {
				return 0, err
			}
			results, err := rt.Invoke(ctx, chat.ID(), events.Envelope{Payload: payload})
			return len(results), err
		},
	}
}

// An error of a runtime inside of a function is that function's failure, and
// not one of the runtime around it.
func TestAnInvocationWithinAFunction(t *testing.T) {
	t.Parallel()
	inner := newRuntime(t)
	outer := newRuntime(t, faas.On(chat, "outer", func(ctx context.Context, event survey) (emails, error) {
		_, err := faas.Invoke(ctx, inner, chat, event)
		return nil, err
	}))
	_, err := faas.Invoke(t.Context(), outer, chat, survey{})
	assert.Equal(t, faas.CodeFailed, failed(t, err).Code)
	assert.Equal(t, faas.CodeNotImplemented, failed(t, errors.Unwrap(err)).Code)
}

// vandal changes whatever it can reach, and tells what it saw before.
func vandal(name string, saw *[]string) faas.Function {
	return faas.On(chat, name, func(_ context.Context, event survey) (emails, error) {
		seen, err := json.Marshal(event)
		*saw = append(*saw, string(seen))
		event.Headers[0].Value = "changed"
		*event.Payload.CSATRank = 1
		event.Payload.Answers[0].Answer = "changed"
		slices.Reverse(event.Payload.Answers)
		return nil, err
	})
}

func TestFunctionsDoNotDisturbOneAnother(t *testing.T) {
	t.Parallel()
	var saw []string
	rt := newRuntime(t, vandal("a", &saw), vandal("b", &saw))
	newEnvelope := func() events.Envelope {
		env, err := events.DecodeEnvelope(chat.Sample())
		require.NoError(t, err)
		env.Headers = []events.Header{{Key: "k", Value: "v"}}
		return env
	}
	env := newEnvelope()
	_, err := rt.Invoke(t.Context(), chat.ID(), env)
	require.NoError(t, err)
	assert.Equal(t, newEnvelope(), env)

	event, err := chat.Decode(newEnvelope())
	require.NoError(t, err)
	untouched, err := chat.Decode(newEnvelope())
	require.NoError(t, err)
	_, err = faas.Invoke(t.Context(), rt, chat, event)
	require.NoError(t, err)
	assert.Equal(t, untouched, event)

	require.Len(t, saw, 4)
	assert.Len(t, slices.Compact(saw), 1)
}

func TestBadResults(t *testing.T) {
	t.Parallel()
	result := emails{{Subject: "secret"}}
	rt := newRuntime(t, faas.On(chat, "f", func(context.Context, survey) (emails, error) { return result, nil }))
	_, err := rt.Invoke(t.Context(), chat.ID(), events.Envelope{})
	failure := failed(t, err)
	assert.Equal(t, faas.CodeBadResult, failure.Code)
	assert.Equal(t, "f", failure.Function)
	var encoding *events.EncodeError
	require.ErrorAs(t, err, &encoding)
	assert.NotContains(t, err.Error(), "secret")

	// Without JSON, the Go types are all that counts.
	results, err := faas.Invoke(t.Context(), rt, chat, survey{})
	require.NoError(t, err)
	assert.Equal(t, result, results[0].Value)
}

func TestAResultTypeMayBeAnInterface(t *testing.T) {
	t.Parallel()
	kind := events.Define[events.Object, any](events.Spec{ID: "own", Limit: 2})
	registry, err := events.NewRegistry(kind)
	require.NoError(t, err)
	gives := func(value any) func(context.Context, events.Event[events.Object]) (any, error) {
		return func(context.Context, events.Event[events.Object]) (any, error) { return value, nil }
	}
	rt, err := faas.New(faas.Config{Registry: registry, Functions: []faas.Function{
		faas.On(kind, "nothing", gives(nil)), faas.On(kind, "text", gives("x")),
	}})
	require.NoError(t, err)
	typed, err := faas.Invoke(t.Context(), rt, kind, events.Event[events.Object]{})
	require.NoError(t, err)
	assert.Nil(t, typed[0].Value)
	assert.Equal(t, "x", typed[1].Value)
	raw, err := rt.Invoke(t.Context(), "own", events.Envelope{})
	require.NoError(t, err)
	assert.Equal(t, []string{"null", `"x"`}, []string{string(raw[0].Value), string(raw[1].Value)})
}

func TestContextValuesReachTheFunction(t *testing.T) {
	t.Parallel()
	type key struct{}
	rt := newRuntime(t, faas.On(chat, "f", func(ctx context.Context, _ survey) (emails, error) {
		return mail(ctx.Value(key{}).(string)), nil
	}))
	results, err := faas.Invoke(context.WithValue(t.Context(), key{}, "trace"), rt, chat, survey{})
	require.NoError(t, err)
	assert.Equal(t, mail("trace"), results[0].Value)
}

func TestManyGoroutines(t *testing.T) {
	t.Parallel()
	var saw sync.Map
	rt := newRuntime(t,
		faas.On(chat, "vandal", func(_ context.Context, event survey) (emails, error) {
			event.Payload.Answers[0].Answer = event.Payload.SkillName
			saw.Store(event.Payload.SkillName, true)
			return mail(event.Payload.SkillName), nil
		}),
		faas.On(chat, "fragile", func(_ context.Context, event survey) (emails, error) {
			if event.Payload.Answers[0].Answer != "as it was" {
				return nil, errors.New("disturbed")
			}
			if strings.HasSuffix(event.Payload.SkillName, "7") {
				panic(event.Payload)
			}
			return nil, nil
		}),
	)
	shared := survey{Payload: events.PostSurvey{Answers: []events.Answer{{Question: "q", Answer: "as it was"}}}}
	var wg sync.WaitGroup
	for g := range 64 {
		wg.Go(func() {
			for i := range 50 {
				event := shared // its list is shared by all goroutines
				event.Payload.SkillName = "s" + string(rune('0'+g%10)) + string(rune('0'+i%10))
				results, err := faas.Invoke(t.Context(), rt, chat, event)
				if i%10 == 7 {
					assert.Equal(t, faas.CodeCrashed, failed(t, err).Code)
				} else if assert.NoError(t, err) {
					assert.Equal(t, mail(event.Payload.SkillName), results[0].Value)
				}
				_, err = rt.Invoke(t.Context(), chat.ID(), envelopeOf(`{"skillName": "json", "questionWithAnswers": [{"question": "q", "answer": "as it was"}]}`))
				assert.NoError(t, err)
				assert.True(t, rt.Implements(chat.ID()))
			}
		})
	}
	wg.Wait()
	assert.Zero(t, rt.Abandoned())
	assert.Equal(t, "as it was", shared.Payload.Answers[0].Answer)
}

// A fleet is another Invoker: it lives outside of the package and reads the
// options as a Runtime does.
type fleet struct{ skills []string }

func (f fleet) Implements(_ string, opts ...faas.CallOption) bool {
	return slices.Contains(f.skills, faas.NewCall(opts...).Skill)
}

func (f fleet) Invoke(_ context.Context, event string, _ events.Envelope, opts ...faas.CallOption) ([]faas.Result[json.RawMessage], error) {
	if !f.Implements(event, opts...) {
		return nil, &faas.Error{Code: faas.CodeNotImplemented, Event: event}
	}
	return []faas.Result[json.RawMessage]{{Function: "remote", Value: json.RawMessage(`[]`)}}, nil
}

func TestAnotherInvoker(t *testing.T) {
	t.Parallel()
	var invoker faas.Invoker = fleet{skills: []string{"1"}}
	assert.True(t, invoker.Implements("e", faas.ForSkill("1")))
	_, err := invoker.Invoke(t.Context(), "e", events.Envelope{}, faas.ForSkill("2"))
	assert.EqualError(t, err, "event e: not implemented")
}
