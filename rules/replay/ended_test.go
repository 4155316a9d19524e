package replay_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules/replay"
)

// A quietContext has ended a moment before it tells those who wait for it.
type quietContext struct {
	context.Context
	ended *atomic.Bool
}

func (c quietContext) Err() error {
	if c.ended.Load() {
		return context.Canceled
	}
	return c.Context.Err()
}

// TestALineThatIsCutShortIsNotUsed ends the context within the work on a line,
// before anybody is told.
func TestALineThatIsCutShortIsNotUsed(t *testing.T) {
	t.Parallel()
	const last = 50
	ctx := quietContext{t.Context(), new(atomic.Bool)}
	worker := func() func(replay.Line[form]) error {
		return func(line replay.Line[form]) error {
			if line.Number == last {
				ctx.ended.Store(true)
			}
			return ctx.Err()
		}
	}
	used := 0
	err := replay.Lines(ctx, strings.NewReader(strings.Repeat("{}\n", 200)), replay.Reading[form]{Workers: 1}, worker, func(_ int, cut error) error {
		require.NoError(t, cut)
		used++
		return nil
	})
	require.ErrorIs(t, err, context.Canceled)
	assert.Less(t, used, last)
}
