package function

import (
	"log/slog"
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
)

func TestCount(t *testing.T) {
	all, err := Functions()
	require.NoError(t, err)
	rt, err := faas.New(faas.Config{Functions: all})
	require.NoError(t, err)
	id := rt.Functions(faas.Filter{})[0].ID
	sample, err := events.DecodeEnvelope(events.MessagingSurveyStarted.Sample())
	require.NoError(t, err)

	for _, step := range []struct {
		env  events.Envelope
		want string
	}{
		{sample, `{"skill": "700200", "surveys": 1}`},
		{sample, `{"skill": "700200", "surveys": 2}`},
		{events.Envelope{Payload: []byte(`{"skillId": 7}`)}, `{"skill": "7", "surveys": 1}`},
		{events.Envelope{}, `{"skill": "", "surveys": 1}`},
		{sample, `{"skill": "700200", "surveys": 3}`},
	} {
		trial, err := rt.Try(t.Context(), id, step.env)
		require.NoError(t, err)
		require.Nil(t, trial.Err)
		assert.JSONEq(t, `"ok"`, string(trial.Result))
		require.Len(t, trial.Logs, 1)
		assert.Equal(t, slog.LevelInfo, trial.Logs[0].Level)
		assert.JSONEq(t, step.want, string(trial.Logs[0].Extras))
	}
}

func TestAddUpToTheMostSkills(t *testing.T) {
	var c counter
	for i := range mostSkills {
		_, counted := c.add(events.ID(strconv.Itoa(i)))
		require.True(t, counted)
	}
	_, counted := c.add("one more")
	assert.False(t, counted)
	n, counted := c.add("0")
	assert.True(t, counted)
	assert.Equal(t, 2, n)
}

func TestWarnBeyondTheMostSkills(t *testing.T) {
	var c counter
	for i := range mostSkills {
		c.add(events.ID(strconv.Itoa(i)))
	}
	rt, err := faas.New(faas.Config{Functions: []faas.Function{faas.On(events.MessagingSurveyStarted, "full", c.count)}})
	require.NoError(t, err)
	trial, err := rt.Try(t.Context(), rt.Functions(faas.Filter{})[0].ID, events.Envelope{})
	require.NoError(t, err)
	require.Nil(t, trial.Err)
	require.Len(t, trial.Logs, 1)
	assert.Equal(t, slog.LevelWarn, trial.Logs[0].Level)
}

func TestAddAtTheSameTime(t *testing.T) {
	var c counter
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() { c.add("7") })
	}
	wg.Wait()
	n, _ := c.add("7")
	assert.Equal(t, 51, n)
}
