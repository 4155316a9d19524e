package rules

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A draftForm is what rules of these tests read.
type draftForm struct {
	Rank  *int     `json:"rank"`
	Skill string   `json:"skill,omitempty"`
	Notes []string `json:"notes"`
}

type draftMail struct {
	To      Text `json:"to"`
	Subject Text `json:"subject"`
}

const draftRules = `version: 1
event: e
rules:
  - name: low
    when: rank <= 2 and skill == "Care"
    then: {to: low@example.com, subject: "${rank} in ${skill}"}
  - name: shadow
    mode: shadow
    when: rank == 2
    then: {to: shadow@example.com, subject: x}
  - name: off
    mode: "off"
    when: rank == 2
    then: {to: off@example.com, subject: x}
  - name: noted
    when: 'any(notes, # contains "late")'
    then:
      - {to: a@example.com, subject: "${skill}"}
      - {to: b@example.com, subject: "Late: ${skill}"}
`

func draftSet(t *testing.T, file string) *Set[draftForm, []draftMail] {
	t.Helper()
	set, err := Parse[draftForm, []draftMail](Config{Outcomes: "mails"}, "x.rules.yaml", []byte(file))
	require.NoError(t, err)
	return set
}

func TestWhatFollows(t *testing.T) {
	set := draftSet(t, draftRules)
	for _, c := range []struct{ payload, want string }{
		{`{"rank":2,"skill":"Care"}`, `    given: {rank: 2, skill: Care}
    expect:
      mails:
        - subject: 2 in Care
          to: low@example.com
      fired: [low, shadow]
`},
		{`{"notes":["so late"],"skill":"Care"}`, `    given: {notes: [so late], skill: Care}
    expect:
      mails:
        - subject: Care
          to: a@example.com
        - subject: "Late: Care"
          to: b@example.com
      fired: [noted]
      skipped: {low: [rank], shadow: [rank]}
`},
		{`{"rank":5,"notes":["late"]}`, `    given: {rank: 5, notes: [late]}
    expect:
      mails: []
      fired: []
      error: "skill is absent: give a default with ??"
`},
	} {
		d, err := set.whatFollows(t.Context(), Tester[draftForm, []draftMail]{}, []byte(c.payload), 0, 1, 2, 3)
		require.NoError(t, err)
		d.name = "it"
		text, test, err := set.verified(t.Context(), Tester[draftForm, []draftMail]{}, d)
		require.NoError(t, err)
		assert.Equal(t, "  - name: it\n"+c.want, text)
		assert.JSONEq(t, c.payload, string(test.input))
	}
}

// A draft that a file would refuse, or that fails, is none.
func TestVerifiedRefuses(t *testing.T) {
	set := draftSet(t, draftRules)
	for _, c := range []struct {
		draft testDraft
		want  string
	}{
		{testDraft{name: "x", payload: []byte(`{`)}, "not JSON"},
		{testDraft{name: " ", payload: []byte(`{}`), fired: []string{}}, "a test needs a name"},
		{testDraft{name: "x", payload: []byte(`{"ranc":1}`), fired: []string{}}, "did you mean rank?"},
		{testDraft{name: "x", payload: []byte(`{"rank":1}`), fired: []string{"lo"}}, `there is no rule "lo"`},
		{testDraft{name: "x", payload: []byte(`{"rank":1}`), fired: []string{"low"}}, `rule "low" should fire, but`},
		{testDraft{name: "x", payload: []byte(`{"rank":"1"}`), fired: []string{}}, "the input cannot be read"},
	} {
		_, _, err := set.verified(t.Context(), Tester[draftForm, []draftMail]{}, c.draft)
		assert.ErrorContains(t, err, c.want)
	}
	_, err := set.whatFollows(t.Context(), Tester[draftForm, []draftMail]{}, []byte(`{"rank":"1"}`))
	assert.ErrorContains(t, err, "the input cannot be read")
	_, err = set.readTest("  - {name: x, given: {}, expect: {fired: []}}\n  - {name: y, given: {}, expect: {fired: []}}\n")
	assert.ErrorContains(t, err, "not one test")
}
