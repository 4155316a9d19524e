package rules_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules"
)

// A tinyMail is an outcome of the rules that mutants are made of.
type tinyMail struct {
	To      rules.Text `json:"to"`
	Subject rules.Text `json:"subject"`
}

type tinyMails = rules.Set[Tiny, []tinyMail]

// A mutable file can be written down, and changed as a mutant says.
type mutable struct {
	hit   string
	rules []mutableRule
	tests string // as they stand below tests:
}

type mutableRule struct {
	name, mode string
	when       []string
	then       []tinyMail
}

func jsonOf(v any) string {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		panic(err)
	}
	return strings.TrimSpace(out.String())
}

func (f mutable) text() string {
	var out strings.Builder
	fmt.Fprintf(&out, "version: 1\nevent: tiny\nhit: %s\nrules:\n", f.hit)
	for _, r := range f.rules {
		fmt.Fprintf(&out, "  - name: %s\n    mode: %s\n    when:\n", r.name, r.mode)
		for _, c := range r.when {
			fmt.Fprintf(&out, "      - %s\n", jsonOf(c))
		}
		out.WriteString("    then:\n")
		for _, m := range r.then {
			fmt.Fprintf(&out, "      - to: %s\n        subject: %s\n", jsonOf(m.To), jsonOf(m.Subject))
		}
	}
	if f.tests != "" {
		out.WriteString("tests:\n" + f.tests)
	}
	return out.String()
}

func parseMutable(text string) (*tinyMails, error) {
	cfg := rules.Config{Functions: []rules.Function{rules.Func("maybe", maybe), rules.Func("ieq", strings.EqualFold)}}
	return rules.Parse[Tiny, []tinyMail](cfg, "x.rules.yaml", []byte(text))
}

// with is the file with a mutant's change, as a person would make it.
func (f mutable) with(t *testing.T, m rules.Mutant) string {
	t.Helper()
	f.rules = slices.Clone(f.rules)
	at := slices.IndexFunc(f.rules, func(r mutableRule) bool { return r.name == m.Rule.Name })
	switch m.Kind {
	case "hit":
		require.Equal(t, f.hit, m.Original)
		f.hit = m.Mutated
	case "mode":
		require.Equal(t, f.rules[at].mode, m.Original)
		f.rules[at].mode = m.Mutated
	case "order":
		f.rules[at-1], f.rules[at] = f.rules[at], f.rules[at-1]
	case "outcome":
		var n, of int
		_, err := fmt.Sscanf(m.Original, "outcome %d of %d", &n, &of)
		require.NoError(t, err)
		require.Len(t, f.rules[at].then, of)
		f.rules[at].then = slices.Delete(slices.Clone(f.rules[at].then), n-1, n)
	default:
		return spliced(t, f.text(), m)
	}
	return f.text()
}

// spliced replaces the part of a file that a mutant names. All texts of the file
// are in double quotes.
func spliced(t *testing.T, text string, m rules.Mutant) string {
	t.Helper()
	lines := strings.Split(text, "\n")
	require.Equal(t, m.Line, m.EndLine)
	line := []rune(lines[m.Line-1])
	require.Equal(t, strings.Trim(jsonOf(m.Original), `"`), strings.Trim(string(line[m.Column-1:m.EndColumn-1]), `"`), "%+v", m)
	escaped := jsonOf(m.Mutated)
	lines[m.Line-1] = string(line[:m.Column-1]) + escaped[1:len(escaped)-1] + string(line[m.EndColumn-1:])
	return strings.Join(lines, "\n")
}

// decidedBy is what a set does with an input, in one text.
func decidedBy(t *testing.T, set *tinyMails, in *Tiny) string {
	t.Helper()
	var out strings.Builder
	err := set.Each(t.Context(), in, func(m rules.Match[Tiny, []tinyMail]) error {
		var made strings.Builder
		for _, mail := range m.Then() {
			for _, text := range []rules.Text{mail.To, mail.Subject} {
				rendered, err := m.Render(text)
				if err != nil {
					return err
				}
				made.WriteString(rendered + "\n")
			}
		}
		out.WriteString(made.String())
		return nil
	})
	if err != nil {
		out.WriteString("an error")
	}
	return out.String()
}

// mutableRules are random rules.
func (g tinyGen) mutableRules() mutable {
	f := mutable{hit: g.of("collect", "first")}
	for i := range 1 + g.IntN(3) {
		r := mutableRule{name: fmt.Sprintf("r%d", i), mode: g.of("enforce", "enforce", "enforce", "enforce", "shadow", "off")}
		for range 1 + g.IntN(2) {
			r.when = append(r.when, g.condition(g.IntN(3)))
		}
		for n := range 1 + g.IntN(2) {
			mail := tinyMail{To: rules.Text(fmt.Sprintf("to %d", n)), Subject: rules.Text(fmt.Sprintf("Mail %d", n))}
			if g.IntN(2) == 0 {
				mail.Subject += " for " + rules.Text(g.insert())
			}
			r.then = append(r.then, mail)
		}
		f.rules = append(f.rules, r)
	}
	return f
}

// mutableTest is a test that passes.
func (g tinyGen) mutableTest(t *testing.T, set *tinyMails, number int, in *Tiny) string {
	t.Helper()
	fired, skipped, mails := []string{}, map[string][]string{}, []map[string]string{}
	var failed error
	for _, r := range set.ExplainEach(t.Context(), in, func(m rules.Match[Tiny, []tinyMail]) error {
		for _, mail := range m.Then() {
			_, errTo := m.Render(mail.To)
			_, errSubject := m.Render(mail.Subject)
			if err := errors.Join(errTo, errSubject); err != nil {
				return err
			}
		}
		return nil
	}).Rules {
		switch r.Outcome {
		case rules.Fired:
			fired = append(fired, r.Name)
		case rules.Skipped:
			skipped[r.Name] = r.Absent
		case rules.Failed:
			if r.Mode == rules.Enforce && failed == nil {
				failed = r.Err
			}
		}
	}
	err := set.Each(t.Context(), in, func(m rules.Match[Tiny, []tinyMail]) error {
		var made []map[string]string
		for _, mail := range m.Then() {
			to, errTo := m.Render(mail.To)
			subject, errSubject := m.Render(mail.Subject)
			if err := errors.Join(errTo, errSubject); err != nil {
				return err
			}
			made = append(made, map[string]string{"to": to, "subject": subject})
		}
		mails = append(mails, made...)
		return nil
	})
	require.Equal(t, failed != nil, err != nil, "%v", err)
	expect := map[string]any{}
	switch g.IntN(4) {
	case 0:
		expect["fired"] = fired
	case 1:
		expect["outcomes"] = mails
	case 2:
		expect["fired"], expect["skipped"] = fired, skipped
	default:
		expect["outcomes"], expect["fired"] = mails, fired
	}
	if failed != nil {
		var placed *rules.RuleError
		require.ErrorAs(t, failed, &placed)
		expect["error"] = placed.Err.Error()
	}
	return fmt.Sprintf("  - {name: t%d, given: %s, expect: %s}\n", number, jsonOf(in), jsonOf(expect))
}

// TestMutantsAgainstFiles makes the change of each mutant in the file itself, and
// runs the file's tests: what was said of the mutant must be so.
func TestMutantsAgainstFiles(t *testing.T) {
	t.Parallel()
	inputs := tinies()
	g := tinyGen{rand.New(rand.NewPCG(7, 8))}
	fates, tests, files := map[rules.Fate]int{}, 0, 0
	kinds := map[string]int{}
	for range 8 / patience {
		file := g.mutableRules()
		set, err := parseMutable(file.text())
		if err != nil {
			continue // the checker refuses it
		}
		for n := range g.IntN(7) {
			file.tests += g.mutableTest(t, set, n, inputs[g.IntN(len(inputs))])
		}
		set, err = parseMutable(file.text())
		require.NoError(t, err, file.text())
		mutation, err := set.Mutate(t.Context(), rules.Tester[Tiny, []tinyMail]{}, rules.MutateOptions{})
		require.NoError(t, err, file.text())
		files++
		for _, m := range mutation.Mutants {
			fates[m.Fate]++
			kinds[m.Kind]++
			if m.Test != "" {
				tests++
			}
			checkMutant(t, file, set, m, inputs)
		}
	}
	t.Logf("%d files, fates %v, kinds %v, %d tests offered", files, fates, kinds, tests)
	if patience > 1 {
		return
	}
	for fate := range 3 {
		assert.Greater(t, fates[rules.Fate(fate)], 20, rules.Fate(fate))
	}
	assert.Greater(t, tests*10, fates[rules.Survived]*5)
}

func checkMutant(t *testing.T, file mutable, set *tinyMails, m rules.Mutant, inputs []*Tiny) {
	t.Helper()
	said := fmt.Sprintf("%s %s:%d:%d %q -> %q\n%s", m.Fate, m.Rule.Name, m.Line, m.Column, m.Original, m.Mutated, file.text())
	changed, err := parseMutable(file.with(t, m))
	require.NoError(t, err, said)
	var failing []string
	for _, r := range changed.RunTests(t.Context(), rules.Tester[Tiny, []tinyMail]{}) {
		if !r.Passed() {
			failing = append(failing, r.Name)
		}
	}
	if m.Fate == rules.Killed {
		require.Contains(t, failing, m.KilledBy, said)
		return
	}
	require.Empty(t, failing, said)
	if m.Fate == rules.Equivalent {
		for _, in := range inputs {
			require.Equal(t, decidedBy(t, set, in), decidedBy(t, changed, in), "%s\n%s", said, jsonOf(in))
		}
		return
	}
	if m.Test == "" {
		require.NotEmpty(t, m.Why, said)
		return
	}
	file.tests = m.Test
	for _, one := range []struct {
		text   string
		passes bool
	}{{file.text(), true}, {file.with(t, m), false}} {
		set, err := parseMutable(one.text)
		require.NoError(t, err, said+m.Test)
		results := set.RunTests(t.Context(), rules.Tester[Tiny, []tinyMail]{})
		require.Len(t, results, 1)
		require.Equal(t, one.passes, results[0].Passed(), said+m.Test)
	}
}
