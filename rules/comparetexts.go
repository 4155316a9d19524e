package rules

import (
	"iter"
	"reflect"
)

// Texts yields the texts of all outcomes, rule by rule, as Config.CheckText has
// seen them.
func (s *Set[In, Then]) Texts() iter.Seq[TextInfo] {
	return func(yield func(TextInfo) bool) {
		for i := range s.rules {
			r := &s.rules[i]
			for _, placed := range textsOf(reflect.ValueOf(&r.Then).Elem(), "") {
				info := TextInfo{Rule: r.Name, Field: placed.field}
				if t := r.templates[placed.text]; t != nil {
					info.Value, info.Constant = t.constant()
				}
				if !yield(info) {
					return
				}
			}
		}
	}
}
