package replay

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"

	"github.com/afterword-go/afterword/internal/callback"
)

// DefaultMaxLine is how many bytes a line may have unless a Reading says
// otherwise: 10 MiB.
const DefaultMaxLine = 10 << 20

// ErrTooLong says that a line has more bytes than it may have. The lines behind
// it are read all the same.
var ErrTooLong = errors.New("the line is too long")

// ErrNoEvent is for a line that is what it should be, and holds no event, such as
// the record of a decision that was kept without it. A Summary counts such lines
// by themselves.
var ErrNoEvent = errors.New("holds no event")

// A Reading says how lines are read. The zero value reads events as
// encoding/json does.
type Reading[In any] struct {
	// Decode reads an event. It is called by several goroutines at once, keeps no
	// line, and its errors hold no values: they are told. No event and no error is
	// ErrNoEvent. Nil: encoding/json.
	Decode func(line []byte) (*In, error)
	// Empty tells of events that have none of the fields of an event, such as those of
	// a recording of something else. They are decided like others, and counted; Lines
	// makes no use of it. It is called by several goroutines at once. Nil: there are
	// none.
	Empty func(*In) bool
	// MaxLine is how many bytes a line may have, its end not counted. 0 is
	// DefaultMaxLine.
	MaxLine int
	// Workers is how many lines are worked on at a time. 0 is GOMAXPROCS.
	Workers int
}

// A Line is a line of the events that is not blank.
type Line[In any] struct {
	Number int    // from 1; blank lines count
	Text   []byte // without its end; good until the work on the line is done
	Event  *In    // nil if there is an error
	Err    error  // why it is no event, in one line or several
}

// Lines reads events, one JSON value a line (NDJSON), works on several at a time,
// and uses the results in the order of the lines.
//
// Worker is called once for each goroutine that works, and what it returns is
// called for that goroutine's lines, those that are no events included. Use is
// called by the goroutine that has called Lines. Lines that are blank are left
// out.
//
// Lines returns when everything is used; early with the error of use, which ends
// the reading. If the work on a line panics, what is in front of it is used, and the
// error names the line. When the context ends, so does the use of results, in
// front of some line, and the error is the context's. When the reader fails, the lines in front
// are used, and the error tells in which line it failed. All goroutines have ended when
// Lines returns: it waits for a reader that blocks.
func Lines[In, Out any](ctx context.Context, r io.Reader, reading Reading[In], worker func() func(Line[In]) Out, use func(number int, out Out) error) error {
	work := func() func([]Line[In], func() bool, *results[Out]) {
		one := worker()
		return func(lines []Line[In], ended func() bool, out *results[Out]) {
			*out = results[Out]{made: make([]result[Out], 0, len(lines))}
			var guard callback.Guard
			defer guard.End(&out.failed)
			for _, line := range lines {
				if ended() {
					break
				}
				guard.Line = line.Number
				reading.read(&line, &guard)
				guard.Calls("the work")
				made := result[Out]{line.Number, one(line)}
				if ended() { // it may have been cut short
					break
				}
				out.made = append(out.made, made)
			}
			guard.Done()
		}
	}
	return batches(ctx, r, reading, work, func(done results[Out]) (err error) {
		var guard callback.Guard
		defer guard.End(&err)
		guard.Calls("use")
		for _, r := range done.made {
			guard.Line = r.number
			if err = use(r.number, r.out); err != nil {
				break
			}
		}
		guard.Done()
		return cmp.Or(err, done.failed)
	})
}

// Results are what came of the lines of a batch: of those in front of the one for
// which the work failed, if it did.
type results[Out any] struct {
	made   []result[Out]
	failed error
}

type result[Out any] struct {
	number int
	out    Out
}

// read makes an event of the line.
func (r *Reading[In]) read(line *Line[In], guard *callback.Guard) {
	if line.Err != nil {
		return
	}
	guard.Calls("Decode")
	defer func() {
		if p := recover(); p != nil { // it may quote the line
			line.Event, line.Err = nil, errors.New("reading it panicked")
		}
	}()
	if r.Decode == nil {
		line.Event = new(In)
		if json.Unmarshal(line.Text, line.Event) != nil { // its error may quote the line
			line.Event, line.Err = nil, errors.New("is no event in JSON")
		}
		return
	}
	line.Event, line.Err = r.Decode(line.Text)
	switch {
	case line.Err != nil:
		line.Event = nil
	case line.Event == nil:
		line.Err = ErrNoEvent
	}
}

func (r *Reading[In]) workers() int {
	if r.Workers > 0 {
		return r.Workers
	}
	return runtime.GOMAXPROCS(0)
}

func (r *Reading[In]) maxLine() int {
	if r.MaxLine > 0 {
		return r.MaxLine
	}
	return DefaultMaxLine
}

// tooLong is the error of a line.
func tooLong(most int) error { return fmt.Errorf("%w: it has more than %d bytes", ErrTooLong, most) }
