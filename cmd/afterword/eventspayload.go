package main

import (
	"reflect"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/internal/fields"
	"github.com/afterword-go/afterword/rules"
)

// payloadOf lists the fields of an event's payload, those that rules cannot
// read included. Of a vendor's own object, no fields are known.
func payloadOf(kind events.AnyKind) ([]fieldJSON, error) {
	if isOpen(kind) {
		return []fieldJSON{}, nil
	}
	reference, err := referenceOf(kind)
	if err != nil {
		return nil, err
	}
	w := payloadWalk{readable: map[string]rules.FieldInfo{}}
	for _, f := range reference.Fields {
		w.readable[f.Name] = f
	}
	w.group("", kind.PayloadType())
	return w.found, nil
}

// isOpen tells whether the payload is an object without fields of its own.
func isOpen(kind events.AnyKind) bool {
	return kind.PayloadType() == reflect.TypeFor[events.Object]()
}

// A payloadWalk lists the fields of a payload.
type payloadWalk struct {
	readable map[string]rules.FieldInfo // by their paths
	found    []fieldJSON
}

// group lists what is in a struct, which does not hold itself.
func (w *payloadWalk) group(prefix string, of reflect.Type) {
	for _, f := range fields.Of(of) {
		path := prefix + f.Name
		info, ok := w.readable[path]
		if !ok {
			info = rules.FieldInfo{Name: path, Type: "any JSON", Optional: f.Optional, Meaning: f.Tag.Get("doc")}
		}
		w.found = append(w.found, fieldOf(info))
		if ok {
			w.inside(path, f.Type)
		}
	}
}

// inside lists what is in a group, or in the groups of a list.
func (w *payloadWalk) inside(path string, of reflect.Type) {
	switch of.Kind() {
	case reflect.Pointer:
		w.inside(path, of.Elem())
	case reflect.Slice:
		w.inside(path+"[]", of.Elem())
	case reflect.Struct:
		w.group(path+".", of)
	}
}
