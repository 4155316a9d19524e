package events

import (
	"fmt"
	"io"
	"reflect"
	"strconv"
	"sync"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// An Envelope is an event as it arrives, before its kind is known.
//
// The zero Envelope is an event without timestamp, headers or payload.
type Envelope struct {
	// Timestamp is when the event was raised. The zero time is an absent
	// timestamp. The wire counts whole milliseconds since 1970: Encode drops
	// what is finer.
	Timestamp time.Time
	// Headers are the headers of the invocation in their order.
	Headers []Header
	// Payload is the payload as JSON. Nil stands for an empty object.
	Payload []byte
}

// lastMilli is the last millisecond of the year 9999.
const lastMilli = 253402300799999

// wireEnvelope is the envelope's shape on the wire (platform documentation
// and public clients). Senders of the second generation give headers as one
// object instead of a list of pairs.
type wireEnvelope struct {
	Timestamp int64      `json:"timestamp"`
	Headers   headerList `json:"headers"`
	Payload   verbatim   `json:"payload"`
}

// check holds the timestamp against its bounds. It is here and not in a tag
// since every event pays for it, and the validator takes many times as long.
func (e *wireEnvelope) check() []Problem {
	switch {
	case e.Timestamp < 0:
		return []Problem{{"timestamp", "must be at least 0"}}
	case e.Timestamp > lastMilli:
		return []Problem{{"timestamp", "must be at most " + strconv.FormatInt(lastMilli, 10)}}
	}
	return nil
}

// headerList reads a list of pairs or one object of names and texts.
type headerList []Header

// verbatim keeps JSON byte for byte.
type verbatim []byte

var envelopeShape = sync.OnceValue(func() *shape { return newShape(reflect.TypeFor[wireEnvelope]()) })

// DecodeEnvelope reads an envelope.
//
// A timestamp that is missing, null or zero is absent. Headers may be missing,
// a list of key and value pairs, or an object of texts. A missing payload, or
// null, is an empty object; any other JSON is kept as it came. Unknown fields
// are ignored; a key that is given twice anywhere, text that is not UTF-8 and
// anything after the envelope are refused.
//
// The error is a *DecodeError. The envelope keeps no reference to data.
func DecodeEnvelope(data []byte) (Envelope, error) {
	var wire wireEnvelope
	if err := envelopeShape().decode(data, reflect.ValueOf(&wire).Elem(), "", 0); err != nil {
		return Envelope{}, err
	}
	env := Envelope{Headers: wire.Headers, Payload: wire.Payload}
	if wire.Timestamp != 0 {
		env.Timestamp = time.UnixMilli(wire.Timestamp).UTC()
	}
	if env.Payload == nil {
		env.Payload = []byte("{}")
	}
	return env, nil
}

// ReadEnvelope reads an envelope from r to its end, and never more than
// MaxSize bytes and one: a larger one fails with ErrTooLarge. A failure to
// read is returned wrapped; every other error is a *DecodeError.
func ReadEnvelope(r io.Reader) (Envelope, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxSize+1))
	if err != nil {
		return Envelope{}, fmt.Errorf("read the event: %w", err)
	}
	return DecodeEnvelope(data)
}

// Encode writes the envelope: headers as a list of pairs, an absent timestamp
// not at all, a nil payload as an empty object and any other payload byte for
// byte. A payload that is not JSON, and anything else that DecodeEnvelope
// would refuse, is refused with an *EncodeError.
func (e Envelope) Encode() ([]byte, error) {
	out := []byte{'{'}
	if !e.Timestamp.IsZero() {
		if ms := e.Timestamp.UnixMilli(); ms < 1 || ms > lastMilli {
			return nil, &EncodeError{Problems: []Problem{{"timestamp", "must lie between 1970 and 9999, or be the zero time"}}}
		}
		out = fmt.Appendf(out, `"timestamp":%d,`, e.Timestamp.UnixMilli())
	}
	headers, err := encodeJSON(headerList(e.Headers), "headers")
	if err != nil {
		return nil, err
	}
	payload := e.Payload
	if payload == nil {
		payload = []byte("{}")
	}
	if !jsontext.Value(payload).IsValid() {
		return nil, &EncodeError{Problems: []Problem{{"payload", "must be one JSON value with unique keys and valid UTF-8"}}}
	}
	out = append(append(out, `"headers":`...), headers...)
	out = append(append(append(out, `,"payload":`...), payload...), '}')
	if err := bounds(out, 0); err != nil {
		return nil, &EncodeError{Problems: boundProblem("", err), bound: err}
	}
	return out, nil
}
