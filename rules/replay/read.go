package replay

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/afterword-go/afterword/internal/callback"
)

// The bounds of a batch. One line may be longer than a batch; what a batch keeps
// for the next time may not.
const (
	batchLines = 256
	batchBytes = 256 << 10
	batchKeeps = 1 << 20
)

// readBatches reads lines into free batches and hands them over, until there are
// no more or the context ends.
func readBatches[In, Out any](ctx context.Context, r io.Reader, most int, free <-chan *batch[In, Out], handOver func(*batch[In, Out])) error {
	in := &lineReader{in: bufio.NewReaderSize(&untilEnded{ctx, r}, batchBytes), most: most}
	for {
		select {
		case b := <-free:
			b.clear()
			err := b.fill(ctx, in)
			if len(b.lines) > 0 {
				handOver(b)
			}
			switch {
			case err == io.EOF:
				return nil
			case ctx.Err() != nil:
				return ctx.Err()
			case err != nil:
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (b *batch[In, Out]) clear() {
	if cap(b.text) > batchKeeps {
		b.text = nil
	}
	clear(b.lines) // lets go of the events
	b.text, b.ends, b.lines = b.text[:0], b.ends[:0], b.lines[:0]
}

// fill reads lines until the batch is full or the reader would have to be waited
// for.
func (b *batch[In, Out]) fill(ctx context.Context, in *lineReader) error {
	var err error
	for len(b.lines) == 0 || len(b.lines) < batchLines && len(b.text) < batchBytes && in.ready() {
		if err = ctx.Err(); err != nil {
			break
		}
		start := len(b.text)
		var wrong error
		if b.text, wrong, err = in.next(b.text); err != nil {
			break
		}
		if wrong != nil || len(b.text) > start {
			b.lines = append(b.lines, Line[In]{Number: in.number, Err: wrong})
			b.ends = append(b.ends, len(b.text))
		}
	}
	start := 0
	for i, end := range b.ends {
		b.lines[i].Text = b.text[start:end:end]
		start = end
	}
	return err
}

// untilEnded reads until the context ends, also within a line. A reader that is
// broken makes an error.
type untilEnded struct {
	ctx context.Context
	in  io.Reader
}

func (r *untilEnded) Read(p []byte) (n int, err error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	err = callback.Call("the reader", func() error {
		n, err = r.in.Read(p)
		return err
	})
	if n < 0 || n > len(p) {
		return 0, errors.New("the reader says that it has read what it cannot have")
	}
	return n, err
}

// A lineReader reads lines.
type lineReader struct {
	in     *bufio.Reader
	most   int // bytes of a line
	number int // of the last line
}

// ready tells whether a whole line has been read ahead.
func (r *lineReader) ready() bool {
	ahead, _ := r.in.Peek(r.in.Buffered())
	return bytes.IndexByte(ahead, '\n') >= 0
}

// next appends the next line without its end, or nothing if it is blank. Wrong
// says why it is no line that can be read. The error io.EOF says that there are
// no more; another one, that the reader has failed.
func (r *lineReader) next(text []byte) (_ []byte, wrong, err error) {
	start := len(text)
	for {
		var chunk []byte
		chunk, err = r.in.ReadSlice('\n')
		ends := err == nil
		if wrong == nil {
			text = append(text, chunk...)
			if len(text)-start > r.most+len("\r\n") { // whatever its end is
				text, wrong = text[:start], tooLong(r.most)
			}
		}
		switch {
		case ends:
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && (len(text) > start || wrong != nil): // the last line has no end
		case errors.Is(err, io.EOF):
			return text, nil, io.EOF
		default:
			return text[:start], nil, fmt.Errorf("line %d: %w", r.number+1, err)
		}
		r.number++
		if wrong == nil && len(withoutEnd(text[start:])) > r.most {
			text, wrong = text[:start], tooLong(r.most)
		}
		return r.trim(text, start), wrong, nil
	}
}

// trim drops the end of the line that starts there, and all of it if it is blank.
// In front of the first line may be a byte order mark.
func (r *lineReader) trim(text []byte, start int) []byte {
	line := withoutEnd(text[start:])
	if r.number == 1 {
		if rest, marked := bytes.CutPrefix(line, []byte("\ufeff")); marked {
			line = line[:copy(line, rest)]
		}
	}
	if len(bytes.TrimSpace(line)) == 0 {
		return text[:start]
	}
	return text[:start+len(line)]
}

// withoutEnd drops the one end of a line.
func withoutEnd(line []byte) []byte {
	return bytes.TrimSuffix(bytes.TrimSuffix(line, []byte{'\n'}), []byte{'\r'})
}
