package rules

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/afterword-go/afterword/rules/internal/check"
	"github.com/afterword-go/afterword/rules/internal/tree"
)

// A Reference lists what the rules of a set can read and call, for people who
// write rules. The caller owns it.
type Reference struct {
	Fields    []FieldInfo    // in the order of the Go types, groups before what is in them
	Functions []FunctionInfo // the language's, then the registered ones
}

// A FieldInfo tells of one field of the input.
type FieldInfo struct {
	// Name is the full path: idle.agentNonResponsive.time. [] stands behind a
	// list of groups: questionWithAnswers[].answer.
	Name string
	// Type is what a rule author would say: whole number, list of texts.
	Type string
	// Optional says that the field may be absent, itself or with a group
	// around it.
	Optional bool
	// Meaning is the field's tag "doc".
	Meaning string
	// Example is a value as JSON, a text without its quotes: the field's tag
	// "example", or what Sampled found. A group has none.
	Example string
}

// A FunctionInfo tells of a function that expressions may call.
type FunctionInfo struct {
	Name      string
	Signature string // the types of its parameters and its result: answer(text) text
	Meaning   string
	Example   string
	Optional  bool // its result may be absent
	Language  bool // it belongs to the rule language itself
}

// ReferenceOf lists what rules can read of an input of the Go type, a struct
// or a pointer to one, and what they can call: the functions of the language
// and those of cfg. Fields that rules cannot read or name are left out, and so
// is what lies in a group that holds itself, or beyond some 2,000 fields. The error tells why rules
// cannot read such an input, or which functions do not fit.
func ReferenceOf(input reflect.Type, cfg Config) (Reference, error) {
	if input != nil && input.Kind() == reflect.Pointer {
		input = input.Elem()
	}
	if input == nil || input.Kind() != reflect.Struct {
		return Reference{}, fmt.Errorf("the input of rules is a struct, not %v", input)
	}
	group := tree.TypeOf(input)
	w := fieldWalk{open: map[*tree.Type]bool{}}
	w.group("", group, input, false)
	resolved, errs := functions(cfg.Functions, group, input)
	out := Reference{Fields: w.found, Functions: language()}
	for _, f := range cfg.Functions {
		if of := resolved[f.name]; of != nil {
			out.Functions = append(out.Functions, FunctionInfo{
				Name: f.name, Signature: signature(of), Meaning: f.meaning, Example: f.example, Optional: of.MayBeAbsent,
			})
		}
	}
	return out, errors.Join(errs...)
}

// maxFields bounds how many fields a reference goes into: groups that hold one
// another in turns lead to more paths than anybody reads.
const maxFields = 2_000

// A fieldWalk lists the fields of a type.
type fieldWalk struct {
	open  map[*tree.Type]bool // the groups around
	found []FieldInfo
}

func (w *fieldWalk) group(prefix string, group *tree.Type, in reflect.Type, optional bool) {
	if w.open[group] || len(w.found) >= maxFields {
		return
	}
	w.open[group] = true
	defer delete(w.open, group)
	for in.Kind() == reflect.Pointer {
		in = in.Elem()
	}
	for _, f := range group.Fields {
		if f.Type.Kind == tree.Invalid || !nameable(f.Name, prefix != "") {
			continue
		}
		tag := in.FieldByIndex(f.Index).Tag
		w.found = append(w.found, FieldInfo{
			Name: prefix + f.Name, Type: bare(f.Type), Optional: optional || f.Optional,
			Meaning: tag.Get("doc"), Example: tag.Get("example"),
		})
		w.inside(prefix+f.Name, f.Type, f.Go, optional || f.Optional)
	}
}

// inside lists what lies in a group or in the elements of a list.
func (w *fieldWalk) inside(name string, t *tree.Type, in reflect.Type, optional bool) {
	for in.Kind() == reflect.Pointer {
		in = in.Elem()
	}
	switch t.Kind {
	case tree.Group:
		w.group(name+".", t, in, optional)
	case tree.List:
		w.inside(name+"[]", t.Elem, in.Elem(), t.ElemOptional)
	}
}

// nameable tells whether an expression can name a field. Inside a group, the
// words of the language are names like others.
func nameable(name string, inside bool) bool {
	return check.Identifier(name) || inside && slices.Contains(check.Reserved(), name)
}

// bare names a type without its article.
func bare(t *tree.Type) string {
	if t.Kind == tree.Group {
		return "group"
	}
	return strings.TrimPrefix(t.String(), "a ")
}

// signature is how a registered function is called, and what comes of it.
func signature(f *tree.Function) string {
	params := make([]string, len(f.Params))
	for i, p := range f.Params {
		params[i] = bare(p)
	}
	return f.Name + "(" + strings.Join(params, ", ") + ") " + bare(f.Result)
}

// nameIn is the name of the function of a signature.
func nameIn(signature string) string {
	name, _, _ := strings.Cut(signature, "(")
	return name
}

// Sampled is the reference with an example for every field that has none and
// has a value in payload, which is JSON: the first such value is taken.
func (r Reference) Sampled(payload []byte) (Reference, error) {
	decoder := json.NewDecoder(bytes.NewReader(payload))
	decoder.UseNumber()
	var sample any
	if err := decoder.Decode(&sample); err != nil {
		return r, fmt.Errorf("the sample is not JSON: %w", err)
	}
	r.Fields = slices.Clone(r.Fields)
	for i := range r.Fields {
		f := &r.Fields[i]
		if f.Example == "" {
			f.Example = shown(valueAt(sample, strings.Split(f.Name, ".")))
		}
	}
	return r, nil
}

// valueAt is the first value in v at the end of a path, nil without one.
func valueAt(v any, path []string) any {
	if len(path) == 0 {
		return v
	}
	group, _ := v.(map[string]any)
	name := strings.TrimRight(path[0], "[]")
	return firstAt(group[name], strings.Count(path[0], "[]"), path[1:])
}

// firstAt looks through lists within lists.
func firstAt(v any, lists int, path []string) any {
	if lists == 0 {
		return valueAt(v, path)
	}
	list, _ := v.([]any)
	for _, item := range list {
		if found := firstAt(item, lists-1, path); found != nil {
			return found
		}
	}
	return nil
}

// shown is a value as JSON, and a text as it is. It is empty for groups.
func shown(v any) string {
	if text, ok := v.(string); ok {
		return text
	}
	data, err := json.Marshal(v)
	if err != nil || v == nil || !plain(v) {
		return ""
	}
	return string(data)
}

// plain tells whether a value is neither a group nor a list of groups.
func plain(v any) bool {
	switch v := v.(type) {
	case map[string]any:
		return false
	case []any:
		return !slices.ContainsFunc(v, func(item any) bool { return !plain(item) })
	}
	return true
}
