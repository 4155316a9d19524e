package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/afterword-go/afterword/rules"
	"github.com/afterword-go/afterword/transcript"
)

// mutateHelp says what --mutate does.
const mutateHelp = `With --mutate, it changes the rules, one small thing at a time, such as a person does
by mistake: < for <=, or for and, a part dropped, another text. A change that no test
notices survives, and is shown with a test that would notice it, ready to be put into a
file of tests. Changes that make no difference for any survey are left out. The score is
how many of the others the tests notice.`

// mutate changes the rules that the tests are for. Tests that fail are mended
// first. The error says that it was interrupted: the report has what was found
// until then.
func (t *testRun) mutate(ctx context.Context, l loaded, report *testReport) error {
	if !t.mutates || report.failed > 0 || len(report.results) == 0 {
		return nil
	}
	tests := make([]rules.Test, len(report.results))
	for i, r := range report.results {
		tests[i] = r.Test
	}
	mutation, err := l.set.Mutate(ctx, rules.MutateOptions{}, tests...)
	if tried := len(mutation.Mutants); err != nil && tried+mutation.Untried > 0 {
		err = fmt.Errorf("interrupted: %d of %d mutants were tried", tried, tried+mutation.Untried)
	} else if err != nil {
		return err
	}
	report.mutation = &mutation
	return err
}

// tellMutation shows the mutants that survive, and says how many there are.
func (c *cli) tellMutation(m rules.Mutation, files []transcript.File) {
	sources := map[string]source{}
	for _, f := range files {
		sources[f.Name] = newSource(f.Data)
	}
	told := map[string]bool{}
	for _, mutant := range m.Mutants {
		if mutant.Fate == rules.Survived {
			c.tellSurvivor(mutant, sources[mutant.Rule.File], told)
		}
	}
	for _, left := range m.NotMade {
		c.printf("\n%s%s: %s\n", printable(placeOf(left.Rule.File, left.Rule.Line, left.Rule.Column)), left.Rule.Name, left.Reason)
	}
	c.tellMutants(m)
	if cut := cutShort(m); cut > 0 {
		c.printf("\n%d of those that survive: the search for a test was cut short\n", cut)
	}
	c.printf("\n%3d%%  of the changes are noticed by a test\n", m.Score())
}

// cutShort counts the mutants for which nobody looked to the end.
func cutShort(m rules.Mutation) int {
	cut := 0
	for _, mutant := range m.Mutants {
		if mutant.Fate == rules.Survived && mutant.Why == "the search was cut short" {
			cut++
		}
	}
	return cut
}

// tellSurvivor shows what was changed, and a test that would notice it unless it
// was told before.
func (c *cli) tellSurvivor(m rules.Mutant, lines source, told map[string]bool) {
	c.printf("\n%s  %s\n", c.paint(red, "survived"), printable(whose(m)))
	if m.Line > 0 {
		c.showGap(m.Rule.File, rules.Gap{Line: m.Line, Column: m.Column, EndLine: m.EndLine, EndColumn: m.EndColumn}, lines)
	} else {
		c.printf("    %s\n", c.paint(faint, printable(m.Rule.File)))
	}
	c.printf("      %s", printable(becameOf(m)))
	switch {
	case m.Test == "":
		c.printf(", and no test notices; %s\n", m.Why)
	case told[m.Test]:
		c.printf(", and no test notices; one of those above would\n")
	default:
		c.printf(", and no test notices; this one would:\n%s\n", printableLines(strings.TrimSuffix(m.Test, "\n")))
		told[m.Test] = true
	}
}

// whose says what sort of change it is, and of which rule.
func whose(m rules.Mutant) string {
	if m.Rule.Name == "" {
		return m.Kind
	}
	return m.Rule.Name + ": " + m.Kind
}

// becameOf says what became of the part that was changed.
func becameOf(m rules.Mutant) string {
	original := inLine(m.Original)
	if m.Mutated == "" {
		return original + " is dropped"
	}
	return original + " becomes " + inLine(m.Mutated)
}

// inLine is a part of a condition in one line, without the space around it.
func inLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// A kindCount counts the mutants of a file, or of one kind in it.
type kindCount struct {
	Kind       string `json:"kind"`
	Killed     int    `json:"killed"`
	Survived   int    `json:"survived"`
	Equivalent int    `json:"equivalent"`
}

func (k *kindCount) add(fate rules.Fate) {
	switch fate {
	case rules.Killed:
		k.Killed++
	case rules.Survived:
		k.Survived++
	default:
		k.Equivalent++
	}
}

func (k *kindCount) String() string {
	text := fmt.Sprintf("%d of %d noticed", k.Killed, k.Killed+k.Survived)
	if k.Equivalent > 0 {
		text += fmt.Sprintf(", %d without a difference", k.Equivalent)
	}
	return text
}

// kindsOf counts mutants by their kinds, in the order in which these come up.
func kindsOf(mutants []rules.Mutant) []*kindCount {
	out := []*kindCount{}
	for _, m := range mutants {
		at := slices.IndexFunc(out, func(k *kindCount) bool { return k.Kind == m.Kind })
		if at < 0 {
			at, out = len(out), append(out, &kindCount{Kind: m.Kind})
		}
		out[at].add(m.Fate)
	}
	return out
}

// tellMutants counts the mutants of each file, and of each kind.
func (c *cli) tellMutants(m rules.Mutation) {
	for _, file := range filesOf(m.Mutants) {
		all := kindCount{}
		for _, mutant := range file {
			all.add(mutant.Fate)
		}
		c.printf("\n%s: %s\n", printable(file[0].Rule.File), all.String())
		for _, kind := range kindsOf(file) {
			c.printf("  %-9s %s\n", kind.Kind, kind)
		}
	}
}

// filesOf are the mutants of each file.
func filesOf(mutants []rules.Mutant) [][]rules.Mutant {
	var out [][]rules.Mutant
	for _, m := range mutants {
		if n := len(out); n > 0 && out[n-1][0].Rule.File == m.Rule.File {
			out[n-1] = append(out[n-1], m)
		} else {
			out = append(out, []rules.Mutant{m})
		}
	}
	return out
}

// mutationSuites add a case for the mutants of each file. It fails if the score
// of all is too low and some of this file survive.
func mutationSuites(suites *junitSuites, m rules.Mutation, least int) {
	for _, file := range filesOf(m.Mutants) {
		one := junitCase{Name: "mutants", File: file[0].Rule.File}
		var survived []string
		for _, mutant := range file {
			if mutant.Fate == rules.Survived {
				survived = append(survived, placeOf(mutant.Rule.File, mutant.Line, mutant.Column)+whose(mutant)+": "+becameOf(mutant))
			}
		}
		if m.Score() < least && len(survived) > 0 {
			one.Failure = &junitText{tooLow(m.Score(), least), strings.Join(survived, "\n")}
		}
		suites.add(one)
	}
}

func tooLow(score, least int) string {
	return fmt.Sprintf("the tests notice %d%% of the changes, less than the %d%% of --min-score", score, least)
}
