package witness

import (
	"cmp"
	"reflect"
	"strings"
	"time"

	"github.com/afterword-go/afterword/rules/internal/tree"
)

// field is the value of a field of the input or of a group.
func (v *view) field(n *tree.Node, elem *item) any {
	group := v.in
	if len(n.Kids) > 0 {
		base, ok := v.value(n.Kids[0], elem).(reflect.Value)
		if !ok {
			return absent{}
		}
		group = base
	}
	found, there := fieldOf(group, n.Field)
	if !there {
		return absent{}
	}
	if n.Type.Kind == tree.List {
		return v.elements(found, v.where(n, elem))
	}
	return valueOf(found)
}

// fieldOf is a field of a struct, and whether it is there.
func fieldOf(group reflect.Value, f *tree.Field) (reflect.Value, bool) {
	found, err := group.FieldByIndexErr(f.Index)
	if err != nil || found.Kind() == reflect.Pointer && found.IsNil() {
		return reflect.Value{}, false
	}
	if found.Kind() == reflect.Pointer {
		return found.Elem(), true
	}
	if f.EmptyAbsent && found.Kind() == reflect.Slice && found.Len() == 0 {
		return reflect.Value{}, false
	}
	if f.ZeroAbsent {
		if at, ok := found.Interface().(time.Time); ok {
			return found, !at.IsZero()
		}
		return found, !found.IsZero()
	}
	return found, true
}

// valueOf is a value of the input that is no list.
func valueOf(x reflect.Value) any {
	for x.Kind() == reflect.Pointer {
		if x.IsNil() {
			return absent{}
		}
		x = x.Elem()
	}
	switch {
	case x.Kind() == reflect.Bool:
		return x.Bool()
	case x.CanInt():
		return x.Int()
	case x.CanUint():
		if x.Uint() > 1<<63-1 {
			panic(failed{})
		}
		return int64(x.Uint())
	case x.CanFloat():
		return x.Float()
	case x.Kind() == reflect.String:
		return x.String()
	}
	if at, ok := x.Interface().(time.Time); ok {
		return at
	}
	return x
}

// elements are those of a list that lies at a path.
func (v *view) elements(list reflect.Value, at path) []*item {
	out := make([]*item, list.Len())
	for i := range out {
		if at == nil {
			out[i] = &item{fixed: v.lying(list.Index(i))}
		} else {
			out[i] = &item{at: at.then(step{index: i})}
		}
	}
	return out
}

// lying is a value or a list that lies nowhere in the payload.
func (v *view) lying(x reflect.Value) any {
	if x.Kind() == reflect.Slice {
		return v.elements(x, nil)
	}
	return valueOf(x)
}

// itemValue is the value of an item in this view.
func (v *view) itemValue(it *item) any {
	switch {
	case it == nil:
		panic(failed{})
	case it.via != nil:
		return v.value(it.via, it.of)
	case it.at == nil:
		return it.fixed
	}
	found, ok := v.find(it.at)
	if !ok {
		return absent{}
	}
	if found.Kind() == reflect.Slice {
		return v.elements(found, it.at)
	}
	return valueOf(found)
}

// find is what lies at a path.
func (v *view) find(p path) (reflect.Value, bool) {
	x := v.in
	for _, s := range p {
		for x.Kind() == reflect.Pointer {
			if x.IsNil() {
				return x, false
			}
			x = x.Elem()
		}
		if s.field == nil {
			if s.index >= x.Len() {
				return x, false
			}
			x = x.Index(s.index)
			continue
		}
		var there bool
		if x, there = fieldOf(x, s.field); !there {
			return x, false
		}
	}
	return x, true
}

// list is the elements of a list.
func (v *view) list(n *tree.Node, elem *item) []*item {
	switch n.Op {
	case tree.MakeList:
		out := make([]*item, len(n.Kids))
		for i, kid := range n.Kids {
			out[i] = &item{via: kid, of: elem}
		}
		return out
	case tree.Filter:
		var out []*item
		for _, it := range v.list(n.Kids[0], elem) {
			if v.value(n.Kids[1], it) == true {
				out = append(out, it)
			}
		}
		return out
	case tree.Map:
		items := v.list(n.Kids[0], elem)
		out := make([]*item, len(items))
		for i, it := range items {
			out[i] = &item{via: n.Kids[1], of: it}
		}
		return out
	}
	items, _ := v.value(n, elem).([]*item)
	return items
}

// indexed is the item that an index finds, or nil.
func (v *view) indexed(n *tree.Node, elem *item) *item {
	items := v.list(n.Kids[0], elem)
	i, ok := v.value(n.Kids[1], elem).(int64)
	if i < 0 {
		i += int64(len(items))
	}
	if !ok || i < 0 || i >= int64(len(items)) {
		return nil
	}
	return items[i]
}

// where is the place in the payload that n reads, or nil.
func (v *view) where(n *tree.Node, elem *item) path {
	switch n.Op {
	case tree.GetField:
		if len(n.Kids) == 0 {
			return path{{field: n.Field}}
		}
		if base := v.where(n.Kids[0], elem); base != nil {
			return base.then(step{field: n.Field})
		}
	case tree.Elem:
		if elem != nil {
			return v.wherever(elem)
		}
	case tree.Index:
		if found := v.indexed(n, elem); found != nil {
			return v.wherever(found)
		}
	case tree.Choice:
		if v.value(n.Kids[0], elem) == true {
			return v.where(n.Kids[1], elem)
		}
		return v.where(n.Kids[2], elem)
	}
	return nil
}

// wherever is the place of an item, or of what an item is made of unchanged.
func (v *view) wherever(it *item) path {
	if it.via != nil {
		return v.where(it.via, it.of)
	}
	return it.at
}

// call is what a registered function returns.
func (v *view) call(n *tree.Node, elem *item) any {
	in := n.Func.Go.Type()
	var args []reflect.Value
	if n.Func.TakesInput {
		args = append(args, reflect.ValueOf(v.input))
	}
	for _, kid := range n.Kids {
		x := v.value(kid, elem)
		if _, gone := x.(absent); gone {
			return absent{}
		}
		args = append(args, v.argument(x, in.In(len(args))))
	}
	out := n.Func.Go.Call(args)
	if n.Func.MayFail && !out[1].IsNil() {
		panic(failed{})
	}
	if n.Func.MayBeAbsent && !out[1].Bool() {
		return absent{}
	}
	return v.lying(out[0])
}

// argument is a value as a function takes it.
func (v *view) argument(x any, param reflect.Type) reflect.Value {
	items, ok := x.([]*item)
	if !ok {
		return reflect.ValueOf(x).Convert(param)
	}
	out := reflect.MakeSlice(param, len(items), len(items))
	for i, it := range items {
		out.Index(i).Set(reflect.ValueOf(v.itemValue(it)).Convert(param.Elem()))
	}
	return out
}

// compare puts two values of one kind in order.
func compare(a, b any) (int, bool) {
	if x, ok := a.(int64); ok {
		if y, ok := b.(float64); ok {
			return cmp.Compare(float64(x), y), true
		}
	}
	if y, ok := b.(int64); ok {
		if x, ok := a.(float64); ok {
			return cmp.Compare(x, float64(y)), true
		}
	}
	switch x := a.(type) {
	case int64:
		y, ok := b.(int64)
		return cmp.Compare(x, y), ok
	case float64:
		y, ok := b.(float64)
		return cmp.Compare(x, y), ok
	case string:
		y, ok := b.(string)
		return strings.Compare(x, y), ok
	case time.Time:
		y, ok := b.(time.Time)
		return x.Compare(y), ok
	case bool:
		y, ok := b.(bool)
		if x == y {
			return 0, ok
		}
		return 1, ok
	}
	return 0, false
}

// ordered tells whether a comparison holds.
func ordered(op tree.Op, a, b any) bool {
	order, ok := compare(a, b)
	return ok && op.Holds(order)
}
