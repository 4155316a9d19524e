package events

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// A shape is a Go type, made ready to be decoded from JSON and validated. What
// it says does not change, and it may be used by several goroutines at once.
type shape struct {
	of     reflect.Type
	read   reader
	rules  bool      // some field carries a validate tag
	surely surely    // the rules again, if there are any
	write  writer    // nil if it is left to the JSON library
	faults []string  // what is wrong with the type's tags
	spare  sync.Pool // of empty *walk
}

func newShape(t reflect.Type) *shape {
	c := compiler{done: map[fieldType]*reader{}}
	s := &shape{of: t, read: c.reader(fieldType{Type: t}), rules: c.rules, faults: c.faults}
	if len(s.faults) == 0 {
		s.write = writerOf(t)
	}
	if s.rules && len(s.faults) == 0 {
		s.faults = tryRules(t)
		s.surely = surelyOf(t)
	}
	return s
}

// decode fills v, which must be settable and zero, from data and validates
// it. Root is the name of the document in paths, outside the number of levels
// around it. The error is a *DecodeError.
func (s *shape) decode(data []byte, v reflect.Value, root string, outside int) error {
	if len(data) <= MaxSize && s.fill(v, data, MaxDepth-outside) {
		settle(v)
		if problems := s.validate(v, root); len(problems) == 0 {
			return nil
		}
	}
	if err := bounds(data, outside); err != nil {
		return &DecodeError{Problems: boundProblem(root, err), bound: err}
	}
	return &DecodeError{Problems: s.explain(data, v, root)}
}

// fill walks a document once and says whether it is free of problems and has
// no more than so many levels.
func (s *shape) fill(v reflect.Value, data []byte, levels int) bool {
	w, _ := s.spare.Get().(*walk)
	if w == nil {
		w = new(walk)
	}
	w.scan.start(data, levels)
	w.texts.start(len(data))
	good := w.read(s.read, v) == nil && w.scan.done() && w.noted == 0
	w.forget()
	s.spare.Put(w)
	return good
}

// explain walks a faulty document again, carefully, and lists all problems.
func (s *shape) explain(data []byte, v reflect.Value, root string) []Problem {
	v.SetZero()
	w := walk{root: root, shape: s, into: v, careful: true, order: map[string]int{}}
	err := jsonv2.Unmarshal(data, &w, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	if err != nil && len(w.problems) == 0 {
		w.path = nil
		message := "must be followed by nothing"
		if len(bytes.TrimSpace(data)) == 0 {
			message = "is empty; send JSON"
		}
		w.note(message)
	}
	settle(v)
	problems := w.problems
	stopped := err != nil
	for _, p := range s.validate(v, root) {
		// A field that could not be read, or that lies behind the place
		// where the text broke off, is not missing as well.
		if !stopped && !slices.ContainsFunc(w.problems, func(q Problem) bool { return within(p.Path, q.Path) }) {
			problems = append(problems, p)
		}
	}
	slices.SortStableFunc(problems, func(a, b Problem) int {
		return cmp.Compare(w.position(a.Path), w.position(b.Path))
	})
	problems = slices.Compact(problems)
	more := w.noted - len(w.problems)
	if len(problems) > maxProblems {
		more += len(problems) - maxProblems
		problems = problems[:maxProblems]
	}
	if more > 0 {
		problems = append(problems, Problem{Message: fmt.Sprintf("and %d more problems", more)})
	}
	return problems
}

// within says whether path is outer or lies inside of it.
func within(path, outer string) bool {
	rest, ok := strings.CutPrefix(path, outer)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

// position says where path began in the document; a path that is not in it
// takes the place of the nearest one around it.
func (w *walk) position(path string) int {
	for {
		if at, ok := w.order[path]; ok {
			return at
		}
		end := strings.LastIndexAny(path, ".[")
		if end < 0 {
			return -1
		}
		path = path[:end]
	}
}

// settle lets a payload give up what its wire form says in more than one way.
func settle(v reflect.Value) {
	if p, ok := v.Addr().Interface().(interface{ settle() }); ok {
		p.settle()
	}
}

// encode validates what the pointer value points to and writes it as JSON.
// Root is its name in paths. The error is an *EncodeError.
func (s *shape) encode(value any, root string) ([]byte, error) {
	v := reflect.ValueOf(value).Elem()
	if problems := s.validate(v, root); len(problems) > 0 {
		return nil, &EncodeError{Problems: problems}
	}
	if s.write != nil {
		size := 256
		if v.Kind() == reflect.Slice && v.Len() == 0 {
			size = len("[]")
		}
		if out, good := s.write(make([]byte, 0, size), v); good && len(out) <= MaxSize {
			return out, nil
		}
	}
	return encodeJSON(value, root)
}

// encodeJSON writes value as JSON that this package would decode again.
func encodeJSON(value any, root string) ([]byte, error) {
	out, err := jsonv2.Marshal(value, jsonv2.Deterministic(true), jsontext.PreserveRawStrings(true))
	if err != nil {
		return nil, &EncodeError{Problems: []Problem{{Path: faultPath(err, reflect.TypeOf(value), root), Message: encodeMessage(err)}}}
	}
	if err := bounds(out, 0); err != nil {
		return nil, &EncodeError{Problems: boundProblem(root, err), bound: err}
	}
	return out, nil
}

func encodeMessage(err error) string {
	if errors.Is(err, jsontext.ErrDuplicateName) {
		return "holds a key twice"
	}
	return "cannot be written as JSON: it holds invalid UTF-8, raw JSON that is not valid, or a type that has no JSON form"
}

// faultPath turns the place of an encoding error into a path of known names.
func faultPath(err error, t reflect.Type, root string) string {
	var pointer jsontext.Pointer
	var semantic *jsonv2.SemanticError
	var syntactic *jsontext.SyntacticError
	switch {
	case errors.As(err, &semantic):
		pointer = semantic.JSONPointer
	case errors.As(err, &syntactic):
		pointer = syntactic.JSONPointer
	}
	w := walk{root: root}
	for token := range pointer.Tokens() {
		next, s := stepInto(t, token)
		if next == nil {
			break
		}
		t, w.path = next, append(w.path, s)
	}
	return w.at()
}

var rawType = reflect.TypeFor[json.RawMessage]()
