package eval

import (
	"time"

	"github.com/afterword-go/afterword/rules/internal/tree"
)

// An element is what a loop looks at: in the input, where is says how it lies,
// or made by the condition.
type element struct {
	absent bool
	is     *layout
	at     Pointer
	made   *value
}

// A value is an element that the condition has made, in the field of its kind,
// or one that it has chosen from another list.
type value struct {
	element
	number int64 // of an Int; 1 for true
	float  float64
	text   string
	time   time.Time
}

func (e *element) aBool() bool {
	if e.made != nil {
		return e.made.number != 0
	}
	return e.at.bool()
}

func (e *element) aText() string {
	if e.made != nil {
		return e.made.text
	}
	return e.at.text()
}

func (e *element) anInt(at *tree.Node) int64 {
	if e.made != nil {
		return e.made.number
	}
	return intAt(e.at, e.is.lies, at)
}

// aFloat is the number of an element of the kind, Int or Float.
func (e *element) aFloat(kind tree.Kind, at *tree.Node) float64 {
	switch {
	case kind == tree.Int:
		return float64(e.anInt(at))
	case e.made != nil:
		return e.made.float
	}
	return e.at.float(e.is.lies)
}

func (e *element) aTime() time.Time {
	if e.made != nil {
		return e.made.time
	}
	return e.at.time()
}

// intAt is the whole number at p.
func intAt(p Pointer, l lies, at *tree.Node) int64 {
	i, ok := p.int(l)
	if !ok {
		fail(at, "reads a whole number that is too large")
	}
	return i
}

// A list lies in the input or in what a function returned, or its values are
// made.
type list struct {
	first  Pointer
	is     *layout // of its elements
	length int
	values []value
}

// listAt is the list at p.
func listAt(p Pointer, l *layout) list {
	first, length := p.list(l)
	return list{first: first, is: l.elem, length: length}
}

// at is element i. Behind a nil pointer it is absent: guards stand in front.
func (l *list) at(i int) element {
	if l.values != nil {
		v := &l.values[i]
		if v.is != nil || v.made != nil {
			return v.element
		}
		return element{made: v}
	}
	p := l.first.element(l.is.size, i)
	if !l.is.pointer {
		return element{is: l.is, at: p}
	}
	to, there := p.pointed()
	return element{absent: !there, is: l.is, at: to}
}

// made is a list of values.
func made(values []value) list { return list{values: values, length: len(values)} }

// place turns an index from either end into one from the start.
func place(i int64, n int) (int, bool) {
	if i < 0 {
		i += int64(n)
	}
	return int(i), 0 <= i && i < int64(n)
}
