package rules_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules"
)

// seedConditions are conditions that reach much of the language.
var seedConditions = []string{
	`csatRank <= 3 and ieq(skillName, "CustomerCare")`, `1 <= csatRank <= 3`, `not (csatRank > 3)`, `(csatRank ?? 3) <= 3`, `csatRank == nil`,
	`skillName not in vars.skills`, `csatRank in 1..3`, `skillName matches vars.care`, `agentName contains "o" or note startsWith "Ü" or note endsWith "s"`,
	`any(questionWithAnswers, .answer contains "late" and .score > 2)`, `all(holes, # > 0)`, `none(marks, # > 3)`, `one(holes, # == 1)`,
	`len(filter(questionWithAnswers, .score != nil)) == 2`, `sum(holes) > 2`, `sum(questionWithAnswers, .score) == 4`, `count(flags, #) == 1`,
	`join(map(tags, upper(#)), ", ") == "A, B"`, `questionWithAnswers | filter(.answer != "") | len() > 0`, `grid[0][-1] == 2`, `holes[0] ?? 3 == 3`,
	`idle.agentNonResponsive.time > 30`, `int(answer("How likely?")) >= 9`, `"Other" in answers("What went wrong?")`, `timestamp > date("2026-01-31")`,
	`asked == consent`, `asked ? csatRank > 1 : total > 1`, `total / 2 + price * -1.5 > 1 and total % 2 == 1`, `string(price) + note == trim(lower(note))`,
	`longest(tags) == "a" and mean(ratios) > 1 and span(days) == 1 and votes(flags, marks) > 3`, `float(note) == nil`, `broken(note) == ""`, `panicking(note)`,
	`any(grid, any(#, # == 3))`, `size > 8 and days[0] < later(timestamp, 1.5)`, `vars.sender.copies == 2`, `1 in [csatRank, total]`, `1 / (total - 7) > 1`,
}

func FuzzCondition(f *testing.F) {
	for _, condition := range seedConditions {
		f.Add(condition)
	}
	for _, condition := range hostile() {
		if len(condition) < 200 {
			f.Add(condition)
		}
	}
	forms := []*Form{{}, fullForm(), holedForm()}
	f.Fuzz(func(t *testing.T, condition string) {
		decidable(t, condition, forms)
	})
}

func FuzzText(f *testing.F) {
	for _, text := range []string{
		"", "plain", "$${x}", "$$${x}", "${csatRank ?? 0}", "${csatRank}", "a ${note} b ${'}'} ${\"${\"} c", "${`}`}", "${note", "${}", "${ }", "$", "${", "}", "${{}}", "${tags}", "${idle}",
		"${1 / 0}", "${1 / total}", "${timestamp}", "${vars.sender.name}", "${vars.sender}", "Ü${unknown}", "${join(tags, ', ')}", "${broken(note)}", "${panicking(note)}", "${sum(marks, sum(marks, 1))}", "${int('x')}",
	} {
		f.Add(text)
	}
	for _, condition := range seedConditions {
		f.Add("before ${" + condition + "} behind")
	}
	forms := []*Form{{}, fullForm(), holedForm()}
	f.Fuzz(func(t *testing.T, text string) {
		set, err := formText(rules.Text(text))
		if err != nil {
			for _, line := range problemsOf(t, err) {
				assert.NotRegexp(t, `^[0-9:]+ panicked$`, line)
				assert.Regexp(t, `^\d+:\d+: `, line)
			}
			return
		}
		for _, form := range forms {
			match, found, err := set.First(t.Context(), form)
			require.NoError(t, err)
			require.True(t, found)
			got, err := match.Render(match.Then())
			if match.Constant(match.Then()) {
				require.NoError(t, err)
			}
			if !strings.Contains(text, "${") {
				assert.Equal(t, text, got)
			}
			if err != nil && strings.Contains(err.Error(), "panicked") {
				assert.Contains(t, text, "panicking")
			}
			if utf8.ValidString(text) {
				assert.True(t, utf8.ValidString(got), "%q", got)
			}
		}
	})
}

func FuzzParse(f *testing.F) {
	files, err := filepath.Glob("testdata/problems/*.rules.yaml")
	require.NoError(f, err)
	for _, name := range files {
		data, err := os.ReadFile(name)
		require.NoError(f, err)
		f.Add(data)
	}
	f.Add([]byte("version: 1\nevent: survey\nrules:\n  - name: a\n    when: csatRank <= 3\n    then: {to: a@example.com, subject: 'Rank ${csatRank}'}\n"))
	f.Add([]byte("version: 1\nevent: survey\nhit: first\nvars: {a: [1, 2]}\nrules:\n  - name: a\n    when: [consent, total in vars.a]\n    then:\n      - to: a@example.com\n        subject: >-\n          Rank\n          ${csatRank}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		cfg := rules.Config{Event: "survey", Functions: formFunctions()}
		set, err := rules.Parse[Form, []formMail](cfg, "x.rules.yaml", data)
		if err != nil {
			var load *rules.LoadError
			require.ErrorAs(t, err, &load)
			require.NotEmpty(t, load.Problems)
			last := rules.Problem{}
			for _, p := range load.Problems {
				assert.NotEmpty(t, p.Message)
				assert.NotEqual(t, "panicked", p.Message)
				assert.Equal(t, "x.rules.yaml", p.File)
				assert.False(t, p.Line < last.Line || p.Line == last.Line && p.Column < last.Column, "out of order: %v", err)
				last = p
			}
			return
		}
		require.Positive(t, set.Len())
		for _, form := range []*Form{{}, fullForm()} {
			for match, err := range set.Matches(t.Context(), form) {
				if err != nil {
					continue
				}
				for _, mail := range match.Then() {
					_, _ = match.Render(mail.To)
					_, _ = match.Render(mail.Subject)
				}
			}
			assert.Len(t, set.Explain(t.Context(), form).Rules, set.Len())
		}
	})
}

// A formMail is the outcome of the rules in the test's files.
type formMail struct {
	To      rules.Text   `json:"to"`
	Subject rules.Text   `json:"subject"`
	Copies  []rules.Text `json:"copies,omitempty"`
	Body    *formBody    `json:"body,omitempty"`
}

type formBody struct {
	Head  rules.Text            `json:"head,omitempty"`
	Parts map[string]rules.Text `json:"parts,omitempty"`
	Plain string                `json:"plain,omitempty"`
}
