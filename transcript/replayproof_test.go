package transcript_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules"
	"github.com/afterword-go/afterword/transcript"
)

// survivors has the snippet of docs/proof.md.
func survivors(ctx context.Context, folder fs.FS) error {
	set, err := transcript.Load(folder, "*.rules.yaml")
	if err != nil {
		return err
	}
	report, err := set.Mutate(ctx, rules.MutateOptions{})
	if err != nil {
		return err // the tests fail to begin with
	}
	for _, m := range report.Mutants {
		if m.Fate == rules.Survived {
			fmt.Printf("%s:%d:%d: %s could be %s, and no test would notice\n", m.Rule.File, m.Line, m.Column, m.Original, m.Mutated)
		}
	}
	return nil
}

func TestProofOfRulesThatFail(t *testing.T) {
	t.Parallel()
	file := ruleFile("collect", "low | csatRank <= 3") + "tests:\n  - {name: rated, given: {csatRank: 4}, expect: {fired: [low]}}\n"
	require.ErrorContains(t, survivors(t.Context(), fstest.MapFS{"care.rules.yaml": {Data: []byte(file)}}), `test "rated" fails without any change`)
	require.ErrorContains(t, survivors(t.Context(), fstest.MapFS{}), "no file matches")
}

// TestProofShowsWhatCompiles wants the Go code of the page to stand in this file.
func TestProofShowsWhatCompiles(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../docs/proof.md")
	require.NoError(t, err)
	source, err := os.ReadFile("replayproof_test.go")
	require.NoError(t, err)
	blocks := strings.Split(string(page), "```go\n")[1:]
	assert.NotEmpty(t, blocks)
	for _, block := range blocks {
		code, _, closed := strings.Cut(block, "\n```")
		assert.True(t, closed)
		indented := "\t" + strings.ReplaceAll(code, "\n", "\n\t") + "\n"
		assert.Contains(t, string(source), indented)
	}
}
