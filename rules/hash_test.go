package rules_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules"
)

// A letter is an outcome with parts of several kinds.
type letter struct {
	To      rules.Text   `json:"to"`
	Subject rules.Text   `json:"subject"`
	Copies  []rules.Text `json:"copies,omitempty"`
	Urgent  *bool        `json:"urgent,omitempty"`
}

const hashed = `version: 1
event: form
vars:
  limit: 3
  words: [late, slow]
  deep: {on: true}
rules:
  - name: low
    when: csatRank <= vars.limit and note != "no one"
    then: {to: care@example.com, subject: "Rating ${csatRank ?? 0} of $${5}"}
  - name: late
    mode: shadow
    when:
      - note in vars.words
      - not consent
    then:
      - {to: sales@example.com, subject: Late}
      - {to: care@example.com, subject: Late, copies: [lead@example.com], urgent: false}
`

func hashOf(t *testing.T, text string) string {
	t.Helper()
	set, err := rules.Parse[Form, []letter](rules.Config{}, "file.yaml", []byte(text))
	require.NoError(t, err)
	return set.Hash()
}

// TestHashIsTheSameEverywhere holds the hash of a file to what it was when this
// test was written: logs name it.
func TestHashIsTheSameEverywhere(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "sha256:ab04016f03e935edf53bd64280c15092f66f1123bd053224716487eb434d5f82", hashOf(t, hashed))
}

func TestHashDoesNotCountWhatDoesNotDecide(t *testing.T) {
	t.Parallel()
	want := hashOf(t, hashed)
	for _, c := range []struct{ was, is string }{
		{"version: 1\n", "# Care\nversion:   1\n\n"},
		{"vars:\n  limit: 3\n  words: [late, slow]\n", "vars:\n  words: ['late', \"slow\"]\n  limit: 3\n"},
		{"  - name: low\n", "  - name: low # the first\n    description: Low ratings\n    mode: enforce\n"},
		{`csatRank <= vars.limit and note != "no one"`, `csatRank<=vars.limit   &&   note != 'no one'`},
		{`csatRank <= vars.limit and note != "no one"`, "|\n      csatRank <= vars.limit\n      and note != \"no one\""},
		{"- not consent", "- '! consent'"},
		{"${csatRank ?? 0}", "${ csatRank??0 }"},
		{"    then: {to: care@example.com,", "    then: {to: 'care@example.com',"},
		{"event: form\n", "event: form\nhit: collect\n"},
	} {
		text := strings.Replace(hashed, c.was, c.is, 1)
		require.NotEqual(t, hashed, text, c.is)
		assert.Equal(t, want, hashOf(t, text), c.is)
	}
	set, err := rules.Parse[Form, []letter](rules.Config{}, "other.yaml", []byte(hashed), rules.TestFile{
		Name: "file_test.yaml", Data: []byte("version: 1\ntests:\n  - name: one\n    given: {csatRank: 1}\n    expect: {fired: [low]}\n"),
	})
	require.NoError(t, err)
	require.Len(t, set.Tests(), 1)
	assert.Equal(t, want, set.Hash(), "tests and the file's name")

	formatted, err := rules.Format("file.yaml", []byte(hashed))
	require.NoError(t, err)
	assert.Equal(t, want, hashOf(t, string(formatted)))
}

func TestHashCountsWhatDecides(t *testing.T) {
	t.Parallel()
	seen := map[string]string{hashOf(t, hashed): "as it was"}
	for _, c := range []struct{ was, is string }{
		{"event: form\n", "event: form\nhit: first\n"},
		{"limit: 3", "limit: 4"},
		{"limit: 3", "limit: 3.0"},
		{"[late, slow]", "[slow, late]"},
		{"[late, slow]", "[late, slow, dear]"},
		{"on: true", "on: false"},
		{"name: low", "name: lower"},
		{"mode: shadow", "mode: off"},
		{"    mode: shadow\n", ""},
		{"<= vars.limit", "< vars.limit"},
		{"<= vars.limit and", "<= vars.limit or"},
		{`"no one"`, `"no  one"`},
		{`note != "no one"`, `"no one" != note`},
		{"      - not consent\n", ""},
		{"      - note in vars.words\n      - not consent\n", "      - not consent\n      - note in vars.words\n"},
		{"to: care@", "to: cares@"},
		{"Rating ${", "Ratings ${"},
		{"?? 0}", "?? 1}"},
		{"$${5}", "${5}"},
		{"urgent: false", "urgent: true"},
		{", urgent: false", ""},
		{", copies: [lead@example.com]", ""},
		{"[lead@example.com]", "[lead@example.com, lead@example.com]"},
	} {
		text := strings.Replace(hashed, c.was, c.is, 1)
		require.NotEqual(t, hashed, text, c.is)
		hash := hashOf(t, text)
		assert.NotContains(t, seen, hash, c.is)
		seen[hash] = c.is
	}
	parts := strings.SplitAfter(hashed, "rules:\n")
	at := strings.Index(parts[1], "  - name: late")
	assert.NotContains(t, seen, hashOf(t, parts[0]+parts[1][at:]+parts[1][:at]), "the order of the rules")
}

// TestHashOfGo makes outcomes and conditions that files do not have.
func TestHashOfGo(t *testing.T) {
	t.Parallel()
	type ring struct{ next *ring }
	round := &ring{}
	round.next = round
	type hidden struct {
		text string
		Text rules.Text `json:"-"`
	}
	when := rules.When[Form]("true")
	never := rules.WhenFunc(func(context.Context, *Form) (bool, error) { return false, nil })
	at := time.Date(2026, 1, 31, 18, 0, 0, 0, time.UTC)
	hash := func(vars map[string]any, when rules.Condition[Form], then any) string {
		set, err := rules.New(rules.Config{Vars: vars}, rules.Rule[Form, any]{Name: "r", When: when, Then: then})
		require.NoError(t, err)
		return set.Hash()
	}
	seen := map[string]string{}
	for i, then := range []any{
		nil, "", "a", rules.Text("a"), rules.Text("${1}"), rules.Text("$${1}"), 1, int64(1), uint(1), 1.5, -1, 1i, true, false,
		[]int{},
		[]int{1},
		[]int{1, 2},
		[]int{2, 1},
		[2]int{1, 2},
		[]any{1, 2},
		[][]int{{1}, {2}},
		[][]int{{1, 2}},
		[]string{"ab", "c"},
		[]string{"a", "bc"},
		map[string]int{"a": 1, "b": 2},
		map[string]int{"a": 2, "b": 1},
		map[int]string{1: "a"},
		&[]int{1}, (*int)(nil), func() {}, (func())(nil), make(chan int), at, at.Add(1), round,
		hidden{},
		hidden{text: "a"},
		hidden{Text: "${never read"},
		hidden{Text: "${'}"},
		hidden{Text: "${'} "},
	} {
		got := hash(nil, when, then)
		label := fmt.Sprintf("%d: %T", i, then)
		assert.Equal(t, got, hash(nil, when, then), label)
		assert.NotContains(t, seen, got, label)
		seen[got] = label
	}
	assert.Equal(t, hash(nil, when, at), hash(nil, when, at.In(time.FixedZone("X", 3600))), "an instant is one in every zone")
	assert.Equal(t, hash(nil, never, 1), hash(nil, rules.WhenFunc(func(context.Context, *Form) (bool, error) { return true, nil }), 1), "Go functions count by name")
	assert.NotEqual(t, hash(nil, when, 1), hash(nil, never, 1))
	assert.NotEqual(t, hash(nil, when, 1), hash(map[string]any{"a": 1}, when, 1))
	assert.NotEqual(t, hash(map[string]any{"a": 1}, never, rules.Text("${vars.a}")), hash(map[string]any{"a": 2}, never, rules.Text("${vars.a}")))
	assert.Equal(t, hash(map[string]any{"a": 1}, never, 1), hash(nil, never, 1), "no rule can read them")
}

// TestHashOfWhatManyLeadTo has two outcomes that differ in one place alone, behind
// more than are taken in each time.
func TestHashOfWhatManyLeadTo(t *testing.T) {
	t.Parallel()
	const many = 100_005
	hash := func(last int) string {
		both := []*int{new(1), new(2)}
		then := append(slices.Repeat(both[:1], many), both[1], both[last])
		set, err := rules.New(rules.Config{}, rules.Rule[Form, []*int]{Name: "a", When: rules.When[Form]("true"), Then: then})
		require.NoError(t, err)
		return set.Hash()
	}
	assert.Equal(t, hash(0), hash(0))
	assert.NotEqual(t, hash(0), hash(1))
}

func TestHashMayBeAskedByMany(t *testing.T) {
	t.Parallel()
	set, err := rules.Parse[Form, []letter](rules.Config{}, "file.yaml", []byte(hashed))
	require.NoError(t, err)
	got := make([]string, 8)
	var all sync.WaitGroup
	for i := range got {
		all.Go(func() { got[i] = set.Hash() })
	}
	all.Wait()
	for _, hash := range got {
		assert.Equal(t, hashOf(t, hashed), hash)
	}
}
