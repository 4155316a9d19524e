package tree

import (
	"reflect"
	"regexp"
	"strings"

	"github.com/afterword-go/afterword/rules/internal/search"
)

// An Op is what a node does with its kids.
type Op uint8

// The operations. Those behind There exist only in rewritten trees.
const (
	Bad      Op = iota // reported already
	Const              // Value
	GetField           // the field Field of the group Kids[0], or of the input if there is no kid
	Elem               // the element that the innermost loop looks at
	Index              // the element Kids[1] of the list Kids[0]
	MakeList           // a list of its kids
	Call               // Func on Kids

	Not
	And
	Or
	Choice   // Kids[0] ? Kids[1] : Kids[2]
	Default  // Kids[0] ?? Kids[1]
	IsAbsent // Kids[0] == nil

	Eq
	Ne
	Lt
	Le
	Gt
	Ge
	In
	InRange // Kids[0] in Kids[1]..Kids[2]
	Matches // Pattern
	Contains
	StartsWith
	EndsWith

	Neg
	Add
	Sub
	Mul
	Div
	Mod
	Concat
	Widen // a whole number as a number

	Any
	All
	None
	One
	Filter
	Map
	Count
	Sum // Kids[0] is the list, Kids[1] the value of an element

	Len
	Lower
	Upper
	Trim
	ToInt
	ToFloat
	ToText
	Join

	There // Kids[0], a read whose kids are known, has a value
)

// Loops tells of a part that looks at the elements of a list.
func (op Op) Loops() bool { return Any <= op && op <= Sum }

// Mirrored is the comparison with its sides exchanged.
func (op Op) Mirrored() Op {
	switch op {
	case Lt:
		return Gt
	case Le:
		return Ge
	case Gt:
		return Lt
	case Ge:
		return Le
	}
	return op
}

// Opposite is the comparison that holds where op does not.
func (op Op) Opposite() Op {
	switch op {
	case Eq:
		return Ne
	case Ne:
		return Eq
	case Lt:
		return Ge
	case Le:
		return Gt
	case Gt:
		return Le
	}
	return Lt
}

// Holds is what a comparison comes to whose sides are in an order: less than 0
// where the first comes first, 0 where they are the same.
func (op Op) Holds(order int) bool {
	switch op {
	case Eq:
		return order == 0
	case Ne:
		return order != 0
	case Lt:
		return order < 0
	case Le:
		return order <= 0
	case Gt:
		return order > 0
	}
	return order >= 0
}

// A Span is a part of the author's text, in runes: from From up to, not
// including, To.
type Span struct{ From, To int }

// A Node is one part of a condition.
type Node struct {
	Op   Op
	Type *Type
	Span Span
	Kids []*Node

	Value    any // of Const: bool, int64, float64, string or time.Time
	Field    *Field
	Optional bool // of Elem: the element may be absent
	Func     *Function
	Pattern  *Pattern
}

// A Pattern is a regular expression, how texts are matched with it, and what
// that costs at most.
type Pattern struct {
	*regexp.Regexp
	Plan   *search.Plan
	Size   int // instructions of its program
	Weight int // its memory, in nodes or so
}

// A Function is a Go function that rules may call. It is called with the
// values of the kids, behind the input if it takes it.
type Function struct {
	Name       string
	Params     []*Type
	Result     *Type
	TakesInput bool
	MayBeAbsent,
	MayFail bool
	Go reflect.Value
	// OfText is the function, if it is called with a pointer to the input and a
	// text and answers with a text that may be absent. It is nil for any other.
	OfText func(in any, text string) (string, bool)
}

// IsEqualFold tells of strings.EqualFold itself.
func (f *Function) IsEqualFold() bool {
	_, ok := f.Go.Interface().(func(a, b string) bool)
	return ok && f.Go.Pointer() == reflect.ValueOf(strings.EqualFold).Pointer()
}

// True and False are the constants.
func True() *Node  { return &Node{Op: Const, Type: Of(Bool), Value: true} }
func False() *Node { return &Node{Op: Const, Type: Of(Bool), Value: false} }

// Is tells whether n is the boolean constant b.
func (n *Node) Is(b bool) bool { return n.Op == Const && n.Value == b }

// Walk calls f for n and everything below it, in source order, until f says
// no more for a branch.
func (n *Node) Walk(f func(*Node) bool) {
	if !f(n) {
		return
	}
	for _, kid := range n.Kids {
		kid.Walk(f)
	}
}

// Size is the number of nodes, with patterns by their weight.
func (n *Node) Size() int {
	size := 0
	n.Walk(func(n *Node) bool {
		size++
		if n.Pattern != nil {
			size += n.Pattern.Weight
		}
		return true
	})
	return size
}
