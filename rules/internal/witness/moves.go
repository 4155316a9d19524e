package witness

import (
	"strings"

	"github.com/afterword-go/afterword/rules/internal/tree"
)

// A move changes a draft. It tells whether it could.
type move func(*draft) bool

// made makes the move, unless something goes wrong on the way.
func (m move) made(d *draft) bool {
	ok, _ := safely(func() bool { return m(d) })
	return ok
}

// moves are changes that may make n as it is wanted.
func (v *view) moves(d *draft, n *tree.Node, want bool, elem *item, depth int) (out []move) {
	defer func() {
		if p := recover(); p != nil {
			out = d.guesses()
		}
	}()
	v.spend(1)
	if v.cost(n, want, elem) == 0 {
		return nil
	}
	switch n.Op {
	case tree.Const:
		return nil
	case tree.Not:
		return v.moves(d, n.Kids[0], !want, elem, depth)
	case tree.And, tree.Or:
		a, b := v.moves(d, n.Kids[0], want, elem, depth), v.moves(d, n.Kids[1], want, elem, depth)
		return append(a, b...)
	case tree.Any, tree.All, tree.One:
		return v.loopMoves(d, n, want, elem, depth)
	}
	out = v.leafMoves(d, n, want, elem, depth)
	if len(out) < 3 || d.random.IntN(4) == 0 {
		out = append(out, d.guesses()...)
	}
	return out
}

// leafMoves are changes for a part that has no conditions in it.
func (v *view) leafMoves(d *draft, n *tree.Node, want bool, elem *item, depth int) []move {
	switch n.Op {
	case tree.GetField, tree.Elem, tree.Index, tree.Call:
		return v.become(d, n, want, elem, depth)
	case tree.There:
		return v.presence(d, n.Kids[0], want, elem, depth)
	case tree.In:
		return v.memberMoves(d, n, want, elem, depth)
	case tree.InRange:
		return v.rangeMoves(d, n, want, elem, depth)
	case tree.Matches, tree.Contains, tree.StartsWith, tree.EndsWith:
		return v.textMoves(d, n, want, elem, depth)
	}
	op := n.Op
	if !want {
		op = op.Opposite()
	}
	a, b := n.Kids[0], n.Kids[1]
	return append(v.siding(d, a, op, b, elem, depth), v.siding(d, b, op.Mirrored(), a, elem, depth)...)
}

// siding makes "a op b" true by changing a.
func (v *view) siding(d *draft, a *tree.Node, op tree.Op, b *tree.Node, elem *item, depth int) []move {
	y, ok := v.try(b, elem)
	if !ok {
		return nil
	}
	var out []move
	for _, x := range wanted(op, y, d.pool) {
		out = append(out, v.tryBecome(d, a, x, elem, depth)...)
	}
	if at, _ := safely(func() path { return v.where(a, elem) }); limitsAt(at) != nil {
		t, _ := typeAt(at)
		for _, x := range ordinary(at, t) {
			if ordered(op, x, y) {
				out = append(out, setting(at, x))
			}
		}
	}
	return out
}

// presence makes a read find something, or nothing.
func (v *view) presence(d *draft, n *tree.Node, want bool, elem *item, depth int) []move {
	if !want {
		return v.absence(d, n, elem, depth)
	}
	var out []move
	switch n.Op {
	case tree.Index:
		return v.longer(d, n, elem, depth)
	case tree.ToInt, tree.ToFloat:
		for _, x := range d.pool.of(n.Type.Kind) {
			out = append(out, v.become(d, n, x, elem, depth)...)
		}
		return out
	case tree.Call:
		t := n.Type
		if t.Kind == tree.List {
			t = t.Elem
		}
		for _, x := range d.pool.of(t.Kind) {
			out = append(out, v.callMoves(d, n, x, elem, depth)...)
		}
		return out
	}
	at := v.where(n, elem)
	if at == nil {
		return nil
	}
	t, _ := typeAt(at)
	for _, x := range append([]any{least(at, t)}, d.pool.of(t.Kind)...) {
		out = append(out, setting(at, x))
	}
	return out
}

// absence makes a read find nothing.
func (v *view) absence(d *draft, n *tree.Node, elem *item, depth int) []move {
	var out []move
	switch n.Op {
	case tree.ToInt, tree.ToFloat:
		if n.Kids[0].Type.Kind == tree.Text {
			return v.becomeOne(d, n.Kids[0], []any{"a", ""}, elem, depth)
		}
		return nil
	case tree.Call:
		return v.callAbsence(d, n, elem)
	case tree.Index:
		items := v.list(n.Kids[0], elem)
		out = append(out, v.removal(items)...)
		out = append(out, func(d *draft) bool { // all of them
			for i := len(items) - 1; i >= 0; i-- {
				if at := d.look().wherever(items[i]); at != nil {
					d.drop(at)
				}
			}
			return true
		})
	}
	for at := v.where(n, elem); len(at) > 0; at = at[:len(at)-1] {
		if at[len(at)-1].field != nil {
			out = append(out, func(d *draft) bool { return d.drop(at) })
		} else if _, optional := typeAt(at); optional {
			out = append(out, setting(at, nil))
		}
	}
	return out
}

// removal takes each of the items out of its list.
func (v *view) removal(items []*item) []move {
	var out []move
	for _, it := range items {
		for it.at == nil && it.via != nil {
			it = it.of
			if it == nil {
				break
			}
		}
		if it != nil && it.at != nil {
			at := it.at
			out = append(out, func(d *draft) bool { return d.drop(at) })
		}
	}
	return out
}

func setting(at path, x any) move {
	return func(d *draft) bool { return d.put(at, clone(x)) }
}

// memberMoves make x be in a list, or not.
func (v *view) memberMoves(d *draft, n *tree.Node, want bool, elem *item, depth int) []move {
	x, list := n.Kids[0], n.Kids[1]
	items := v.list(list, elem)
	var out []move
	if want {
		for _, it := range items {
			out = append(out, v.become(d, x, v.itemValue(it), elem, depth)...)
		}
		return append(out, v.including(d, list, v.value(x, elem), elem, depth)...)
	}
	others := d.pool.others(x.Type.Kind)
	for _, y := range others {
		out = append(out, v.become(d, x, y, elem, depth)...)
	}
	for _, it := range items {
		for _, y := range others[:min(len(others), 4)] {
			if at := v.wherever(it); at != nil {
				out = append(out, setting(at, y))
			}
		}
	}
	if list.Op == tree.Call {
		for _, y := range others {
			out = append(out, v.callMoves(d, list, y, elem, depth)...)
		}
	}
	return append(out, v.removal(items)...)
}

// rangeMoves make x lie in a range, or not.
func (v *view) rangeMoves(d *draft, n *tree.Node, want bool, elem *item, depth int) []move {
	from, _ := v.value(n.Kids[1], elem).(int64)
	to, _ := v.value(n.Kids[2], elem).(int64)
	values := []any{from, to}
	if !want {
		values = []any{from - 1, to + 1}
	}
	out := v.becomeOne(d, n.Kids[0], values, elem, depth)
	if x, ok := v.value(n.Kids[0], elem).(int64); ok {
		out = append(out, v.becomeOne(d, n.Kids[1], []any{x, x + 1}, elem, depth)...)
		out = append(out, v.becomeOne(d, n.Kids[2], []any{x, x - 1}, elem, depth)...)
	}
	return out
}

// becomeOne makes a term be one of the values.
func (v *view) becomeOne(d *draft, n *tree.Node, values []any, elem *item, depth int) []move {
	var out []move
	for _, x := range values {
		out = append(out, v.become(d, n, x, elem, depth)...)
	}
	return out
}

// textMoves make a text match a pattern or hold another one, or not.
func (v *view) textMoves(d *draft, n *tree.Node, want bool, elem *item, depth int) []move {
	now, _ := v.value(n.Kids[0], elem).(string)
	if n.Op == tree.Matches {
		return v.becomeOne(d, n.Kids[0], v.matchingTexts(n.Pattern, now, want, d.pool), elem, depth)
	}
	part, _ := v.value(n.Kids[1], elem).(string)
	var values []any
	if want {
		values = []any{part}
		switch n.Op {
		case tree.StartsWith:
			values = append(values, part+now, part+" "+now)
		case tree.EndsWith:
			values = append(values, now+part, now+" "+part)
		default:
			half := len([]rune(now)) / 2
			middle := string([]rune(now)[:half]) + part + string([]rune(now)[half:])
			values = append(values, now+part, part+now, now+" "+part, middle)
		}
	} else {
		values = append(d.pool.of(tree.Text), strings.ReplaceAll(now, part, ""), strings.ToUpper(now), "a"+now, now+"a")
	}
	out := v.becomeOne(d, n.Kids[0], values, elem, depth)
	parts := []any{now, ""}
	if runes := []rune(now); len(runes) > 1 {
		parts = append(parts, string(runes[:1]), string(runes[len(runes)-1:]))
	}
	if !want {
		parts = []any{now + "a", "a" + now, "b"}
	}
	return append(out, v.becomeOne(d, n.Kids[1], parts, elem, depth)...)
}

// loopMoves make a condition hold for some or all of the elements of a list, or
// not.
func (v *view) loopMoves(d *draft, n *tree.Node, want bool, elem *item, depth int) []move {
	items := v.list(n.Kids[0], elem)
	var out []move
	each := want || n.Op == tree.One
	for i, it := range items {
		if i < 6 {
			out = append(out, v.moves(d, n.Kids[1], each, it, depth)...)
		}
	}
	if n.Op == tree.One {
		for i, it := range items {
			if i < 6 {
				out = append(out, v.moves(d, n.Kids[1], false, it, depth)...)
			}
		}
	}
	out = append(out, v.removal(items)...)
	if n.Op == tree.One || want == (n.Op == tree.Any) {
		out = append(out, v.growing(d, n.Kids[0], n.Kids[1], each, elem, depth)...)
	}
	return out
}

// growing puts a new element into a list and makes a condition hold for it.
func (v *view) growing(d *draft, list, each *tree.Node, want bool, elem *item, depth int) []move {
	if depth >= mostNested {
		return nil
	}
	return []move{func(d *draft) bool {
		before := d.look()
		if before == nil {
			return false
		}
		size := len(before.list(list, elem))
		if !d.extend(list, elem, depth) {
			return false
		}
		after := d.look()
		if after == nil {
			return false
		}
		items, ok := after.tryList(list, elem)
		if !ok || len(items) <= size {
			return true
		}
		d.satisfy(each, want, items[len(items)-1], depth)
		return true
	}}
}

// extend puts a new element at the end of a list.
func (d *draft) extend(list *tree.Node, elem *item, depth int) bool {
	v := d.look()
	switch list.Op {
	case tree.Filter:
		return v.apply(d, v.growing(d, list.Kids[0], list.Kids[1], true, elem, depth+1))
	case tree.Map:
		return d.extend(list.Kids[0], elem, depth)
	case tree.Choice:
		side := list.Kids[2]
		if is, _ := v.holds(list.Kids[0], elem); is {
			side = list.Kids[1]
		}
		return d.extend(side, elem, depth)
	case tree.Call:
		return v.apply(d, v.callMoves(d, list, "a", elem, depth))
	}
	at := v.where(list, elem)
	if at == nil {
		return false
	}
	length := 0
	if l, ok := d.root.get(at).(*[]any); ok {
		length = len(*l)
	}
	t, _ := typeAt(at)
	if t.Elem == nil || length >= mostElements {
		return false
	}
	place := at.then(step{index: length})
	return d.put(place, least(place, t.Elem))
}

// mostElements bounds the lists that are made.
const mostElements = 60

// apply makes the first move that can be made.
func (v *view) apply(d *draft, moves []move) bool {
	for _, m := range moves {
		if m(d) {
			return true
		}
	}
	return false
}

// longer makes a list so long that an index finds something there.
func (v *view) longer(d *draft, n *tree.Node, elem *item, depth int) []move {
	i, _ := v.value(n.Kids[1], elem).(int64)
	out := v.becomeOne(d, n.Kids[1], []any{int64(0), int64(-1)}, elem, depth)
	needed := i + 1
	if i < 0 {
		needed = -i
	}
	if needed > mostElements {
		return out
	}
	return append(out, func(d *draft) bool {
		for range needed {
			v := d.look()
			if v == nil {
				return false
			}
			items, ok := v.tryList(n.Kids[0], elem)
			if !ok || int64(len(items)) >= needed {
				break
			}
			if !d.extend(n.Kids[0], elem, depth) {
				return false
			}
		}
		v := d.look()
		if v == nil {
			return false
		}
		if found, _ := safely(func() *item { return v.indexed(n, elem) }); found != nil {
			if _, gone := v.itemValue(found).(absent); gone && found.at != nil {
				t, _ := typeAt(found.at)
				return d.put(found.at, least(found.at, t))
			}
		}
		return true
	})
}
