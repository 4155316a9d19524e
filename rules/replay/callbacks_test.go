package replay_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules"
	"github.com/afterword-go/afterword/rules/decisionlog"
	"github.com/afterword-go/afterword/rules/replay"
)

// fatal is the line for which functions of these tests panic, of badLines.
const fatal = 700

// badLines has events that are numbered by their totals.
func badLines() string {
	var out strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&out, `{"total":%d}`+"\n", i+1)
	}
	return out.String()
}

// numbered are rules whose outcomes are the totals of events.
type numbered struct{ fails bool }

func (numbered) Rules() []rules.RuleInfo { return []rules.RuleInfo{{Name: "all"}} }

func (numbered) Parts(int) []rules.PartInfo { return nil }

func (n numbered) Decider() replay.Decider[form, int] { return n }

func (n numbered) Decide(_ context.Context, f *form) replay.Decision[int] {
	if n.fails {
		fail(f.Total, false)
	}
	return replay.Decision[int]{Outcomes: []replay.Outcome[int]{{Value: f.Total}}, Rules: []rules.RuleAudit{{Outcome: rules.Fired, Short: -1}}}
}

// fail panics for the fatal line, or ends the goroutine.
func fail(number int, exits bool) {
	switch {
	case number != fatal:
	case exits:
		runtime.Goexit()
	default:
		panic("a secret")
	}
}

// failing are configurations with a function that fails, by its name.
func failing(exits bool) map[string]replay.Config[form, int] {
	type config = replay.Config[form, int]
	then := func(f *form) *replay.Then[int] {
		return &replay.Then[int]{Fired: []string{"all"}, Count: 1, Outcomes: []decisionlog.Outcome[int]{{Rule: "all", Value: f.Total}}}
	}
	return map[string]config{
		"Empty": {Reading: replay.Reading[form]{Empty: func(f *form) bool { fail(f.Total, exits); return false }}},
		"Group": {Group: func(total int) string { fail(total, exits); return "" }},
		"Append": {Append: func(dst []byte, line replay.Line[form], _ replay.Decision[int]) []byte {
			dst = fmt.Appendln(dst, line.Number)
			fail(line.Number, exits)
			return dst
		}},
		"Then":   {Then: func(f *form) *replay.Then[int] { fail(f.Total, exits); return nil }},
		"Differ": {Then: then, Differ: func(_, now int) []string { fail(now, exits); return nil }},
	}
}

// TestFunctionsThatPanic wants what is in front of the line to be done, and the
// error to name the function and the line.
func TestFunctionsThatPanic(t *testing.T) {
	t.Parallel()
	for what, exits := range map[string]bool{"panicked": false, "ended its goroutine": true} {
		for name, cfg := range failing(exits) {
			t.Run(name+" "+what, func(t *testing.T) {
				t.Parallel()
				for workers := range 3 {
					got, written := runFailing(t, numbered{}, cfg, workers+1, fmt.Sprintf("line %d: %s %s", fatal, name, what))
					assert.Equal(t, []int{fatal - 1, fatal - 1, fatal - 1}, []int{got.Events, got.Outcomes, got.Rules[0].Fired})
					assert.Equal(t, fatal-1, strings.Count(written, "\n"))
				}
			})
		}
	}
}

func runFailing(t *testing.T, of numbered, cfg replay.Config[form, int], workers int, want string) (*replay.Summary, string) {
	t.Helper()
	var written bytes.Buffer
	cfg.Output, cfg.Workers = &written, workers
	if cfg.Append == nil {
		cfg.Append = func(dst []byte, line replay.Line[form], _ replay.Decision[int]) []byte {
			return fmt.Appendln(dst, line.Number)
		}
	}
	got, err := replay.Run(t.Context(), strings.NewReader(badLines()), of, cfg)
	require.EqualError(t, err, want)
	return got, written.String()
}

func TestRulesThatPanic(t *testing.T) {
	t.Parallel()
	got, _ := runFailing(t, numbered{fails: true}, replay.Config[form, int]{}, 2, "line 700: Decide panicked")
	assert.Equal(t, fatal-1, got.Events)
}

// TestDecodeThatEndsItsGoroutine is as hard to bear; a panic is an error of a line.
func TestDecodeThatEndsItsGoroutine(t *testing.T) {
	t.Parallel()
	cfg := replay.Config[form, int]{Reading: replay.Reading[form]{Decode: func(line []byte) (*form, error) {
		f, err := decodeForm(line)
		fail(f.Total, true)
		return f, err
	}}}
	got, _ := runFailing(t, numbered{}, cfg, 2, "line 700: Decode ended its goroutine")
	assert.Equal(t, fatal-1, got.Events)
}

// writesNothing panics.
type writesNothing struct{}

func (writesNothing) Write([]byte) (int, error) { panic("a secret") }

// TestCallersFunctionsThatPanic has those that the caller's own goroutine calls.
func TestCallersFunctionsThatPanic(t *testing.T) {
	t.Parallel()
	cfg := replay.Config[form, int]{Progress: func(lines int) { panic(lines) }}
	got, err := replay.Run(t.Context(), strings.NewReader(badLines()), numbered{}, cfg)
	require.EqualError(t, err, "Progress panicked")
	assert.Equal(t, got.Events, got.Rules[0].Fired)

	cfg = replay.Config[form, int]{Output: writesNothing{}, Append: func(dst []byte, _ replay.Line[form], _ replay.Decision[int]) []byte { return append(dst, '.') }}
	got, err = replay.Run(t.Context(), strings.NewReader(badLines()), numbered{}, cfg)
	require.EqualError(t, err, "Output panicked")
	assert.Zero(t, got.Events, "what was not written is not counted")
}

// TestWorkThatPanics is about Lines alone.
func TestWorkThatPanics(t *testing.T) {
	t.Parallel()
	lines := func(work, use func(number int)) (int, error) {
		used := 0
		err := replay.Lines(t.Context(), strings.NewReader(badLines()), replay.Reading[form]{Workers: 3}, func() func(replay.Line[form]) int {
			return func(l replay.Line[form]) int {
				work(l.Number)
				return l.Number
			}
		}, func(number, _ int) error {
			use(number)
			used++
			return nil
		})
		return used, err
	}
	nothing := func(int) {}
	for _, exits := range []bool{false, true} {
		used, err := lines(func(n int) { fail(n, exits) }, nothing)
		require.EqualError(t, err, map[bool]string{false: "line 700: the work panicked", true: "line 700: the work ended its goroutine"}[exits])
		assert.Equal(t, fatal-1, used)
	}
	used, err := lines(nothing, func(n int) { fail(n, false) })
	require.EqualError(t, err, "line 700: use panicked")
	assert.Equal(t, fatal-1, used)
}

// reads is a reader.
type reads func(p []byte) (int, error)

func (r reads) Read(p []byte) (int, error) { return r(p) }

func TestReadersThatAreBroken(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		read reads
		want string
	}{
		"panics":           {func([]byte) (int, error) { panic("a secret") }, "line 2: the reader panicked"},
		"ends":             {func([]byte) (int, error) { runtime.Goexit(); return 0, nil }, "the reader ended its goroutine"},
		"reads too much":   {func(p []byte) (int, error) { return len(p) + 1, nil }, "line 2: the reader says that it has read what it cannot have"},
		"reads too little": {func([]byte) (int, error) { return -1, nil }, "line 2: the reader says that it has read what it cannot have"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := collect(t, t.Context(), io.MultiReader(strings.NewReader("a\n"), c.read), replay.Reading[string]{Decode: text}, nil)
			require.EqualError(t, err, c.want)
			assert.Equal(t, []string{"1: a"}, got)
		})
	}
}
