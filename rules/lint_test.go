package rules_test

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules"
)

// A Poll is an event whose fields have limits.
type Poll struct {
	Rank   *int       `json:"csatRank" validate:"omitempty,min=1,max=5"`
	Skill  string     `json:"skillName,omitempty"`
	Agent  *string    `json:"agentName"`
	Plan   string     `json:"plan" validate:"oneof=basic gold"`
	Score  float64    `json:"score" validate:"gte=0,lt=1"`
	Price  float64    `json:"price"`
	Stars  int        `json:"stars" validate:"omitempty,min=2"`
	Size   uint8      `json:"size"`
	Huge   uint64     `json:"huge"`
	Total  int        `json:"total"`
	Short  string     `json:"short" validate:"max=10"`
	On     bool       `json:"enabled"`
	Asked  *bool      `json:"asked"`
	At     time.Time  `json:"timestamp,omitzero"`
	QA     []PollQA   `json:"questionWithAnswers"`
	Tags   []string   `json:"tags"`
	Marks  []int      `json:"marks"`
	Idle   *PollIdle  `json:"idle"`
	Spread *PollRange `json:"spread" validate:"omitempty"`
}

// A PollQA is an element of a list whose limits nobody holds it to.
type PollQA struct {
	Question string `json:"question"`
	Answer   string `json:"answer,omitempty"`
	Score    *int   `json:"score" validate:"min=1,max=3"`
}

// A PollIdle is a group that may be absent.
type PollIdle struct {
	Label string `json:"label,omitempty"`
	Time  int    `json:"time" validate:"min=10"`
}

// A PollRange is a group with a tag that is not understood.
type PollRange struct {
	Low int `json:"low" validate:"min=10"`
}

func pollFunctions() []rules.Function {
	ask := func(in *Poll, question string) (string, bool) {
		for _, qa := range in.QA {
			if qa.Question == question {
				return qa.Answer, qa.Answer != ""
			}
		}
		return "", false
	}
	return []rules.Function{
		rules.Func("answer", ask),
		rules.Func("answers", func(in *Poll, question string) ([]string, bool) {
			text, ok := ask(in, question)
			return strings.Split(text, ";"), ok
		}),
		rules.Func("ieq", strings.EqualFold),
		rules.Func("complete", func(in *Poll) bool { return in.Agent != nil }),
		rules.Func("half", func(n int) (int, error) { return n / 2, nil }),
	}
}

// lintFile lints a rule file for polls.
func lintFile(t testing.TB, name, text string, beside ...rules.TestFile) []rules.Finding {
	t.Helper()
	cfg := rules.Config{Event: "poll", Functions: pollFunctions()}
	set, err := rules.Parse[Poll, []formMail](cfg, name, []byte(text), beside...)
	require.NoError(t, err)
	return set.Lint(t.Context(), rules.Tester[Poll, []formMail]{})
}

// lintOne lints a rule made in Go, with a text.
func lintOne(t testing.TB, text rules.Text, conditions ...string) []string {
	t.Helper()
	cfg := rules.Config{Functions: pollFunctions(), Vars: map[string]any{
		"on": true, "off": false, "limit": 3, "skills": []any{"a", "b"}, "question": "Why?",
	}}
	set, err := rules.New(cfg, rules.Rule[Poll, rules.Text]{Name: "a", When: rules.When[Poll](conditions...), Then: text})
	require.NoError(t, err)
	var lines []string
	for _, f := range set.Lint(t.Context(), rules.Tester[Poll, rules.Text]{}) {
		assert.Equal(t, "a", f.Rule)
		f.Rule = ""
		lines = append(lines, f.String())
	}
	return lines
}

// TestLintIsDocumented wants every finding in the language reference, and
// every one of the reference among the findings.
func TestLintIsDocumented(t *testing.T) {
	t.Parallel()
	said := map[string]bool{}
	files, err := filepath.Glob("testdata/lint/*.txt")
	require.NoError(t, err)
	for _, name := range files {
		data, err := os.ReadFile(name)
		require.NoError(t, err)
		for _, m := range regexp.MustCompile(`(?m) \(([a-z-]+)\)$`).FindAllStringSubmatch(string(data), -1) {
			said[m[1]] = true
		}
	}
	documented := headed(t, "Lint")
	assert.Equal(t, slices.Sorted(slices.Values(documented)), slices.Sorted(maps.Keys(said)))
	for _, f := range lintFile(t, "x.rules.yaml", lintNothing) {
		if f.ID == "bad-ignore" {
			assert.Contains(t, f.Message, strings.Join(documented[:len(documented)-1], ", "), "in the order of the reference")
		}
	}
}

// lintNothing has a comment that names no finding.
const lintNothing = `version: 1
event: poll
rules:
  # lint:ignore weather it rains
  - {name: a, when: csatRank < 3, then: {to: a@example.com, subject: b}}
`

// TestLintFindings wants the findings of whole files, as they are in
// testdata/lint.
func TestLintFindings(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/lint/*.rules.yaml")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, name := range files {
		data, err := os.ReadFile(name)
		require.NoError(t, err)
		var tests []rules.TestFile
		base := strings.TrimSuffix(name, ".rules.yaml")
		if beside, err := os.ReadFile(base + "_test.yaml"); err == nil {
			tests = append(tests, rules.TestFile{Name: filepath.Base(base) + "_test.yaml", Data: beside})
		}
		var got strings.Builder
		for _, f := range lintFile(t, filepath.Base(name), string(data), tests...) {
			got.WriteString(f.String() + "\n")
			assert.Equal(t, f.ID == "unanchored-pattern", f.Hint)
		}
		if os.Getenv("UPDATE_GOLDEN") != "" {
			require.NoError(t, os.WriteFile(base+".txt", []byte(got.String()), 0o600))
		}
		want, err := os.ReadFile(base + ".txt")
		require.NoError(t, err)
		assert.Equal(t, string(want), got.String(), name)
	}
}

// TestLintConditions wants the findings of single conditions, which stand in
// testdata/lint/conditions.txt with the findings below each. Those that follow
// a condition indented are its findings; a condition without any must stay
// without.
func TestLintConditions(t *testing.T) {
	t.Parallel()
	lintTable(t, "conditions.txt", func(line string) []string { return lintOne(t, "text", strings.Split(line, " ;; ")...) })
}

// TestLintTexts does the same for texts: the text, then its conditions.
func TestLintTexts(t *testing.T) {
	t.Parallel()
	lintTable(t, "texts.txt", func(line string) []string {
		parts := strings.Split(line, " ;; ")
		return lintOne(t, rules.Text(parts[0]), parts[1:]...)
	})
}

// lintTable compares the findings of the lines of a file with those below
// them; with UPDATE_GOLDEN in the environment, it writes them.
func lintTable(t *testing.T, name string, lint func(line string) []string) {
	t.Helper()
	data, err := os.ReadFile("testdata/lint/" + name)
	require.NoError(t, err)
	var out strings.Builder
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(line, "    ") {
			continue
		}
		out.WriteString(line + "\n")
		if line == "" || strings.HasPrefix(line, "# ") {
			continue
		}
		for _, finding := range lint(line) {
			out.WriteString("    " + finding + "\n")
		}
	}
	if os.Getenv("UPDATE_GOLDEN") != "" {
		require.NoError(t, os.WriteFile("testdata/lint/"+name, []byte(out.String()), 0o600))
	}
	assert.Equal(t, out.String(), string(data))
}
