package witness

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/afterword-go/afterword/rules/internal/tree"
)

// become are changes that may give the term n the value x.
func (v *view) become(d *draft, n *tree.Node, x any, elem *item, depth int) []move {
	v.spend(1)
	if _, gone := x.(absent); gone || x == nil {
		return nil
	}
	switch n.Op {
	case tree.GetField, tree.Elem, tree.Index:
		return v.readMoves(d, n, x, elem, depth)
	case tree.Call:
		return v.callMoves(d, n, x, elem, depth)
	case tree.Choice:
		return v.choiceMoves(d, n, x, elem, depth)
	case tree.Len, tree.Count, tree.Sum:
		return v.listMoves(d, n, x, elem, depth)
	case tree.Add, tree.Sub, tree.Mul, tree.Div, tree.Mod:
		return v.sumMoves(d, n, x, elem, depth)
	case tree.Neg:
		return v.become(d, n.Kids[0], negative(x), elem, depth)
	case tree.Widen, tree.ToInt, tree.ToFloat, tree.ToText:
		return v.become(d, n.Kids[0], backTo(n.Kids[0].Type.Kind, x), elem, depth)
	case tree.Lower, tree.Upper:
		return v.become(d, n.Kids[0], x, elem, depth)
	case tree.Trim:
		out := v.become(d, n.Kids[0], x, elem, depth)
		if s, ok := x.(string); ok {
			out = append(out, v.become(d, n.Kids[0], s+" ", elem, depth)...)
		}
		return out
	case tree.Concat:
		return v.joinMoves(d, n, x, elem, depth)
	case tree.Join:
		return v.including(d, n.Kids[0], x, elem, depth)
	}
	if n.Type.Kind == tree.Bool {
		if want, ok := x.(bool); ok {
			return v.moves(d, n, want, elem, depth)
		}
	}
	return nil
}

// readMoves write to where a read reads.
func (v *view) readMoves(d *draft, n *tree.Node, x any, elem *item, depth int) []move {
	if at := v.where(n, elem); at != nil {
		t, _ := typeAt(at)
		if x = backTo(t.Kind, x); x == nil {
			return nil
		}
		out := []move{setting(at, x)}
		if d.root.get(at) != nil {
			out = append(out, v.splitting(n, x, elem)...)
		}
		return out
	}
	var made *item
	switch n.Op {
	case tree.Elem:
		made = elem
	case tree.Index:
		if made = v.indexed(n, elem); made == nil {
			return v.longer(d, n, elem, depth)
		}
	}
	switch {
	case made == nil:
		return nil
	case made.via != nil:
		return v.become(d, made.via, x, made.of, depth)
	case n.Op == tree.Index:
		return v.including(d, n.Kids[0], x, elem, depth)
	}
	return nil
}

// splitting writes to an element that an index finds, and leaves what was there
// beside it: the first and the last element may be one.
func (v *view) splitting(n *tree.Node, x any, elem *item) []move {
	read := n
	for read.Op == tree.GetField && len(read.Kids) > 0 {
		read = read.Kids[0]
	}
	if read.Op != tree.Index {
		return nil
	}
	at := v.where(read, elem)
	if len(at) == 0 || at[len(at)-1].field != nil || len(v.list(read.Kids[0], elem)) > 3 {
		return nil
	}
	return []move{func(d *draft) bool {
		list, ok := d.root.get(at[:len(at)-1]).(*[]any)
		i := at[len(at)-1].index
		if !ok || i >= len(*list) {
			return false
		}
		*list = slices.Insert(*list, i, clone((*list)[i]))
		d.change()
		v := d.look()
		if v == nil {
			return false
		}
		place, _ := safely(func() path { return v.where(n, elem) })
		return place != nil && d.put(place, clone(x))
	}}
}

// backTo is a value as one of another kind, such as the text "5" for 5; nil if
// it has none.
func backTo(kind tree.Kind, x any) any {
	switch kind {
	case tree.Int:
		switch x := x.(type) {
		case int64:
			return x
		case float64:
			if x == math.Trunc(x) && math.Abs(x) < 1<<53 {
				return int64(x)
			}
		case string:
			if i, ok := toInt(x).(int64); ok {
				return i
			}
		}
	case tree.Float:
		if f, ok := toFloat(x).(float64); ok && !math.IsNaN(f) && !math.IsInf(f, 0) {
			return f
		}
	case tree.Text:
		s, _ := shown(x).(string)
		return s
	case tree.Bool:
		switch x := x.(type) {
		case bool:
			return x
		case string:
			if b, err := strconv.ParseBool(x); err == nil {
				return b
			}
		}
	case tree.Time:
		switch x := x.(type) {
		case time.Time:
			return x
		case string:
			if t, err := time.Parse(time.RFC3339, x); err == nil {
				return t
			}
		}
	}
	return nil
}

// choiceMoves give the chosen side a value, or choose the other one.
func (v *view) choiceMoves(d *draft, n *tree.Node, x any, elem *item, depth int) []move {
	is, _ := v.value(n.Kids[0], elem).(bool)
	now, other := n.Kids[2], n.Kids[1]
	if is {
		now, other = other, now
	}
	out := v.become(d, now, x, elem, depth)
	if depth >= mostNested {
		return out
	}
	return append(out, func(d *draft) bool {
		if !d.satisfy(n.Kids[0], !is, elem, depth) {
			return false
		}
		v := d.look()
		if got, _ := v.try(other, elem); equal(got, x) {
			return true
		}
		moves := v.tryBecome(d, other, x, elem, depth+1)
		if len(moves) == 0 {
			return true
		}
		return moves[d.random.IntN(len(moves))](d)
	})
}

func equal(a, b any) bool {
	order, ok := compare(a, b)
	return ok && order == 0
}

// listMoves make a list as long as it is wanted, or its elements come to a sum.
func (v *view) listMoves(d *draft, n *tree.Node, x any, elem *item, depth int) []move {
	list := n.Kids[0]
	if n.Op == tree.Len && list.Type.Kind == tree.Text {
		return v.lengthMoves(d, list, x, elem, depth)
	}
	if n.Op == tree.Sum {
		return v.totalMoves(d, n, x, elem, depth)
	}
	size, ok := backTo(tree.Int, x).(int64)
	if !ok || size < 0 || size > mostElements {
		return nil
	}
	now, _ := v.value(n, elem).(int64)
	items := v.list(list, elem)
	if now > size {
		out := v.removal(items)
		return append(out, func(d *draft) bool { return d.shorten(list, elem, int(now-size)) })
	}
	return []move{func(d *draft) bool {
		for i := now; i < size; i++ {
			v := d.look()
			if v == nil {
				return false
			}
			grow := func(d *draft) bool { return d.extend(list, elem, depth) }
			if n.Op == tree.Count {
				grow = v.growing(d, list, n.Kids[1], true, elem, depth)[0]
			}
			if !grow(d) {
				return false
			}
		}
		return true
	}}
}

// shorten takes elements off the end of a list.
func (d *draft) shorten(list *tree.Node, elem *item, by int) bool {
	for range by {
		v := d.look()
		if v == nil {
			return false
		}
		items, ok := v.tryList(list, elem)
		if !ok || len(items) == 0 {
			return false
		}
		last := v.removal(items[len(items)-1:])
		if len(last) == 0 || !last[0](d) {
			return false
		}
	}
	return true
}

// lengthMoves give a text a length.
func (v *view) lengthMoves(d *draft, text *tree.Node, x any, elem *item, depth int) []move {
	size, ok := backTo(tree.Int, x).(int64)
	if !ok || size < 0 || size > mostText {
		return nil
	}
	now, _ := v.value(text, elem).(string)
	runes := []rune(now)
	if int(size) <= len(runes) {
		return v.becomeOne(d, text, []any{string(runes[:size]), string(runes[len(runes)-int(size):])}, elem, depth)
	}
	more := strings.Repeat("a", int(size)-len(runes))
	half := len(runes) / 2
	values := []any{now + more, more + now, string(runes[:half]) + more + string(runes[half:])}
	if len(runes) > 0 { // what is there already is more likely to fit
		values = append(values,
			now+strings.Repeat(string(runes[len(runes)-1]), len(more)),
			string(runes[:half])+strings.Repeat(string(runes[half]), len(more))+string(runes[half:]),
			strings.Repeat(string(runes[0]), len(more))+now)
	}
	return v.becomeOne(d, text, values, elem, depth)
}

// mostText bounds the texts that are made, in characters.
const mostText = 20_000

// totalMoves make the elements of a list come to a sum.
func (v *view) totalMoves(d *draft, n *tree.Node, x any, elem *item, depth int) []move {
	now := v.value(n, elem)
	items := v.list(n.Kids[0], elem)
	out := v.removal(items)
	for _, it := range items {
		out = append(out, v.become(d, n.Kids[1], minus(x, minus(now, v.value(n.Kids[1], it))), it, depth)...)
	}
	return append(out, func(d *draft) bool {
		if !d.extend(n.Kids[0], elem, depth) {
			return false
		}
		v := d.look()
		if v == nil {
			return false
		}
		items, ok := v.tryList(n.Kids[0], elem)
		if !ok || len(items) == 0 {
			return false
		}
		moves := v.tryBecome(d, n.Kids[1], minus(x, now), items[len(items)-1], depth+1)
		v.apply(d, moves)
		return true
	})
}

func minus(a, b any) any {
	switch x := a.(type) {
	case int64:
		if y, ok := b.(int64); ok {
			return x - y
		}
		if y, ok := b.(float64); ok {
			return float64(x) - y
		}
	case float64:
		if y, ok := toFloat(b).(float64); ok {
			return x - y
		}
	}
	return a
}

// sumMoves solve an operation for each of its sides.
func (v *view) sumMoves(d *draft, n *tree.Node, x any, elem *item, depth int) []move {
	left, right := v.value(n.Kids[0], elem), v.value(n.Kids[1], elem)
	a, okA := measureOf(left)
	b, okB := measureOf(right)
	want, ok := measureOf(x)
	if !ok || !okA || !okB {
		return nil
	}
	var lefts, rights []float64
	switch n.Op {
	case tree.Add:
		lefts, rights = []float64{want - b}, []float64{want - a}
	case tree.Sub:
		lefts, rights = []float64{want + b}, []float64{a - want}
	case tree.Mul:
		if b != 0 {
			q := want / b
			lefts = append(lefts, q, math.Floor(q), math.Ceil(q))
		}
		if a != 0 {
			q := want / a
			rights = append(rights, q, math.Floor(q), math.Ceil(q))
		}
		if b == 0 || a == 0 {
			lefts, rights = append(lefts, 1, want), append(rights, 1, want)
		}
	case tree.Div:
		lefts = []float64{want * b, math.Floor(want * b), math.Ceil(want * b)}
		if want != 0 {
			rights = []float64{a / want, math.Floor(a / want), math.Ceil(a / want)}
		}
		rights = append(rights, 1, 2)
	case tree.Mod:
		lefts = []float64{want, want + b, want - b, a - math.Mod(a, nonZero(b)) + want}
		rights = []float64{a - want, want + 1, 2, 3, 1}
	}
	return append(v.becomeNumber(d, n.Kids[0], lefts, elem, depth), v.becomeNumber(d, n.Kids[1], rights, elem, depth)...)
}

func nonZero(x float64) float64 {
	if x == 0 {
		return 1
	}
	return x
}

func measureOf(x any) (float64, bool) {
	switch x := x.(type) {
	case int64:
		return float64(x), true
	case float64:
		return x, true
	}
	return 0, false
}

func (v *view) becomeNumber(d *draft, n *tree.Node, values []float64, elem *item, depth int) []move {
	var out []move
	for _, x := range values {
		if y := backTo(n.Type.Kind, x); y != nil {
			out = append(out, v.become(d, n, y, elem, depth)...)
		}
	}
	return out
}

// joinMoves solve a text put together of two for each of them.
func (v *view) joinMoves(d *draft, n *tree.Node, x any, elem *item, depth int) []move {
	want, ok := x.(string)
	if !ok {
		return nil
	}
	a, _ := v.value(n.Kids[0], elem).(string)
	b, _ := v.value(n.Kids[1], elem).(string)
	var out []move
	if front, ok := strings.CutSuffix(want, b); ok {
		out = append(out, v.become(d, n.Kids[0], front, elem, depth)...)
	}
	if back, ok := strings.CutPrefix(want, a); ok {
		out = append(out, v.become(d, n.Kids[1], back, elem, depth)...)
	}
	out = append(out, v.become(d, n.Kids[0], want, elem, depth)...)
	return append(out, v.become(d, n.Kids[1], want, elem, depth)...)
}

// including makes a list hold a value.
func (v *view) including(d *draft, list *tree.Node, x any, elem *item, depth int) []move {
	if _, gone := x.(absent); gone || depth >= mostNested {
		return nil
	}
	switch list.Op {
	case tree.Call:
		return v.callMoves(d, list, x, elem, depth)
	case tree.MakeList:
		var out []move
		for _, kid := range list.Kids {
			out = append(out, v.become(d, kid, x, elem, depth)...)
		}
		return out
	}
	var out []move
	for i, it := range v.list(list, elem) {
		if i == 6 {
			break
		}
		if it.via != nil {
			out = append(out, v.become(d, it.via, x, it.of, depth)...)
		} else if it.at != nil {
			out = append(out, setting(it.at, x))
		}
	}
	return append(out, func(d *draft) bool {
		if !d.extend(list, elem, depth) {
			return false
		}
		v := d.look()
		if v == nil {
			return false
		}
		items, ok := v.tryList(list, elem)
		if !ok || len(items) == 0 {
			return false
		}
		last := items[len(items)-1]
		if last.at != nil {
			return d.put(last.at, x)
		}
		if last.via != nil {
			return v.apply(d, v.tryBecome(d, last.via, x, last.of, depth+1))
		}
		return false
	})
}
