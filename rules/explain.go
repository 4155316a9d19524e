package rules

import (
	"slices"
	"strconv"

	"github.com/afterword-go/afterword/rules/internal/eval"
	"github.com/afterword-go/afterword/rules/internal/kleene"
	"github.com/afterword-go/afterword/rules/internal/logic"
	"github.com/afterword-go/afterword/rules/internal/syntax"
	"github.com/afterword-go/afterword/rules/internal/tree"
)

// The bounds of an explanation of one rule: what it may cost, as a multiple of
// one evaluation, and how many parts it looks at for absent fields.
const (
	explainBudget = 5
	absentVisits  = 20_000
)

// A gallery is what values of one input look like, by the keys of what reads them:
// a large list is written out once, however many parts read it.
type gallery map[string]string

// explainAll explains the conditions of a rule, all of which must hold.
func explainAll(conditions []condition, f *eval.Frame, shown gallery) (Part, []string) {
	f.Allow(explainBudget)
	var parts []Part
	var absent []string
	for _, c := range conditions {
		expr, node, _ := readCondition(c.text, c.env) // it has loaded before
		x := explainer{frame: f, expr: expr, at: c.at, gallery: shown}
		parts = append(parts, x.part(node))
		x.absent(node)
		absent = append(absent, x.names...)
	}
	if len(parts) == 1 {
		return parts[0], absent
	}
	all := Part{Truth: True, Parts: parts, Line: parts[0].Line, Column: parts[0].Column}
	for _, p := range parts {
		switch p.Truth {
		case False:
			all.Truth = False
			return all, nil
		case Unknown:
			all.Truth = Unknown
		}
	}
	return all, absent
}

// An explainer looks at the parts of one condition. It asks the same rewrites
// that decide, so that it cannot say anything else.
type explainer struct {
	frame  *eval.Frame
	expr   *syntax.Expr
	at     locator
	quiet  bool     // names hold no value of the input
	elems  []string // paths of the elements of the open loops
	names  []string // of absent fields
	visits int

	compiled map[question]eval.Bool
	gallery  gallery
}

// A question is what an explainer asks about a node; each is compiled once.
type question struct {
	node    *tree.Node
	rewrite rewrite
}

type rewrite uint8

const (
	isTrue rewrite = iota
	isFalse
	isKnown
)

// of rewrites n.
func (r rewrite) of(n *tree.Node) (*tree.Node, error) {
	switch r {
	case isTrue:
		return kleene.True(n)
	case isFalse:
		return kleene.False(n)
	}
	return kleene.Known(n)
}

// part explains the boolean n.
func (x *explainer) part(n *tree.Node) Part {
	p := Part{Text: x.expr.Text(n.Span)}
	p.Line, p.Column = x.at(n.Span.From)
	yes, err := x.holds(isTrue, n)
	if err != nil {
		p.Err = err
		return p
	}
	no := false
	if !yes {
		no, p.Err = x.holds(isFalse, n)
	}
	p.Truth = truth(yes, no)
	p.whole = n.Op == tree.Eq || n.Op == tree.Ne
	for _, side := range sides(n) {
		p.Parts = append(p.Parts, x.part(side))
	}
	if len(p.Parts) == 0 {
		x.reads(n, &p.Reads)
	}
	return p
}

// sides are the parts that a boolean is made of: those of a chain of and, or
// of a chain of or, side by side.
func sides(n *tree.Node) []*tree.Node {
	switch n.Op {
	case tree.And, tree.Or:
		var out []*tree.Node
		for _, kid := range n.Kids {
			if inner := sides(kid); kid.Op == n.Op {
				out = append(out, inner...)
			} else {
				out = append(out, kid)
			}
		}
		return out
	case tree.Not:
		if n.Kids[0].Span == n.Span { // x not in list is one part
			return nil
		}
		return booleans(n.Kids)
	case tree.Choice, tree.Default:
		return booleans(n.Kids)
	case tree.Eq, tree.Ne:
		if n.Kids[0].Type.Kind == tree.Bool {
			return booleans(n.Kids)
		}
	}
	return nil
}

func booleans(kids []*tree.Node) []*tree.Node {
	var out []*tree.Node
	for _, kid := range kids {
		if kid.Type.Kind == tree.Bool && kid.Op != tree.Const && kid.Op != tree.IsAbsent {
			out = append(out, kid)
		}
	}
	return out
}

// holds evaluates a rewrite of n. Compiling counts as work, and so does every
// node that may be looked at.
func (x *explainer) holds(rewrite rewrite, n *tree.Node) (bool, error) {
	q := question{n, rewrite}
	ask, ok := x.compiled[q]
	if !ok {
		rewritten, err := rewrite.of(n)
		if err != nil {
			return false, err
		}
		size := rewritten.Size()
		if failure := x.frame.Charge(size, n); failure != nil {
			return false, failure
		}
		run, cost := eval.Compile(rewritten), size/8
		ask = func(f *eval.Frame) bool {
			if failure := f.Charge(cost, n); failure != nil {
				panic(failure)
			}
			return run(f)
		}
		if x.compiled == nil {
			x.compiled = map[question]eval.Bool{}
		}
		x.compiled[q] = ask
	}
	holds, failure := ask.Continue(x.frame)
	if failure != nil {
		return false, failure
	}
	return holds, nil
}

// reads collects the values that n reads, in source order. What a loop reads
// of its elements is left out: its list shows it.
func (x *explainer) reads(n *tree.Node, out *[]Read) {
	switch n.Op {
	case tree.GetField, tree.Index:
		x.read(n, out)
		return
	case tree.Call:
		if n.Type.Kind != tree.Bool {
			x.read(n, out)
		}
	}
	if n.Op.Loops() {
		x.reads(n.Kids[0], out)
		return
	}
	for _, kid := range n.Kids {
		x.reads(kid, out)
	}
}

func (x *explainer) read(n *tree.Node, out *[]Read) {
	r := Read{Text: x.expr.Text(n.Span)}
	if slices.ContainsFunc(*out, func(known Read) bool { return known.Text == r.Text }) {
		return
	}
	known, err := x.holds(isKnown, n)
	switch {
	case err != nil:
		r.Value = err.Error()
	case !known:
		r.Absent = true
	default:
		r.Value = x.shown(n)
	}
	*out = append(*out, r)
}

func (x *explainer) shown(n *tree.Node) string {
	key := logic.Key(n)
	if text, known := x.gallery[key]; known {
		return text
	}
	value, err := kleene.Value(n)
	if err != nil {
		return err.Error()
	}
	text, failure := eval.Show(value).Continue(x.frame)
	if failure != nil {
		return failure.Error()
	}
	if x.gallery == nil {
		x.gallery = gallery{}
	}
	x.gallery[key] = text
	return text
}

// absent tells whether n is unknown, and collects the names of the absent
// fields that make it so.
func (x *explainer) absent(n *tree.Node) bool {
	if x.visits++; x.visits > absentVisits {
		return false
	}
	known, err := x.holds(isKnown, n)
	if known {
		return false
	}
	if n.Op.Loops() {
		x.absent(n.Kids[0])
		x.inElements(n.Kids[0], func() { x.absent(n.Kids[1]) })
		return err == nil
	}
	switch n.Op {
	case tree.GetField, tree.Elem, tree.Index, tree.Call, tree.ToInt, tree.ToFloat:
		if err == nil {
			x.absentRead(n)
		}
	case tree.And, tree.Or: // of a chain that is unknown, no side decides it
		for _, side := range sides(n) {
			x.absent(side)
		}
	case tree.Choice:
		x.absentChoice(n)
	case tree.In, tree.Join:
		for _, kid := range n.Kids {
			x.absent(kid)
			x.absentElements(kid)
		}
	default:
		for _, kid := range n.Kids {
			x.absent(kid)
		}
	}
	return err == nil
}

// absentElements names the elements that are absent in a list that is read as
// a whole.
func (x *explainer) absentElements(list *tree.Node) {
	if list.Type.ElemOptional {
		elem := &tree.Node{Op: tree.Elem, Type: list.Type.Elem, Optional: true}
		x.inElements(list, func() { x.absent(elem) })
	}
}

// absentRead names a read that finds nothing, unless something that it reads
// with is to blame: an argument, or the place in a list on the way to it.
func (x *explainer) absentRead(n *tree.Node) {
	blamed := false
	switch n.Op {
	case tree.GetField, tree.Index:
		blamed = x.absentOnTheWay(n)
	default:
		before := len(x.names)
		for _, kid := range n.Kids {
			blamed = x.absent(kid) || blamed
			x.absentElements(kid)
		}
		blamed = blamed || len(x.names) > before
	}
	if blamed {
		return
	}
	if name := x.path(n); !slices.Contains(x.names, name) {
		x.names = append(x.names, name)
	}
}

func (x *explainer) absentOnTheWay(n *tree.Node) bool {
	switch n.Op {
	case tree.GetField:
		return len(n.Kids) > 0 && x.absentOnTheWay(n.Kids[0])
	case tree.Index:
		list, place := x.absentOnTheWay(n.Kids[0]), x.absent(n.Kids[1])
		return list || place
	case tree.Elem:
		return false
	}
	return x.absent(n)
}

func (x *explainer) absentChoice(n *tree.Node) {
	if x.absent(n.Kids[0]) {
		return
	}
	if chosen, err := x.holds(isTrue, n.Kids[0]); err == nil && chosen {
		x.absent(n.Kids[1])
	} else {
		x.absent(n.Kids[2])
	}
}

func (x *explainer) unknown(n *tree.Node) bool {
	known, err := x.holds(isKnown, n)
	return err == nil && !known
}

// inElements calls visit with each element of a list as the element looked at.
func (x *explainer) inElements(list *tree.Node, visit func()) {
	if x.unknown(list) {
		return
	}
	value, err := kleene.Value(list)
	if err != nil {
		return
	}
	path := x.listPath(list)
	x.elems = append(x.elems, "")
	failure := eval.Each(value, x.frame, func(i int) bool {
		x.elems[len(x.elems)-1] = path + "[" + strconv.Itoa(i) + "]"
		visit()
		return x.visits <= absentVisits
	})
	if failure != nil { // the condition failed as well, or nearly: look no further
		x.visits = absentVisits
	}
	x.elems = x.elems[:len(x.elems)-1]
}

// path names what n reads, with elements by their places.
func (x *explainer) path(n *tree.Node) string {
	switch n.Op {
	case tree.GetField:
		if len(n.Kids) == 0 {
			return n.Field.Name
		}
		return x.path(n.Kids[0]) + "." + n.Field.Name
	case tree.Elem:
		if len(x.elems) > 0 {
			return x.elems[len(x.elems)-1]
		}
	case tree.Index:
		i, err := kleene.Value(n.Kids[1])
		if err != nil {
			break
		}
		if at, failure := eval.Place(i, x.frame); failure == nil && !x.quiet {
			return x.listPath(n.Kids[0]) + "[" + strconv.FormatInt(at, 10) + "]"
		}
	}
	return x.expr.Text(n.Span)
}

// listPath is the path of a list in front of an index, in brackets if it is
// written with an operator.
func (x *explainer) listPath(n *tree.Node) string {
	path := x.path(n)
	piped := len(n.Kids) > 0 && n.Span.From == n.Kids[0].Span.From && (n.Op == tree.Filter || n.Op == tree.Map)
	if piped || n.Op == tree.Default || n.Op == tree.Choice {
		return "(" + path + ")"
	}
	return path
}
