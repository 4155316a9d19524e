package rules

import (
	"cmp"
	"encoding"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"go.yaml.in/yaml/v4"

	"github.com/afterword-go/afterword/internal/fields"
	"github.com/afterword-go/afterword/rules/internal/tree"
)

// A PayloadProblem is one thing that is wrong with the payload of a test.
type PayloadProblem struct {
	// Path is the place in the payload, as tests write it: csatRank, or
	// questionWithAnswers[0].answer. Empty: the payload as a whole.
	Path string
	// Message says what is wrong. It must not quote a value.
	Message string
}

// payloadCheck says what is wrong with a payload, which is given as JSON too.
type payloadCheck func(payload *given, text []byte) []PayloadProblem

// checkOf is how the payloads of tests are checked.
func checkOf[In any](cfg Config) payloadCheck {
	if cfg.CheckPayload != nil {
		return func(_ *given, text []byte) []PayloadProblem { return cfg.CheckPayload(text) }
	}
	return func(payload *given, text []byte) []PayloadProblem {
		if json.Unmarshal(text, new(In)) == nil {
			return nil
		}
		var m misfits
		m.look(payload, reflect.TypeFor[In](), "")
		return m
	}
}

// A wrongPlace is a problem that was told: cases share what they begin with.
type wrongPlace struct {
	at      *yaml.Node
	message string
}

// checkPayload reports what is wrong with the payload of a test, each at the
// value that is to blame.
func (l *loader[In, Then]) checkPayload(payload *given, text []byte) {
	if l.wrong == nil || l.full() {
		return
	}
	for _, p := range l.wrong(payload, text) {
		if l.full() {
			return
		}
		blamed := payload.find(p.Path)
		wrong := wrongPlace{blamed.at, cmp.Or(p.Path, "the payload") + ": " + p.Message}
		if l.told[wrong] {
			continue
		}
		if l.told == nil {
			l.told = map[wrongPlace]bool{}
		}
		l.told[wrong] = true
		at := l.file.At(blamed.at)
		l.problems = append(l.problems, Problem{File: blamed.in, Line: at.Line, Column: at.Column, Message: inOneLine(wrong.message)})
	}
}

// misfits are the values of a payload that encoding/json does not put into its
// Go type.
type misfits []PayloadProblem

// look tells whether there are any in g, which is to become a t.
func (m *misfits) look(g *given, t reflect.Type, path string) bool {
	if len(*m) > maxProblems {
		return true // they would not be listed
	}
	text, err := json.Marshal(g.plain())
	if err == nil && json.Unmarshal(text, reflect.New(t).Interface()) == nil {
		return false
	}
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if !m.inside(g, t, path) {
		*m = append(*m, PayloadProblem{path, mustBe(g, t)})
	}
	return true
}

// inside looks at the parts of g.
func (m *misfits) inside(g *given, t reflect.Type, path string) (found bool) {
	if readsItself(t) {
		return false
	}
	group, grouped := g.group()
	switch {
	case t.Kind() == reflect.Struct && grouped:
		for _, f := range fields.Of(t) {
			if member, there := group[f.Name]; there && m.look(member, f.Type, under(path, f.Name)) {
				found = true
			}
		}
	case t.Kind() == reflect.Map && grouped:
		for _, name := range slices.Sorted(maps.Keys(group)) {
			found = m.look(group[name], t.Elem(), under(path, name)) || found
		}
	case t.Kind() == reflect.Slice || t.Kind() == reflect.Array:
		for i, item := range g.list() {
			found = m.look(item, t.Elem(), fmt.Sprintf("%s[%d]", path, i)) || found
		}
	}
	return found
}

func under(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// readsItself tells whether values of the type have a JSON form of their own.
func readsItself(t reflect.Type) bool {
	t = reflect.PointerTo(t)
	return t.Implements(reflect.TypeFor[json.Unmarshaler]()) || t.Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}

// mustBe says what a value must be, and what it is.
func mustBe(g *given, t reflect.Type) string {
	want, got := tree.TypeOf(t), kindOf(g)
	switch {
	case want.Kind == tree.Time:
		return "must be a time such as 2026-01-31T18:00:00Z"
	case want.Kind == tree.Invalid || readsItself(t):
		return "must be what " + t.String() + " reads"
	case want.IsNumber() && got == "a number":
		return "must be " + want.String() + " that fits into " + t.String()
	}
	return "must be " + want.String() + ", not " + got
}

func kindOf(g *given) string {
	switch g.value.(type) {
	case map[string]*given:
		return "a group of fields"
	case []*given:
		return "a list"
	case string:
		return "a text"
	case bool:
		return "a boolean"
	}
	return "a number"
}
