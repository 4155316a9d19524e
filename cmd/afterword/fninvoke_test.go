package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
	"github.com/afterword-go/afterword/faas/gateway"
)

// chatty logs what it is told, and fails if that is nothing.
func chatty() faas.Function {
	return faas.On(events.ConversationalCommand, "chatty", func(ctx context.Context, e events.Event[events.CommandCall]) (events.Reply, error) {
		log := faas.Log(ctx)
		if len(e.Payload.Arguments) == 0 {
			log.Error("no \x1b[2J arguments; \"none\"\nat all")
			return events.Reply{}, errors.New("nothing to say:\nneither this nor that")
		}
		text := strings.Join(e.Payload.Arguments, " ")
		log.WarnContext(ctx, "said; it", slog.Int("words", len(e.Payload.Arguments)))
		log.Info("plain")
		log.Debug("in trials alone")
		return events.TextReply(text), nil
	})
}

const (
	chattyGood = `{"conversationId":"c","arguments":["a","b"]}`
	chattyBad  = `{"conversationId":"c"}`
)

func openChatty(t testing.TB) gate {
	t.Helper()
	return openGateWith(t, gateway.Config{NoAuth: true}, chatty())
}

// tell runs a verb that reads from standard input.
func (g gate) tell(t testing.TB, in string, args ...string) ran {
	t.Helper()
	return runWith(t.Context(), strings.NewReader(in), append(args, "--server", g.URL)...)
}

func TestInvokeFunction(t *testing.T) {
	t.Parallel()
	g := openChatty(t)
	invoke := func(in string, more ...string) ran {
		return g.tell(t, in, append([]string{"fn", "invoke", "chatty", "-e", "-"}, more...)...)
	}
	assert.Equal(t, ran{exitGood, "\"a b\"\n", ""}, invoke(chattyGood))
	assert.Equal(t, ran{exitGood, "\"a b\"\n", ""}, invoke(`{"timestamp":1700000038000,"headers":[],"payload":`+chattyGood+`}`))
	assert.Equal(t, ran{exitFindings, "", "nothing to say:\nneither this nor that (com.customer.faas.function.threw-error, status 901)\n"}, invoke(chattyBad))
	got := invoke(`{"conversationId":"c","arguments":"hush"}`)
	assert.Equal(t, exitFindings, got.code)
	assert.Contains(t, got.errors, "bad input")
	assert.NotContains(t, got.errors, "hush")

	got = invoke(chattyGood, "--draft")
	assert.Equal(t, exitGood, got.code)
	assert.Equal(t, "\"a b\"\n", got.out)
	assert.Regexp(t, `^\S+Z Warn  said; it \{"words":2\}\n\S+Z Info  plain\n\S+Z Debug in trials alone\n$`, got.errors)
	got = invoke(chattyBad, "--draft")
	assert.Equal(t, exitFindings, got.code)
	assert.Regexp(t, `^\S+Z Error no \\x1b\[2J arguments; "none"\\nat all\nnothing to say:\n`, got.errors)

	byID := g.rt.Functions(faas.Filter{Name: "chatty"})[0].ID
	assert.Equal(t, ran{exitGood, "\"a b\"\n", ""}, g.tell(t, chattyGood, "fn", "invoke", strings.ToUpper(byID), "-e", "-"))
}

func TestInvokeEvent(t *testing.T) {
	t.Parallel()
	g := openChatty(t)
	id := events.ConversationalCommand.ID()
	got := g.tell(t, chattyGood, "invoke", id, "-e", "-")
	assert.Equal(t, exitGood, got.code)
	var results []struct {
		UUID   string `json:"uuid"`
		Result string `json:"result"`
	}
	require.NoError(t, json.Unmarshal([]byte(got.out), &results))
	require.Len(t, results, 1)
	assert.Equal(t, "a b", results[0].Result)
	assert.Equal(t, g.rt.Functions(faas.Filter{Name: "chatty"})[0].ID, results[0].UUID)

	assert.Equal(t, exitFindings, g.tell(t, chattyBad, "invoke", id, "-e", "-").code)
	got = g.tell(t, chattyGood, "invoke", "denver_post_survey_email_transkript", "-e", "-")
	assert.Equal(t, exitFindings, got.code)
	assert.Contains(t, got.errors, "did you mean denver_post_survey_email_transcript")
	assert.Equal(t, ran{exitGood, "implemented\n", ""}, g.tell(t, "", "invoke", id, "--implemented"))
	assert.Equal(t, ran{exitFindings, "not implemented\n", ""}, g.tell(t, "", "invoke", "no_such", "--implemented"))
}

// What is said beside the event gets there.
func TestInvokeForSkill(t *testing.T) {
	t.Parallel()
	var asked []string
	g := foul(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		asked = append(asked, r.Method+" "+r.URL.RequestURI()+" "+string(body))
		assert.Equal(t, r.Method == http.MethodPost, r.Header.Get("X-Request-ID") != "", "so that it can be repeated")
		_, _ = io.WriteString(w, `{"implemented":true}`)
	})
	envelope := `{"timestamp":1,"headers":[],"payload":{}}`
	g.tell(t, envelope, "invoke", "e", "-e", "-", "--skill", "4 5", "--account", "mine")
	g.tell(t, "", "invoke", "e", "--implemented", "--skill", "45")
	g.tell(t, envelope, "invoke", "e", "-e", "-")
	assert.Equal(t, []string{
		"POST /api/account/mine/events/e/invoke?skillId=4+5 " + envelope,
		"GET /api/account/local/events/e/isImplemented?skillId=45 ",
		"POST /api/account/local/events/e/invoke " + envelope,
	}, asked)
}

func TestEnveloped(t *testing.T) {
	t.Parallel()
	now := time.UnixMilli(1700000038000)
	for in, want := range map[string]string{
		`{}`:                          `{"timestamp":1700000038000,"headers":[],"payload":{}}`,
		` {"csatRank": 3}`:            `{"timestamp":1700000038000,"headers":[],"payload":{"csatRank":3}}`,
		`{"a":123456789012345678901}`: `{"timestamp":1700000038000,"headers":[],"payload":{"a":123456789012345678901}}`,
		`{"payload": {"a": 1}}`:       `{"payload": {"a": 1}}`,
		`{"timestamp":5}`:             `{"timestamp":5}`,
		`{"headers":[]}`:              `{"headers":[]}`,
	} {
		got, err := enveloped([]byte(in), now)
		require.NoError(t, err, in)
		assert.Equal(t, want, string(got))
	}
	for in, want := range map[string]string{
		``:                    "",
		`null`:                "must be an object, not null",
		`[]`:                  "",
		`"hush"`:              "",
		`{"hush":1,"hush":2}`: "",
		`{} {}`:               "",
		`{"payload":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + `}`: "",
		`{"a":"` + strings.Repeat("x", events.MaxSize) + `"}`:                     "256 KiB",
	} {
		_, err := enveloped([]byte(in), now)
		require.ErrorContains(t, err, want, in)
	}
}

// Whatever is enveloped is an envelope, and has the payload.
func FuzzEnveloped(f *testing.F) {
	for _, seed := range []string{`{}`, `{"csatRank":3}`, `{"payload":null}`, `{"timestamp":1,"headers":[],"payload":{"a":"ü"}}`, `null`, `[`, `{"\u0070ayload":1}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := enveloped(data, time.UnixMilli(1))
		if err != nil {
			return
		}
		env, err := events.DecodeEnvelope(got)
		if len(got) > events.MaxSize {
			return // the envelope around it was too much
		}
		require.NoError(t, err)
		if string(got) != string(data) {
			assert.JSONEq(t, string(data), string(env.Payload))
		}
	})
}

// What is printed of JSON is the same JSON, and can be printed.
func FuzzPlainJSON(f *testing.F) {
	for _, seed := range []string{`{"a":"\u0000"}`, "\"\u202e\u009b\"", "\"\U000e0001\"", "\"\xff\"", "[1,\r\n\t2]", "\"\u007f\""} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var before, after any
		if json.Unmarshal(data, &before) != nil {
			return
		}
		plain := plainJSON(data)
		require.NoError(t, json.Unmarshal([]byte(plain), &after))
		assert.Equal(t, before, after)
		untabbed := strings.ReplaceAll(plain, "\t", " ")
		assert.Equal(t, untabbed, printableLines(untabbed), "nothing is left to escape")
	})
}
