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
// A document without problems is walked once, over the scanner. One with
// problems is walked again, carefully, over the JSON decoder: it lets
// duplicate keys and broken text pass, so that the walk itself can note them,
// with what is wrong behind them.
type walk struct {
	scan  scanner
	texts texts
	noted int // how many problems there were

	// The rest is for the careful walk alone.
	careful  bool
	dec      *jsontext.Decoder
	shape    *shape
	into     reflect.Value // what is filled
	path     []step
	problems []Problem // the first maxProblems
	root     string
	order    map[string]int // where in the document each path began
}

// A step of a path: a field's name, or a position in a list if it is empty.
type step struct {
	name  string
	index int
}

// UnmarshalJSONFrom lets the JSON library lend its pooled decoder to the walk.
func (w *walk) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	w.dec = dec
	return w.read(w.shape.read, w.into)
}

// forget makes a walk ready for the next document; it keeps nothing of this.
func (w *walk) forget() {
	w.scan.forget()
	w.texts.start(0)
	w.noted = 0
}

func (w *walk) push(s step) {
	if !w.careful {
		return
	}
	w.path = append(w.path, s)
	at := w.at()
	if _, known := w.order[at]; !known {
		w.order[at] = len(w.order)
	}
}

func (w *walk) pop() {
	if w.careful {
		w.path = w.path[:len(w.path)-1]
	}
}

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
	if w.noted++; w.careful && w.noted <= maxProblems {
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

// peek is the kind of the next value or bracket, or 0 if there is none.
func (w *walk) peek() jsontext.Kind {
	if w.careful {
		return w.dec.PeekKind()
	}
	return w.scan.peek()
}

// token reads the bracket that begins a list or an object, or that ends one.
func (w *walk) token() error {
	if !w.careful {
		return stopUnless(w.scan.bracket())
	}
	if _, err := w.dec.ReadToken(); err != nil {
		return w.stop(err)
	}
	return nil
}

// value reads the next value as it stands. It is good until the next read.
func (w *walk) value() (jsontext.Value, error) {
	if !w.careful {
		raw, good := w.scan.value()
		return raw, stopUnless(good)
	}
	raw, err := w.dec.ReadValue()
	if err != nil {
		return nil, w.stop(err)
	}
	w.inspect(raw)
	return raw, nil
}

// text reads the next value, which is a text, and gives what it says. It is
// good until the next read.
func (w *walk) text() ([]byte, error) {
	if !w.careful {
		text, good := w.scan.text()
		return text, stopUnless(good)
	}
	raw, err := w.value()
	if err != nil {
		return nil, err
	}
	return unquote(raw)
}

// skip reads over the next value.
func (w *walk) skip() error {
	_, err := w.value()
	return err
}

func stopUnless(good bool) error {
	if good {
		return nil
	}
	return errStop // the careful walk will find the words
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
	if !w.careful {
		text, good := w.scan.name()
		return text, stopUnless(good)
	}
	raw, err := w.dec.ReadValue()
	if err != nil {
		return nil, w.stop(err)
	}
	if !raw.IsValid() {
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
