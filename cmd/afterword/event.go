package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/transcript"
)

// A given value is the event that a verb is given.
type given struct{ name string }

func (g *given) addFlags(verb *cobra.Command) {
	verb.Flags().StringVarP(&g.name, "event", "e", "", "the survey: a `FILE` of JSON, an envelope or a payload by itself; - is standard input")
}

// eventHelp says what -e takes.
const eventHelp = `The survey is an envelope as it comes over the wire, or its payload by itself:

  {"timestamp": 1700000038000, "headers": [], "payload": {"csatRank": 3}}
  {"csatRank": 3}`

// read reads the event. Errors name places in it and no values.
func (g *given) read(ctx context.Context, stdin io.Reader) (events.Event[events.PostSurvey], error) {
	var none events.Event[events.PostSurvey]
	if g.name == "" {
		return none, usagef("give the survey: -e FILE, or -e - for standard input")
	}
	data, err := g.data(ctx, stdin)
	if err != nil {
		return none, fmt.Errorf("%s: %w", g.shown(), reason(err))
	}
	event, err := transcript.DecodeEvent(data)
	if err != nil {
		return none, inFront(g.shown()+": ", err)
	}
	return *event, nil
}

// shown is what errors call the event.
func (g *given) shown() string {
	if g.name == "-" {
		return "standard input"
	}
	return g.name
}

func (g *given) data(ctx context.Context, stdin io.Reader) (data []byte, err error) {
	if g.name == "-" {
		return readStandard(ctx, stdin, events.MaxSize)
	}
	f, err := os.Open(g.name)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return readBounded(f, events.MaxSize)
}

// readStandard reads standard input, which a person may never end: it stops
// waiting when the context is done, and the process is about to end.
func readStandard(ctx context.Context, stdin io.Reader, most int64) ([]byte, error) {
	type read struct {
		data []byte
		err  error
	}
	done := make(chan read, 1)
	go func() {
		data, err := readBounded(stdin, most)
		done <- read{data, err}
	}()
	select {
	case r := <-done:
		return r.data, r.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// readBounded reads up to a byte more than there may be, which whoever decodes
// it refuses.
func readBounded(r io.Reader, most int64) ([]byte, error) {
	return io.ReadAll(io.LimitReader(r, most+1))
}

// inFront puts a text in front of each line of an error.
func inFront(text string, err error) error {
	return errors.New(text + strings.ReplaceAll(err.Error(), "\n", "\n"+text))
}

// loadFor reads an event and loads the rules for it; the error is about both.
func loadFor(ctx context.Context, c *cli, l *loading, g *given, args []string) (events.Event[events.PostSurvey], loaded, error) {
	event, wrong := g.read(ctx, c.in)
	if errors.As(wrong, new(*usageError)) {
		return event, loaded{}, wrong
	}
	rules, err := l.load(ctx, args)
	return event, rules, errors.Join(wrong, err)
}
