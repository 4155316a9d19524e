package rules_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules"
)

// A Form is an event like the survey, with a field of every kind.
type Form struct {
	CSATRank  *int           `json:"csatRank"`
	SkillName formSkill      `json:"skillName,omitempty"`
	AgentName *string        `json:"agentName"`
	Questions []FormQuestion `json:"questionWithAnswers"`
	Timestamp time.Time      `json:"timestamp,omitzero"`
	Consent   bool           `json:"consent"`
	Asked     *bool          `json:"asked"`
	Total     int64          `json:"total"`
	Size      uint64         `json:"size"`
	Price     float64        `json:"price"`
	Note      string         `json:"note"`
	Tags      []string       `json:"tags"`
	Marks     []int          `json:"marks"`
	Ratios    []float64      `json:"ratios"`
	Holes     []*int         `json:"holes"`
	Days      []time.Time    `json:"days"`
	Flags     []bool         `json:"flags"`
	Grid      [][]int        `json:"grid"`
	Idle      *FormIdle      `json:"idle"`
	Raw       map[string]int `json:"raw"`
	Odd       string         `json:"odd name"`
}

type formSkill string

// A FormQuestion is an element of a list of groups.
type FormQuestion struct {
	Question string `json:"question"`
	Answer   string `json:"answer"`
	Score    *int   `json:"score"`
}

// A FormIdle is a group that may be absent and has another one.
type FormIdle struct {
	AgentNonResponsive *FormDelay `json:"agentNonResponsive"`
	Label              string     `json:"label,omitempty"`
}

// A FormDelay is the group within.
type FormDelay struct {
	Time int `json:"time"`
}

var errBroken = errors.New("the service is down")

// formFunctions has a function of every sort.
func formFunctions() []rules.Function {
	return []rules.Function{
		rules.Func("answer", func(in *Form, question string) (string, bool) {
			for _, q := range in.Questions {
				if q.Question == question {
					return q.Answer, true
				}
			}
			return "", false
		}),
		rules.Func("answers", func(in *Form, question string) ([]string, bool) {
			for _, q := range in.Questions {
				if q.Question == question {
					return strings.Split(q.Answer, "|"), true
				}
			}
			return nil, false
		}),
		rules.Func("ieq", strings.EqualFold),
		rules.Func("broken", func(string) (string, error) { return "", errBroken }),
		rules.Func("whole", func(n int) (int, error) { return n, nil }),
		rules.Func("panicking", func(text string) bool { panic("about " + text) }),
		rules.Func("later", func(t time.Time, hours float64) time.Time {
			return t.Add(time.Duration(hours * float64(time.Hour)))
		}),
		rules.Func("both", func(a, b bool) bool { return a && b }),
		rules.Func("longest", func(list []string) string {
			longest := ""
			for _, text := range list {
				if len(text) > len(longest) {
					longest = text
				}
			}
			return longest
		}),
		rules.Func("mean", func(list []float64) float64 { return float64(len(list)) }),
		rules.Func("span", func(list []time.Time) int64 { return int64(len(list)) }),
		rules.Func("votes", func(list []bool, more []int64) int { return len(list) + len(more) }),
	}
}

func formVars() map[string]any {
	return map[string]any{
		"skills": []any{"Billing", "CustomerCare"},
		"empty":  []any{},
		"least":  3,
		"blank":  []any{"Billing", ""},
		"care":   "(?i)care",
		"launch": "2026-01-31",
		"sender": map[string]any{"name": "Example Contact Centre", "copies": 2, "share": 0.5, "on": true},
	}
}

func formConfig() rules.Config {
	return rules.Config{Functions: formFunctions(), Vars: formVars()}
}

func formRules(conditions ...string) []rules.Rule[Form, rules.Text] {
	list := make([]rules.Rule[Form, rules.Text], 0, len(conditions))
	for i, condition := range conditions {
		list = append(list, rules.Rule[Form, rules.Text]{
			Name: "rule-" + string(rune('a'+i)), When: rules.When[Form](condition), Then: "text",
		})
	}
	return list
}

// formSet is a set of one rule for each condition: rule-a, rule-b and so on.
func formSet(t testing.TB, conditions ...string) *rules.Set[Form, rules.Text] {
	t.Helper()
	set, err := rules.New(formConfig(), formRules(conditions...)...)
	require.NoError(t, err)
	return set
}

// formText is a set of one rule that always fires and has one text.
func formText(text rules.Text) (*rules.Set[Form, rules.Text], error) {
	return rules.New(formConfig(), rules.Rule[Form, rules.Text]{
		Name: "rule-a", When: rules.When[Form]("true"), Then: text,
	})
}

// problemsOf are the problems of a LoadError, a line each, without file and
// rule.
func problemsOf(t testing.TB, err error) []string {
	t.Helper()
	var load *rules.LoadError
	require.ErrorAs(t, err, &load)
	var lines []string
	for _, p := range load.Problems {
		p.File, p.Rule = "", ""
		lines = append(lines, p.String())
	}
	return lines
}

// rendered renders the text of the first rule that fires.
func rendered(t testing.TB, set *rules.Set[Form, rules.Text], in *Form) (string, error) {
	t.Helper()
	match, found, err := set.First(t.Context(), in)
	require.NoError(t, err)
	require.True(t, found)
	return match.Render(match.Then())
}

// fullForm is a form with everything in it.
func fullForm() *Form {
	return &Form{
		CSATRank: new(2), SkillName: "CustomerCare", AgentName: new("John Doe"), Consent: true, Asked: new(false),
		Questions: []FormQuestion{
			{Question: "Why?", Answer: "It came late", Score: new(3)},
			{Question: "What went wrong?", Answer: "Delivery|Other", Score: new(1)},
		},
		Timestamp: time.Date(2026, 2, 1, 12, 30, 0, 0, time.UTC),
		Total:     7, Size: 9, Price: 2.5, Note: "Über alles", Tags: []string{"a", "b"}, Marks: []int{1, 2, 3},
		Ratios: []float64{0.5, 1.5}, Holes: []*int{new(1), new(2)},
		Days:  []time.Time{time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC)},
		Flags: []bool{true, false}, Grid: [][]int{{1, 2}, {3}},
		Idle: &FormIdle{AgentNonResponsive: &FormDelay{Time: 40}, Label: "idle"},
	}
}

// holedForm is a form with absent fields and elements.
func holedForm() *Form {
	return &Form{
		Questions: []FormQuestion{{Question: "Why?"}, {Score: new(5)}},
		Holes:     []*int{nil, new(1), nil},
		Idle:      &FormIdle{},
	}
}

// longForm is a form with much in it: a list of 1,000 and a text of 200 KiB.
func longForm() *Form {
	form := fullForm()
	form.Marks = make([]int, 1000)
	form.Note = strings.Repeat("lorem ip", 200<<10/8)
	form.Tags = strings.Fields(strings.Repeat("tag ", 1000))
	return form
}
