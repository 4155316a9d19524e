package rules

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTextOfTest(t *testing.T) {
	for _, c := range []struct {
		name  string
		draft testDraft
		want  string
	}{
		{
			"fired",
			testDraft{name: "low: fires", payload: []byte(`{"csatRank":3,"skillName":"Care"}`), fired: []string{"low"}},
			"  - name: \"low: fires\"\n    given: {csatRank: 3, skillName: Care}\n    expect: {fired: [low]}\n",
		},
		{
			"nothing, with comments",
			testDraft{comments: []string{"look\nhere", "and here"}, name: "none", payload: []byte(`{}`), fired: []string{}},
			"  # look here\n  # and here\n  - name: none\n    given: {}\n    expect: {fired: []}\n",
		},
		{
			"skipped and an error",
			testDraft{
				name: "x", payload: []byte(` { "b" : [ 1.5 , null , true , { } ] , "a" : "" } `), fired: []string{"a", "b"},
				skipped: []skipDraft{{"c", []string{"csatRank", "idle.time"}}, {"d", []string{`int(answer("a, b"))`}}}, err: "divided by zero: write #",
			},
			"  - name: x\n    given: {b: [1.5, null, true, {}], a: \"\"}\n    expect:\n      fired: [a, b]\n" +
				"      skipped: {c: [csatRank, idle.time], d: ['int(answer(\"a, b\"))']}\n      error: \"divided by zero: write #\"\n",
		},
		{
			"outcomes",
			testDraft{
				name: "x", key: "emails", payload: []byte(`{}`), fired: []string{"a"},
				outcomes: []json.RawMessage{[]byte(`{"to":"a@example.com","subject":"It: 'so'","cc":[]}`), []byte(`"text"`), []byte(`{}`)},
			},
			"  - name: x\n    given: {}\n    expect:\n      emails:\n        - to: a@example.com\n          subject: \"It: 'so'\"\n          cc: []\n" +
				"        - text\n        - {}\n      fired: [a]\n",
		},
		{
			"no outcome",
			testDraft{name: "x", payload: []byte(`{}`), outcomes: []json.RawMessage{}},
			"  - name: x\n    given: {}\n    expect:\n      outcomes: []\n",
		},
		{
			"too wide for a line",
			testDraft{name: "x", payload: []byte(`{"a":"` + strings.Repeat("w ", 40) + `w","b":"` + strings.Repeat("w ", 40) + `w"}`), fired: []string{}},
			"  - name: x\n    given:\n      a: " + strings.Repeat("w ", 40) + "w\n      b: " + strings.Repeat("w ", 40) + "w\n    expect: {fired: []}\n",
		},
		{
			"what looks like something else",
			testDraft{name: "yes", payload: []byte(`{"a":"3","b":"null","c":" # ","d":"\u0000\u2028\ufeff\u0085","n":"no","y":18446744073709551616,"z":1e21}`), fired: []string{}},
			"  - name: \"yes\"\n    given:\n" + `      {a: "3", b: "null", c: " # ", d: "\x00\u2028\uFEFF\x85", "n": "no", "y": 18446744073709551616.0, z: 1e21}` +
				"\n    expect: {fired: []}\n",
		},
		{
			"the last of two",
			testDraft{name: "x", payload: []byte(`{"a":1,"b":2,"a":3}`), fired: []string{}},
			"  - name: x\n    given: {a: 3, b: 2}\n    expect: {fired: []}\n",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			text, err := testText(c.draft)
			require.NoError(t, err)
			want := strings.ReplaceAll(c.want, "given:\n      {", "given: {")
			assert.Equal(t, want, text)
			again, err := Format("", []byte("version: 1\n\ntests:\n"+text))
			require.NoError(t, err)
			assert.Equal(t, "version: 1\n\ntests:\n"+text, string(again))
		})
	}
	for _, payload := range []string{``, `{`, `{"a":}`, `{"a":1} 2`, `[1`, `nope`, `{"a":1}}`} {
		_, err := testText(testDraft{name: "x", payload: []byte(payload), fired: []string{}})
		assert.ErrorContains(t, err, `test "x": what it is to hold is not JSON`, payload)
	}
}

type anyTexts struct {
	In   string   `json:"in"`
	List []string `json:"list"`
}

// Whatever texts a test holds, a file of tests gives back.
func TestTextOfTestHoldsAnyText(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 7))
	letters := []rune("ab :#-?,[]{}&*!|>'\"%@`\\\n\t\r\x00\x1b\u0085\u2028\ufeff\uffff😀é=<~.0x1eé_")
	texts := []string{"", "null", "~", "yes", "on", "0x10", "010", "1_000", "1e3", ".inf", "<<", "=", "2026-01-31", "- a", "? a", "...", "---", "a: b", "a #b", " a", "a ", "\ufffd"}
	for len(texts) < 600 {
		var out strings.Builder
		for range random.IntN(12) {
			out.WriteRune(letters[random.IntN(len(letters))])
		}
		texts = append(texts, out.String())
	}
	for _, text := range texts {
		payload, err := json.Marshal(map[string]any{"in": text, "list": []any{text, text}})
		require.NoError(t, err)
		outcome, err := json.Marshal(map[string]any{"out": text})
		require.NoError(t, err)
		name := "n" + text
		written, err := testText(testDraft{name: name, payload: payload, fired: []string{}, outcomes: []json.RawMessage{outcome}})
		require.NoError(t, err, "%q", text)
		set, err := Parse[anyTexts, any](Config{}, "x", []byte("version: 1\nevent: e\nrules:\n  - {name: a, when: true, then: 1}\ntests:\n"+written))
		require.NoError(t, err, "%q: %s", text, written)
		test := set.Tests()[0]
		assert.Equal(t, name, test.Name)
		assert.JSONEq(t, string(payload), string(test.input))
		assert.Equal(t, []any{map[string]any{"out": text}}, *test.outcomes)
	}
}
