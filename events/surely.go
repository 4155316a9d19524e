package events

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// surely says whether a value certainly keeps the rules of its validate tags.
// False only means that the validator has to be asked: it takes many times as
// long, and knows all tags and the words for what is wrong.
type surely func(v reflect.Value) bool

// never is for rules that only the validator knows.
func never(reflect.Value) bool { return false }

// surelyOf makes the check of a type; nil is for one without rules. Around
// holds the types that it is part of.
func surelyOf(t reflect.Type, around ...reflect.Type) surely {
	if slices.Contains(around, t) {
		return never
	}
	around = append(slices.Clone(around), t)
	switch t.Kind() {
	case reflect.Struct:
		return surelyStruct(t, around)
	case reflect.Interface: // it may hold a struct with rules
		return func(v reflect.Value) bool { return v.IsNil() }
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
	default:
		return nil
	}
	inner := surelyOf(t.Elem(), around...)
	switch {
	case inner == nil:
		return nil
	case t.Kind() == reflect.Pointer:
		return func(v reflect.Value) bool { return v.IsNil() || inner(v.Elem()) }
	case t.Kind() == reflect.Map:
		return func(v reflect.Value) bool { return v.Len() == 0 }
	}
	return func(v reflect.Value) bool {
		for i := range v.Len() {
			if !inner(v.Index(i)) {
				return false
			}
		}
		return true
	}
}

func surelyStruct(t reflect.Type, around []reflect.Type) surely {
	type check struct {
		field int
		keeps surely
	}
	var all []check
	for i := range t.NumField() {
		f := t.Field(i)
		if !f.IsExported() && !f.Anonymous {
			continue // the validator does not look at it either
		}
		if keeps := surelyTagged(f.Type, f.Tag.Get("validate")); keeps != nil {
			all = append(all, check{i, keeps})
		}
		if keeps := surelyOf(f.Type, around...); keeps != nil {
			all = append(all, check{i, keeps})
		}
	}
	if all == nil {
		return nil
	}
	return func(v reflect.Value) bool {
		for _, c := range all {
			if !c.keeps(v.Field(c.field)) {
				return false
			}
		}
		return true
	}
}

// surelyTagged makes the check of a field's own tag. What a list's elements
// are asked behind "dive" is left to the validator.
func surelyTagged(t reflect.Type, tag string) surely {
	if tag == "" || tag == "-" {
		return nil
	}
	of := t
	for of.Kind() == reflect.Pointer {
		of = of.Elem()
	}
	parts := strings.Split(tag, ",")
	optional := parts[0] == "omitempty"
	if optional {
		parts = parts[1:]
	}
	var all []surely
	for i, part := range parts {
		if part == "dive" && i == len(parts)-1 && of.Kind() == reflect.Slice {
			continue // surelyOf looks into every list
		}
		name, param, _ := strings.Cut(part, "=")
		all = append(all, surelyRule(of, name, param))
	}
	return func(v reflect.Value) bool {
		if optional && v.IsZero() {
			return true
		}
		for v.Kind() == reflect.Pointer {
			if v.IsNil() {
				return false
			}
			v = v.Elem()
		}
		for _, keeps := range all {
			if !keeps(v) {
				return false
			}
		}
		return true
	}
}

// surelyRule makes the check of one rule on a text, a whole number or a list.
func surelyRule(t reflect.Type, name, param string) surely {
	size := sizeOf(t)
	if size == nil {
		return never
	}
	bound, err := strconv.ParseInt(param, 10, 32)
	plain := err == nil && strconv.FormatInt(bound, 10) == param
	switch {
	case name == "required" && param == "":
		if t.Kind() == reflect.Slice {
			return func(v reflect.Value) bool { return v.Len() > 0 }
		}
		return func(v reflect.Value) bool { return !v.IsZero() }
	case name == "min" && plain:
		return func(v reflect.Value) bool { return size(v) >= bound }
	case name == "max" && plain:
		return func(v reflect.Value) bool { return size(v) <= bound }
	case name == "oneof" && t.Kind() == reflect.String && !strings.Contains(param, "'"):
		words := strings.Fields(param)
		return func(v reflect.Value) bool { return slices.Contains(words, v.String()) }
	}
	return never
}

// sizeOf tells what min and max count of a type, or is nil for one whose rules
// are left to the validator.
func sizeOf(t reflect.Type) func(reflect.Value) int64 {
	switch {
	case t.Kind() == reflect.String:
		return func(v reflect.Value) int64 { return int64(utf8.RuneCountInString(v.String())) }
	case t.Kind() == reflect.Slice:
		return func(v reflect.Value) int64 { return int64(v.Len()) }
	case t.Kind() >= reflect.Int && t.Kind() <= reflect.Int64 && t != reflect.TypeFor[time.Duration]():
		return func(v reflect.Value) int64 { return v.Int() }
	}
	return nil
}
