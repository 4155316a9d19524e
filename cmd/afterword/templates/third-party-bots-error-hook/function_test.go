package function

import (
	"log/slog"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
)

func TestNote(t *testing.T) {
	all, err := Functions()
	require.NoError(t, err)
	rt, err := faas.New(faas.Config{Functions: all})
	require.NoError(t, err)
	sample, err := events.DecodeEnvelope(events.ThirdPartyBotsErrorHook.Sample())
	require.NoError(t, err)
	payload := func(text string) events.Envelope { return events.Envelope{Payload: []byte(text)} }

	for _, test := range []struct {
		name string
		env  events.Envelope
		want string
	}{
		{
			"the sample", sample,
			`{"vendor": "faas", "conversation": "5b0c1d1e-7a60-4a0e-9f53-0d6f2f6a1c11", "id": "e-1", "hint": "look at the logs of the function that is the bot",
				"error": "com.liveperson.bot-connectors-worker.error.aivendor.faas.invoke-lambda"}`,
		},
		{
			"a bot without an answer", payload(`{"error": {"errorId": "1", "name": "a.missing-response-body"}, "vendor": "faas"}`),
			`{"vendor": "faas", "conversation": "", "id": "1", "hint": "the function that is the bot gave no result", "error": "a.missing-response-body"}`,
		},
		{
			"a hook, with Lex", payload(`{"error": {"name": "a.failed-hook"}, "vendor": "lex", "lexQuery": {"inputText": "S3CRET", "sessionAttributes": {"convId": "c"}}}`),
			`{"vendor": "lex", "conversation": "c", "id": "", "hint": "look at the hooks before and after the bot", "error": "a.failed-hook"}`,
		},
		{
			"another error, with a request of another form", payload(`{"error": {"name": "x"}, "vendor": "faas", "faasPayload": ["S3CRET"]}`),
			`{"vendor": "faas", "conversation": "", "id": "", "hint": "see the documentation of the vendor", "error": "x"}`,
		},
		{"no error", payload(`{"vendor": "watson", "watsonV1Payload": {"message": "S3CRET"}}`), `{"vendor": "watson", "conversation": ""}`},
		{"nothing", payload(`{}`), `{"vendor": "", "conversation": ""}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			trial, err := rt.Try(t.Context(), rt.Functions(faas.Filter{})[0].ID, test.env)
			require.NoError(t, err)
			require.Nil(t, trial.Err)
			assert.JSONEq(t, `"ok"`, string(trial.Result))
			require.Len(t, trial.Logs, 1)
			assert.Equal(t, slog.LevelError, trial.Logs[0].Level)
			assert.JSONEq(t, test.want, string(trial.Logs[0].Extras))
		})
	}
}
