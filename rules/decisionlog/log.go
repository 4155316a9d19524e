package decisionlog

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"
)

// Options say how to keep a log. Writer or Handler is needed.
type Options[Out any] struct {
	// Writer gets each record as one line, in one call of Write, and never two
	// calls at a time.
	Writer io.Writer
	// Handler gets each record, behind Writer. The record is the handler's own. It
	// is called by as many goroutines as decide.
	Handler func(ctx context.Context, record Record[Out]) error
	// Mask makes of an outcome what the log may hold of it. It gets a copy: what
	// it changes, it changes in the log alone. It is called by as many goroutines
	// as decide, and must not panic. Nil leaves outcomes out, and counts them.
	//
	// An Out with pointers, slices, maps or interfaces in it is copied by way of
	// JSON, and others as they are.
	Mask func(Out) Out
	// Version is what people call the rules, for records that have none.
	Version string
	// Payloads keeps the events of records as well: personal data, unmasked. It
	// takes them to decide the same events again.
	Payloads bool
	// Clock tells the time, for records that have none. Nil is time.Now.
	Clock func() time.Time
	// Failed is told of each failure to keep a record, which Add returns as well.
	// It is called by as many goroutines as decide. Nil is told nothing.
	Failed func(error)
}

// A Log keeps records. It may be used by any number of goroutines at once. New
// makes one; the zero value cannot be used.
type Log[Out any] struct {
	options Options[Out]
	deep    bool // an Out shares what it points to with its copies

	writing sync.Mutex // held while Writer is called
	torn    bool       // the last line was not written to its end

	failing sync.Mutex
	failed  int   // records that were not kept, or not as a whole
	first   error // of them
}

// New makes a log. The error says that there is nothing to write to.
func New[Out any](options Options[Out]) (*Log[Out], error) {
	if options.Writer == nil && options.Handler == nil {
		return nil, errors.New("decisionlog: there is nowhere to write: give a Writer or a Handler")
	}
	if options.Clock == nil {
		options.Clock = time.Now
	}
	return &Log[Out]{options: options, deep: shares[Out]()}, nil
}

// Payloads tells whether the log keeps events.
func (l *Log[Out]) Payloads() bool { return l.options.Payloads }

// Add keeps a record, whose outcomes are as they were decided: it masks them.
// The record and what it points to stay the caller's own. V is set, and Time
// and Rules.Version where they are zero; Count is the number of outcomes, if
// there are any; Event is dropped unless the log keeps events.
//
// It returns when the record is written, however long Writer and Handler take.
// A record that cannot be kept as a whole is kept without its event or its
// outcomes, if that will do, and that is an error as well. Err tells of earlier
// ones. No error quotes the record, unless one of Writer or Handler does.
func (l *Log[Out]) Add(ctx context.Context, record Record[Out]) error {
	err := l.add(ctx, record)
	if err == nil {
		return nil
	}
	l.failing.Lock()
	if l.failed++; l.first == nil {
		l.first = err
	}
	l.failing.Unlock()
	if l.options.Failed != nil {
		l.options.Failed(err)
	}
	return err
}

// Err tells how many records were not kept, or not as a whole, and of the first
// of them why. It is nil if all were.
func (l *Log[Out]) Err() error {
	l.failing.Lock()
	defer l.failing.Unlock()
	if l.failed == 0 {
		return nil
	}
	return fmt.Errorf("the decision log lacks %d records, or parts of them; of the first: %w", l.failed, l.first)
}

func (l *Log[Out]) add(ctx context.Context, record Record[Out]) error {
	record, err := l.own(record)
	errs := []error{err}
	if l.options.Writer != nil {
		line, err := lineOf(&record)
		errs = append(errs, err)
		if line != nil {
			errs = append(errs, l.write(line))
		}
	}
	if l.options.Handler != nil {
		errs = append(errs, l.options.Handler(ctx, record))
	}
	return errors.Join(errs...)
}

// own is the record as it is kept. It shares nothing with the caller's.
func (l *Log[Out]) own(record Record[Out]) (Record[Out], error) {
	record.V = Form
	if record.Time.IsZero() {
		record.Time = l.options.Clock()
	}
	record.Time = record.Time.Round(0).UTC()
	if record.Rules.Version == "" {
		record.Rules.Version = l.options.Version
	}
	record.Fired = append([]string{}, record.Fired...)
	record.Shadow, record.Errors = slices.Clone(record.Shadow), slices.Clone(record.Errors)
	record.Skipped = slices.Clone(record.Skipped)
	for i := range record.Skipped {
		record.Skipped[i].Absent = slices.Clone(record.Skipped[i].Absent)
	}
	if record.Event = slices.Clone(record.Event); !l.options.Payloads {
		record.Event = nil
	}
	var err error
	record.Count = max(record.Count, len(record.Outcomes))
	record.Outcomes, err = l.masked(record.Outcomes)
	return record, err
}

// masked are the outcomes that the log may hold.
func (l *Log[Out]) masked(outcomes []Outcome[Out]) ([]Outcome[Out], error) {
	if l.options.Mask == nil || len(outcomes) == 0 {
		return nil, nil
	}
	out := make([]Outcome[Out], len(outcomes))
	for i, o := range outcomes {
		if l.deep {
			value, err := clone(o.Value)
			if err != nil {
				return nil, errNoForm
			}
			o.Value = value
		}
		out[i] = Outcome[Out]{o.Rule, l.options.Mask(o.Value)}
	}
	return out, nil
}

// write writes a line. If the last one was cut short, it begins behind it.
func (l *Log[Out]) write(line []byte) error {
	l.writing.Lock()
	defer l.writing.Unlock()
	begin := 0
	if l.torn {
		line, begin = append([]byte{'\n'}, line...), 1
	}
	n, err := l.options.Writer.Write(line)
	if err == nil && n < len(line) {
		err = io.ErrShortWrite
	}
	switch {
	case n >= len(line):
		l.torn = false
	case n > 0:
		l.torn = n > begin
	}
	return err
}
