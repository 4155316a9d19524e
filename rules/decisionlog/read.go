package decisionlog

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// ErrForm says that a record is of a form that this package does not know.
var ErrForm = fmt.Errorf("its form is not %d: read it with the version of this package that wrote it, or a later one", Form)

var errNoRecord = errors.New("it is not a record: a record is one JSON object in one line")

// Read reads a log, and yields its records in their order, with an error in the
// place of each line that is none; it goes on behind it. The error says in which
// line it is, and quotes nothing of it. Empty lines are passed over. A failure of r
// is yielded with the line that it cut short, and ends the log. No more than one
// line is kept in memory.
//
// A line that the end of the log cuts short is no record: the process that wrote
// it was stopped.
//
// Fields that this package does not know are passed over. Outcomes are read
// into Out; json.RawMessage will do for any.
func Read[Out any](r io.Reader) iter.Seq2[Record[Out], error] {
	return func(yield func(Record[Out], error) bool) {
		lines := bufio.NewReaderSize(r, 64<<10)
		var line []byte
		var failure error
		for number := 1; failure == nil; number++ {
			line, failure = readLine(lines, line[:0])
			var record Record[Out]
			var err error
			switch text := bytes.TrimSpace(line); {
			case failure != nil && !errors.Is(failure, io.EOF):
				err = failure
			case len(text) == 0:
				continue
			default:
				record, err = Decode[Out](text)
			}
			if err != nil {
				record, err = Record[Out]{}, fmt.Errorf("line %d: %w", number, err)
			}
			if !yield(record, err) {
				return
			}
		}
	}
}

// readLine reads a line into room. Of one that is too large, it keeps as much as
// shows that.
func readLine(r *bufio.Reader, room []byte) ([]byte, error) {
	for {
		part, err := r.ReadSlice('\n')
		if len(room) <= MaxRecord {
			room = append(room, part...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return room, err
		}
	}
}

// Decode reads one record, as Read does each line of a log. Space around it is
// passed over. The record shares nothing with the line, and the error quotes
// nothing of it.
func Decode[Out any](line []byte) (Record[Out], error) {
	var head struct {
		V int `json:"v"`
	}
	text := bytes.TrimSpace(line)
	if len(text) > MaxRecord {
		return Record[Out]{}, ErrTooLarge
	}
	if !bytes.HasPrefix(text, []byte{'{'}) || !jsontext.Value(text).IsValid() {
		return Record[Out]{}, errNoRecord
	}
	if err := json.Unmarshal(text, &head); err != nil {
		return Record[Out]{}, errNoRecord
	}
	if head.V != Form {
		return Record[Out]{}, ErrForm
	}
	var record Record[Out]
	if err := json.Unmarshal(text, &record, forms()); err != nil {
		return Record[Out]{}, misfit(err)
	}
	return record, nil
}

// misfit says which field of a record does not fit, and nothing of what it holds.
func misfit(err error) error {
	var wrong *json.SemanticError
	if errors.As(err, &wrong) {
		for field := range wrong.JSONPointer.Tokens() {
			return fmt.Errorf("its field %s is not as a record has it", field)
		}
	}
	return errNoRecord
}
