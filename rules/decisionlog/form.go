package decisionlog

import (
	"bytes"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	jsonv1 "github.com/go-json-experiment/json/v1"
)

// MaxRecord bounds a record as JSON, in bytes without the line break.
const MaxRecord = 4 << 20

// forms are the options of both ways. A text that is not UTF-8 is written with
// U+FFFD in place of what is none: better than no record.
func forms() json.Options {
	return json.JoinOptions(jsonv1.FormatDurationAsNano(true), jsontext.AllowInvalidUTF8(true))
}

// encode writes a record as one line.
func encode[Out any](record Record[Out]) ([]byte, error) {
	var line bytes.Buffer
	err := json.MarshalWrite(&line, record, forms(), jsontext.Multiline(false))
	return append(slices.Clip(line.Bytes()), '\n'), err
}
