package main

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/afterword-go/afterword/rules"
	"github.com/afterword-go/afterword/transcript"
)

// tellCoverage says what tests reach of each rule, shows what they do not, and
// says what they reach of all.
func (c *cli) tellCoverage(coverage rules.Coverage, files []transcript.File) {
	sources := map[string]source{}
	for _, f := range files {
		sources[f.Name] = newSource(f.Data)
	}
	for _, r := range coverage.Rules {
		c.printf("\n%3d%%  %s: fired %d, not fired %d, skipped %d, failed %d\n",
			r.Percent(), r.Name, r.Fired, r.NotFired, r.Skipped, r.Failed)
		for i, gap := range r.Gaps {
			if i == 0 || !samePart(gap, r.Gaps[i-1]) {
				c.showGap(r.File, gap, sources[r.File])
			}
			c.printf("      %s\n", printable(gap.String()))
		}
	}
	c.printf("\n%3d%%  of all\n", coverage.Percent())
}

func samePart(a, b rules.Gap) bool {
	return a.Line == b.Line && a.Column == b.Column && a.EndLine == b.EndLine && a.EndColumn == b.EndColumn
}

// showGap shows the part of a condition, underlined in its line.
func (c *cli) showGap(file string, gap rules.Gap, lines source) {
	at := strings.TrimSuffix(placeOf(file, gap.Line, gap.Column), ": ")
	c.printf("    %s\n", c.paint(faint, printable(at)))
	line, mark, ok := lines.excerpt(gap)
	if !ok {
		return
	}
	c.printf("      %s\n      %s\n", line, c.paint(red, mark))
}

// A source is the text of a file in lines.
type source []string

func newSource(data []byte) source { return strings.Split(string(data), "\n") }

// longestExcerpt is how many characters a line may have to be shown.
const longestExcerpt = 300

// excerpt is the line in which a gap begins, and a line that marks it. Both
// have the white space before the line's text cut off.
func (s source) excerpt(gap rules.Gap) (line, mark string, ok bool) {
	if gap.Line < 1 || gap.Line > len(s) {
		return "", "", false
	}
	runes := []rune(strings.ReplaceAll(strings.TrimRight(s[gap.Line-1], "\r"), "\t", " "))
	from, to := gap.Column-1, gap.EndColumn-1
	if gap.EndLine != gap.Line {
		to = len(runes)
	}
	indent := len(runes) - utf8.RuneCountInString(strings.TrimLeft(string(runes), " "))
	if len(runes) > longestExcerpt || from < indent || from >= to || to > len(runes) {
		return "", "", false
	}
	before, part := cells(runes[indent:from]), cells(runes[from:to])
	return printable(string(runes[indent:])), strings.Repeat(" ", before) + "^" + strings.Repeat("~", max(part, 1)-1), true
}

// cells is how wide a terminal shows a text that is made printable.
func cells(text []rune) int {
	n := 0
	for _, r := range printable(string(text)) {
		switch {
		case unicode.In(r, unicode.Mn, unicode.Me):
		case unicode.Is(wide, r):
			n += 2
		default:
			n++
		}
	}
	return n
}

// wide are the blocks of characters that are as wide as two others: those of
// East Asia, and pictures.
var wide = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x1100, Hi: 0x115f, Stride: 1},
		{Lo: 0x2e80, Hi: 0xa4cf, Stride: 1},
		{Lo: 0xac00, Hi: 0xd7a3, Stride: 1},
		{Lo: 0xf900, Hi: 0xfaff, Stride: 1},
		{Lo: 0xfe30, Hi: 0xfe6f, Stride: 1},
		{Lo: 0xff00, Hi: 0xff60, Stride: 1},
		{Lo: 0xffe0, Hi: 0xffe6, Stride: 1},
	},
	R32: []unicode.Range32{
		{Lo: 0x1f300, Hi: 0x1f64f, Stride: 1},
		{Lo: 0x1f680, Hi: 0x1f6ff, Stride: 1},
		{Lo: 0x1f900, Hi: 0x1faff, Stride: 1},
		{Lo: 0x20000, Hi: 0x3fffd, Stride: 1},
	},
}
