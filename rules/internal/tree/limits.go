package tree

import (
	"math"
	"reflect"
	"strconv"
	"strings"
)

// Limits are what the Go type of a field and its validate tag say of its
// value: of a number itself, of the length of a text or list.
type Limits struct {
	Min, Max float64  // infinite without
	OneOf    []string // nil: any
	ZeroToo  bool     // the zero value is good as well

	open [2]bool // the number at the end is left out: Min and Max are next to it
	ends [2]float64
}

// Numbers are the whole numbers in OneOf.
func (l *Limits) Numbers() []int64 {
	var out []int64
	for _, text := range l.OneOf {
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			out = append(out, n)
		}
	}
	return out
}

// String says what the limits are: 1 to 5, at least 1, one of a and b.
func (l *Limits) String() string {
	text := l.withoutZero()
	if l.ZeroToo && l.OneOf == nil && (l.Min > 0 || l.Max < 0) {
		return "0 or " + text
	}
	return text
}

func (l *Limits) withoutZero() string {
	if l.OneOf != nil {
		return "one of " + strings.Join(l.OneOf, ", ")
	}
	var parts []string
	if !math.IsInf(l.Min, 0) {
		parts = append(parts, [...]string{"at least ", "more than "}[at(l.open[0])]+formatted(l.ends[0]))
	}
	if !math.IsInf(l.Max, 0) {
		parts = append(parts, [...]string{"at most ", "less than "}[at(l.open[1])]+formatted(l.ends[1]))
	}
	if len(parts) == 2 && !l.open[0] && !l.open[1] {
		return formatted(l.Min) + " to " + formatted(l.Max)
	}
	return strings.Join(parts, " and ")
}

func at(open bool) int {
	if open {
		return 1
	}
	return 0
}

func formatted(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// limitsOf reads a validate tag, as far as it is understood: each part that is
// holds whatever the others say. The result is nil where there are no limits.
func limitsOf(tag string, t reflect.Type) *Limits {
	l := &Limits{Min: math.Inf(-1), Max: math.Inf(1)}
	pointer := t.Kind() == reflect.Pointer
	if pointer {
		t = t.Elem()
	}
	found := l.ofType(t)
	for part := range strings.SplitSeq(tag, ",") {
		name, param, _ := strings.Cut(part, "=")
		if name == "dive" {
			break
		}
		if strings.HasPrefix(name, "omit") {
			l.ZeroToo = !pointer
		}
		found = l.take(name, param, t) || found
	}
	if !found {
		return nil
	}
	return l
}

// take takes in one part of a tag.
func (l *Limits) take(name, param string, t reflect.Type) bool {
	if strings.Contains(param, "|") { // either of two
		return false
	}
	if name == "oneof" {
		numeric := t.Kind() != reflect.String
		if strings.Contains(param, "'") || numeric && t.Kind() == reflect.Float64 || t.Kind() == reflect.Slice {
			return false
		}
		l.OneOf = strings.Fields(param)
		return len(l.OneOf) > 0
	}
	x, err := strconv.ParseFloat(param, 64)
	if err != nil || math.Abs(x) > 1<<53 || math.IsNaN(x) {
		return false
	}
	switch name {
	case "min", "gte":
		l.atLeast(x, x)
	case "max", "lte":
		l.atMost(x, x)
	case "gt":
		l.atLeast(next(x, 1, t), x)
	case "lt":
		l.atMost(next(x, -1, t), x)
	default:
		return false
	}
	return true
}

// ofType takes in what a Go type says, where that is less than a whole number
// of rules.
func (l *Limits) ofType(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Int8, reflect.Int16, reflect.Int32:
		end := math.Ldexp(1, t.Bits()-1)
		l.atLeast(-end, -end)
		l.atMost(end-1, end-1)
	case reflect.Uint8, reflect.Uint16, reflect.Uint32:
		l.atLeast(0, 0)
		l.atMost(math.Ldexp(1, t.Bits())-1, math.Ldexp(1, t.Bits())-1)
	case reflect.Uint, reflect.Uint64:
		l.atLeast(0, 0)
	default:
		return false
	}
	return true
}

// atLeast and atMost take in the smallest or greatest number, which is end or
// next to it.
func (l *Limits) atLeast(x, end float64) {
	if x > l.Min {
		l.Min, l.ends[0], l.open[0] = x, end, x != end
	}
}

func (l *Limits) atMost(x, end float64) {
	if x < l.Max {
		l.Max, l.ends[1], l.open[1] = x, end, x != end
	}
}

// next is the number next to x, up or down.
func next(x float64, way float64, t reflect.Type) float64 {
	if t.Kind() != reflect.Float32 && t.Kind() != reflect.Float64 {
		return math.Floor(x) + way
	}
	return math.Nextafter(x, math.Inf(int(way)))
}

// looksInside tells whether what a validate tag says of a group lets its fields
// be looked at for every value.
func looksInside(tag string) bool { return tag == "" || tag == "required" }
