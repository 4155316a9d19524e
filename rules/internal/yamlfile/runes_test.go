package yamlfile

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v4"
)

// Each text has one § in a scalar, and in the file it is where it is; want is
// given where it is written as an escape.
var scalars = []struct {
	text string
	want Position
}{
	// Plain.
	{text: "§"},
	{text: "a§b"},
	{text: "a: §"},
	{text: "a: b c  d §"},
	{text: "a: b\tc\t§"},
	{text: "a:\t§"},
	{text: "- - - x§"},
	{text: "größe: 😀§"},
	{text: "a:\n  b\n  §"},
	{text: "a:\n  b  \n   c\t\n \n\n  d §\n"},
	{text: "a: b\n\n\n c§\nd: e"},
	{text: "a: b\n  # no comment §"},
	{text: "a: [b, c d§, e]"},
	{text: "a: [b\n  c\n\n  §]"},
	{text: "{a: b, §: c}"},
	{text: "? a\n: - b\n  - c #d\n  - d#e §"},
	{text: "a: b'c\"d§"},
	{text: "a: x:y§ # c"},
	{text: "--- a §\n...\n"},
	{text: "%YAML 1.1\n---\na: §\n"},
	{text: "a: csatRank <= 3 and\n   skillName == \"§\"\n"},
	{text: "§: 1"},
	{text: "a: &x §"},
	{text: "a: !foo &y\n  # comment\n  b§"},
	{text: "a: !<x,y> §"},
	{text: "a: ! §"},
	{text: "&x:§"},
	{text: "a: !foo &x :§"},
	{text: "b: c\rd: §"},
	// Single quotes.
	{text: "'§'"},
	{text: "a: '§'"},
	{text: "a: 'it''s §'"},
	{text: "a: '''''§'''"},
	{text: "a: 'b\n  c §'"},
	{text: "a: 'b  \n\n\t \n  c §  '"},
	{text: "a: '\n  §'"},
	{text: "a: ' \n\n  §'"},
	{text: "a: '\\n§'"},
	{text: "a: ['b', 'ü§', 'c']"},
	{text: "'a§': 'b'"},
	{text: "a: 'b # §'"},
	{text: "a: !!str 'b§'"},
	{text: "a: 'b''\n  ''§'"},
	// Double quotes.
	{text: `a: "§"`},
	{text: `a: "\"\\\/\t\n§"`},
	{text: `a: "\0\a\b\v\f\r\e\ \N\_\L\P§"`},
	{text: "a: \"\\\t§\""},
	{text: `a: "\x41\u00e4\U0001F600§"`},
	{text: `a: "b\xA7c"`, want: Position{1, 6}},
	{text: `a: "\t\u00A7c"`, want: Position{1, 7}},
	{text: `a: "\U000000A7"`, want: Position{1, 5}},
	{text: "a: \"b\n  c §\""},
	{text: "a: \"b\\\n  c§\""},
	{text: "a: \"b \\\n\n   \n  \\ c§\""},
	{text: "a: \"\\\n  §\""},
	{text: "a: \"b\\n\\\n  c\\n\\\n  §\""},
	{text: "a: \"b \n \n\n  c§\""},
	{text: "a: \"ä\tö §\""},
	{text: "[\"a\", \"b§\"]"},
	{text: "{\"a\":\"b§\"}"},
	{text: "a: \"Low rating (${csatRank}) for ${§}\""},
	// Literal.
	{text: "a: |\n  §"},
	{text: "a: |\n  b\n  c§\n"},
	{text: "a: |-\n  b\n\n  c§\n\n\n"},
	{text: "a: |+\n  b\n   §\n\n\nb: c"},
	{text: "a: |2\n    b§\n  c\n"},
	{text: "a: |1-\n  b\n §\n"},
	{text: "a: |-1\n  b\n §\n"},
	{text: "a: |\n\n \n  §\n"},
	{text: "a: | # comment\n  §\n"},
	{text: "a:\n  - |\n    b\n      c§\n    d\n"},
	{text: "a:\n- |\n b\n \t§\n"},
	{text: "a: |\n  größe 😀 §\n"},
	{text: "|\n §\n"},
	{text: "--- |\n§\n"},
	{text: "a: &x !foo |\n  b\n  §"},
	{text: "a: |\n  b\n# c\nd: §\n"},
	{text: "a: |\n  when x\n    and §\n  # no comment\n"},
	{text: "- |3\n      b\n    §\n"},
	// Folded.
	{text: "a: >\n  §"},
	{text: "a: >\n  b\n  c§\n"},
	{text: "a: >-\n  b\n\n  c§\n"},
	{text: "a: >+\n  b\n\n\n  c §\n\n"},
	{text: "a: >\n\n\n  b\n  §\n"},
	{text: "a: >\n  b\n    c\n    d§\n  e\n"},
	{text: "a: >\n  b\n\n    c\n\n  §\n"},
	{text: "a: >\n  b\n  \tc\n  d§\n"},
	{text: "a: >1\n   b\n  c\n §\n"},
	{text: "a: >2-\n\n   b\n  §"},
	{text: "a: >\n  b  \n  c §\n"},
	{text: "a: >\n  ä\n  ö\n  ü§ß\nb: c\n"},
	{text: "- >\n  a\n  b\n- >\n  c\n  §"},
	{text: ">\n a\n §\n"},
	{text: "when: >-\n  csatRank <= 3\n  and skillName\n    matches \"§\"\n"},
}

func TestARuneStandsWhereItIs(t *testing.T) {
	assert.Greater(t, len(scalars), 60)
	for _, test := range scalars {
		t.Run(test.text, func(t *testing.T) {
			want := test.want
			if want == (Position{}) {
				want = find(test.text)
			}
			for _, text := range []string{test.text, strings.ReplaceAll(test.text, "\n", "\r\n"), "\uFEFF" + test.text} {
				f, _ := Parse([]byte(text), 0)
				require.NotNil(t, f.Root(), "%q", text)
				found := false
				walk(f.Root(), func(n *yaml.Node) {
					checkRunes(t, f, n)
					before, _, ok := strings.Cut(n.Value, "§")
					if !ok || n.Kind != yaml.ScalarNode {
						return
					}
					found = true
					assert.Equal(t, want, f.Runes(n)[utf8.RuneCountInString(before)], "%q", text)
				})
				assert.True(t, found || strings.Contains(text, "# no comment §"), "%q", text)
			}
		})
	}
}

// find is where § stands in a text.
func find(text string) Position {
	at := Position{1, 1}
	for _, r := range text {
		switch r {
		case '§':
			return at
		case '\n', '\r':
			at = Position{at.Line + 1, 0}
		}
		at.Column++
	}
	return at
}

// checkRunes checks what holds for the places of every scalar: there is one
// for each rune and one more, they go forward, and what stands there is the
// rune itself, an escape, or white space that was folded.
func checkRunes(t *testing.T, f *File, n *yaml.Node) {
	t.Helper()
	if n.Kind != yaml.ScalarNode {
		assert.Equal(t, []Position{f.At(n)}, f.Runes(n)[:1])
		return
	}
	places, ok := f.places(n)
	require.True(t, ok, "%q of %q", n.Value, f.text.data)
	require.Len(t, places, utf8.RuneCountInString(n.Value)+1)
	require.GreaterOrEqual(t, places[0].Compare(f.At(n)), 0)
	i := 0
	for _, r := range n.Value {
		require.GreaterOrEqual(t, places[i+1].Compare(places[i]), 0, "%q", n.Value)
		offset, ok := f.text.offset(places[i])
		require.True(t, ok)
		there, _ := utf8.DecodeRune(f.text.data[offset:])
		folded := (r == ' ' || r == '\n') && (offset == len(f.text.data) || strings.ContainsRune(" \t\r\n", there))
		escaped := there == '\\' && n.Style&yaml.DoubleQuotedStyle != 0
		require.True(t, there == r || folded || escaped, "%q stands at %v, not %q", there, places[i], r)
		i++
	}
}

func TestFoldedWhiteSpaceStandsWhereTheLineEnds(t *testing.T) {
	for text, want := range map[string][]Position{
		"a b  \n  c":               {{1, 1}, {1, 2}, {1, 3}, {1, 4}, {2, 3}, {2, 4}},
		"a\n\n \n b":               {{1, 1}, {2, 1}, {3, 2}, {4, 2}, {4, 3}},
		"'a ''\n b'":               {{1, 2}, {1, 3}, {1, 4}, {1, 6}, {2, 2}, {2, 3}},
		"\"a\\\n  b \\n\"":         {{1, 2}, {2, 3}, {2, 4}, {2, 5}, {2, 7}},
		"\"a\n\"":                  {{1, 2}, {1, 3}, {2, 1}},
		"\"\"":                     {{1, 2}},
		"''":                       {{1, 2}},
		"~":                        {{1, 1}, {1, 2}},
		"|\n":                      {{1, 1}},
		"|\n  a\n  b\n":            {{2, 3}, {2, 4}, {3, 3}, {3, 4}, {4, 1}},
		"|+\n\n\n":                 {{2, 1}, {3, 1}, {4, 1}},
		"|2+\n    \n\n":            {{2, 3}, {2, 4}, {2, 5}, {3, 1}, {4, 1}},
		">\n a\n b\n\n c\n":        {{2, 2}, {2, 3}, {3, 2}, {4, 1}, {5, 2}, {5, 3}, {6, 1}},
		">\n a\n   b\n\n c\n":      {{2, 2}, {2, 3}, {3, 2}, {3, 3}, {3, 4}, {3, 5}, {4, 1}, {5, 2}, {5, 3}, {6, 1}},
		"|\n a\n  ":                {{2, 2}, {2, 3}, {3, 2}, {3, 3}, {3, 3}},
		"|\r\n a\r\n b\r\n":        {{2, 2}, {2, 3}, {3, 2}, {3, 3}, {4, 1}},
		"|\r a\r b\r":              {{2, 2}, {2, 3}, {3, 2}, {3, 3}, {4, 1}},
		"|1+\r\n  \r\n\r\n   \r\n": {{2, 2}, {2, 3}, {3, 1}, {4, 2}, {4, 3}, {4, 4}, {5, 1}},
	} {
		f, problems := Parse([]byte(text), 0)
		require.Empty(t, problems, "%q", text)
		checkRunes(t, f, f.Root())
		assert.Equal(t, want, f.Runes(f.Root()), "%q", text)
	}
}

func TestANodeOfAnotherFileStandsAtItsStart(t *testing.T) {
	f, _ := Parse([]byte("a: 'b'\nc: \"\\x41\"\nd: |\n  e\n"), 0)
	for _, n := range []yaml.Node{
		{Kind: yaml.ScalarNode, Value: "xy", Line: 1, Column: 4},
		{Kind: yaml.ScalarNode, Value: "xy", Line: 1, Column: 40},
		{Kind: yaml.ScalarNode, Value: "xy", Line: 5, Column: 1},
		{Kind: yaml.ScalarNode, Value: "xy", Line: 50, Column: 1},
		{Kind: yaml.ScalarNode, Value: "b'", Style: yaml.SingleQuotedStyle, Line: 1, Column: 4},
		{Kind: yaml.ScalarNode, Value: "B ", Style: yaml.DoubleQuotedStyle, Line: 2, Column: 4},
		{Kind: yaml.ScalarNode, Value: "e\nx", Style: yaml.LiteralStyle, Line: 3, Column: 4},
		{Kind: yaml.ScalarNode, Value: "xy", Style: yaml.FoldedStyle, Line: 3, Column: 4},
		{Kind: yaml.ScalarNode, Value: "xy", Style: yaml.DoubleQuotedStyle, Line: 2, Column: 5},
		{Kind: yaml.ScalarNode, Value: "xy", Style: 1 << 20, Line: 3, Column: 4},
	} {
		at := Position{n.Line, n.Column}
		want := make([]Position, utf8.RuneCountInString(n.Value)+1)
		for i := range want {
			want[i] = at
		}
		assert.Equal(t, want, f.Runes(&n), "%+v", n)
	}
	var none File
	assert.Equal(t, []Position{{1, 1}, {1, 1}}, none.Runes(&yaml.Node{Kind: yaml.ScalarNode, Value: "x"}))
}
