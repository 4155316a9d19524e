package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"

	"github.com/afterword-go/afterword/events"
)

// play decides the surveys that are built in, and explains each decision.
func play(ctx context.Context, o options, stdout io.Writer) error {
	desk, err := connect(o)
	if err != nil {
		return err
	}
	names, err := fs.Glob(builtInSurveys, "surveys/*.json")
	if err != nil {
		return err
	}
	var text strings.Builder
	introduce(&text, desk, o)
	var failures []error
	emails := 0
	for _, name := range names {
		event, err := openSurvey(builtInSurveys, name)
		if err != nil {
			return at(name, err)
		}
		made, err := desk.decide(ctx, event)
		failures = append(failures, at(name, err))
		emails += len(made.Emails)
		fmt.Fprintf(&text, "\n%s\n", strings.TrimSuffix(path.Base(name), ".json"))
		explain(&text, event, made, err)
	}
	fmt.Fprintf(&text, "\n%s lead to %s. See -h for more.\n", counted(len(names), "survey"), counted(emails, "e-mail"))
	_, err = io.WriteString(stdout, text.String())
	return errors.Join(append(failures, err)...)
}

// decideOne decides the survey of the option -survey.
func decideOne(ctx context.Context, o options, stdin io.Reader, stdout io.Writer) error {
	desk, err := connect(o)
	if err != nil {
		return err
	}
	if err := desk.check(o.event); err != nil {
		return err
	}
	event, name, err := givenSurvey(o.survey, stdin)
	if err != nil {
		return at(name, err)
	}
	made, failure := desk.decide(ctx, event)
	var text strings.Builder
	switch {
	case !o.json:
		introduce(&text, desk, o)
		fmt.Fprintf(&text, "\n%s\n", name)
		explain(&text, event, made, failure)
	case failure == nil:
		data, err := events.ChatPostSurveyEmailTranscript.EncodeResult(made.Emails)
		if err != nil {
			return at(name, err)
		}
		fmt.Fprintf(&text, "%s\n", json.RawMessage(data))
	}
	_, err = io.WriteString(stdout, text.String())
	return errors.Join(at(name, failure), err)
}

// givenSurvey reads the survey of a file, or with "-" of standard input, and
// says what to call it.
func givenSurvey(file string, stdin io.Reader) (events.Event[events.PostSurvey], string, error) {
	if file == "-" {
		event, err := readSurvey(stdin)
		return event, "standard input", err
	}
	f, err := os.Open(file)
	if err != nil {
		return events.Event[events.PostSurvey]{}, "survey", err // which names the file
	}
	event, err := readSurvey(f)
	return event, file, errors.Join(err, f.Close())
}

func openSurvey(files fs.FS, name string) (events.Event[events.PostSurvey], error) {
	f, err := files.Open(name)
	if err != nil {
		return events.Event[events.PostSurvey]{}, err
	}
	event, err := readSurvey(f)
	return event, errors.Join(err, f.Close())
}
