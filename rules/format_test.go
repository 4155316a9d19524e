package rules_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules"
)

// formatCases are small files with what becomes of them.
var formatCases = []struct{ name, in, want string }{
	{"line ends", "\uFEFFversion:  1\r\nevent:\tsurvey \r\n\r\n\r\n# a \t\r\nrules: []", "version: 1\nevent: survey\n\n# a\nrules: []\n"},
	{"old line ends", "version: 1\rrules:\r- a\r", "version: 1\nrules:\n  - a\n"},
	{"markers", "%YAML 1.1\n# a\n---\n# b\na: 1\n...\n# c\n", "# a\n# b\na: 1\n# c\n"},
	{"a text alone", "  a\n  b # c\n", "a b # c\n"},
	{"a block alone", "|\n a\n  b\n", "|\n  a\n   b\n"},
	{"a comment between keys", "a:\n- x\n# of b\nb:\n- y\n # of the list\nc: 1\n", "a:\n  - x\n\n# of b\nb:\n  - y\n  # of the list\n\nc: 1\n"},
	{"a blank line above the first test", "tests:\n\n- name: a\n- name: b\n", "tests:\n  - name: a\n  - name: b\n"},
	{"a condition that would be a number", "rules:\n- when: + 1\n", "rules:\n  - when: \"+1\"\n"},
	{"lines that end within quotes", "a: \"b \\\n  \\\n  \" # c\nb: '' # d\n", "a: \"b \" # c\nb: \"\" # d\n"},
	{"a text that ends in white space", "a: |-\n  b\n   \n# c\nd: 1\n", "a: |-\n  b\n   \n# c\nd: 1\n"},
	{"JSON", `{"version": 1, "rules": [{"name": "a", "when": "true", "then": {"to": "a"}}], "a": null}`, "{version: 1, rules: [{name: a, when: \"true\", then: {to: a}}], a: null}\n"},
	{"JSON in lines", "{\n  \"version\": 1,\n\n  \"a\": {\"b\": [1, \"2\"]}\n}", "version: 1\n\na: {b: [1, \"2\"]}\n"},
}

func TestFormat(t *testing.T) {
	for _, c := range formatCases {
		t.Run(c.name, func(t *testing.T) {
			got, err := rules.Format("x.rules.yaml", []byte(c.in))
			require.NoError(t, err)
			assert.Equal(t, c.want, string(got))
			checkFormat(t, c.in)
		})
	}
}

// TestFormatGolden compares the files X.in.yaml of testdata/format, formatted,
// with X.out.yaml; with UPDATE_GOLDEN in the environment, it writes those.
func TestFormatGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/format/*.in.yaml")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, name := range files {
		t.Run(filepath.Base(name), func(t *testing.T) {
			data, err := os.ReadFile(name)
			require.NoError(t, err)
			got, err := rules.Format(name, data)
			require.NoError(t, err)
			golden := strings.Replace(name, ".in.", ".out.", 1)
			if os.Getenv("UPDATE_GOLDEN") != "" {
				require.NoError(t, os.WriteFile(golden, got, 0o600))
			}
			want, err := os.ReadFile(golden)
			require.NoError(t, err)
			assert.Equal(t, string(want), string(got))
			checkFormat(t, string(data))
		})
	}
}

// TestFormatOfTheDocument formats the examples that people copy: all but one
// are as they should be, and that one becomes the next.
func TestFormatOfTheDocument(t *testing.T) {
	files := map[string]string{}
	for _, name := range []string{"chatserver/rules/transcripts.rules.yaml", "chatserver/rules/transcripts_test.yaml", "embedded/care.rules.yaml"} {
		data, err := os.ReadFile("../examples/" + name)
		require.NoError(t, err)
		files[name] = string(data)
	}
	var blocks []string
	for _, block := range fenced.FindAllStringSubmatch(document(t), -1) {
		if block[1] == "yaml" {
			blocks = append(blocks, block[2])
		}
	}
	changed := 0
	for i, block := range blocks {
		got, err := rules.Format("", []byte(block))
		require.NoError(t, err)
		if string(got) != block {
			assert.Equal(t, blocks[i+1], string(got))
			changed++
		}
	}
	assert.Equal(t, 1, changed)
	for name, data := range files {
		got, err := rules.Format(name, []byte(data))
		require.NoError(t, err)
		assert.Equal(t, data, string(got))
	}
}

func TestFormatProblems(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"nothing", "", "x:1:1: the file is empty"},
		{"comments", "# a\n\n# b\n", "x:1:1: the file is empty"},
		{"a marker", "---\n", "x:1:1: the file is empty"},
		{"a key given twice", "a: 1\nb: {c: 1,\n  c: 2}\n", `x:3:3: the key "c" is given twice, first in line 2: remove one`},
		{"an anchor and an alias", "a: &b 1\nc: *b\n", "x:1:4: anchors (&b) are not allowed: remove it, or put a text that begins with & in quotes\n" +
			"x:2:4: aliases (*b) are not allowed: write the value again, or put a text that begins with * in quotes"},
		{"a tag", "a: !b 1\n", "x:1:4: tags (!b) are not allowed: put a text that begins with ! in quotes; in a condition, write not (…)"},
		{"a tab", "a:\n\tb: 1\n", "x:2:1: a tab cannot indent: use spaces"},
		{"two documents", "a: 1\n---\nb: 1\n", "x:2:1: a second document begins here: keep one document in a file, and remove the ---"},
		{"too large when formatted", strings.Repeat("[", 60) + strings.Repeat("b, ", 1<<18) + strings.Repeat("]", 60), "x:1:1: formatted, the file would be too large: split it, or write it flatter"},
		{"too large", strings.Repeat("#", rules.MaxFile+1), "x:1:1: the file is larger than 16 MiB: split it"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			data := []byte(c.in)
			out, err := rules.Format("x", data)
			var load *rules.LoadError
			require.ErrorAs(t, err, &load)
			assert.Equal(t, c.want, err.Error())
			assert.Empty(t, out)
			assert.True(t, c.in == string(data))
		})
	}
}

// TestFormatWidth has values that just fit into a line, and that just do not.
func TestFormatWidth(t *testing.T) {
	const room = 120 - len("  - key: [a, ]")
	fits := "key:\n  - key: [a, " + strings.Repeat("é", room) + "] # behind\n"
	long := strings.Replace(fits, "é]", "éé]", 1)
	for in, want := range map[string]string{
		fits: fits,
		long: "key:\n  - key: # behind\n      - a\n      - " + strings.Repeat("é", room+1) + "\n",
		"- [" + strings.Repeat("x", 117) + "] # behind": "# behind\n- - " + strings.Repeat("x", 117) + "\n",
		"- [" + strings.Repeat("x", 116) + "] # behind": "- [" + strings.Repeat("x", 116) + "] # behind\n",
		"[" + strings.Repeat("x", 119) + "]":            "- " + strings.Repeat("x", 119) + "\n",
		"a: x\n  " + strings.Repeat("y", 115):           "a: x " + strings.Repeat("y", 115) + "\n",
		"a: x\n  " + strings.Repeat("y", 116):           "a: >-\n  x\n  " + strings.Repeat("y", 116) + "\n",
		"? " + strings.Repeat("k", 2000) + "\n: 1\n":    strings.Repeat("k", 2000) + ": 1\n",
	} {
		got, err := rules.Format("", []byte(in))
		require.NoError(t, err, in)
		assert.Equal(t, want, string(got))
		checkFormat(t, in)
	}
}

// TestFormatLargeConditions leaves conditions alone that would get too large
// to be read.
func TestFormatLargeConditions(t *testing.T) {
	for _, condition := range []string{
		"a in [" + strings.Repeat("1,", 1900) + "1]",
		"a=='" + strings.Repeat("x", 16<<10-5) + "'",
		strings.Repeat("a&&", 900) + "a",
	} {
		got, err := rules.Format("", []byte("rules:\n  - when: "+condition+"\n"))
		require.NoError(t, err)
		_, when, _ := strings.Cut(strings.TrimSpace(string(got)), "when: ")
		assert.LessOrEqual(t, len(when), 16<<10)
		assert.Equal(t, len(condition) == 16<<10, when == condition)
	}
}

// TestFormatTime formats large files of all shapes, each in a moment.
func TestFormatTime(t *testing.T) {
	rule := "  - {name: a, when: 'csatRank<=3&&skillName==\"a\"'} # behind\n  # above\n  - name: b\n    when: >\n      a   and\n      b\n    then: [{to: a}, {to: b}]\n"
	for name, data := range map[string]string{
		"rules":         "rules:\n" + strings.Repeat(rule, 1<<18/len(rule)),
		"one line":      "rules: [" + strings.Repeat("{name: a, when: 'b&&c'}, ", 1<<18/25) + "]",
		"one text":      "a: \"" + strings.Repeat("é\\n ", 1<<16) + "\"",
		"one block":     "a: >\n" + strings.Repeat("  x  \n\n", 1<<15),
		"one condition": "rules: [{when: \"" + strings.Repeat("a  && ", 1<<15) + "\"}]",
		"comments":      strings.Repeat("# a\n\n", 1<<16) + "a: 1\n" + strings.Repeat("  # b\n", 1<<15),
		"blank lines":   "a:" + strings.Repeat(" ", 1<<17) + strings.Repeat("\n", 1<<17) + "  b",
		"depth":         "a: [" + strings.Repeat(strings.Repeat("[", 60)+strings.Repeat("]", 60)+", ", 1<<10) + "]",
		"hyphens":       "a:\n" + strings.Repeat(strings.Repeat("- ", 60)+"a\n", 1<<10),
	} {
		t.Run(name, func(t *testing.T) {
			within(t, 5*time.Second, func() {
				_, err := rules.Format("", []byte(data))
				require.NoError(t, err)
			})
		})
	}
}
