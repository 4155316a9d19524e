package main

import (
	"bytes"
	"fmt"
	"strings"
)

// printDiff prints how a file changes, in the unified format.
func (c *cli) printDiff(f formatted) {
	c.printf("--- %s\n+++ %s\n", printable(f.name), printable(f.name))
	for _, h := range hunks(lineDiff(splitLines(f.before), splitLines(f.after))) {
		c.printf("%s\n", c.paint(faint, h.head()))
		for _, e := range h.edits {
			c.printf("%s\n", c.paint(colourOf(e.op), string(e.op)+strings.TrimSuffix(e.line, "\n")))
			if !strings.HasSuffix(e.line, "\n") {
				c.printf("\\ No newline at end of file\n")
			}
		}
	}
}

func colourOf(op byte) string {
	return map[byte]string{kept: "", removed: red, added: green}[op]
}

// The operations of an edit, as the unified format writes them.
const (
	kept    = ' '
	removed = '-'
	added   = '+'
)

// An edit is a line that is kept, removed or added.
type edit struct {
	op   byte
	line string // with its line break, if it has one
}

func splitLines(data []byte) []string {
	var lines []string
	for line := range bytes.Lines(data) {
		lines = append(lines, string(line))
	}
	return lines
}

// maxCells bounds the work of lineDiff: between what is the same at both ends,
// it compares every line with every other.
const maxCells = 4_000_000

// lineDiff turns a into b with as few edits as there can be. If there is too
// much between what is the same at both ends, it replaces all of that.
func lineDiff(a, b []string) []edit {
	head, tail := 0, 0
	for head < min(len(a), len(b)) && a[head] == b[head] {
		head++
	}
	for tail < min(len(a), len(b))-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	var out []edit
	out = mark(out, kept, a[:head])
	from, to := a[head:len(a)-tail], b[head:len(b)-tail]
	if len(from)*len(to) > maxCells {
		out = mark(mark(out, removed, from), added, to)
	} else {
		out = align(out, from, to)
	}
	return mark(out, kept, a[len(a)-tail:])
}

func mark(out []edit, op byte, lines []string) []edit {
	for _, line := range lines {
		out = append(out, edit{op, line})
	}
	return out
}

// align appends the edits that keep the longest sequence that a and b share.
func align(out []edit, a, b []string) []edit {
	// shared[i][j] is how many lines a[i:] and b[j:] share in order.
	shared := make([][]int32, len(a)+1)
	for i := range shared {
		shared[i] = make([]int32, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				shared[i][j] = shared[i+1][j+1] + 1
			} else {
				shared[i][j] = max(shared[i+1][j], shared[i][j+1])
			}
		}
	}
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i] == b[j]:
			out = append(out, edit{kept, a[i]})
			i, j = i+1, j+1
		case shared[i+1][j] >= shared[i][j+1]:
			out = append(out, edit{removed, a[i]})
			i++
		default:
			out = append(out, edit{added, b[j]})
			j++
		}
	}
	return mark(mark(out, removed, a[i:]), added, b[j:])
}

// A hunk is a run of edits with the lines around it.
type hunk struct {
	before, after int // how many lines stand in front of it, in the old and in the new text
	edits         []edit
}

// around is how many lines are shown around a change.
const around = 3

// hunks groups edits: changes that are near each other, with the lines around.
func hunks(edits []edit) []hunk {
	var out []hunk
	before, after, end := 0, 0, 0 // lines in front of edits[end]
	for at := change(edits, 0); at < len(edits); at = change(edits, end) {
		to := at + 1
		for next := change(edits, to); next < len(edits) && next-to <= 2*around; next = change(edits, to) {
			to = next + 1
		}
		from := max(at-around, end)
		to = min(to+around, len(edits))
		h := hunk{before + from - end, after + from - end, edits[from:to]}
		out = append(out, h)
		shown, made := h.lengths()
		before, after, end = h.before+shown, h.after+made, to
	}
	return out
}

// change is where the next line is that is not kept, or the end.
func change(edits []edit, from int) int {
	for from < len(edits) && edits[from].op == kept {
		from++
	}
	return from
}

// lengths are how many lines of the old text h shows, and of the new one.
func (h hunk) lengths() (before, after int) {
	for _, e := range h.edits {
		if e.op != added {
			before++
		}
		if e.op != removed {
			after++
		}
	}
	return before, after
}

// head is the line above a hunk, such as "@@ -1,4 +1,5 @@".
func (h hunk) head() string {
	before, after := h.lengths()
	return fmt.Sprintf("@@ -%s +%s @@", span(h.before, before), span(h.after, after))
}

// span is a range of lines as a hunk's head writes it.
func span(before, count int) string {
	if count == 0 {
		return fmt.Sprintf("%d,0", before)
	}
	return fmt.Sprintf("%d,%d", before+1, count)
}
