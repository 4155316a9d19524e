package rules_test

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules"
)

// TestWitnessesStop wants the search for many rules, each hard to solve, to end
// when its context does.
func TestWitnessesStop(t *testing.T) {
	t.Parallel()
	const many = 2000
	for _, after := range []int64{0, 1000} {
		ctx, cancel := context.WithCancel(t.Context())
		if after == 0 {
			cancel()
		}
		var asked atomic.Int64
		secret := rules.Func("secret", func(string) bool {
			if asked.Add(1) == after {
				cancel()
			}
			return false
		})
		var text strings.Builder
		text.WriteString("version: 1\nevent: tiny\nrules:\n")
		for i := range many {
			fmt.Fprintf(&text, "  - {name: r%d, when: 'n > 0 and secret(skill + \"%d\")', then: {to: x}}\n", i, i)
		}
		set, err := rules.Parse[Tiny, []Mailing](rules.Config{Functions: []rules.Function{secret}}, "tiny.rules.yaml", []byte(text.String()))
		require.NoError(t, err)
		before := asked.Load()
		all := set.Witnesses(ctx, rules.Tester[Tiny, []Mailing]{})
		require.Len(t, all, many)
		for _, w := range all {
			assert.Equal(t, rules.NotDetermined, w.Proof)
			assert.Equal(t, "the search was cut short", w.Reason)
		}
		assert.LessOrEqual(t, asked.Load()-before, after+2000)
		cancel()
	}
}
