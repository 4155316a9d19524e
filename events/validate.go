package events

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/go-playground/validator/v10"
)

// rulebook is the validator of all kinds. It may be used by several
// goroutines at once and is made when the first kind with rules needs it.
var rulebook = sync.OnceValue(func() *validator.Validate {
	return validator.New(validator.WithRequiredStructEnabled())
})

// A selfCheck is a type with rules that no tag can say. It gives the path of
// each fault relative to itself.
type selfCheck interface{ check() []Problem }

// validate holds v against the validate tags of its type. Its messages are
// made of the field's path and of the tag alone.
func (s *shape) validate(v reflect.Value, root string) []Problem {
	var problems []Problem
	if s.rules && (s.surely == nil || !s.surely(v)) {
		problems = validate(v, root)
	}
	if own, ok := v.Addr().Interface().(selfCheck); ok {
		for _, p := range own.check() {
			problems = append(problems, Problem{Path: root + p.Path, Message: p.Message})
		}
	}
	return problems
}

func validate(v reflect.Value, root string) (problems []Problem) {
	defer func() {
		// The validator panics on tags that do not fit their field. Such
		// types are refused when their kind is made; a tag that only breaks
		// on certain values is refused here.
		if recover() != nil {
			problems = []Problem{{Path: root, Message: "has a validate tag that does not fit its field; correct the type"}}
		}
	}()
	for v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
	}
	var err error
	switch v.Kind() {
	case reflect.Struct:
		err = rulebook().Struct(v.Addr().Interface())
	case reflect.Slice, reflect.Array, reflect.Map:
		if v.Len() > 0 {
			err = rulebook().Var(v.Interface(), "dive")
		}
	}
	var all validator.ValidationErrors
	if err == nil || !errors.As(err, &all) {
		return nil // other errors are found by tryRules
	}
	for _, fault := range all {
		problems = append(problems, Problem{Path: rulePath(fault, v, root), Message: ruleMessage(fault)})
	}
	return problems
}

// rulePath gives a fault's place in JSON names. The validator tells it in Go
// names, the type's own first, and with the keys of maps: the path ends before
// the first of those.
func rulePath(fault validator.FieldError, v reflect.Value, root string) string {
	w := walk{root: root}
	rest, t := fault.StructNamespace(), v.Type()
	if t.Kind() == reflect.Struct {
		_, rest, _ = strings.Cut(rest, ".")
	}
	for rest != "" {
		for t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		switch t.Kind() {
		case reflect.Slice, reflect.Array:
			position, after, _ := strings.Cut(strings.TrimPrefix(rest, "["), "]")
			i, err := strconv.Atoi(position)
			if err != nil {
				return w.at()
			}
			w.path = append(w.path, step{index: i})
			rest, t = strings.TrimPrefix(after, "."), t.Elem()
		case reflect.Struct:
			end := strings.IndexAny(rest+".", ".[")
			f, ok := t.FieldByName(rest[:end])
			if !ok {
				return w.at()
			}
			if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" || !f.Anonymous {
				w.path = append(w.path, step{name: cmp.Or(name, f.Name)})
			}
			rest, t = strings.TrimPrefix(rest[end:], "."), f.Type
		default:
			return w.at()
		}
	}
	return w.at()
}

// ruleMessage says what a tag asks for.
func ruleMessage(fault validator.FieldError) string {
	of := fault.Param()
	switch fault.Tag() {
	case "required":
		return "is missing"
	case "required_if", "required_with", "required_without", "required_unless":
		return "is missing, and required here (" + fault.Tag() + "=" + of + ")"
	case "min", "gte":
		return "must be at least " + amount(of, fault.Kind())
	case "max", "lte":
		return "must be at most " + amount(of, fault.Kind())
	case "gt":
		return "must be more than " + amount(of, fault.Kind())
	case "lt":
		return "must be less than " + amount(of, fault.Kind())
	case "len":
		return "must be exactly " + amount(of, fault.Kind())
	case "oneof":
		return "must be one of: " + of
	case "email":
		return "must be an e-mail address"
	}
	if of != "" {
		of = "=" + of
	}
	return "breaks the rule " + fault.Tag() + of
}

func amount(of string, kind reflect.Kind) string {
	switch kind {
	case reflect.String:
		return of + " characters long"
	case reflect.Slice, reflect.Array, reflect.Map:
		return of + " items long"
	}
	return of
}

// tryRules validates a filled value of t, so that a tag that the validator
// does not know, or that does not fit its field, is found when a kind is made.
func tryRules(t reflect.Type) (faults []string) {
	v := reflect.New(t).Elem()
	types := map[reflect.Type]bool{}
	populate(v, types, MaxDepth)
	for structure := range types {
		if fault := tryStruct(structure); fault != "" {
			faults = append(faults, fault)
		}
	}
	slices.Sort(faults)
	return faults
}

func tryStruct(t reflect.Type) (fault string) {
	defer func() {
		if cause := recover(); cause != nil {
			fault = fmt.Sprintf("%v: validate tag: %v", t, cause)
		}
	}()
	v := reflect.New(t).Elem()
	populate(v, map[reflect.Type]bool{}, MaxDepth)
	var invalid *validator.InvalidValidationError
	if err := rulebook().Struct(v.Addr().Interface()); errors.As(err, &invalid) {
		return fmt.Sprintf("%v: %v", t, err)
	}
	return ""
}

// populate makes every pointer, list and map of v hold one value, and notes
// the structs it meets. It goes no deeper than levels, for a type may hold
// itself without a struct between.
func populate(v reflect.Value, structs map[reflect.Type]bool, levels int) {
	if levels--; levels < 0 {
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		populate(v.Elem(), structs, levels)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		populate(v.Index(0), structs, levels)
	case reflect.Map:
		key, elem := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		populate(elem, structs, levels)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, elem)
	case reflect.Struct:
		if structs[v.Type()] || ownForm(v.Type()) {
			return
		}
		structs[v.Type()] = true
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				populate(v.Field(i), structs, levels)
			}
		}
	}
}
