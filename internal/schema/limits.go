package schema

import (
	"reflect"
	"strconv"
	"strings"

	"github.com/afterword-go/afterword/internal/fields"
)

// limits are what a field's tags say of its values: those of the tag
// "validate", or of "schema" in its place where a payload may hold more than
// what validation lets pass in the end. or=TYPE in "schema" is one more type.
type limits struct {
	optional bool // omitempty and its like: no value is fine
	ignored  bool // "-"
	rules    []limit
	each     *limits // of the elements, behind dive
	or       []string
}

type limit struct{ name, param string }

func limitsOf(tag reflect.StructTag) limits {
	text, ok := tag.Lookup("schema")
	if !ok {
		text = tag.Get("validate")
	}
	return readLimits(text)
}

func readLimits(text string) limits {
	own, behind, dives := strings.Cut(","+text+",", ",dive,")
	var l limits
	for option := range strings.SplitSeq(own, ",") {
		name, param, _ := strings.Cut(option, "=")
		switch name {
		case "":
		case "-", "structonly":
			l.ignored = true
		case "omitempty", "omitnil", "omitzero":
			l.optional = true
		case "or":
			l.or = append(l.or, param)
		default:
			l.rules = append(l.rules, limit{name, param})
		}
	}
	if dives {
		each := readLimits(strings.Trim(behind, ","))
		l.each = &each
	}
	return l
}

// bound puts the limits into the schema of values of type t. What is required
// is left out if values may be given in part.
func (l limits) bound(s *Schema, t reflect.Type, complete bool) {
	pointer := t.Kind() == reflect.Pointer
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	for _, r := range l.rules {
		if r.name == "required" && (!complete || pointer) {
			continue
		}
		switch kindOf(t) {
		case String:
			l.text(s, r)
		case Number:
			l.number(s, r, pointer)
		case Array:
			l.length(&s.MinItems, &s.MaxItems, r)
		case Object:
			l.length(&s.MinProperties, &s.MaxProperties, r)
		}
	}
	if l.each != nil && s.Items != nil {
		l.each.bound(s.Items, t.Elem(), complete)
	}
	if l.each != nil && s.Others != nil && t.Kind() == reflect.Map {
		l.each.bound(s.Others, t.Elem(), complete)
	}
}

// kindOf is the JSON type that limits of a Go type are about.
func kindOf(t reflect.Type) string {
	switch k := t.Kind(); {
	case k == reflect.String:
		return String
	case k >= reflect.Int && k <= reflect.Float64:
		return Number
	case k == reflect.Slice || k == reflect.Array:
		return Array
	case k == reflect.Map:
		return Object
	case k == reflect.Bool:
		return Boolean
	}
	return ""
}

func (l limits) text(s *Schema, r limit) {
	switch r.name {
	case "oneof":
		for word := range strings.FieldsSeq(r.param) {
			s.Enum = append(s.Enum, strings.Trim(word, "'"))
		}
		if l.optional {
			s.Enum = append(s.Enum, "")
		}
	case "email":
		s.Format = "email"
	default:
		l.length(&s.MinLength, &s.MaxLength, r)
	}
}

// length bounds how long something is.
func (l limits) length(least, most **int, r limit) {
	n, err := strconv.Atoi(r.param)
	if r.name == "required" {
		n, err = 1, nil
	}
	if err != nil {
		return
	}
	switch r.name {
	case "required", "min", "gte":
		*least = To(n)
	case "gt":
		*least = To(n + 1)
	case "max", "lte":
		*most = To(n)
	case "lt":
		*most = To(n - 1)
	case "len":
		*least, *most = To(n), To(n)
	}
	if l.optional {
		*least = nil
	}
}

// number bounds a number; 0 passes if it is as good as none.
func (l limits) number(s *Schema, r limit, pointer bool) {
	if r.name == "required" {
		s.Not = &Schema{Const: 0}
		return
	}
	n, err := strconv.ParseFloat(r.param, 64)
	if err != nil {
		return
	}
	least, most := n, n
	if l.optional && !pointer {
		least, most = min(n, 0), max(n, 0)
	}
	switch r.name {
	case "min", "gte":
		s.Minimum = To(least)
	case "max", "lte":
		s.Maximum = To(most)
	case "gt":
		s.ExclusiveMinimum = To(n)
		if least < n {
			s.ExclusiveMinimum, s.Minimum = nil, To(0.0)
		}
	case "lt":
		s.ExclusiveMaximum = To(n)
		if most > n {
			s.ExclusiveMaximum, s.Maximum = nil, To(0.0)
		}
	}
}

// needs tells whether validation refuses a struct without the field.
func needs(f fields.Field) bool { return limitsOf(f.Tag).refuseNone(f.Type) }

func (l limits) refuseNone(t reflect.Type) bool {
	if l.optional || l.ignored {
		return false
	}
	if t.Kind() == reflect.Pointer {
		return len(l.rules) > 0
	}
	for _, r := range l.rules {
		if r.name == "required" {
			return true
		}
		switch kindOf(t) {
		case Number:
			n, err := strconv.ParseFloat(r.param, 64)
			if err == nil && refuseZero(r.name, n) {
				return true
			}
		case String, Array, Object:
			n, err := strconv.Atoi(r.param)
			if r.name == "oneof" || r.name == "email" || err == nil && refuseZero(r.name, float64(n)) {
				return true
			}
		}
	}
	return t.Kind() == reflect.Struct && anyNeeded(t)
}

// refuseZero tells whether a rule refuses the number or length 0.
func refuseZero(rule string, n float64) bool {
	switch rule {
	case "min", "gte":
		return n > 0
	case "gt":
		return n >= 0
	case "max", "lte":
		return n < 0
	case "lt":
		return n <= 0
	case "len", "eq":
		return n != 0
	}
	return false
}

// anyNeeded tells whether some field of a struct is needed. A struct cannot
// hold itself without a pointer, so this ends.
func anyNeeded(t reflect.Type) bool {
	for _, f := range fields.Of(t) {
		if needs(f) {
			return true
		}
	}
	return false
}
