package rules

import (
	"reflect"
	"strings"
)

// plain looks for ${…} in strings of an outcome that are no texts: nothing is
// inserted there. Field is the JSON name of the struct field that holds v.
func (l *linter) plain(r *lintRule, v reflect.Value, field string) {
	if v.Kind() == reflect.String {
		if v.Type() == reflect.TypeFor[Text]() || !strings.Contains(v.String(), "${") {
			return
		}
		at := "the outcome"
		if field != "" {
			at = quoted(field)
		}
		l.report(r, notInserted, r.Line, r.Column, "%s holds ${…}, which stays as it is there: write out what is meant, or make it a rules.Text in Go", at)
		return
	}
	for name, part := range heldBy(v, field) {
		l.plain(r, part, name)
	}
}
