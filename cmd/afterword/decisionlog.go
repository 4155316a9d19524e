package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
	"github.com/afterword-go/afterword/rules/decisionlog"
	"github.com/afterword-go/afterword/transcript"
)

// A decisionFile is the file of a decision log, and what writes to it. Nil keeps
// nothing.
type decisionFile struct {
	name string
	file *os.File
	log  *decisionlog.Log[events.TranscriptEmail]
}

// openDecisions opens the decision log, to write behind what is in it; nil if
// there is to be none.
func (s settings) openDecisions(log *slog.Logger) (*decisionFile, error) {
	if s.decisions == "" {
		return nil, nil
	}
	file, err := openLines(s.decisions)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("decision log %s: its folder is missing: make it, or give another file", s.decisions)
	}
	if err != nil {
		return nil, fmt.Errorf("decision log %s: %w", s.decisions, reason(err))
	}
	d := &decisionFile{name: s.decisions, file: file}
	d.log, err = decisionlog.New(decisionlog.Options[events.TranscriptEmail]{
		Writer: file, Mask: transcript.MaskEmail, Payloads: s.decisionPayloads,
		Failed: func(err error) { log.Warn("a decision was not logged", "error", err.Error()) },
	})
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return d, nil
}

// openLines opens a file of lines to write behind them, and makes it with mode
// 0600 if it is missing. A last line that was cut short is ended.
func openLines(name string) (*os.File, error) {
	file, err := os.OpenFile(name, os.O_RDWR|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(holdsLines(file), endLine(file)); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

// holdsLines refuses a file that holds something else than lines of JSON, such
// as rules.
func holdsLines(file *os.File) error {
	info, err := file.Stat()
	if err != nil || info.Size() == 0 || !info.Mode().IsRegular() {
		return err
	}
	first := make([]byte, 1)
	if _, err := file.ReadAt(first, 0); err != nil || first[0] == '{' {
		return err
	}
	return errors.New("it holds something else than decisions: give another file")
}

func endLine(file *os.File) error {
	info, err := file.Stat()
	if err != nil || info.Size() == 0 || !info.Mode().IsRegular() {
		return err
	}
	last := make([]byte, 1)
	if _, err := file.ReadAt(last, info.Size()-1); err != nil || last[0] == '\n' {
		return err
	}
	_, err = io.WriteString(file, "\n")
	return err
}

// close closes the file, when what is written is on the disk.
func (d *decisionFile) close() error {
	if d == nil {
		return nil
	}
	err := errors.Join(flush(d.file), d.file.Close())
	if err != nil {
		return fmt.Errorf("decision log %s: %w", d.name, reason(err))
	}
	return nil
}

// flush waits until a file is on the disk. What is no file, such as a pipe, cannot.
func flush(file *os.File) error {
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return err
	}
	return file.Sync()
}

type runKey struct{}

// run tells the decisions of a run which one it is.
func (d *decisionFile) run(ctx context.Context, run faas.Run) (context.Context, func(faas.End)) {
	return context.WithValue(ctx, runKey{}, run), nil
}

// observers are those of the runtime.
func (d *decisionFile) observers() []faas.Observer {
	if d == nil {
		return nil
	}
	return []faas.Observer{d.run}
}

// option has the decisions of a function logged, but for those of trials: by
// the IDs of their requests.
func (d *decisionFile) option(function string) transcript.Option {
	if d == nil {
		return nil
	}
	return transcript.LogDecisions(d.log, transcript.Logging{
		Version: function,
		ID: func(ctx context.Context, _ events.Event[events.PostSurvey]) string {
			run, _ := ctx.Value(runKey{}).(faas.Run)
			return run.RequestID
		},
		Only: func(ctx context.Context, _ transcript.Observation) bool {
			run, ok := ctx.Value(runKey{}).(faas.Run)
			return ok && !run.Trial
		},
	})
}
