package events

import (
	"errors"
	"fmt"
	"strings"
)

// The bounds of what is decoded. They protect the process that decodes, and
// are this library's own: the platform documents none.
const (
	// MaxSize is the largest envelope or result that is decoded, in bytes.
	MaxSize = 256 << 10
	// MaxDepth is how deep lists and objects may nest in an envelope or a
	// result. The envelope itself is level one.
	MaxDepth = 64
)

// maxProblems is how many problems of one document are listed. A document of
// the largest size could hold a hundred thousand; their number is told.
const maxProblems = 100

// ErrTooLarge says that a document is larger than MaxSize. A server answers
// it with HTTP status 413.
var ErrTooLarge = errors.New("larger than 256 KiB")

// ErrTooDeep says that a document nests deeper than MaxDepth.
var ErrTooDeep = errors.New("nested deeper than 64 levels")

// A Problem is one fault of a document.
type Problem struct {
	// Path is the place, such as payload.questionWithAnswers[1].answer. It is
	// made of the names of known fields and of list positions alone, so that
	// it never repeats what a sender wrote. For an unknown key it is the
	// place of the object around it.
	Path string
	// Message says what is wrong and never quotes a value.
	Message string
}

// String gives the problem as one line: the place, then the message.
func (p Problem) String() string {
	if p.Path == "" {
		return p.Message
	}
	return p.Path + ": " + p.Message
}

// A DecodeError says why a document could not be decoded. It lists every
// field that is wrong, in the order of the document, and quotes no value. Of
// more than a hundred problems it lists the first and, as the last one, how
// many more there are.
type DecodeError struct {
	Problems []Problem
	bound    error
}

// Error prints one line per problem.
func (e *DecodeError) Error() string { return lines(e.Problems) }

// Unwrap gives ErrTooLarge or ErrTooDeep if a bound was exceeded, else nil.
func (e *DecodeError) Unwrap() error { return e.bound }

// An EncodeError says why a value could not be encoded. It lists every field
// that breaks a rule of its type, and quotes no value.
type EncodeError struct {
	Problems []Problem
	bound    error
}

// Error prints one line per problem.
func (e *EncodeError) Error() string { return lines(e.Problems) }

// Unwrap gives ErrTooLarge or ErrTooDeep if a bound was exceeded, else nil.
func (e *EncodeError) Unwrap() error { return e.bound }

func lines(problems []Problem) string {
	all := make([]string, len(problems))
	for i, p := range problems {
		all[i] = p.String()
	}
	return strings.Join(all, "\n")
}

// bounds holds data against MaxSize and MaxDepth. Outside is the number of
// levels that will lie around data.
func bounds(data []byte, outside int) error {
	if len(data) > MaxSize {
		return ErrTooLarge
	}
	if depth(data)+outside > MaxDepth {
		return ErrTooDeep
	}
	return nil
}

// boundProblem puts a broken bound into words.
func boundProblem(path string, bound error) []Problem {
	return []Problem{{Path: path, Message: fmt.Sprintf("is %v; send less", bound)}}
}

// depth counts the levels of a JSON text. Brackets inside of texts do not
// count. What it says of a text that is not JSON does not matter: such a text
// is refused anyway.
func depth(data []byte) int {
	level, deepest := 0, 0
	for i := 0; i < len(data); i++ {
		switch data[i] {
		case '"':
			i = textEnd(data, i+1)
		case '{', '[':
			level++
			deepest = max(deepest, level)
		case '}', ']':
			level--
		}
	}
	return deepest
}

// textEnd is the place of the quotation mark that ends a text, or the end of
// the data.
func textEnd(data []byte, i int) int {
	for ; i < len(data); i++ {
		switch data[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return i
}
