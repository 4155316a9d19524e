package rules_test

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"
)

// In has a field of every sort a rule can meet. JSON names and Go names differ
// throughout, so that a mix-up of the two shows.
type In struct {
	Base
	*Extra
	Stars    *int       `json:"csatRank"`
	Plain    int        `json:"total"`
	Tiny     uint8      `json:"tiny"`
	Short    int16      `json:"short"`
	Wide     *int64     `json:"wide"`
	Unsigned *uint32    `json:"unsigned"`
	Small    *int8      `json:"small"`
	Lvl      Level      `json:"level"`
	Price    float64    `json:"price"`
	Ratio    *float64   `json:"ratio"`
	Coarse   *float32   `json:"coarse"`
	Opt      *bool      `json:"consent"`
	On       bool       `json:"enabled"`
	Head     string     `json:"title"`
	Skill    string     `json:"skillName,omitempty"`
	Agent    *string    `json:"agentName"`
	Ident    ID         `json:"id,omitempty"`
	Second   ID         `json:"otherId"`
	When     time.Time  `json:"timestamp,omitzero"`
	Until    *time.Time `json:"until"`
	Made     time.Time  `json:"made"`
	Labels   []string   `json:"tags"`
	Few      []string   `json:"notes,omitempty"`
	Keys     []ID       `json:"ids"`
	Numbers  []int      `json:"marks"`
	Holes    []*int     `json:"holes"`
	Weights  []float64  `json:"weights"`
	Near     Outer      `json:"near"`
	Far      *Outer     `json:"far"`
	Asked    []Item     `json:"items"`
	Linked   []*Item    `json:"links"`
}

type (
	ID    string
	Level int
)

type Base struct {
	Channel string `json:"channel,omitempty"`
	Rank    *int   `json:"rank"`
}

// Extra is embedded by pointer: all of it is absent, or what it requires is there.
type Extra struct {
	Weight *float64 `json:"weight"`
	Origin string   `json:"origin,omitempty"`
	Pin    int      `json:"pin"`
}

type Outer struct {
	Close Inner  `json:"inside"`
	Deep  *Inner `json:"idle"`
	Code  ID     `json:"code,omitempty"`
	Held  *int64 `json:"held"`
}

type Inner struct {
	Depth *int      `json:"depth"`
	Label string    `json:"label,omitempty"`
	Flag  *bool     `json:"flag"`
	Size  int       `json:"size"`
	At    time.Time `json:"at,omitzero"`
}

type Item struct {
	Query  string   `json:"question"`
	Reply  string   `json:"answer,omitempty"`
	Points *int     `json:"score"`
	Good   bool     `json:"ok"`
	Cost   float64  `json:"cost"`
	Labels []string `json:"words"`
	Parts  []Part   `json:"parts"`
	Meta   *Inner   `json:"meta"`
}

type Part struct {
	Amount *int  `json:"amount"`
	Of     ID    `json:"of"`
	Fresh  *bool `json:"fresh"`
}

type kind string

const (
	boolean kind = "boolean"
	whole   kind = "whole number"
	number  kind = "number"
	text    kind = "text"
	moment  kind = "time"
	list    kind = "list"
	group   kind = "group"
)

// A shape is a Go type as a rule sees it.
type shape struct {
	kind   kind
	goType reflect.Type
	elem   *shape // of a list
	holes  bool   // the list's elements may be absent
	fields []field
}

type field struct {
	name       string
	shape      *shape
	optional   bool
	required   bool   // it is there whenever what holds it is
	emptyIsOut bool   // the empty value is absent
	embedded   string // the pointer it is promoted through
}

var inShape = shapeOf(reflect.TypeFor[In]())

func shapeOf(t reflect.Type) *shape {
	s := &shape{goType: t}
	switch {
	case t == reflect.TypeFor[time.Time]():
		s.kind = moment
	case t.Kind() == reflect.Struct:
		s.kind, s.fields = group, fieldsOf(t, "")
	case t.Kind() == reflect.Slice:
		s.kind, s.elem = list, shapeOf(deref(t.Elem()))
		s.holes = t.Elem().Kind() == reflect.Pointer
	case t.Kind() == reflect.String:
		s.kind = text
	case t.Kind() == reflect.Bool:
		s.kind = boolean
	case t.Kind() == reflect.Float64 || t.Kind() == reflect.Float32:
		s.kind = number
	default:
		s.kind = whole
	}
	return s
}

func fieldsOf(t reflect.Type, embedded string) []field {
	var all []field
	for f := range t.Fields() {
		if f.Anonymous {
			through := embedded
			if f.Type.Kind() == reflect.Pointer {
				through = f.Name
			}
			all = append(all, fieldsOf(deref(f.Type), through)...)
			continue
		}
		name, omit, _ := strings.Cut(f.Tag.Get("json"), ",")
		all = append(all, field{
			name: name, shape: shapeOf(deref(f.Type)), embedded: embedded,
			optional: omit != "" || f.Type.Kind() == reflect.Pointer || embedded != "", emptyIsOut: omit != "",
			required: omit == "" && f.Type.Kind() != reflect.Pointer,
		})
	}
	return all
}

func deref(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}

// vars holds every sort of constant.
func vars() map[string]any {
	return map[string]any{
		"skills": []any{"Care", "billing", "5"}, "ranks": []any{1, 2, 5}, "limits": []any{0.5, 2.5},
		"limit": 3, "factor": 2.5, "strict": true, "pattern": "(?i)^care",
		"sender": map[string]any{"name": "Care", "rank": 2},
	}
}

// referenceVars are the same constants as the reference's values.
func referenceVars() map[string]any {
	return generic(vars()).(map[string]any)
}

// generic turns Go's whole numbers into the int64 of the reference.
func generic(v any) any {
	switch v := v.(type) {
	case int:
		return int64(v)
	case []any:
		items := make([]any, 0, len(v))
		for _, item := range v {
			items = append(items, generic(item))
		}
		return items
	case map[string]any:
		fields := map[string]any{}
		for name, item := range v {
			fields[name] = generic(item)
		}
		return fields
	}
	return v
}

var errOdd = errors.New("odd")

// The registered functions: Go for the library, and once more for the reference.

func answer(in *In, question string) (string, bool) {
	for _, item := range in.Asked {
		if item.Query == question {
			return item.Reply, true
		}
	}
	return "", false
}

func answers(in *In, question string) ([]string, bool) {
	for _, item := range in.Asked {
		if item.Query == question {
			return item.Labels, true
		}
	}
	return nil, false
}

func points(in *In, question string) (int, bool) {
	for _, item := range in.Asked {
		if item.Query == question {
			if item.Points == nil {
				return 0, false
			}
			return *item.Points, true
		}
	}
	return 0, false
}

func half(n int) (int, error) {
	if n%2 != 0 {
		return 0, fmt.Errorf("%w: %d", errOdd, n)
	}
	return n / 2, nil
}

func ieq(a, b string) bool { return strings.EqualFold(a, b) }

func alike(a, b float64) bool { return a-b < 1 && b-a < 1 }

func referenceCalls() map[string]call {
	asked := func(key string, otherwise outcome) call {
		return func(r *reference, args []any) outcome {
			for _, item := range r.fields["items"].([]any) {
				item := item.(map[string]any)
				if found := item[key]; item["question"] == args[0] {
					if found != nil {
						return value(found)
					}
					return otherwise
				}
			}
			return isUnknown
		}
	}
	return map[string]call{
		"answer": asked("answer", value("")), "answers": asked("words", isUnknown), "points": asked("score", isUnknown),
		"half": func(_ *reference, args []any) outcome {
			n := args[0].(int64)
			if n%2 != 0 {
				return isFailed
			}
			return value(n / 2)
		},
		"ieq": func(_ *reference, args []any) outcome {
			return value(strings.EqualFold(args[0].(string), args[1].(string)))
		},
		"alike": func(_ *reference, args []any) outcome {
			a, b := toFloat(args[0]), toFloat(args[1])
			return value(a-b < 1 && b-a < 1)
		},
	}
}
