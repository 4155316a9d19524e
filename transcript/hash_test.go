package transcript_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/rules"
	"github.com/afterword-go/afterword/transcript"
)

func nothing(context.Context, event) ([]events.TranscriptEmail, error) { return nil, nil }

func TestHashOfARuleSet(t *testing.T) {
	t.Parallel()
	a := transcript.File{Name: "a.rules.yaml", Data: []byte(ruleFile("collect", "a | csatRank <= 3"))}
	b := transcript.File{Name: "b.rules.yaml", Data: []byte(ruleFile("collect", "b | csatRank > 3"))}
	hash := func(files []transcript.File, opts ...transcript.Option) string {
		set, err := transcript.ParseFiles(files, opts...)
		require.NoError(t, err)
		assert.Equal(t, set.Hash(), set.Hash())
		return set.Hash()
	}
	both := []transcript.File{a, b}
	seen := map[string]bool{}
	for i, got := range []string{
		hash(nil), hash([]transcript.File{a}), hash(both), hash([]transcript.File{b, a}),
		hash(both, transcript.RecipientDomains("example.com")),
		hash(both, transcript.RecipientDomains("example.com", "example.org")),
		hash(both, transcript.Func("go", nothing)), hash(both, transcript.Func("other", nothing)),
		hash([]transcript.File{{Name: "a", Data: []byte(strings.Replace(string(a.Data), "<= 3", "<= 4", 1))}, b}),
	} {
		assert.Regexp(t, "^sha256:[0-9a-f]{64}$", got)
		assert.False(t, seen[got], i)
		seen[got] = true
	}
	assert.Equal(t, hash(both), hash([]transcript.File{
		{Name: "c.yaml", Data: append([]byte("# Care\n"), a.Data...)},
		{Name: "d.yaml", Data: b.Data, Tests: []rules.TestFile{{Name: "d_test.yaml", Data: []byte("version: 1\ntests: [{name: t, given: {csatRank: 4}, expect: {fired: [b]}}]\n")}}},
	}), "names of files, comments and tests")
	assert.Equal(t, hash(both, transcript.RecipientDomains("example.com", "example.org")),
		hash(both, transcript.RecipientDomains("example.org", "Example.COM", "example.com")), "domains in any order and case")
	assert.Equal(t, hash(both, transcript.Func("go", nothing)),
		hash(both, transcript.Func("go", func(context.Context, event) ([]events.TranscriptEmail, error) { return nil, assert.AnError })))
	assert.Equal(t, hash(both), hash(both, transcript.Observe(func(context.Context, transcript.Observation) {})))
}
