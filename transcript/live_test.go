package transcript_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/transcript"
)

func TestLiveKeepsTheOldSetWhenTheNewOneDoesNotLoad(t *testing.T) {
	t.Parallel()
	file := ruleFile("collect", "old | true")
	live, err := transcript.NewLive(func() (*transcript.RuleSet, error) { return transcript.Parse("f", []byte(file)) })
	require.NoError(t, err)
	decided := func() []string {
		emails, err := live.Decide(context.Background(), documented())
		require.NoError(t, err)
		return subjects(emails)
	}
	assert.Equal(t, []string{"old"}, decided())

	file = ruleFile("collect", "new | tru")
	require.EqualError(t, live.Reload(), `f:6:12: rule "new": unknown name tru (did you mean true?)`)
	assert.Equal(t, []string{"old"}, decided())

	file = ruleFile("collect", "new | true")
	require.NoError(t, live.Reload())
	assert.Equal(t, []string{"new"}, decided())
	assert.Equal(t, "new", live.Explain(context.Background(), documented()).Rules[0].Name)
}

func TestLiveNeedsASet(t *testing.T) {
	t.Parallel()
	boom := errors.New("boom")
	_, err := transcript.NewLive(func() (*transcript.RuleSet, error) { return nil, boom })
	require.ErrorIs(t, err, boom)
	_, err = transcript.NewLive(func() (*transcript.RuleSet, error) { return nil, nil })
	require.EqualError(t, err, "transcript: load returned no rule set")
	_, err = transcript.NewLive(nil)
	require.EqualError(t, err, "transcript: the function that loads the rule set is nil")
}

// 64 goroutines decide while the set is replaced: each decision is wholly one
// of the sets'.
func TestLiveIsSwappedUnderDecisions(t *testing.T) {
	t.Parallel()
	var version atomic.Int64
	live, err := transcript.NewLive(func() (*transcript.RuleSet, error) {
		v := version.Add(1)
		return transcript.Parse("f", []byte(ruleFile("collect",
			fmt.Sprintf(`a | csatRank <= 3 | subject=%d ${agentName}`, v),
			fmt.Sprintf(`b | any(questionWithAnswers, .answer contains "Poor") | subject=%d ${agentName}`, v))))
	})
	require.NoError(t, err)

	var deciders sync.WaitGroup
	for range 64 {
		deciders.Go(func() {
			for range 200 {
				emails, err := live.Decide(context.Background(), documented())
				if !assert.NoError(t, err) || !assert.Len(t, emails, 2) {
					return
				}
				assert.Equal(t, emails[0].Subject, emails[1].Subject)
			}
		})
	}
	for range 50 {
		require.NoError(t, live.Reload())
	}
	deciders.Wait()
	assert.Equal(t, int64(51), version.Load())
}
