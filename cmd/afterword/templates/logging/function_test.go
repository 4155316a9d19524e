package function

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
)

// lines are log entries in short: level, message and attributes.
func lines(entries []faas.LogEntry) []string {
	var all []string
	for _, e := range entries {
		all = append(all, fmt.Sprintf("%s %s %s", e.Level, e.Message, e.Extras))
	}
	return all
}

func TestCheck(t *testing.T) {
	all, err := Functions()
	require.NoError(t, err)
	rt, err := faas.New(faas.Config{Functions: all})
	require.NoError(t, err)
	id := rt.Functions(faas.Filter{})[0].ID

	begun := func(n int) string { return fmt.Sprintf(`DEBUG checking begins {"numbers":%d}`, n) }
	for _, test := range []struct {
		name    string
		numbers []string
		want    Count
		logs    []string
	}{
		{"none", nil, Count{}, []string{begun(0), `INFO numbers were checked {"numbers":0,"count":{"good":0,"bad":0}}`}},
		{"good", []string{"+4930123456"}, Count{Good: 1}, []string{begun(1), `INFO numbers were checked {"numbers":1,"count":{"good":1,"bad":0}}`}},
		{"one is bad", []string{"+4930123456", "030123456"}, Count{Good: 1, Bad: 1}, []string{
			begun(2),
			`WARN a number is no good {"numbers":2,"place":2}`,
			`INFO numbers were checked {"numbers":2,"count":{"good":1,"bad":1}}`,
		}},
		{"all are bad", []string{"+0301234567"}, Count{Bad: 1}, []string{
			begun(1),
			`WARN a number is no good {"numbers":1,"place":1}`,
			`ERROR numbers were checked {"numbers":1,"count":{"good":0,"bad":1}}`,
		}},
		{"too many for an entry each", slices.Repeat([]string{"x"}, 1000), Count{Bad: 1000}, []string{
			begun(1000),
			`WARN a number is no good {"numbers":1000,"place":1}`,
			`WARN a number is no good {"numbers":1000,"place":2}`,
			`WARN a number is no good {"numbers":1000,"place":3}`,
			`WARN a number is no good {"numbers":1000,"place":4}`,
			`WARN a number is no good {"numbers":1000,"place":5}`,
			`ERROR numbers were checked {"numbers":1000,"count":{"good":0,"bad":1000}}`,
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			payload, err := json.Marshal(List{Numbers: test.numbers})
			require.NoError(t, err)
			env := events.Envelope{Payload: payload}

			trial, err := rt.Try(t.Context(), id, env)
			require.NoError(t, err)
			require.Nil(t, trial.Err)
			var count Count
			require.NoError(t, json.Unmarshal(trial.Result, &count))
			assert.Equal(t, test.want, count)
			assert.Equal(t, test.logs, lines(trial.Logs), "a trial shows every level")

			_, err = rt.InvokeFunction(t.Context(), id, env, faas.WithRequestID(test.name))
			require.NoError(t, err)
			kept, err := rt.Logs(id, faas.LogFilter{RequestID: test.name})
			require.NoError(t, err)
			assert.Equal(t, test.logs[1:], lines(kept), "what is kept is without debug entries")
		})
	}
}
