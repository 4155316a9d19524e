package yamlfile

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Files of testdata hold cases, each a file with marks: a line that begins
// with ~ has a caret under the place of a problem in the line above, and its
// message behind it; for the first column, the line begins with the caret.
//
// checkCases runs every case. With the environment variable REWRITE set, it
// writes the marks instead, to be read in review.
func checkCases(t *testing.T, name string, problems func(t *testing.T, name, file string) []Problem) {
	path := filepath.Join("testdata", name)
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	var rewritten strings.Builder
	for part := range strings.SplitSeq(strings.TrimPrefix(string(data), "-- "), "\n-- ") {
		name, body, ok := strings.Cut(part, " --\n")
		require.True(t, ok, "%s", part)
		t.Run(name, func(t *testing.T) {
			file, want := unmark(t, strings.TrimSuffix(body, "\n")+"\n")
			got := problems(t, name, file)
			rewritten.WriteString("-- " + name + " --\n" + mark(file, got))
			if os.Getenv("REWRITE") == "" {
				assert.Equal(t, lines(want), lines(got))
			}
		})
	}
	if os.Getenv("REWRITE") != "" {
		require.NoError(t, os.WriteFile(path, []byte(rewritten.String()), 0o600))
	}
}

// unmark takes the marks out of a text.
func unmark(t *testing.T, text string) (file string, want []Problem) {
	t.Helper()
	var kept strings.Builder
	line := 0
	for l := range strings.SplitAfterSeq(text, "\n") {
		if !strings.HasPrefix(l, "~") && !strings.HasPrefix(l, "^") {
			kept.WriteString(l)
			line++
			continue
		}
		before, message, found := strings.Cut(strings.TrimSuffix(l, "\n"), "^ ")
		require.True(t, found, "no caret: %s", l)
		want = append(want, Problem{Position{line, utf8.RuneCountInString(before) + 1}, message})
	}
	return kept.String(), want
}

// mark puts marks into a file.
func mark(file string, problems []Problem) string {
	var b strings.Builder
	n := 0
	for l := range strings.SplitAfterSeq(file, "\n") {
		b.WriteString(l)
		n++
		for _, p := range problems {
			if p.Line == n {
				b.WriteString(caret(p.Column) + " " + p.Message + "\n")
			}
		}
	}
	return b.String()
}

func caret(column int) string {
	if column == 1 {
		return "^"
	}
	return "~" + strings.Repeat(" ", column-2) + "^"
}

// lines shows problems one in a line, to be read in a failure.
func lines(problems []Problem) string {
	var b strings.Builder
	for _, p := range problems {
		b.WriteString(p.String() + "\n")
	}
	return b.String()
}
