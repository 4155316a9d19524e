package rules

import (
	"context"
	"errors"
)

// A Rule is a name, a condition and an outcome.
type Rule[In, Then any] struct {
	// Name is unique in its set: letters, digits, "-", "_" and ".", at most 100
	// of them.
	Name string
	// Description is for people.
	Description string
	// Mode says whether the rule counts; the zero value enforces it.
	Mode Mode
	// When decides whether the rule fires.
	When Condition[In]
	// Then is what follows. Texts in it, values of the type Text at any depth
	// of structs, pointers, slices and maps, are checked with the rule.
	Then Then
}

// A Condition is an expression or a Go function. The zero value is no
// condition, and a rule with it is refused.
type Condition[In any] struct {
	texts []string
	holds func(context.Context, *In) (bool, error)
}

// When is a condition in the rule language. With more than one expression, all
// must hold.
func When[In any](expressions ...string) Condition[In] {
	return Condition[In]{texts: expressions}
}

// WhenFunc is a condition in Go. It is called by as many goroutines as decide
// with the set at the same time. A panic in it is the rule's error, and so is
// the error that it returns.
func WhenFunc[In any](holds func(context.Context, *In) (bool, error)) Condition[In] {
	return Condition[In]{holds: holds}
}

// Hit says which of the rules that fire count.
type Hit uint8

// The hit policies.
const (
	Collect Hit = iota // every rule that fires
	First              // the first rule that fires and whose outcome is sound
)

// String is the policy as rule files spell it.
func (h Hit) String() string {
	if h == First {
		return "first"
	}
	return "collect"
}

// A Config is what the rules of a set share. The zero value is a set that
// collects, without constants and functions.
type Config struct {
	// Hit is the policy for rules made in Go; a rule file has its own.
	Hit Hit
	// Vars are the constants that expressions read as vars.name, for rules
	// made in Go; a rule file has its own. Values are texts, numbers, booleans,
	// lists of one kind of these ([]any) and groups of them (map[string]any).
	Vars map[string]any
	// Functions are what expressions may call beside the functions of the
	// language.
	Functions []Function
	// Event is the event that a rule file must name. Empty: any.
	Event string
	// Outcomes is the key under which tests of a rule file expect outcomes.
	// Empty: outcomes.
	Outcomes string
	// CheckText looks at each text of an outcome when it is loaded. Its error
	// is a problem at the text's place. It must not panic.
	CheckText func(TextInfo) error
	// CheckPayload says what is wrong with the payload of a test, which is JSON,
	// when it is loaded: each is a problem at its place in the file. It takes what
	// Tester.Decode takes. It must not panic. Nil: a payload is what encoding/json
	// puts into the input.
	CheckPayload func(payload []byte) []PayloadProblem
}

// errNoInput is for a nil input.
var errNoInput = errors.New("rules: the input is nil")
