package main

import (
	"bufio"
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func diffOf(before, after string) string {
	var out bytes.Buffer
	c := &cli{out: bufio.NewWriter(&out)}
	c.printDiff(formatted{name: "x", before: []byte(before), after: []byte(after)})
	if err := c.out.Flush(); err != nil {
		return err.Error()
	}
	return strings.TrimPrefix(out.String(), "--- x\n+++ x\n")
}

func TestDiff(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, before, after, want string }{
		{"nothing", "a\n", "a\n", ""},
		{"a line", "a\nb\nc\n", "a\nB\nc\n", "@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n"},
		{"the last line break", "a\nb", "a\nb\n", "@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+b\n"},
		{"into nothing", "a\n", "", "@@ -1,1 +0,0 @@\n-a\n"},
		{"out of nothing", "", "a\n", "@@ -0,0 +1,1 @@\n+a\n"},
		{
			"near changes share a hunk", "1\n2\n3\n4\n5\n6\n7\n8\n", "x\n2\n3\n4\n5\n6\n7\ny\n",
			"@@ -1,8 +1,8 @@\n-1\n+x\n 2\n 3\n 4\n 5\n 6\n 7\n-8\n+y\n",
		},
		{
			"far changes do not", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "2\n3\n4\n5\n6\n7\n8\n9\n10\n",
			"@@ -1,4 +1,3 @@\n-1\n 2\n 3\n 4\n@@ -7,3 +6,4 @@\n 7\n 8\n 9\n+10\n",
		},
	} {
		assert.Equal(t, c.want, diffOf(c.before, c.after), c.name)
	}
}

// Too much to compare line by line is replaced as a whole.
func TestDiffIsBounded(t *testing.T) {
	t.Parallel()
	before, after := strings.Repeat("a\nb\n", 2000), strings.Repeat("b\nc\n", 2000)
	edits := lineDiff(splitLines([]byte("same\n"+before)), splitLines([]byte("same\n"+after)))
	require.Len(t, edits, 8001)
	assert.Equal(t, edit{kept, "same\n"}, edits[0])
	for i, e := range edits[1:] {
		require.Equal(t, byte([]rune{removed, added}[i/4000]), e.op)
	}
}

// Of random texts, the hunks lead from one to the other, and keep as many
// lines as can be kept.
func TestDiffOfRandomTexts(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 4))
	text := func() []string {
		lines := make([]string, random.IntN(14))
		for i := range lines {
			lines[i] = string(rune('a'+random.IntN(4))) + "\n"
		}
		return lines
	}
	for range 3000 {
		a, b := text(), text()
		edits := lineDiff(a, b)
		same := 0
		for _, e := range edits {
			if e.op == kept {
				same++
			}
		}
		require.Equal(t, longestShared(a, b), same, "%q %q", a, b)
		require.Equal(t, b, applied(t, a, hunks(edits)), "%q %q", a, b)
	}
}

// longestShared is the length of the longest sequence of lines of both: the
// plain way.
func longestShared(a, b []string) int {
	switch {
	case len(a) == 0 || len(b) == 0:
		return 0
	case a[0] == b[0]:
		return 1 + longestShared(a[1:], b[1:])
	}
	return max(longestShared(a[1:], b), longestShared(a, b[1:]))
}

// applied patches a text.
func applied(t *testing.T, lines []string, all []hunk) []string {
	t.Helper()
	out := []string{}
	at := 0
	for _, h := range all {
		out = append(out, lines[at:h.before]...)
		at = h.before
		require.Len(t, out, h.after)
		for _, e := range h.edits {
			if e.op != added {
				require.Equal(t, lines[at], e.line)
				at++
			}
			if e.op != removed {
				out = append(out, e.line)
			}
		}
	}
	return append(out, lines[at:]...)
}
