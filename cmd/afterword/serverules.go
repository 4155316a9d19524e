package main

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
	"github.com/afterword-go/afterword/rules"
	"github.com/afterword-go/afterword/transcript"
)

// A ruleFile is one that becomes a function.
type ruleFile struct {
	function string
	transcript.File
}

// load reads the rule files, and tries each. The error has every problem of
// every file.
func (s settings) load(ctx context.Context) ([]ruleFile, error) {
	option := transcript.RecipientDomains(s.domains...)
	if _, err := transcript.New(option); err != nil {
		return nil, &usageError{err}
	}
	names, wrong := new(finder).find(ctx, s.rules)
	read, err := transcript.ReadFiles(disk{}, names...)
	if err := errors.Join(wrong, err); err != nil {
		return nil, err
	}
	var files []ruleFile
	var problems []rules.Problem
	owners := map[string]string{}
	for _, f := range read {
		name := functionName(f.Name)
		if name == "" { // which a filter takes for any
			problems = append(problems, rules.Problem{File: f.Name, Message: "its function would have no name: rename the file"})
		} else if other, taken := owners[name]; taken {
			problems = append(problems, rules.Problem{File: f.Name, Message: fmt.Sprintf("its function would be called %s, as that of %s: rename one of the files", name, other)})
		}
		owners[name] = f.Name
		problems = append(problems, trial(ctx, f, option)...)
		files = append(files, ruleFile{name, f})
	}
	if len(problems) > 0 {
		return nil, &findingsError{&rules.LoadError{Problems: inOrder(problems, read)}}
	}
	return files, ctx.Err()
}

// functionName is what the function of a rule file is called.
func functionName(file string) string {
	name := path.Base(file)
	for _, end := range ruleFileEnds {
		if cut, ok := strings.CutSuffix(name, end); ok {
			name = cut
			break
		}
	}
	return strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' {
			return c
		}
		return '_'
	}, name)
}

// trial compiles the rules of a file by themselves and runs their tests, those
// beside them as well.
func trial(ctx context.Context, f transcript.File, option transcript.Option) []rules.Problem {
	set, err := transcript.ParseFiles([]transcript.File{f}, option)
	if err != nil {
		return problemsOf(err)
	}
	var failed *transcript.TestError
	if err := set.Test(ctx); !errors.As(err, &failed) {
		return problemsOf(err)
	}
	var problems []rules.Problem
	for _, t := range failed.Failed {
		problems = append(problems, rules.Problem{
			File: t.File, Line: t.Line, Column: t.Column,
			Message: fmt.Sprintf("test %q failed: run afterword test to see why", t.Name),
		})
	}
	return problems
}

// builder makes functions of rule files that clients send. Their tests are in
// the file, and must pass.
func builder(domains []string, decisions *decisionFile) faas.Builder {
	option := transcript.RecipientDomains(domains...)
	return faas.Build(events.ChatPostSurveyEmailTranscript, func(name string, source []byte) (decision, error) {
		set, err := transcript.Parse(name+".rules.yaml", source, option, decisions.option(name))
		if err != nil {
			return nil, err
		}
		if err := set.Test(context.Background()); err != nil {
			return nil, err
		}
		return set.Decide, nil
	})
}

type decision = func(context.Context, events.Event[events.PostSurvey]) ([]events.TranscriptEmail, error)

// installer is who has made the functions of rule files, as their records say.
const installer = "afterword serve"

// install puts the functions of rule files into service. What the store knows
// already is changed if the file has changed, and else left as it is: somebody
// may have undeployed it.
func install(ctx context.Context, rt *faas.Runtime, files []ruleFile) error {
	ctx = faas.As(ctx, installer)
	var errs []error
	for _, f := range files {
		if err := installOne(ctx, rt, f); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", f.Name, err))
		}
	}
	err := errors.Join(errs...)
	var failure *faas.Error
	if errors.As(err, &failure) && failure.Code != faas.CodeStore {
		return &findingsError{err}
	}
	return err
}

func installOne(ctx context.Context, rt *faas.Runtime, f ruleFile) error {
	source := string(f.Data)
	known := rt.Functions(faas.Filter{Name: f.function})
	if len(known) == 0 {
		r, err := rt.Create(ctx, faas.Draft{
			Name: f.function, Description: "Rules of a file, made by " + installer, Event: events.ChatPostSurveyEmailTranscript.ID(), Source: source,
		})
		if err != nil {
			return err
		}
		return deployed(rt.Deploy(ctx, r.ID))
	}
	r := known[0]
	if r.Source != source {
		updated, err := rt.Update(ctx, r.ID, faas.Edit{Source: &source})
		if err != nil {
			return err
		}
		r = updated
	}
	if len(r.Deployments) > 0 && r.Deployments[0].Source == source && r.Problem == "" {
		return nil
	}
	return deployed(rt.Deploy(ctx, r.ID))
}

func deployed(_ faas.Record, err error) error { return err }
