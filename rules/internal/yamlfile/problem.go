package yamlfile

import (
	"cmp"
	"fmt"
	"slices"
)

// A Position is a place in a file: line and column count from 1. A column
// counts runes; a tab is one rune, and a byte order mark at the start of the
// file is none. Lines end with LF, CR LF or CR.
type Position struct{ Line, Column int }

// String is the position as line:column.
func (p Position) String() string { return fmt.Sprintf("%d:%d", p.Line, p.Column) }

// Compare is negative when p is before q in the file, positive when it is
// behind it, and zero when they are the same.
func (p Position) Compare(q Position) int {
	return cmp.Or(cmp.Compare(p.Line, q.Line), cmp.Compare(p.Column, q.Column))
}

// A Problem is something wrong with a file. The message is one line, starts in
// lower case, and says what is wrong and what to do about it.
type Problem struct {
	Position
	Message string
}

// String is the problem as line:column: message.
func (p Problem) String() string { return p.Position.String() + ": " + p.Message }

// most is the number of problems that are listed for one file.
const most = 100

// A list gathers problems, not more than anyone wants to read.
type list []Problem

func (l *list) add(at Position, format string, args ...any) {
	if !l.full() {
		*l = append(*l, Problem{Position: at, Message: fmt.Sprintf(format, args...)})
	}
}

func (l *list) full() bool { return len(*l) >= most }

// sorted is the list in file order, with a last word if it was cut short.
func (l *list) sorted() []Problem {
	slices.SortStableFunc(*l, func(a, b Problem) int { return a.Compare(b.Position) })
	if l.full() {
		last := (*l)[len(*l)-1].Position
		return append(*l, Problem{last, fmt.Sprintf("there may be more problems: only the first %d are listed", most)})
	}
	return *l
}
