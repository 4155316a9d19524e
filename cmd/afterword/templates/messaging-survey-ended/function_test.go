package function

import (
	"log/slog"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
)

// logged runs the function on an event, and gives what it logs.
func logged(t *testing.T, env events.Envelope) faas.LogEntry {
	t.Helper()
	all, err := Functions()
	require.NoError(t, err)
	rt, err := faas.New(faas.Config{Functions: all})
	require.NoError(t, err)
	trial, err := rt.Try(t.Context(), rt.Functions(faas.Filter{})[0].ID, env)
	require.NoError(t, err)
	require.Nil(t, trial.Err)
	require.Len(t, trial.Logs, 1)
	return trial.Logs[0]
}

func TestNote(t *testing.T) {
	for _, test := range []struct {
		name, dialogs string
		level         slog.Level
		extras        string
	}{
		{"in time", `[{"dialogType": "POST_SURVEY", "creationTs": 1000, "endTs": 601000}]`, slog.LevelInfo, `{"skill": "7", "survey": "8", "seconds": 600}`},
		{"at once", `[{"dialogType": "POST_SURVEY", "creationTs": 1000, "endTs": 1000}]`, slog.LevelInfo, `{"skill": "7", "survey": "8", "seconds": 0}`},
		{"too long", `[{"dialogType": "POST_SURVEY", "creationTs": 1000, "endTs": 601001}]`, slog.LevelWarn, `{"skill": "7", "survey": "8", "seconds": 600.001}`},
		{"behind another dialog", `[{"dialogType": "MAIN", "creationTs": 1, "endTs": 9}, {"dialogType": "POST_SURVEY", "creationTs": 1000, "endTs": 2000}]`, slog.LevelInfo, `{"skill": "7", "survey": "8", "seconds": 1}`},
		{"still open", `[{"dialogType": "POST_SURVEY", "creationTs": 1000}]`, slog.LevelWarn, `{"skill": "7", "survey": "8"}`},
		{"without a beginning", `[{"dialogType": "POST_SURVEY", "endTs": 1000}]`, slog.LevelWarn, `{"skill": "7", "survey": "8"}`},
		{"ended before it began", `[{"dialogType": "POST_SURVEY", "creationTs": 1001, "endTs": 1000}]`, slog.LevelWarn, `{"skill": "7", "survey": "8"}`},
		{"no survey", `[{"dialogType": "MAIN", "creationTs": 1, "endTs": 9}]`, slog.LevelWarn, `{"skill": "7", "survey": "8"}`},
		{"no dialogs", `[]`, slog.LevelWarn, `{"skill": "7", "survey": "8"}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			entry := logged(t, events.Envelope{Payload: []byte(`{"skillId": "7", "surveyId": 8, "dialogs": ` + test.dialogs + `}`)})
			assert.Equal(t, test.level, entry.Level)
			assert.JSONEq(t, test.extras, string(entry.Extras))
		})
	}
}

func TestNoteTheSample(t *testing.T) {
	sample, err := events.DecodeEnvelope(events.MessagingSurveyEnded.Sample())
	require.NoError(t, err)
	entry := logged(t, sample)
	assert.Equal(t, slog.LevelInfo, entry.Level)
	assert.JSONEq(t, `{"skill": "700200", "survey": "3200000001", "seconds": 19}`, string(entry.Extras))
}
