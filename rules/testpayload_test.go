package rules_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules"
)

// parseUnchecked lets tests have payloads that no tester can read.
func parseUnchecked(file string) (*mailSet, error) {
	cfg := rules.Config{Functions: formFunctions(), CheckPayload: func([]byte) []rules.PayloadProblem { return nil }}
	return parseMails(cfg, file, "")
}

func parseMails(cfg rules.Config, file, beside string) (*mailSet, error) {
	var tests []rules.TestFile
	if beside != "" {
		tests = append(tests, rules.TestFile{Name: "x_test.yaml", Data: []byte(beside)})
	}
	return rules.Parse[Form, []formMail](cfg, "x.rules.yaml", []byte(file), tests...)
}

// TestPayloadsAreCheckedWhenLoaded has values of wrong types, each with its
// problem written behind it, wherever a payload gets them from.
func TestPayloadsAreCheckedWhenLoaded(t *testing.T) {
	file := lowRule + `fixtures:
  john: {csatRank: 3, note: 1, size: -1} # want 29 "note: must be a text, not a number" want 38 "size: must be a whole number that fits into uint64"
  fine: {tags: [a, b, c], csatRank: 1}
  unused: {csatRank: x}
tests:
  - name: all at once
    given:
      csatRank: 3x # want 17 "csatRank: must be a whole number, not a text"
      questionWithAnswers: [{question: 1}, {score: {a: b}}, {answer: x}, 5] # want 40 "questionWithAnswers[0].question: must be a text, not a number" want 52 "questionWithAnswers[1].score: must be a whole number, not a group of fields" want 74 "questionWithAnswers[3]: must be a group of fields, not a number"
      timestamp: yesterday # want 18 "timestamp: must be a time such as 2026-01-31T18:00:00Z"
      days: [2026-01-31T18:00:00Z, "2026-01-31"] # want 36 "days[1]: must be a time such as 2026-01-31T18:00:00Z"
      price: true # want 14 "price: must be a number, not a boolean"
      asked: "true" # want 14 "asked: must be a boolean, not a text"
      idle: 5 # want 13 "idle: must be a group of fields, not a number"
      grid: [[1], [2, 1.5], 3] # want 23 "grid[1][1]: must be a whole number that fits into int" want 29 "grid[2]: must be a list of whole numbers, not a number"
      raw: {a: 1, b: x} # want 22 "raw.b: must be a whole number, not a text"
      tags: text # want 13 "tags: must be a list of texts, not a text"
    expect: {fired: []}
  - {name: a fixture, base: john, expect: {fired: []}}
  - name: cases share a fixture
    base: john
    expect: {fired: []}
    cases:
      - {name: a}
      - {name: b, set: {note: x, size: 1}}
      - {name: c, set: {csatRank: [], "marks[1]": a}} # want 35 "csatRank: must be a whole number, not a list" want 51 "marks[1]: must be a whole number, not a text"
      - {name: d, set: {idle: {agentNonResponsive: {time: soon}}, note: x, size: 1}} # want 59 "idle.agentNonResponsive.time: must be a whole number, not a text"
  - name: places move
    base: fine
    unset: ["tags[0]"]
    expect: {fired: []}
    cases:
      - {name: a, set: {"tags[1]": 5}} # want 36 "tags[1]: must be a text, not a number"
      - {name: b, given: {tags: [1, a, 2]}, unset: ["tags[0]"]} # want 40 "tags[1]: must be a text, not a number"
  - {name: null is absent, given: {csatRank: ~, idle: ~, tags: [~]}, expect: {fired: []}}
  - {name: what JSON would take, given: {price: 1, timestamp: "2026-01-31T18:00:00+01:00", size: 1.0, Note: x}, expect: {fired: []}} # want 103 "unknown field Note (did you mean note?)"
`
	_, err := parseTests(file, "")
	assert.Equal(t, strings.Join(wantsOf(t, file), "\n"), strings.Join(unnamed(t, err), "\n"))
}

// A file of tests has its own places, also for fixtures of the rule file.
func TestPayloadsOfTestsBeside(t *testing.T) {
	_, err := parseTests(lowRule+"fixtures:\n  three: {csatRank: III}\n",
		"version: 1\ntests:\n  - {name: b, base: three, set: {note: 3}, expect: {fired: [low]}}\n")
	require.EqualError(t, err, "x.rules.yaml:8:21: csatRank: must be a whole number, not a text\n"+
		"x_test.yaml:3:40: note: must be a text, not a number")
}

// TestCheckPayload has payloads checked by a function of the program.
func TestCheckPayload(t *testing.T) {
	var seen []string
	cfg := rules.Config{CheckPayload: func(payload []byte) []rules.PayloadProblem {
		seen = append(seen, string(payload))
		if !strings.Contains(string(payload), "wrong") {
			return nil
		}
		return []rules.PayloadProblem{
			{"questionWithAnswers[0].answer", "is wrong"},
			{"questionWithAnswers[1].answer", "there is none"},
			{"questionWithAnswers[x]", "is no place"},
			{"questionWithAnswers.answer", "is no place"},
			{"idle.label", "is missing"},
			{"csatRank", "is\nwrong"},
			{"", "is too large"},
		}
	}}
	const file = lowRule + `tests:
  - {name: a, given: {csatRank: 1d, questionWithAnswers: [{answer: wrong}, {}]}, expect: {fired: []}}
  - {name: b, given: {csatRank: 1d}, set: {idle: {}}, expect: {fired: []}, cases: [{name: c}, {name: d, set: {csatRank: 4}}]}
`
	_, err := parseMails(cfg, file, "")
	require.EqualError(t, err, "x.rules.yaml:8:22: idle.label: is missing\n"+
		"x.rules.yaml:8:22: the payload: is too large\n"+
		"x.rules.yaml:8:33: csatRank: is wrong\n"+
		"x.rules.yaml:8:58: questionWithAnswers[x]: is no place\n"+
		"x.rules.yaml:8:58: questionWithAnswers.answer: is no place\n"+
		"x.rules.yaml:8:68: questionWithAnswers[0].answer: is wrong\n"+
		"x.rules.yaml:8:76: questionWithAnswers[1].answer: there is none")
	assert.Equal(t, []string{
		`{"csatRank":"1d","questionWithAnswers":[{"answer":"wrong"},{}]}`,
		`{"csatRank":"1d","idle":{}}`,
		`{"csatRank":4,"idle":{}}`,
	}, seen)
}

// A spelling reads texts of its own.
type spelling struct {
	Level richLevelIn    `json:"level"`
	Word  wordIn         `json:"word,omitempty"`
	Free  any            `json:"free"`
	Pairs map[string]any `json:"pairs"`
	Bytes []byte         `json:"bytes"`
	Small int8           `json:"small"`
}

type richLevelIn int

func (l *richLevelIn) UnmarshalText(text []byte) error {
	n, err := fmt.Sscanf(string(text), "level %d", (*int)(l))
	if n != 1 {
		return fmt.Errorf("no level: %q: %w", text, err)
	}
	return nil
}

type wordIn struct{ Text string }

func (w *wordIn) UnmarshalJSON(data []byte) error {
	if err := json.Unmarshal(data, &w.Text); err != nil || w.Text == "secret" {
		return errors.New("not the word secret")
	}
	return nil
}

func TestPayloadsOfTypesThatReadThemselves(t *testing.T) {
	parse := func(given string) error {
		_, err := rules.Parse[spelling, string](rules.Config{}, "x.rules.yaml", []byte(`version: 1
event: e
rules: [{name: a, when: "true", then: b}]
tests:
  - {name: a, expect: {fired: [a]}, given: {`+given+"}}\n"))
		return err
	}
	require.NoError(t, parse("level: level 3, word: fine, free: [1, {a: b}], pairs: {a: [x]}, bytes: QQ==, small: 127"))
	require.EqualError(t, parse("level: secret, word: secret, bytes: '?secret?', small: 128, free: secret, pairs: secret"),
		"x.rules.yaml:5:52: level: must be what rules_test.richLevelIn reads\n"+
			"x.rules.yaml:5:66: word: must be what rules_test.wordIn reads\n"+
			"x.rules.yaml:5:81: bytes: must be what []uint8 reads\n"+
			"x.rules.yaml:5:100: small: must be a whole number that fits into int8\n"+
			"x.rules.yaml:5:126: pairs: must be what map[string]interface {} reads")
}

// Each wrong value is told once, and no more of them than anybody would read.
func TestManyWrongPayloads(t *testing.T) {
	var cases strings.Builder
	for i := range 500 {
		fmt.Fprintf(&cases, "\n      - {name: c%d}", i)
	}
	_, err := parseTests(lowRule+"tests:\n  - name: a\n    given: {csatRank: x}\n    expect: {fired: []}\n    cases:"+cases.String()+"\n", "")
	require.EqualError(t, err, "x.rules.yaml:9:23: csatRank: must be a whole number, not a text")

	_, err = parseTests(lowRule+"tests:\n  - name: a\n    given: {marks: ["+strings.Repeat("x, ", 10_000)+"x]}\n    expect: {fired: []}\n", "")
	var load *rules.LoadError
	require.ErrorAs(t, err, &load)
	assert.Len(t, load.Problems, 100)
}

// TestNamesOfSkippedFields wants names that a skipped rule can be skipped for.
func TestNamesOfSkippedFields(t *testing.T) {
	file := lowRule + `tests:
  - name: fields
    given: {}
    expect:
      skipped:
        low:
          - csatrank # want 13 "unknown field csatrank (did you mean csatRank?)"
          - csatRank
          - timestamp
          - idle.agentNonResponsive.tim # want 13 "unknown field tim (did you mean time?)"
          - idle.agentNonResponsive.time
          - questionWithAnswers[12].anser # want 13 "unknown field anser (did you mean answer?)"
          - questionWithAnswers[0].answer
          - questionWithAnswers.answer # want 13 "questionWithAnswers has no fields that a path could name: it is a list of groups"
          - csatRank.x # want 13 "csatRank has no fields that a path could name: it is a whole number"
          - csatRank[0] # want 13 "\"csatRank[0]\" is not a path such as questions[0].answer"
          - "" # want 13 "\"\" is not a path such as questions[0].answer"
          - .answer # want 13 "\".answer\" is not a path such as questions[0].answer"
          - holes[2]
          - holes[-1]
          - holes[total]
          - filter(questionWithAnswers, .score > 1)[0].answer
          - answer("Why?")
          - int(note)
          - csat rank
    cases:
      - {name: a, expect: {skipped: {low: [csatrnk]}}} # want 44 "unknown field csatrnk (did you mean csatRank?)"
`
	_, err := parseTests(file, "")
	assert.Equal(t, strings.Join(wantsOf(t, file), "\n"), strings.Join(unnamed(t, err), "\n"))
}
