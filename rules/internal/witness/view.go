package witness

import (
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/afterword-go/afterword/rules/internal/eval"
	"github.com/afterword-go/afterword/rules/internal/tree"
)

// A view works out what parts of conditions come to for one input. Values are
// bool, int64, float64, string, time.Time, []*item for lists, reflect.Value for
// groups, and absent.
type view struct {
	in    reflect.Value // the struct
	input any           // a pointer to it
	of    *search
}

// absent is a value that is not there.
type absent struct{}

// An item is an element of a list: in the payload, made of such a one, or
// neither.
type item struct {
	at    path
	via   *tree.Node // what makes the item of another one
	of    *item
	fixed any // of neither
}

// failed is what an evaluation that goes wrong panics with.
type failed struct{}

// holds tells whether a boolean is true, and whether it could be worked out.
func (v *view) holds(n *tree.Node, elem *item) (is, ok bool) {
	x, ok := v.try(n, elem)
	is, known := x.(bool)
	return is, ok && known
}

// try is the value of n, unless it fails.
func (v *view) try(n *tree.Node, elem *item) (any, bool) {
	x, ok := safely(func() any { return v.value(n, elem) })
	if !ok {
		return absent{}, false
	}
	return x, true
}

// safely calls f, which may fail.
func safely[T any](f func() T) (out T, ok bool) {
	defer func() {
		if p := recover(); p != nil {
			ok = false
		}
	}()
	return f(), true
}

func (v *view) tryList(n *tree.Node, elem *item) ([]*item, bool) {
	return safely(func() []*item { return v.list(n, elem) })
}

func (v *view) tryBecome(d *draft, n *tree.Node, x any, elem *item, depth int) []move {
	out, _ := safely(func() []move { return v.become(d, n, x, elem, depth) })
	return out
}

// spend takes steps of the budget. Now and then it looks whether the context
// has ended, when nothing is left to spend.
func (v *view) spend(steps int) {
	before := v.of.steps
	v.of.steps -= steps
	if before/256 != v.of.steps/256 && v.of.ctx.Err() != nil {
		v.of.steps = -1
	}
	if v.of.steps < 0 {
		panic(failed{})
	}
}

// textSteps is how much of a search for a pattern costs a step: characters of
// the text, by instructions of the pattern.
const textSteps = 256

// value is the value of n, with elem as the element that is looked at.
func (v *view) value(n *tree.Node, elem *item) any {
	v.spend(1)
	switch n.Op {
	case tree.Const:
		return n.Value
	case tree.GetField:
		return v.field(n, elem)
	case tree.Elem:
		return v.itemValue(elem)
	case tree.Index:
		if found := v.indexed(n, elem); found != nil {
			return v.itemValue(found)
		}
		return absent{}
	case tree.Call:
		return v.call(n, elem)
	case tree.MakeList, tree.Filter, tree.Map:
		return v.list(n, elem)
	case tree.Choice:
		if v.value(n.Kids[0], elem) == true {
			return v.value(n.Kids[1], elem)
		}
		return v.value(n.Kids[2], elem)
	}
	if n.Type.Kind == tree.Bool {
		return v.boolean(n, elem)
	}
	return v.scalar(n, elem)
}

// boolean is the truth of an operation.
func (v *view) boolean(n *tree.Node, elem *item) any {
	switch n.Op {
	case tree.Not:
		return v.value(n.Kids[0], elem) != true
	case tree.And:
		return v.value(n.Kids[0], elem) == true && v.value(n.Kids[1], elem) == true
	case tree.Or:
		return v.value(n.Kids[0], elem) == true || v.value(n.Kids[1], elem) == true
	case tree.There:
		_, gone := v.value(n.Kids[0], elem).(absent)
		return !gone
	case tree.Any, tree.All, tree.One:
		items := v.list(n.Kids[0], elem)
		found := v.matching(items, n.Kids[1])
		return n.Op == tree.Any && found > 0 || n.Op == tree.One && found == 1 || n.Op == tree.All && found == len(items)
	case tree.In:
		x := v.value(n.Kids[0], elem)
		for _, it := range v.list(n.Kids[1], elem) {
			if order, ok := compare(x, v.itemValue(it)); ok && order == 0 {
				return true
			}
		}
		return false
	case tree.InRange:
		x, from, to := v.value(n.Kids[0], elem), v.value(n.Kids[1], elem), v.value(n.Kids[2], elem)
		return ordered(tree.Ge, x, from) && ordered(tree.Le, x, to)
	case tree.Matches:
		s, ok := v.value(n.Kids[0], elem).(string)
		return ok && v.found(n.Pattern, s)
	case tree.Contains, tree.StartsWith, tree.EndsWith:
		s, ok := v.value(n.Kids[0], elem).(string)
		part, known := v.value(n.Kids[1], elem).(string)
		return ok && known && textHolds(n.Op, s, part)
	}
	return ordered(n.Op, v.value(n.Kids[0], elem), v.value(n.Kids[1], elem))
}

// found tells whether a pattern is found in a text.
func (v *view) found(p *tree.Pattern, text string) bool {
	v.spend(1 + len(text)*p.Size/textSteps)
	return p.MatchString(text)
}

func textHolds(op tree.Op, s, part string) bool {
	switch op {
	case tree.Contains:
		return strings.Contains(s, part)
	case tree.StartsWith:
		return strings.HasPrefix(s, part)
	}
	return strings.HasSuffix(s, part)
}

// matching counts the items for which a condition holds.
func (v *view) matching(items []*item, each *tree.Node) int {
	found := 0
	for _, it := range items {
		if v.value(each, it) == true {
			found++
		}
	}
	return found
}

// scalar is the number or text that an operation comes to.
func (v *view) scalar(n *tree.Node, elem *item) any {
	switch n.Op {
	case tree.Count:
		return int64(v.matching(v.list(n.Kids[0], elem), n.Kids[1]))
	case tree.Sum:
		return v.sum(n, elem)
	case tree.Len:
		if n.Kids[0].Type.Kind == tree.List {
			return int64(len(v.list(n.Kids[0], elem)))
		}
	case tree.Join:
		var parts []string
		for _, it := range v.list(n.Kids[0], elem) {
			s, _ := v.itemValue(it).(string)
			parts = append(parts, s)
		}
		between, _ := v.value(n.Kids[1], elem).(string)
		return strings.Join(parts, between)
	}
	kids := make([]any, len(n.Kids))
	for i, kid := range n.Kids {
		kids[i] = v.value(kid, elem)
		if _, gone := kids[i].(absent); gone {
			return absent{}
		}
	}
	return operate(n, kids)
}

func operate(n *tree.Node, kids []any) any {
	switch x := kids[0].(type) {
	case string:
		switch n.Op {
		case tree.Len:
			return int64(utf8.RuneCountInString(x))
		case tree.Lower:
			return strings.ToLower(x)
		case tree.Upper:
			return strings.ToUpper(x)
		case tree.Trim:
			return strings.TrimSpace(x)
		case tree.Concat:
			return x + kids[1].(string)
		}
	case int64:
		if n.Type.Kind == tree.Int && len(kids) == 2 {
			return whole(n.Op, x, kids[1].(int64))
		}
	case float64:
		if len(kids) == 2 {
			return fraction(n.Op, x, kids[1].(float64))
		}
	}
	switch n.Op {
	case tree.Neg:
		return negative(kids[0])
	case tree.ToText:
		return shown(kids[0])
	case tree.ToInt:
		return toInt(kids[0])
	case tree.ToFloat, tree.Widen:
		return toFloat(kids[0])
	}
	panic(failed{})
}

func whole(op tree.Op, a, b int64) any {
	switch op {
	case tree.Add:
		return a + b
	case tree.Sub:
		return a - b
	case tree.Mul:
		return a * b
	case tree.Mod:
		if b != 0 {
			return a % b
		}
	}
	panic(failed{})
}

func fraction(op tree.Op, a, b float64) any {
	switch op {
	case tree.Add:
		return a + b
	case tree.Sub:
		return a - b
	case tree.Mul:
		return a * b
	case tree.Div:
		if b != 0 {
			return a / b
		}
	}
	panic(failed{})
}

func negative(x any) any {
	switch x := x.(type) {
	case int64:
		return -x
	case float64:
		return -x
	}
	panic(failed{})
}

// shown is a value as string(…) writes it.
func shown(x any) any {
	switch x := x.(type) {
	case bool:
		return strconv.FormatBool(x)
	case int64:
		return strconv.FormatInt(x, 10)
	case float64:
		return eval.FormatFloat(x)
	case time.Time:
		return eval.FormatTime(x)
	}
	return x
}

func toInt(x any) any {
	switch x := x.(type) {
	case string:
		if i, err := strconv.ParseInt(x, 10, 64); err == nil {
			return i
		}
		return absent{}
	case float64:
		if -0x1p63 <= x && x < 0x1p63 {
			return int64(x)
		}
		return absent{}
	}
	return x
}

func toFloat(x any) any {
	switch x := x.(type) {
	case string:
		if f, err := strconv.ParseFloat(x, 64); err == nil && !math.IsNaN(f) && !math.IsInf(f, 0) {
			return f
		}
		return absent{}
	case int64:
		return float64(x)
	}
	return x
}

func (v *view) sum(n *tree.Node, elem *item) any {
	total, fractions := int64(0), 0.0
	for _, it := range v.list(n.Kids[0], elem) {
		switch x := v.value(n.Kids[1], it).(type) {
		case int64:
			total += x
		case float64:
			fractions += x
		}
	}
	if n.Type.Kind == tree.Float {
		return fractions
	}
	return total
}
