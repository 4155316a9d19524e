package gateway

import (
	"errors"
	"strings"

	json2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
)

// maxBody bounds the bodies that change functions: a source of 100,000
// characters takes that much at most, each written as an escape.
const maxBody = 1 << 20

// decode reads the body of a request into what a pointer points to: one JSON
// object with unique keys. Unknown fields are skipped, as the clients send more
// than is kept here.
func (r *request) decode(into any) error {
	data, err := r.body(maxBody)
	if err != nil {
		return err
	}
	if depth(data) > events.MaxDepth {
		return refuse(faas.CodeBadInput, "the body nests deeper than %d levels", events.MaxDepth)
	}
	if jsontext.Value(data).Kind() != '{' {
		return refuse(faas.CodeBadInput, "the body must be a JSON object")
	}
	err = json2.Unmarshal(data, into)
	var mismatch *json2.SemanticError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &mismatch):
		// Only fields that are known here can mismatch, so that the path repeats
		// nothing that the client wrote.
		return refuse(faas.CodeBadInput, "the body: %s is not of the right type", dotted(mismatch.JSONPointer))
	}
	return refuse(faas.CodeBadInput, "the body must be one JSON object in UTF-8, with each key once")
}

// dotted is a pointer as one writes paths.
func dotted(p jsontext.Pointer) string {
	return strings.ReplaceAll(strings.TrimPrefix(string(p), "/"), "/", ".")
}

// depth counts the levels of a JSON text.
func depth(data []byte) int {
	level, deepest, inText := 0, 0, false
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case inText && c == '\\':
			i++
		case c == '"':
			inText = !inText
		case inText:
		case c == '{' || c == '[':
			level++
			deepest = max(deepest, level)
		case c == '}' || c == ']':
			level--
		}
	}
	return deepest
}

// A functionBody is what the clients send to create or to change a function,
// in either generation. What is not there stays as it is.
type functionBody struct {
	Name           *string   `json:"name"`
	Description    *string   `json:"description"`
	EventID        *string   `json:"eventId"`
	Skills         *[]string `json:"skills"`
	Implementation *codeBody `json:"implementation"` // first generation
	Manifest       *codeBody `json:"manifest"`       // second generation
}

type codeBody struct {
	Code *string `json:"code"`
}

// source is the text of the function, if the body has one.
func (b functionBody) source(g generation) *string {
	from := b.Manifest
	if g == first {
		from = b.Implementation
	}
	if from == nil {
		return nil
	}
	return from.Code
}

// A rollbackBody says which deployment to go back to.
type rollbackBody struct {
	Deployment string `json:"deployment"`
}
