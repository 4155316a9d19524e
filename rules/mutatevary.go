package rules

import (
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/afterword-go/afterword/rules/internal/tree"
	"github.com/afterword-go/afterword/rules/internal/witness"
)

// A variety makes payloads that differ from one in one place, by what the
// expressions of a rule name.
type variety struct {
	values map[spot][]string // as JSON, in the order in which they are named
	fields map[string]bool   // that are read
	less   bool              // something is taken away, and nothing else is done
	depth  int               // of what is made anew
}

// A spot is a field, by its name alone, and a kind of values in it. Without a
// name it stands for all fields.
type spot struct {
	field string
	kind  tree.Kind
}

// The bounds of a variety.
const (
	mostNamed  = 16 // values of a place
	mostVaried = 8  // elements of a list that are changed
	mostNested = 4  // groups and lists in what is made anew
)

func newVariety() *variety {
	return &variety{values: map[spot][]string{}, fields: map[string]bool{}}
}

// add takes in what a part of a condition names: its values belong to the fields
// that it reads.
func (v *variety) add(n *tree.Node) {
	var fields []string
	n.Walk(func(n *tree.Node) bool {
		if n.Op == tree.GetField {
			v.fields[n.Field.Name] = true
			fields = append(fields, n.Field.Name)
		}
		if n.Op == tree.Call { // nobody knows what it reads
			fields = append(fields, "")
		}
		return true
	})
	n.Walk(func(n *tree.Node) bool {
		switch n.Op {
		case tree.Const:
			v.constant(n.Value, fields)
		case tree.Matches:
			for _, text := range witness.Matching(n.Pattern, 2) {
				v.constant(text, fields)
			}
		}
		return true
	})
}

// constant takes in a constant and those next to it.
func (v *variety) constant(x any, fields []string) {
	switch x := x.(type) {
	case int64:
		for _, y := range []int64{x, x + 1, x - 1} {
			text := strconv.FormatInt(y, 10)
			v.note(fields, tree.Int, text)
			v.note(fields, tree.Float, text)
			v.note(fields, tree.Text, quotedJSON(text))
		}
	case float64:
		for _, y := range []float64{x, x + 0.5, x - 0.5} {
			if text, err := json.Marshal(y); err == nil {
				v.note(fields, tree.Float, string(text))
			}
		}
	case string:
		v.note(fields, tree.Text, quotedJSON(x))
	case time.Time:
		for _, text := range timesAround(x) {
			v.note(fields, tree.Time, text)
		}
	}
}

func (v *variety) note(fields []string, k tree.Kind, text string) {
	for _, field := range fields {
		at := spot{field, k}
		if list := v.values[at]; len(list) < mostNamed && !slices.Contains(list, text) {
			v.values[at] = append(list, text)
		}
	}
}

// of are the values of a place.
func (v *variety) of(field string, k tree.Kind) []string {
	return slices.Concat(v.values[spot{field, k}], v.values[spot{"", k}])
}

// timesAround are a time and those next to it.
func timesAround(at time.Time) []string {
	var out []string
	for _, by := range []time.Duration{0, time.Millisecond, -time.Millisecond, time.Second, -time.Second} {
		out = append(out, quotedJSON(at.Add(by).Format(time.RFC3339Nano)))
	}
	return out
}

// quotedJSON is a text as JSON.
func quotedJSON(text string) string {
	out, _ := json.Marshal(text) // a text has no error
	return string(out)
}

// around yields what a value becomes by one change, until yield wants no more.
// What keeps to the limits of its fields does so afterwards.
func (v *variety) around(value json.RawMessage, field string, t *tree.Type, yield func(json.RawMessage) bool) bool {
	switch {
	case t.Kind == tree.Group:
		return v.membersAround(value, t, yield)
	case t.Kind == tree.List:
		return v.itemsAround(value, field, t.Elem, yield)
	case v.less:
		return true
	}
	for _, list := range [][]string{besides(value, t.Kind), v.of(field, t.Kind)} {
		for _, text := range list {
			if !yield(json.RawMessage(text)) {
				return false
			}
		}
	}
	return true
}

// membersAround drops, changes and adds one field of an object.
func (v *variety) membersAround(object json.RawMessage, t *tree.Type, yield func(json.RawMessage) bool) bool {
	members, ok := membersOf(object)
	if !ok {
		return true
	}
	for i, m := range members {
		field, ok := t.Field(m.key)
		if !ok {
			continue
		}
		replaced := func(value json.RawMessage) bool {
			if field.Limits != nil && !takes(field.Limits, value) {
				return true
			}
			list := slices.Clone(members)
			list[i].value = value
			return yield(jsonObject(list))
		}
		if !stays(field) && !yield(jsonObject(slices.Delete(slices.Clone(members), i, i+1))) {
			return false
		}
		if !v.around(m.value, field.Name, field.Type, replaced) {
			return false
		}
	}
	return v.less || v.membersAdded(members, t, yield)
}

// membersAdded adds one field to an object.
func (v *variety) membersAdded(members []jsonMember, t *tree.Type, yield func(json.RawMessage) bool) bool {
	at := 0
	for i := range t.Fields {
		field := &t.Fields[i]
		if at < len(members) && members[at].key == field.Name {
			at++
			continue
		}
		if !v.fields[field.Name] {
			continue
		}
		for _, value := range v.taken(field) {
			if !yield(jsonObject(slices.Insert(slices.Clone(members), at, jsonMember{field.Name, value}))) {
				return false
			}
		}
	}
	return true
}

// itemsAround drops and changes one element of a list, and adds one.
func (v *variety) itemsAround(list json.RawMessage, field string, t *tree.Type, yield func(json.RawMessage) bool) bool {
	items, ok := itemsOf(list)
	if !ok || t == nil {
		return true
	}
	for i, item := range items[:min(len(items), mostVaried)] {
		replaced := func(value json.RawMessage) bool {
			list := slices.Clone(items)
			list[i] = value
			return yield(jsonList(list))
		}
		if !yield(jsonList(slices.Delete(slices.Clone(items), i, i+1))) || !v.around(item, field, t, replaced) {
			return false
		}
	}
	if v.less {
		return true
	}
	added := v.fresh(field, t)
	if len(items) > 0 {
		added = append([]string{string(items[len(items)-1])}, added...)
	}
	for _, value := range added {
		if !yield(jsonList(append(slices.Clone(items), json.RawMessage(value)))) {
			return false
		}
	}
	return true
}

// stays tells of a field that may not be left out: it is required, or its zero
// value does not keep to its limits.
func stays(f *tree.Field) bool {
	if f.In != nil && f.In.Kind() == reflect.Struct {
		if first, _, _ := strings.Cut(f.In.FieldByIndex(f.Index).Tag.Get("validate"), ","); first == "required" {
			return true
		}
	}
	if f.Optional || f.Limits == nil || f.Limits.ZeroToo {
		return f.Inside && f.Type.Kind == tree.Group && !f.Optional
	}
	zero, ok := map[tree.Kind]string{tree.Text: `""`, tree.Int: "0", tree.Float: "0", tree.List: "[]"}[f.Type.Kind]
	return !ok || !takes(f.Limits, json.RawMessage(zero))
}

// takes tells whether a value keeps to the limits of its field.
func takes(limits *tree.Limits, value json.RawMessage) bool {
	var x any
	if json.Unmarshal(value, &x) != nil {
		return false
	}
	size := 0.0
	switch x := x.(type) {
	case string:
		if limits.OneOf != nil {
			return slices.Contains(limits.OneOf, x)
		}
		size = float64(utf8.RuneCountInString(x))
	case float64:
		if limits.OneOf != nil {
			return slices.Contains(limits.Numbers(), int64(x))
		}
		size = x
	case []any:
		size = float64(len(x))
	case bool:
		return true
	default:
		return false
	}
	return limits.Min <= size && size <= limits.Max
}

// fresh are values for a place where there is none.
func (v *variety) fresh(field string, t *tree.Type) []string {
	switch t.Kind {
	case tree.Bool:
		return []string{"true", "false"}
	case tree.Int, tree.Float, tree.Time:
		return append(v.of(field, t.Kind), "1")
	case tree.Text:
		return append(v.of(field, t.Kind), `"a"`)
	case tree.Group, tree.List:
		if v.depth++; v.depth > mostNested { // a group may hold itself
			v.depth--
			return nil
		}
		defer func() { v.depth-- }()
		if t.Kind == tree.Group {
			return v.small(t)
		}
		out := []string{"[]"}
		if t.Elem != nil && t.Elem.Kind != tree.List {
			for _, item := range v.fresh(field, t.Elem) {
				out = append(out, "["+item+"]")
			}
		}
		return out
	}
	return nil
}

// small are objects with as few fields as there can be, or one more.
func (v *variety) small(t *tree.Type) []string {
	var least []jsonMember
	for i := range t.Fields {
		if field := &t.Fields[i]; stays(field) {
			values := v.taken(field)
			if len(values) == 0 {
				return nil
			}
			least = append(least, jsonMember{field.Name, values[0]})
		}
	}
	out := []string{string(jsonObject(least))}
	for i := range t.Fields {
		field := &t.Fields[i]
		if !v.fields[field.Name] || field.Type.Kind == tree.Group || field.Type.Kind == tree.List {
			continue
		}
		at := slices.IndexFunc(least, func(m jsonMember) bool { return m.key == field.Name })
		for _, value := range v.taken(field) {
			list := slices.Clone(least)
			if at < 0 {
				list = append(list, jsonMember{field.Name, value})
			} else {
				list[at].value = value
			}
			out = append(out, string(jsonObject(list)))
		}
	}
	return out
}

// taken are values for a field where there is none, such as it takes.
func (v *variety) taken(f *tree.Field) []json.RawMessage {
	var out []json.RawMessage
	for _, value := range v.fresh(f.Name, f.Type) {
		if f.Limits == nil || takes(f.Limits, json.RawMessage(value)) {
			out = append(out, json.RawMessage(value))
		}
	}
	return out
}

// besides are the neighbours of a number or a time, the other boolean, and what
// a slip makes of a text.
func besides(value json.RawMessage, k tree.Kind) []string {
	switch k {
	case tree.Bool:
		return []string{"true", "false"}
	case tree.Int:
		if n, err := strconv.ParseInt(string(value), 10, 64); err == nil {
			return []string{strconv.FormatInt(n+1, 10), strconv.FormatInt(n-1, 10)}
		}
	case tree.Float:
		if x, err := strconv.ParseFloat(string(value), 64); err == nil {
			return []string{strconv.FormatFloat(x+1, 'g', -1, 64), strconv.FormatFloat(x-1, 'g', -1, 64)}
		}
	case tree.Time:
		var at time.Time
		if json.Unmarshal(value, &at) == nil {
			return timesAround(at)[1:]
		}
	case tree.Text:
		var text string
		if json.Unmarshal(value, &text) == nil {
			return textsBeside(text)
		}
	}
	return nil
}

// textsBeside are texts in another case, and with something more or less.
func textsBeside(text string) []string {
	list := []string{strings.ToUpper(text), strings.ToLower(text), "", text + "x", "x" + text}
	if runes := []rune(text); len(runes) > 1 {
		list = append(list, string(runes[1:]), string(runes[:len(runes)-1]))
	}
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		list = append(list, strconv.FormatInt(n+1, 10), strconv.FormatInt(n-1, 10))
	}
	for i := range list {
		list[i] = quotedJSON(list[i])
	}
	return list
}

// itemsOf takes a JSON list apart.
func itemsOf(text json.RawMessage) ([]json.RawMessage, bool) {
	var out []json.RawMessage
	if len(text) == 0 || text[0] != '[' || json.Unmarshal(text, &out) != nil {
		return nil, false
	}
	return out, true
}

func jsonObject(members []jsonMember) json.RawMessage {
	out := []byte{'{'}
	for i, m := range members {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(append(append(out, quotedJSON(m.key)...), ':'), m.value...)
	}
	return append(out, '}')
}

func jsonList(items []json.RawMessage) json.RawMessage {
	out := []byte{'['}
	for i, item := range items {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, item...)
	}
	return append(out, ']')
}
