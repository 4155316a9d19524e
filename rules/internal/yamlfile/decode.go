package yamlfile

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/afterword-go/afterword/internal/fields"
	"github.com/afterword-go/afterword/internal/nearest"
)

// A Decoder puts nodes into Go values. Structs are filled by their JSON names;
// every field that is neither a pointer nor tagged omitempty or omitzero must
// be there, and nothing else may be. A single group of keys is taken for a
// list of one where a slice of structs is wanted. Into an empty interface go
// string, int (int64 where it does not fit), float64, bool, []any and
// map[string]any. A value that is there but empty is a problem everywhere, but
// for Nulls. A field of type *yaml.Node takes its node as it is.
//
// Parts of the tree that [Parse] refused are passed over in silence.
//
// Both functions may be nil.
type Decoder struct {
	// Report is called for every problem, in file order. The node may be nil
	// if that is what Decode was given. Messages name keys, never values.
	Report func(n *yaml.Node, message string)

	// Text is called for every scalar decoded into a type t of kind string,
	// after it is set.
	Text func(n *yaml.Node, t reflect.Type)

	// Nulls lets null be a value, nil, inside an empty interface.
	Nulls bool

	needed bool // the value at hand cannot be left out
}

// deep bounds the steps from the node decoded to a node or pointer below it.
const deep = 4 * Nesting

// Decode puts the node n, which messages call what, into a value that can be
// set, or into what a pointer points to. It goes on after a problem; what it
// could not decode keeps its zero value.
func (d *Decoder) Decode(n *yaml.Node, what string, into reflect.Value) {
	if into.IsValid() && into.Kind() == reflect.Pointer && !into.CanSet() {
		into = into.Elem()
	}
	if !into.IsValid() || !into.CanSet() {
		d.report(n, "%s cannot be kept: the program gives no place for it", what)
		return
	}
	d.value(n, what, into, 0)
}

// nodeType is what takes a node as it is.
func nodeType() reflect.Type { return reflect.TypeFor[*yaml.Node]() }

func (d *Decoder) report(n *yaml.Node, format string, args ...any) {
	if d.Report != nil {
		d.Report(n, fmt.Sprintf(format, args...))
	}
}

func (d *Decoder) value(n *yaml.Node, what string, into reflect.Value, depth int) {
	needed := d.needed
	d.needed = false
	if into.Type() == nodeType() {
		into.Set(reflect.ValueOf(n))
		return
	}
	if needed && n != nil && n.Kind == yaml.ScalarNode && n.Tag == "!!null" && !tagged(n) {
		d.report(n, "%s is empty: give it a value", what)
		return
	}
	if !d.sound(n, what, depth) {
		return
	}
	switch into.Kind() {
	case reflect.Pointer:
		target := reflect.New(into.Type().Elem())
		d.value(n, what, target.Elem(), depth+1)
		into.Set(target)
	case reflect.Interface:
		if into.NumMethod() != 0 {
			d.unsupported(n, what, into.Type())
		} else if v := d.free(n, what, depth); v != nil {
			into.Set(reflect.ValueOf(v))
		}
	case reflect.Struct:
		d.group(n, what, into, depth)
	case reflect.Slice:
		d.slice(n, what, into, depth)
	case reflect.Map:
		d.named(n, what, into, depth)
	default:
		d.scalar(n, what, into)
	}
}

// sound tells whether a node can be decoded, and reports why not unless Parse
// has done so.
func (d *Decoder) sound(n *yaml.Node, what string, depth int) bool {
	switch {
	case n == nil:
		d.report(n, "%s is missing", what)
	case n.Kind == yaml.AliasNode || tagged(n):
	case depth > deep:
		d.report(n, "%s is nested too deep: write it flatter", what)
	case n.Kind == yaml.ScalarNode && n.Tag == "!!null":
		d.report(n, "%s is empty: give it a value, or leave its key out", what)
	case n.Kind != yaml.ScalarNode && n.Kind != yaml.MappingNode && n.Kind != yaml.SequenceNode:
		d.report(n, "%s is not a value", what)
	default:
		return true
	}
	return false
}

func (d *Decoder) unsupported(n *yaml.Node, what string, t reflect.Type) {
	d.report(n, "%s cannot be given in a file: its type is %s", what, t)
}

// group fills a struct.
func (d *Decoder) group(n *yaml.Node, what string, into reflect.Value, depth int) {
	if n.Kind != yaml.MappingNode {
		d.report(n, "%s must be a group of keys, not %s", what, kind(n))
		return
	}
	given := entries(n)
	known := map[string]fields.Field{}
	var names, absent []string
	for _, f := range fields.Of(into.Type()) {
		known[f.Name] = f
		names = append(names, f.Name)
		if !slices.ContainsFunc(given, func(e entry) bool { return e.key.Value == f.Name }) {
			absent = append(absent, f.Name)
		}
	}
	// A name that is near an unknown key is probably that key: it is one
	// mistake, and reported at the key.
	meant := map[string]string{}
	for _, e := range given {
		if _, ok := known[e.key.Value]; ok {
			continue
		}
		if name, ok := nearest.To(e.key.Value, slices.Values(absent)); ok {
			meant[e.key.Value] = name
			absent = slices.DeleteFunc(absent, func(a string) bool { return a == name })
		}
	}
	absent = slices.DeleteFunc(absent, func(name string) bool { return known[name].Optional })
	if len(absent) > 0 && !incomplete(n) {
		d.report(n, "%s lacks %s", what, strings.Join(absent, ", "))
	}
	for _, e := range given {
		f, ok := known[e.key.Value]
		switch {
		case !ok:
			d.unknown(e.key, what, meant[e.key.Value], names)
		default:
			d.field(e, what+"."+f.Name, into, f, depth)
		}
	}
}

func (d *Decoder) unknown(key *yaml.Node, what, meant string, names []string) {
	name := short(key.Value)
	if near, ok := nearest.To(key.Value, slices.Values(names)); ok && meant == "" {
		meant = near
	}
	switch {
	case key.Tag == "!!null":
		d.report(key, "a key of %s is empty: write its name", what)
	case meant != "":
		d.report(key, "unknown key %q in %s: did you mean %s?", name, what, meant)
	case len(names) == 0:
		d.report(key, "unknown key %q in %s: it has no keys", name, what)
	default:
		d.report(key, "unknown key %q in %s: the keys are %s", name, what, strings.Join(names, ", "))
	}
}

// field decodes into the field f of a struct, through embedded structs.
func (d *Decoder) field(e entry, what string, into reflect.Value, f fields.Field, depth int) {
	for i, x := range f.Index {
		if i > 0 && into.Kind() == reflect.Pointer {
			if into.IsNil() && into.CanSet() {
				into.Set(reflect.New(into.Type().Elem()))
			}
			into = into.Elem()
		}
		if into.IsValid() {
			into = into.Field(x)
		}
	}
	if !into.CanSet() {
		d.unsupported(e.key, what, f.Type)
		return
	}
	d.needed = !f.Optional
	d.value(e.value, what, into, depth+1)
}

// slice fills a slice from a list, or from a single group of keys.
func (d *Decoder) slice(n *yaml.Node, what string, into reflect.Value, depth int) {
	t := into.Type()
	switch {
	case n.Kind == yaml.SequenceNode:
		all := reflect.MakeSlice(t, len(n.Content), len(n.Content))
		for i, child := range n.Content {
			d.value(child, fmt.Sprintf("%s[%d]", what, i), all.Index(i), depth+1)
		}
		into.Set(all)
	case n.Kind == yaml.MappingNode && grouped(t.Elem()):
		all := reflect.MakeSlice(t, 1, 1)
		d.value(n, what, all.Index(0), depth+1)
		into.Set(all)
	case grouped(t.Elem()):
		d.report(n, "%s must be a group of keys (%s) or a list of them, not %s", what, keysOf(t.Elem()), kind(n))
	default:
		d.report(n, "%s must be a list, not %s", what, kind(n))
	}
}

// grouped tells whether t is a struct or a pointer to one.
func grouped(t reflect.Type) bool {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.Kind() == reflect.Struct
}

// keysOf names the keys of a struct.
func keysOf(t reflect.Type) string {
	const most = 10
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	var names []string
	for _, f := range fields.Of(t) {
		if len(names) == most {
			names = append(names, "…")
			break
		}
		names = append(names, f.Name)
	}
	return strings.Join(names, ", ")
}

// named fills a map.
func (d *Decoder) named(n *yaml.Node, what string, into reflect.Value, depth int) {
	t := into.Type()
	if t.Key().Kind() != reflect.String {
		d.unsupported(n, what, t)
		return
	}
	if n.Kind != yaml.MappingNode {
		d.report(n, "%s must be a group of keys, not %s", what, kind(n))
		return
	}
	into.Set(reflect.MakeMap(t))
	for _, e := range entries(n) {
		if !d.name(e.key, what) {
			continue
		}
		v := reflect.New(t.Elem()).Elem()
		d.value(e.value, what+"."+short(e.key.Value), v, depth+1)
		into.SetMapIndex(reflect.ValueOf(e.key.Value).Convert(t.Key()), v)
	}
}
