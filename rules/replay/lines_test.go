package replay_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/afterword-go/afterword/rules/replay"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var (
	errUse  = errors.New("no more, please")
	errDisk = errors.New("the disk is gone")
)

// text keeps the line as it came.
func text(line []byte) (*string, error) {
	s := string(line)
	return &s, nil
}

// collect is what Lines makes of the lines: each with its number, its event and
// its error.
func collect(t *testing.T, ctx context.Context, r io.Reader, reading replay.Reading[string], use func(string) error) ([]string, error) {
	t.Helper()
	var out []string
	err := replay.Lines(ctx, r, reading, func() func(replay.Line[string]) string {
		return func(l replay.Line[string]) string {
			if l.Err != nil {
				assert.Nil(t, l.Event)
				return fmt.Sprintf("%d: error: %s", l.Number, l.Err)
			}
			assert.Equal(t, *l.Event, string(l.Text))
			return fmt.Sprintf("%d: %s", l.Number, *l.Event)
		}
	}, func(number int, made string) error {
		assert.Equal(t, fmt.Sprint(number), made[:strings.Index(made, ":")])
		out = append(out, made)
		if use != nil {
			return use(made)
		}
		return nil
	})
	return out, err
}

func TestLines(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		in   string
		want []string
	}{
		"nothing":                {"", nil},
		"one line":               {"a\n", []string{"1: a"}},
		"no end of the last":     {"a\nb", []string{"1: a", "2: b"}},
		"blank lines are left":   {"\n a \n\t\r\n\nb\n \n", []string{"2:  a ", "5: b"}},
		"ends of other systems":  {"a\r\nb\r\n", []string{"1: a", "2: b"}},
		"a byte order mark":      {"\ufeffa\n\ufeffb\n", []string{"1: a", "2: \ufeffb"}},
		"a mark and nothing":     {"\ufeff\n", nil},
		"as long as may be":      {"0123456789\n0123456789\r\n0123456789", []string{"1: 0123456789", "2: 0123456789", "3: 0123456789"}},
		"one byte longer":        {"01234567890\na\n01234567890", []string{"1: error: the line is too long: it has more than 10 bytes", "2: a", "3: error: the line is too long: it has more than 10 bytes"}},
		"much longer":            {strings.Repeat("x", 1<<20) + "\na\n", []string{"1: error: the line is too long: it has more than 10 bytes", "2: a"}},
		"an end too many":        {"012345678\r\r\n0123456789\r\r\n0123456789\r\r", []string{"1: 012345678\r", "2: error: the line is too long: it has more than 10 bytes", "3: error: the line is too long: it has more than 10 bytes"}},
		"much longer, of ends":   {strings.Repeat("\r", 1<<20) + "\na\n", []string{"1: error: the line is too long: it has more than 10 bytes", "2: a"}},
		"much longer, and blank": {strings.Repeat(" ", 1<<20) + "\na\n", []string{"1: error: the line is too long: it has more than 10 bytes", "2: a"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, r := range []io.Reader{strings.NewReader(c.in), iotest.OneByteReader(strings.NewReader(c.in)), iotest.DataErrReader(strings.NewReader(c.in))} {
				got, err := collect(t, t.Context(), r, replay.Reading[string]{Decode: text, MaxLine: 10}, nil)
				require.NoError(t, err)
				assert.Equal(t, c.want, got)
			}
		})
	}
}

// TestLinesAreALoop holds Lines to a plain loop, for lines of all lengths.
func TestLinesAreALoop(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	for range 15 {
		var all bytes.Buffer
		var want []string
		for number := range r.IntN(3000) {
			line := strings.Repeat("y", r.IntN(1<<r.IntN(12)))
			if r.IntN(200) == 0 {
				line = strings.Repeat("z", r.IntN(400_000))
			}
			all.WriteString(line + "\n")
			if line != "" {
				want = append(want, fmt.Sprintf("%d: %s", number+1, line))
			}
		}
		got, err := collect(t, t.Context(), &all, replay.Reading[string]{Decode: text, Workers: 1 + r.IntN(5)}, nil)
		require.NoError(t, err)
		require.Len(t, got, len(want))
		for i := range got {
			require.True(t, got[i] == want[i], "line %d", i)
		}
	}
}

func TestDefaultReading(t *testing.T) {
	t.Parallel()
	type event struct{ Rank int }
	var got []string
	require.NoError(t, replay.Lines(t.Context(), strings.NewReader("{\"Rank\":3}\n{\"Rank\":\"a secret\"}\nnull\n{"+strings.Repeat(" ", replay.DefaultMaxLine-2)+"}\n{"+strings.Repeat(" ", replay.DefaultMaxLine-1)+"}"), replay.Reading[event]{},
		func() func(replay.Line[event]) string {
			return func(l replay.Line[event]) string { return fmt.Sprint(l.Event != nil, " ", l.Err) }
		}, func(_ int, s string) error {
			got = append(got, s)
			return nil
		}))
	assert.Equal(t, []string{"true <nil>", "false is no event in JSON", "true <nil>", "true <nil>", "false the line is too long: it has more than 10485760 bytes"}, got)
}

func TestDecodersThatFail(t *testing.T) {
	t.Parallel()
	replaced := "what came with the error"
	got, err := collect(t, t.Context(), strings.NewReader("fails\npanics\nnothing\ngood"), replay.Reading[string]{Decode: func(line []byte) (*string, error) {
		switch string(line) {
		case "fails":
			return &replaced, errDisk
		case "panics":
			panic("a secret")
		case "nothing":
			return nil, nil
		}
		return text(line)
	}}, nil)
	require.NoError(t, err)
	assert.Equal(t, []string{"1: error: the disk is gone", "2: error: reading it panicked", "3: error: holds no event", "4: good"}, got)
}

func TestReadersThatFail(t *testing.T) {
	t.Parallel()
	for in, want := range map[string][]string{"": nil, "a\nb\n": {"1: a", "2: b"}, "a\nb\nhalf of c": {"1: a", "2: b"}} {
		got, err := collect(t, t.Context(), io.MultiReader(strings.NewReader(in), iotest.ErrReader(errDisk)), replay.Reading[string]{Decode: text}, nil)
		require.ErrorIs(t, err, errDisk)
		assert.EqualError(t, err, fmt.Sprintf("line %d: the disk is gone", len(want)+1))
		assert.Equal(t, want, got)
	}
}

// endless repeats a line.
type endless struct {
	line string
	read atomic.Int64
}

func (e *endless) Read(p []byte) (int, error) {
	e.read.Add(1)
	n := 0
	for n+len(e.line) <= len(p) {
		n += copy(p[n:], e.line)
	}
	return n, nil
}

func TestUseThatFails(t *testing.T) {
	t.Parallel()
	got, err := collect(t, t.Context(), &endless{line: "a\n"}, replay.Reading[string]{Decode: text}, func(made string) error {
		if made == "1000: a" {
			return errUse
		}
		return nil
	})
	require.ErrorIs(t, err, errUse)
	assert.Len(t, got, 1000)
}

// TestContextEnds wants what was used to be the beginning of the lines.
func TestContextEnds(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	got, err := collect(t, ctx, &endless{line: "a\n"}, replay.Reading[string]{Decode: text}, func(made string) error {
		if made == "1000: a" {
			cancel()
		}
		return nil
	})
	require.ErrorIs(t, err, context.Canceled)
	assert.GreaterOrEqual(t, len(got), 1000)
	for i, made := range got {
		require.Equal(t, fmt.Sprintf("%d: a", i+1), made)
	}

	got, err = collect(t, ctx, &endless{line: "a\n"}, replay.Reading[string]{Decode: text}, nil)
	require.ErrorIs(t, err, context.Canceled)
	assert.Empty(t, got)
}

// TestContextEndsWithinALine has a line that does not end, until too much of it
// was read.
func TestContextEndsWithinALine(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	r := &unending{after: cancel}
	got, err := collect(t, ctx, r, replay.Reading[string]{Decode: text}, nil)
	require.Equal(t, context.Canceled, err)
	assert.Empty(t, got)
	assert.Equal(t, 100, r.reads)
}

// unending is one line, as long as anybody reads it. It ends after all if the
// context does not matter.
type unending struct {
	reads int
	after func() // 100 reads
}

func (u *unending) Read(p []byte) (int, error) {
	if u.reads++; u.reads == 100 {
		u.after()
	}
	if u.reads > 300 {
		return 0, io.EOF
	}
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

// TestWorkThatIsCutShort has work that waits for the context: it is not used.
func TestWorkThatIsCutShort(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	used := 0
	err := replay.Lines(ctx, strings.NewReader(strings.Repeat("a\n", 10)), replay.Reading[string]{Decode: text, Workers: 1}, func() func(replay.Line[string]) int {
		return func(l replay.Line[string]) int {
			if l.Number == 5 {
				cancel()
			}
			return l.Number
		}
	}, func(number, out int) error {
		assert.Equal(t, number, out)
		used++
		return nil
	})
	require.ErrorIs(t, err, context.Canceled)
	assert.Equal(t, 4, used)
}

// TestMemoryIsBounded reads much more than may be held at a time while nothing
// is used.
func TestMemoryIsBounded(t *testing.T) {
	t.Parallel()
	var seen atomic.Int64
	started, goOn := make(chan struct{}), make(chan struct{})
	go func() {
		<-started
		for last := int64(-1); last != seen.Load(); runtime.Gosched() { // until all are waiting
			last = seen.Load()
		}
		assert.LessOrEqual(t, seen.Load(), int64(2*3*256))
		close(goOn)
	}()
	n := 0
	require.NoError(t, replay.Lines(t.Context(), strings.NewReader(strings.Repeat("a\n", 20_000)), replay.Reading[string]{Decode: func(line []byte) (*string, error) {
		seen.Add(1)
		return text(line)
	}, Workers: 3}, func() func(replay.Line[string]) int { return func(replay.Line[string]) int { return 0 } }, func(int, int) error {
		if n++; n == 1 {
			close(started)
			<-goOn
		}
		return nil
	}))
	assert.Equal(t, 20_000, n)
}

// TestLinesOfAStream wants a line to be used before the next one is there.
func TestLinesOfAStream(t *testing.T) {
	t.Parallel()
	r, w := io.Pipe()
	used := make(chan string)
	done := make(chan error)
	go func() {
		_, err := collect(t, t.Context(), r, replay.Reading[string]{Decode: text}, func(made string) error {
			used <- made
			return nil
		})
		done <- err
	}()
	for i := range 5 {
		_, err := io.WriteString(w, "a\n")
		require.NoError(t, err)
		assert.Equal(t, fmt.Sprintf("%d: a", i+1), <-used)
	}
	require.NoError(t, w.Close())
	require.NoError(t, <-done)
}

func FuzzLines(f *testing.F) {
	for _, seed := range []string{"", "a\nb", "\n\n", "\r\n a\r\n", "\ufeffa\n", "0123456789abcdef\n"} {
		f.Add([]byte(seed), 3)
	}
	f.Fuzz(func(t *testing.T, in []byte, workers int) {
		var want []string
		for i, line := range strings.Split(string(in), "\n") {
			if i == 0 {
				line = strings.TrimPrefix(line, "\ufeff")
			}
			line = strings.TrimSuffix(line, "\r")
			if strings.TrimSpace(line) != "" {
				want = append(want, fmt.Sprintf("%d: %s", i+1, line))
			}
		}
		got, err := collect(t, t.Context(), bytes.NewReader(in), replay.Reading[string]{Decode: text, Workers: workers % 4}, nil)
		require.NoError(t, err)
		assert.Equal(t, want, got)
	})
}
