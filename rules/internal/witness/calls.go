package witness

import (
	"strings"

	"github.com/afterword-go/afterword/rules/internal/tree"
)

// callMoves are changes that may make a registered function return x, or a list
// that holds x. What it does with the input is not known: elements of lists are
// filled with its arguments and with x, field by field.
func (v *view) callMoves(d *draft, n *tree.Node, x any, elem *item, depth int) []move {
	var args []any
	for _, kid := range n.Kids {
		if y, ok := v.try(kid, elem); ok {
			args = append(args, y)
		}
	}
	var out []move
	if n.Func.TakesInput {
		out = d.asked(args, x, n.Type.Kind == tree.List)
		v.spend(len(out) / 16) // they are many
	}
	if depth >= mostNested {
		return out
	}
	for i, kid := range n.Kids {
		for j, y := range args {
			if i != j {
				out = append(out, v.tryBecome(d, kid, y, elem, depth+1)...)
			}
		}
		out = append(out, v.argumentMoves(d, kid, x, elem, depth+1)...)
	}
	return out
}

// argumentMoves are changes of what a registered function is called with, whose
// result shall be x: anything that is named, and what is near to it now.
func (v *view) argumentMoves(d *draft, arg *tree.Node, x any, elem *item, depth int) []move {
	t := arg.Type
	if t.Kind == tree.List {
		t = t.Elem
	}
	values := append(d.pool.others(t.Kind), x)
	if now, ok := v.try(arg, elem); ok {
		values = append(values, near(now)...)
	}
	var out []move
	for _, y := range values {
		if arg.Type.Kind == tree.List {
			if y = backTo(t.Kind, y); y != nil {
				moves, _ := safely(func() []move { return v.including(d, arg, y, elem, depth) })
				out = append(out, moves...)
			}
			continue
		}
		out = append(out, v.tryBecome(d, arg, y, elem, depth)...)
	}
	if arg.Type.Kind == tree.List {
		out = append(out, func(d *draft) bool { return d.extend(arg, elem, depth) })
	}
	return out
}

// near are values near to one.
func near(x any) []any {
	switch x := x.(type) {
	case int64:
		return []any{x + 1, x - 1, x + 10, x - 10, 2 * x, x / 2}
	case float64:
		return []any{x + 1, x - 1, x + 10, x - 10, 2 * x, x / 2}
	case string:
		return []any{x + "a", x + " "}
	}
	return nil
}

// asked fills fields and elements of lists for a function that reads the input:
// one field is an argument, and another one what it shall return.
func (d *draft) asked(args []any, x any, many bool) []move {
	values := []any{x}
	if many {
		values = append(values, d.several(x)...)
	}
	var out []move
	for i := range d.Input.Fields {
		f := &d.Input.Fields[i]
		at := path{{field: f}}
		switch {
		case f.Type.Kind == tree.List && f.Type.Elem != nil:
			out = append(out, d.askedOf(at, f.Type.Elem, args, values)...)
		case f.Type.Kind != tree.Invalid && f.Type.Kind != tree.Group:
			for _, y := range append(values, args...) {
				if y = backTo(f.Type.Kind, y); y != nil {
					out = append(out, setting(at, y))
				}
			}
		}
	}
	return out
}

// several are texts that hold a text beside others, as far as functions take
// texts apart.
func (d *draft) several(x any) []any {
	s, ok := x.(string)
	if !ok {
		return nil
	}
	other := "a"
	if texts := d.pool.values[tree.Text]; len(texts) > 0 {
		other, _ = texts[d.random.IntN(len(texts))].(string)
	}
	var out []any
	for _, between := range []string{";", ",", " "} {
		out = append(out, s+between+other, strings.Join([]string{s, other, "b"}, between))
	}
	return out
}

// askedOf does it for the elements of one list: those that are there and hold an
// argument, and a new one.
func (d *draft) askedOf(list path, elem *tree.Type, args, values []any) []move {
	length := 0
	if l, ok := d.root.get(list).(*[]any); ok {
		length = len(*l)
	}
	if elem.Kind != tree.Group {
		var out []move
		for _, y := range append(values, args...) {
			if y = backTo(elem.Kind, y); y != nil {
				out = append(out, setting(list.then(step{index: length}), y))
			}
		}
		return out
	}
	var out []move
	for i := range elem.Fields {
		key := &elem.Fields[i]
		if key.Type.Kind == tree.Invalid || key.Type.Kind == tree.Group || key.Type.Kind == tree.List {
			continue
		}
		for _, arg := range args {
			arg = backTo(key.Type.Kind, arg)
			if arg == nil {
				continue
			}
			place := list.then(step{index: d.holding(list, key, arg, length)})
			for j := range elem.Fields {
				if i != j {
					out = append(out, d.answering(place, key, arg, &elem.Fields[j], values)...)
				}
			}
		}
	}
	return out
}

// holding is the place of the element whose field is an argument, or the first
// free one.
func (d *draft) holding(list path, key *tree.Field, arg any, length int) int {
	for i := range length {
		if d.root.get(list.then(step{index: i}).then(step{field: key})) == arg {
			return i
		}
	}
	return length
}

// answering sets two fields of an element.
func (d *draft) answering(place path, key *tree.Field, arg any, value *tree.Field, values []any) []move {
	var out []move
	for _, y := range values {
		switch value.Type.Kind {
		case tree.List:
			if value.Type.Elem == nil {
				continue
			}
			if y = backTo(value.Type.Elem.Kind, y); y != nil {
				y = &[]any{y}
			}
		default:
			y = backTo(value.Type.Kind, y)
		}
		if y == nil {
			continue
		}
		out = append(out, func(d *draft) bool {
			return d.put(place.then(step{field: key}), arg) && d.put(place.then(step{field: value}), clone(y))
		})
	}
	return out
}

// callAbsence takes away what a registered function may have found.
func (v *view) callAbsence(d *draft, n *tree.Node, elem *item) []move {
	if !n.Func.TakesInput {
		var out []move
		for _, kid := range n.Kids {
			for _, x := range d.pool.of(kid.Type.Kind) {
				out = append(out, v.tryBecome(d, kid, x, elem, 1)...)
			}
		}
		return out
	}
	var out []move
	for i := range d.Input.Fields {
		at := path{{field: &d.Input.Fields[i]}}
		now := d.root.get(at)
		if now == nil {
			continue
		}
		out = append(out, func(d *draft) bool { return d.drop(at) })
		list, ok := now.(*[]any)
		if !ok {
			continue
		}
		for i := range *list {
			place := at.then(step{index: i})
			out = append(out, func(d *draft) bool { return d.drop(place) })
			group, ok := (*list)[i].(record)
			if !ok {
				continue
			}
			t, _ := typeAt(place)
			for j := range t.Fields {
				inner := place.then(step{field: &t.Fields[j]})
				if _, ok := group[t.Fields[j].Name]; ok {
					out = append(out, func(d *draft) bool { return d.drop(inner) })
				}
			}
		}
	}
	return out
}
