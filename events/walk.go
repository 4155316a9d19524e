package events

import (
	"errors"
	"io"
	"reflect"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// errStop ends a walk over a text that stopped being JSON.
var errStop = errors.New("stop")

// A walk goes over one JSON document and fills a Go value from it. It does
// not stop at a field that is wrong: it notes the problem and goes on.
//
// A document without problems is walked once, in the strict mode of the JSON
// decoder. One with problems is walked again, carefully: the decoder then
// lets duplicate keys and broken text pass, so that the walk itself can note
// them, with what is wrong behind them.
type walk struct {
	dec      *jsontext.Decoder
	shape    *shape
	into     reflect.Value // what is filled
	path     []step
	room     [8]step // the first of path, so that most walks never grow it
	problems []Problem
	noted    int // how many there were; problems holds the first maxProblems
	careful  bool
	root     string
	order    map[string]int // careful: where in the document each path began
}

// A step of a path: a field's name, or a position in a list if it is empty.
type step struct {
	name  string
	index int
}

// UnmarshalJSONFrom lets the JSON library lend its pooled decoder to the walk.
func (w *walk) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	w.dec, w.path = dec, w.room[:0]
	return w.read(w.shape.read, w.into)
}

func (w *walk) push(s step) {
	w.path = append(w.path, s)
	if w.careful {
		at := w.at()
		if _, known := w.order[at]; !known {
			w.order[at] = len(w.order)
		}
	}
}

func (w *walk) pop() { w.path = w.path[:len(w.path)-1] }

// at renders the current path.
func (w *walk) at() string {
	var b strings.Builder
	b.WriteString(w.root)
	for _, s := range w.path {
		switch {
		case s.name == "":
			b.WriteString("[" + strconv.Itoa(s.index) + "]")
		case b.Len() > 0:
			b.WriteString("." + s.name)
		default:
			b.WriteString(s.name)
		}
	}
	return b.String()
}

// note notes a problem at the current path.
func (w *walk) note(message string) {
	if w.noted++; w.noted <= maxProblems {
		w.problems = append(w.problems, Problem{Path: w.at(), Message: message})
	}
}

// mismatch notes that a value of another kind was wanted, and skips it.
func (w *walk) mismatch(want string, got jsontext.Kind) error {
	if word := kindWord(got); word != "" {
		w.note("must be " + want + ", not " + word)
	}
	return w.skip()
}

// kindWord names a kind of JSON value; it is empty for what is not JSON.
func kindWord(kind jsontext.Kind) string {
	switch kind {
	case 'n':
		return "null"
	case 't', 'f':
		return "a boolean"
	case '"':
		return "text"
	case '0':
		return "a number"
	case '{':
		return "an object"
	case '[':
		return "a list"
	}
	return ""
}

// stop notes where and how the text stopped being JSON.
func (w *walk) stop(err error) error {
	if !w.careful {
		return errStop // the careful walk will find the words
	}
	at := w.dec.InputOffset()
	var fault *jsontext.SyntacticError
	if errors.As(err, &fault) {
		at = fault.ByteOffset
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		w.note("ends too early, at byte " + strconv.FormatInt(at, 10))
	} else {
		w.note("is not JSON at byte " + strconv.FormatInt(at, 10))
	}
	return errStop
}

// token reads the bracket that begins a list or an object, or that ends one.
func (w *walk) token() error {
	if _, err := w.dec.ReadToken(); err != nil {
		return w.stop(err)
	}
	return nil
}

// value reads the next value as it stands. It is good until the next read.
func (w *walk) value() (jsontext.Value, error) {
	raw, err := w.dec.ReadValue()
	if err != nil {
		return nil, w.stop(err)
	}
	if w.careful {
		w.inspect(raw)
	}
	return raw, nil
}

// skip reads over the next value.
func (w *walk) skip() error {
	if w.careful {
		_, err := w.value()
		return err
	}
	if err := w.dec.SkipValue(); err != nil {
		return w.stop(err)
	}
	return nil
}

// inspect notes what the lenient decoder of a careful walk has let pass.
func (w *walk) inspect(raw jsontext.Value) {
	switch {
	case raw.IsValid():
	case raw.Kind() == '"':
		w.note("is not valid UTF-8 text")
	case !raw.IsValid(jsontext.AllowDuplicateNames(true)):
		w.note("holds text that is not valid UTF-8")
	default:
		w.note("holds a key twice")
	}
}

// name reads an object's next key. It is good until the next read.
func (w *walk) name() ([]byte, error) {
	raw, err := w.dec.ReadValue()
	if err != nil {
		return nil, w.stop(err)
	}
	if w.careful && !raw.IsValid() {
		w.note("has a key that is not valid UTF-8")
	}
	return unquote(raw)
}

// unquote gives the text of a JSON string, without a copy if it has no
// escapes.
func unquote(raw jsontext.Value) ([]byte, error) {
	inner := raw[1 : len(raw)-1]
	for _, c := range inner {
		if c == '\\' || c >= 0x80 {
			text, err := jsontext.AppendUnquote(nil, raw)
			if err != nil && text == nil {
				return nil, errStop
			}
			return text, nil // broken UTF-8 was noted by the careful walk
		}
	}
	return inner, nil
}
