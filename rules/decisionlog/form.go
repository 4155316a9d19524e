package decisionlog

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	jsonv1 "github.com/go-json-experiment/json/v1"
)

// MaxRecord bounds a record as JSON, in bytes without the line break.
const MaxRecord = 4 << 20

// ErrTooLarge says that a record has more than MaxRecord bytes.
var ErrTooLarge = fmt.Errorf("the record has more than %d bytes", MaxRecord)

var (
	errNoForm = errors.New("the outcomes have no JSON form, and are left out")
	errEvent  = errors.New("the event has no JSON form, and is left out")
)

// forms are the options of both ways. A text that is not UTF-8 is written with
// U+FFFD in place of what is none: better than no record.
func forms() json.Options {
	return json.JoinOptions(jsonv1.FormatDurationAsNano(true), jsontext.AllowInvalidUTF8(true))
}

// lineOf writes a record as a line. What keeps it from that is taken out of it,
// and the error says so. Without a line, nothing helps.
func lineOf[Out any](record *Record[Out]) ([]byte, error) {
	var errs []error
	if record.Event != nil && !jsontext.Value(record.Event).IsValid() {
		record.Event = nil
		errs = append(errs, errEvent)
	}
	line, err := encode(*record)
	if err != nil {
		record.Outcomes = nil
		errs = append(errs, errNoForm)
		line, err = encode(*record)
	}
	if err == nil && len(line) > MaxRecord+1 && record.Event != nil {
		record.Event = nil
		errs = append(errs, fmt.Errorf("%w with its event, which is left out", ErrTooLarge))
		line, err = encode(*record)
	}
	if err == nil && len(line) > MaxRecord+1 {
		err = ErrTooLarge
	}
	if err != nil {
		return nil, errors.Join(append(errs, err)...)
	}
	return line, errors.Join(errs...)
}

// encode writes a record as a line.
func encode[Out any](record Record[Out]) ([]byte, error) {
	var line bytes.Buffer
	if err := json.MarshalWrite(&line, record, forms()); err != nil {
		return nil, err
	}
	line.WriteByte('\n')
	return line.Bytes(), nil
}

// clone copies a value by way of JSON.
func clone[Out any](value Out) (Out, error) {
	var out Out
	text, err := json.Marshal(value, forms())
	if err == nil {
		err = json.Unmarshal(text, &out, forms())
	}
	return out, err
}

// shares tells whether a copy of an Out leads to the same places as the Out.
func shares[Out any]() bool { return leads(reflect.TypeFor[Out]()) }

func leads(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Struct:
		for f := range t.Fields() {
			if leads(f.Type) {
				return true
			}
		}
	case reflect.Array:
		return leads(t.Elem())
	case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Interface, reflect.Func, reflect.Chan, reflect.UnsafePointer:
		return true
	}
	return false
}
