package function

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
	"github.com/afterword-go/afterword/toolbelt/conversations"
)

var errBroken = errors.New("the server is broken")

// A server is broken for one file.
type server struct {
	*conversations.Memory
	broken string
}

func (s server) ReplaceFile(ctx context.Context, conversation, file string, replacement conversations.File) error {
	if file == s.broken {
		return errBroken
	}
	return s.Memory.ReplaceFile(ctx, conversation, file, replacement)
}

func TestReplace(t *testing.T) {
	note := conversations.File{Name: "note.txt", Type: "text/plain", Data: []byte("gone")}
	pictures := func(f conversations.File) bool { return f.Type == "image/png" }
	for _, test := range []struct {
		name, broken, conversation string
		should                     func(conversations.File) bool
		want                       map[string]string // the name of each file afterwards
		logs                       string
		fault                      error
	}{
		{name: "all files", conversation: "c", want: map[string]string{"a": "note.txt", "b": "note.txt", "c": "note.txt"}, logs: `{"files": 3}`},
		{name: "pictures", conversation: "c", should: pictures, want: map[string]string{"a": "note.txt", "b": "b.pdf", "c": "c.pdf"}, logs: `{"files": 1}`},
		{name: "one fails", conversation: "c", broken: "b", want: map[string]string{"a": "note.txt", "b": "b.pdf", "c": "note.txt"}, logs: `{"files": 2}`, fault: errBroken},
		{name: "no files", conversation: "silent", want: map[string]string{"a": "a.png", "b": "b.pdf", "c": "c.pdf"}, logs: `{"files": 0}`},
		{name: "no conversation", conversation: "x", want: map[string]string{"a": "a.png", "b": "b.pdf", "c": "c.pdf"}, fault: conversations.ErrNoConversation},
	} {
		t.Run(test.name, func(t *testing.T) {
			memory := conversations.NewMemory(conversations.Conversation{ID: "silent"}, conversations.Conversation{ID: "c", Messages: []conversations.Message{
				{ID: "1", Files: []conversations.File{{ID: "a", Name: "a.png", Type: "image/png"}, {ID: "b", Name: "b.pdf"}}},
				{ID: "2", Files: []conversations.File{{ID: "c", Name: "c.pdf"}}},
			}})
			replace := newReplace(server{memory, test.broken}, test.should, note)
			rt, err := faas.New(faas.Config{Functions: []faas.Function{faas.On(events.MessagingConversationEnd, "replace", replace)}})
			require.NoError(t, err)
			env := events.Envelope{Payload: []byte(`{"general": {"convId": "` + test.conversation + `"}}`)}
			trial, err := rt.Try(t.Context(), rt.Functions(faas.Filter{})[0].ID, env)
			require.NoError(t, err)

			if test.fault != nil {
				require.NotNil(t, trial.Err)
				assert.ErrorIs(t, trial.Err, test.fault)
			} else {
				require.Nil(t, trial.Err)
				assert.JSONEq(t, `[]`, string(trial.Result))
			}
			if test.logs != "" {
				require.Len(t, trial.Logs, 1)
				assert.JSONEq(t, test.logs, string(trial.Logs[0].Extras))
			}
			got := map[string]string{}
			after, err := memory.Conversation(t.Context(), "c")
			require.NoError(t, err)
			for _, message := range after.Messages {
				for _, file := range message.Files {
					got[file.ID] = file.Name
				}
			}
			assert.Equal(t, test.want, got)
		})
	}
}

// What the program serves finds the conversation of the sample event.
func TestReplaceTheSample(t *testing.T) {
	all, err := Functions()
	require.NoError(t, err)
	rt, err := faas.New(faas.Config{Functions: all})
	require.NoError(t, err)
	sample, err := events.DecodeEnvelope(events.MessagingConversationEnd.Sample())
	require.NoError(t, err)
	trial, err := rt.Try(t.Context(), rt.Functions(faas.Filter{})[0].ID, sample)
	require.NoError(t, err)
	require.Nil(t, trial.Err)
	require.Len(t, trial.Logs, 1)
	assert.JSONEq(t, `{"files": 2}`, string(trial.Logs[0].Extras))
}
