package diff_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules/diff"
	"github.com/afterword-go/afterword/rules/replay"
)

// fatal is the value for which functions of these tests panic; it is that of line
// 700.
const fatal = "o700"

func fail(value string) {
	if value == fatal {
		panic("a secret")
	}
}

// A loud value panics where it should become JSON.
type loud string

func (l loud) MarshalJSON() ([]byte, error) {
	fail(string(l))
	return []byte("{}"), nil
}

// counted are rules of one outcome for each event, which is its text with a letter
// in front.
type counted struct {
	told
	letter string
	decide func(string)
}

func (c counted) Decider() replay.Decider[string, loud] { return c }

func (c counted) Decide(_ context.Context, in *string) replay.Decision[loud] {
	c.decide(c.letter + *in)
	out := replay.Decision[loud]{Rules: c.told.Decide(context.Background(), &event{}).Rules}
	out.Outcomes = []replay.Outcome[loud]{{Rule: 0, Value: loud(c.letter + *in)}}
	return out
}

// TestFunctionsThatPanic wants the diff to be about the lines in front, and the
// error to name the function and the line.
func TestFunctionsThatPanic(t *testing.T) {
	t.Parallel()
	type opts = diff.Options[string, loud]
	var lines strings.Builder
	for i := range 2000 {
		fmt.Fprintln(&lines, i+1)
	}
	quiet := func(string) {}
	for name, c := range map[string]struct {
		opts   opts
		decide func(string)
	}{
		"Same":                    {opts{Same: func(a, b loud) bool { fail(string(a)); return a == b }}, quiet},
		"Empty":                   {opts{Reading: replay.Reading[string]{Empty: func(s *string) bool { fail("o" + *s); return false }}}, quiet},
		"grouping letter":         {opts{Groupings: []diff.Grouping[loud]{{Name: "letter", Of: func(l loud) string { fail(string(l)); return "" }}}}, quiet},
		"MarshalJSON":             {opts{Values: true}, quiet},
		"Decide":                  {opts{}, fail},
		"Decide, with one worker": {opts{Reading: replay.Reading[string]{Workers: 1}}, fail},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			told := 0
			c.opts.Progress = func(n int) { told = n }
			c.opts.Decode = func(line []byte) (*string, error) {
				text := string(line)
				return &text, nil
			}
			d, err := diff.Run(t.Context(), strings.NewReader(lines.String()), counted{before, "o", c.decide}, counted{before, "n", c.decide}, c.opts)
			name, _, _ := strings.Cut(name, ",")
			require.EqualError(t, err, "line 700: "+name+" panicked")
			assert.Equal(t, []int{699, 699, 699}, []int{d.Decided, d.Changed, told})
		})
	}
}

func TestProgressThatPanics(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]int{10: 10, 1000: 256} {
		d, err := diff.Run(t.Context(), strings.NewReader(strings.Repeat("{}\n", n)), before, after, options{Progress: func(int) { panic("a secret") }})
		require.EqualError(t, err, "Progress panicked")
		assert.Equal(t, want, d.Decided)
	}
}
