package replay

import (
	"context"
	"io"

	"github.com/afterword-go/afterword/internal/callback"
)

// A Config says how events are decided again, and what is told of them. The zero
// value reads events as encoding/json does, and tells no more than the summary.
type Config[In, Out any] struct {
	Reading[In]
	// Group is the group in which an outcome is counted, such as the domain of an
	// address. It is called by several goroutines at once. Nil: there are none.
	Group func(Out) string
	// Append appends what is to be written of a line to dst. It is called by
	// several goroutines at once, for lines that are no events as well, and keeps
	// nothing that it is given. What it appends is written to Output, in the order
	// of the lines.
	Append func(dst []byte, line Line[In], decision Decision[Out]) []byte
	Output io.Writer
	// Then is what was decided for an event when it was recorded, which is compared
	// with what is decided now. It is called by several goroutines at once. Nil, and
	// a result of nil: that is not known.
	Then func(*In) *Then[Out]
	// Differ says in what an outcome of now is not one that was recorded, which may
	// have been masked: one short text for each difference, for people to read.
	// Nothing, if it may be the same. The summary tells these texts. It is called by
	// several goroutines at once. Nil: outcomes are only counted.
	Differ func(then, now Out) []string
	// Withhold drops the outcomes of an event for which a rule fails, those in
	// shadow not counted: whoever runs the rules sends nothing then.
	Withhold bool
	// KeepErrors is how many lines that are no events are kept with their errors,
	// how many differences, and how many errors of each rule. 0 is 10.
	KeepErrors int
	// Progress is told now and then, by the goroutine that has called Run, how many
	// lines there have been that are not blank. Nil: nobody is told.
	Progress func(lines int)
}

const defaultKeepErrors = 10

// Run decides the events of lines (NDJSON), several at a time, and tells what came
// of them. Lines that are no events are counted, and do not stop it.
//
// The summary is never nil: with an error, it tells of the lines in front. Where
// Output fails, they may be written in part. The errors are those of Lines, and of
// Output.
func Run[In, Out any](ctx context.Context, r io.Reader, of Rules[In, Out], cfg Config[In, Out]) (*Summary, error) {
	if cfg.KeepErrors <= 0 {
		cfg.KeepErrors = defaultKeepErrors
	}
	total := newSummary(of)
	blank, infos := total.empty(), of.Rules()
	spare := make(chan *tally, 2*cfg.workers())
	worker := func() func([]Line[In], func() bool, **tally) {
		w := &counter[In, Out]{ctx: ctx, cfg: &cfg, rules: infos, decider: of.Decider()}
		return func(lines []Line[In], ended func() bool, out **tally) {
			select {
			case w.tally = <-spare:
			default:
				w.tally = &tally{Summary: blank.empty()}
			}
			*out = w.tally
			w.count(lines, ended)
		}
	}
	err := batches(ctx, r, cfg.Reading, worker, func(t *tally) error {
		if err := cfg.write(t.written); err != nil {
			return err
		}
		total.take(t.Summary, cfg.KeepErrors)
		if err := cfg.tell(total); err != nil {
			return err
		}
		if t.failed != nil {
			return t.failed
		}
		t.written = t.written[:0]
		spare <- t
		return nil
	})
	return total, err
}

func (cfg *Config[In, Out]) write(lines []byte) error {
	if cfg.Output == nil || len(lines) == 0 {
		return nil
	}
	return callback.Call("Output", func() error {
		_, err := cfg.Output.Write(lines)
		return err
	})
}

func (cfg *Config[In, Out]) tell(s *Summary) error {
	if cfg.Progress == nil {
		return nil
	}
	return callback.Call("Progress", func() error {
		cfg.Progress(s.Events + s.Unreadable + s.NoEvent)
		return nil
	})
}

// A tally is what came of a batch, or of the lines of it in front of the one for
// which a function failed.
type tally struct {
	*Summary
	written []byte
	failed  error
}
