package secrets

import (
	"fmt"
	"io"
	"log/slog"
)

// hidden is what a Value shows instead of its text.
const hidden = "[secret]"

// A Value is the text of a secret. However it is printed, logged or encoded, it
// shows as [secret], also inside of other values. Values are not compared with
// ==; Reveal gives the text. The zero Value is the empty text.
type Value struct {
	// A function, so that what prints values by reflection, without their
	// methods, finds an address.
	reveal func() string
}

func valueOf(text string) Value { return Value{func() string { return text }} }

// Reveal gives the text of the secret. Take care where it goes.
func (v Value) Reveal() string {
	if v.reveal == nil {
		return ""
	}
	return v.reveal()
}

// String gives [secret].
func (Value) String() string { return hidden }

// Format writes [secret], whatever the verb.
func (Value) Format(w fmt.State, _ rune) {
	_, _ = io.WriteString(w, hidden) // as fmt does, which has no place for an error
}

// LogValue gives [secret].
func (Value) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalText gives [secret], so that JSON and other forms have that.
func (Value) MarshalText() ([]byte, error) { return []byte(hidden), nil }
