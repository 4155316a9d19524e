package transcript_test

import (
	"context"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/rules"
	"github.com/afterword-go/afterword/transcript"
)

// TestReferenceRulesAreHeld wants every mutant of the reference rule, wherever it
// ships, to be killed by the tests beside it.
func TestReferenceRulesAreHeld(t *testing.T) {
	t.Parallel()
	for _, folder := range []string{
		"../cmd/afterword/templates/chat-post-survey-email-transcript",
		"../examples/chatserver/rules",
		"../examples/embedded",
	} {
		set, err := transcript.Load(os.DirFS(folder), "*.rules.yaml")
		require.NoError(t, err, folder)
		mutation, err := set.Mutate(t.Context(), rules.MutateOptions{})
		require.NoError(t, err, folder)
		assert.Greater(t, len(mutation.Mutants), 20, folder)
		assert.Empty(t, mutation.NotMade, folder)
		assert.Equal(t, 100, mutation.Score(), folder)
		for _, m := range mutation.Mutants {
			assert.NotEqual(t, rules.Survived, m.Fate, "%s: %s:%d:%d: %s %q becomes %q: %s\n%s", folder, m.Rule.Name, m.Line, m.Column, m.Kind, m.Original, m.Mutated, m.Why, m.Test)
		}
	}
}

// The tests of two files, one of which holds its rule badly.
const (
	heldFile = `version: 1
event: denver_post_survey_email_transcript
rules:
  - name: held
    when: csatRank == 1
    then: {targetEmail: a@example.com, senderName: A, senderEmail: a@example.com, subject: A}
tests:
  - name: one
    given: {csatRank: 1}
    expect: {emails: [{targetEmail: a@example.com, senderName: A, senderEmail: a@example.com, subject: A}]}
  - {name: two, given: {csatRank: 2}, expect: {fired: []}}
`
	looseFile = `version: 1
event: denver_post_survey_email_transcript
rules:
  - name: loose
    when: csatRank == 1
    then: {targetEmail: a@example.com, senderName: A, senderEmail: a@example.com, subject: A}
`
)

func TestMutateFiles(t *testing.T) {
	t.Parallel()
	set, err := transcript.ParseFiles([]transcript.File{
		{Name: "held.rules.yaml", Data: []byte(heldFile)}, {Name: "loose.rules.yaml", Data: []byte(looseFile)},
	}, transcript.Func("go", func(context.Context, event) ([]events.TranscriptEmail, error) { return nil, nil }))
	require.NoError(t, err)
	mutation, err := set.Mutate(t.Context(), rules.MutateOptions{})
	require.NoError(t, err)
	fates := map[string]map[rules.Fate]int{}
	for _, m := range mutation.Mutants {
		if fates[m.Rule.File] == nil {
			fates[m.Rule.File] = map[rules.Fate]int{}
		}
		fates[m.Rule.File][m.Fate]++
		assert.NotEmpty(t, m.Mutated, "an e-mail without one of its texts would not load")
	}
	assert.Equal(t, map[rules.Fate]int{rules.Killed: 6}, fates["held.rules.yaml"])
	assert.Equal(t, map[rules.Fate]int{rules.Survived: 6}, fates["loose.rules.yaml"])
	assert.Equal(t, 50, mutation.Score())

	// One test alone.
	mutation, err = set.Mutate(t.Context(), rules.MutateOptions{NoTests: true}, set.Tests()[1])
	require.NoError(t, err)
	assert.Less(t, mutation.Score(), 50)

	ended, cancel := context.WithCancel(t.Context())
	cancel()
	mutation, err = set.Mutate(ended, rules.MutateOptions{})
	require.ErrorIs(t, err, context.Canceled)
	assert.Empty(t, mutation)

	// What was found until the context ends is there: the second file is not.
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	texts := 0
	mutation, err = set.Mutate(ctx, rules.MutateOptions{NoTests: true, CheckText: func(rules.TextInfo) error {
		if texts++; texts == 4 {
			cancel()
		}
		return nil
	}})
	require.ErrorIs(t, err, context.Canceled)
	assert.Empty(t, mutation.Mutants)
	assert.Positive(t, mutation.Untried)
}
