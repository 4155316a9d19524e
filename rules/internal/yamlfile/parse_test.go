package yamlfile

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v4"

	"github.com/afterword-go/afterword/internal/stopwatch"
)

func TestProblemsStandWhereTheyAre(t *testing.T) {
	checkCases(t, "problems.txt", func(t *testing.T, _, file string) []Problem {
		_, want := Parse([]byte(file), 0)
		_, got := Parse([]byte(strings.ReplaceAll(file, "\n", "\r\n")), 0)
		assert.Equal(t, lines(want), lines(got), "CR LF moves nothing")
		_, got = Parse([]byte("\uFEFF"+file), 0)
		assert.Equal(t, lines(want), lines(got), "a byte order mark moves nothing")
		return want
	})
}

func TestForbiddenCharacters(t *testing.T) {
	for text, want := range map[string]string{
		"a: \x00b\n":              "1:4: a control character: remove it, or write it as an escape in double quotes\n",
		"a: b\r\nc: d\x07\x07\n":  "2:5: a control character: remove it, or write it as an escape in double quotes\n",
		"a: \u0085b\n":            "1:4: a control character: remove it, or write it as an escape in double quotes\n",
		"a: \x7F\nä: \x1B\n":      "1:4: a control character: remove it, or write it as an escape in double quotes\n2:4: a control character: remove it, or write it as an escape in double quotes\n",
		"a: \xE4\xF6ö\xFC\n":      "1:4: this is not UTF-8: save the file as UTF-8\n1:7: this is not UTF-8: save the file as UTF-8\n",
		"\uFEFFa: \xFF\n":         "1:4: this is not UTF-8: save the file as UTF-8\n",
		"\uFEFF\uFEFFa: b\n":      "1:1: a byte order mark inside the file: remove it\n",
		"a: b\u2028\nb: c\u2029d": "1:5: a line separator that few editors show: write an ordinary line break\n2:5: a line separator that few editors show: write an ordinary line break\n",
		"a: \uFFFEb\n":            "1:4: a character that Unicode does not define: remove it\n",
		"\xFF\xFEa\x00:\x00":      "1:1: the file is in UTF-16: save it as UTF-8\n",
		"\xFE\xFF\x00a\x00:":      "1:1: the file is in UTF-16: save it as UTF-8\n",
		"a: b\x01\na: c\n":        "1:5: a control character: remove it, or write it as an escape in double quotes\n2:1: the key \"a\" is given twice, first in line 1: remove one\n",
		"a: \"\\0\\x7F\\N\\L\"\n": "",
		"a: \uFFFD\t\U0001F600\n": "",
	} {
		_, got := Parse([]byte(text), 0)
		assert.Equal(t, want, lines(got), "%q", text)
	}
}

func TestEmptyFiles(t *testing.T) {
	for _, text := range []string{"", "\n", " \n\t\n", "# a comment\n", "---\n", "---\n# a comment\n", "\uFEFF", "---\n...\n"} {
		f, got := Parse([]byte(text), 0)
		assert.Equal(t, "1:1: the file is empty\n", lines(got), "%q", text)
		assert.Nil(t, f.Root())
	}
	for _, text := range []string{"''", "~", "null", "{}", "[]", "a", "|\n"} {
		f, got := Parse([]byte(text), 0)
		assert.Empty(t, got, "%q", text)
		assert.NotNil(t, f.Root())
	}
}

func TestLimit(t *testing.T) {
	for limit, want := range map[int]string{
		4:       "",
		3:       "1:1: the file is larger than 3 bytes: split it\n",
		1 << 10: "1:1: the file is larger than 1 KiB: split it\n",
		1 << 20: "1:1: the file is larger than 1 MiB: split it\n",
	} {
		text := "a: b" + strings.Repeat("\n", max(0, limit-3))
		if limit <= 4 {
			text = "a: b"
		}
		f, got := Parse([]byte(text), limit)
		assert.Equal(t, want, lines(got))
		assert.Equal(t, want == "", f.Root() != nil)
	}
}

func TestAFileDoesNotKeepTheData(t *testing.T) {
	data := []byte("a: bcd\n")
	f, _ := Parse(data, 0)
	for i := range data {
		data[i] = 'x'
	}
	value := f.Root().Content[1]
	assert.Equal(t, []Position{{1, 4}, {1, 5}, {1, 6}, {1, 7}}, f.Runes(value))
}

func TestAFileThatCannotBeReadHasNoRoot(t *testing.T) {
	for _, text := range []string{"a: [", strings.Repeat("\x00a", 200), "\xFF\xFE"} {
		f, got := Parse([]byte(text), 0)
		assert.NotEmpty(t, got)
		assert.Nil(t, f.Root())
		assert.Equal(t, Position{1, 1}, f.At(f.Root()))
		assert.Equal(t, []Position{{1, 1}}, f.Runes(f.Root()))
	}
}

func TestAListOfProblemsEnds(t *testing.T) {
	for _, text := range []string{strings.Repeat("a: b\n", 500), strings.Repeat("\x00a", 500), "[" + strings.Repeat("*a,", 500) + "]"} {
		_, got := Parse([]byte(text), 0)
		require.Len(t, got, most+1)
		assert.Equal(t, "there may be more problems: only the first 100 are listed", got[most].Message)
	}
}

func TestValuesEnd(t *testing.T) {
	for _, c := range []string{"[", "{", "- ", "? ", "a,", "'' ", `"" `, "&a ", "!a ", "*a "} {
		assert.GreaterOrEqual(t, count([]byte(strings.Repeat(c, 1000))), 1000, c)
	}
	f, got := Parse([]byte(strings.Repeat("[", values+1)), 0)
	assert.Equal(t, "1:1: the file holds more than 1048576 values: split it\n", lines(got))
	assert.Nil(t, f.Root())
}

func TestNestingEnds(t *testing.T) {
	flow := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	_, got := Parse([]byte(flow(Nesting)), 0)
	assert.Empty(t, got)
	_, got = Parse([]byte(flow(Nesting+1)), 0)
	assert.Equal(t, "1:65: nested deeper than 64 levels: write it flatter\n", lines(got))
	_, got = Parse([]byte(strings.Repeat("- ", Nesting+1)+"a"), 0)
	assert.Equal(t, "1:129: nested deeper than 64 levels: write it flatter\n", lines(got))
	f, got := Parse([]byte(flow(10_000)), 0)
	assert.Equal(t, "1:257: nested deeper than 64 levels: write it flatter\n", lines(got))
	assert.Nil(t, f.Root())
}

// Whatever the text, time and memory are linear in its size. Each of these
// takes a fraction of a second, and far more than a minute if they were not.
func TestHostileFiles(t *testing.T) {
	const many = 1 << 16
	for name, text := range map[string]string{
		"brackets":    strings.Repeat("[", 4*many),
		"braces":      strings.Repeat("{", 4*many),
		"dashes":      strings.Repeat("- ", 2*many),
		"questions":   strings.Repeat("? ", 2*many),
		"pairs":       strings.Repeat("[a: ", many),
		"values":      "[" + strings.Repeat("a,", 2*many) + "]",
		"anchors":     strings.Repeat("&a ", 2*many),
		"tags":        strings.Repeat("!a ", 2*many),
		"quotes":      "[" + strings.Repeat("'' ", 2*many),
		"documents":   strings.Repeat("--- a\n", many),
		"comments":    "a: b\n" + strings.Repeat("  #\n\n", many),
		"line":        "a: " + strings.Repeat("x", 4*many),
		"key":         strings.Repeat("x", 4*many) + ": a",
		"escapes":     `a: "` + strings.Repeat(`\x41`, many) + `"`,
		"lines":       "a: |\n" + strings.Repeat("  \n", many),
		"bytes":       strings.Repeat("\xFF", 4*many),
		"indentation": strings.Repeat(" ", 4*many) + "a: b",
		"deep lines":  deepLines(1500),
		"bomb":        bomb(60),
	} {
		watch := stopwatch.Start()
		f, _ := Parse([]byte(text), 16<<20)
		if root := f.Root(); root != nil {
			walk(root, func(n *yaml.Node) { f.Runes(n) })
		}
		assert.Less(t, watch.Took(), time.Minute, name)
	}
}

// Places in one long line are found without reading the line from its start.
func TestManyScalarsInOneLine(t *testing.T) {
	const n = 30_000
	f, problems := Parse([]byte("["+strings.Repeat("äbcdefghi,", n)+"]"), 0)
	require.Empty(t, problems)
	watch := stopwatch.Start()
	for i, c := range f.Root().Content {
		require.Equal(t, Position{1, 2 + 10*i}, f.Runes(c)[0])
	}
	assert.Less(t, watch.Took(), time.Minute)
}

func deepLines(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String()
}

func bomb(n int) string {
	var b strings.Builder
	b.WriteString("a0: &a0 [x]\n")
	for i := 1; i < n; i++ {
		name, before := "a"+strconv.Itoa(i), "*a"+strconv.Itoa(i-1)
		b.WriteString(name + ": &" + name + " [" + strings.Repeat(before+",", 9) + "]\n")
	}
	return b.String()
}

func walk(n *yaml.Node, visit func(*yaml.Node)) {
	visit(n)
	for _, c := range n.Content {
		walk(c, visit)
	}
}
