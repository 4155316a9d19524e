package secrets

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// The bounds of a vault. Those of keys and values are from the platform
// documentation.
const (
	maxKey     = 100    // characters
	maxValue   = 10_000 // characters
	maxSecrets = 1_000
)

// A Type says what the values of a secret must look like. The zero Type is none.
type Type string

// The types. A number is one as JSON has it, with nothing around it: 12, -0.5 or
// 1e9. JSON is any JSON text without duplicate names.
const (
	String Type = "string"
	Number Type = "number"
	JSON   Type = "json"
)

// An Info is all that a vault tells of a secret.
type Info struct {
	Key  string `json:"key"`
	Type Type   `json:"type"`
	// UpdatedAt is when the value was set last, in UTC.
	UpdatedAt time.Time `json:"updatedAt"`
}

// The facts that errors of this package tell.
var (
	ErrNotFound   = errors.New("there is no such secret")
	ErrExists     = errors.New("there is such a secret already")
	ErrNotAllowed = errors.New("not a secret that this function may use")
	ErrInvalid    = errors.New("not valid")
)

// about is an error about the secret with a key.
func about(key string, err error) error { return fmt.Errorf("secret %q: %w", key, err) }

// check tells all that is wrong with a secret.
func check(key string, kind Type, value string) error {
	return errors.Join(checkKey(key), checkType(key, kind), checkValue(key, kind, value))
}

// checkKey does not quote a key that is none: it may be a value in the wrong
// place.
func checkKey(key string) error {
	at := strings.IndexFunc(key, func(r rune) bool { return !isKeyRune(r) })
	switch count := utf8.RuneCountInString(key); {
	case at >= 0:
		return fmt.Errorf("key: %w: it has other characters than letters, digits, _ and -, the first at character %d", ErrInvalid, utf8.RuneCountInString(key[:at])+1)
	case count == 0:
		return fmt.Errorf("key: %w: it is empty", ErrInvalid)
	case count > maxKey:
		return fmt.Errorf("key: %w: it has %d characters; keep to %d", ErrInvalid, count, maxKey)
	}
	return nil
}

func isKeyRune(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '_' || r == '-'
}

func checkType(key string, kind Type) error {
	switch kind {
	case String, Number, JSON:
		return nil
	}
	return invalid(key, "the type is none of %s, %s and %s", String, Number, JSON) // and may be the value, in the wrong place
}

var numberText = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$`)

// checkValue tells what is wrong with a value, and never what it is.
func checkValue(key string, kind Type, value string) error {
	count := utf8.RuneCountInString(value)
	switch {
	case count > maxValue:
		return invalid(key, "the value has %d characters; keep to %d", count, maxValue)
	case !utf8.ValidString(value):
		return invalid(key, "the value is not UTF-8: encode it, as base64 for example")
	case kind == Number && !numberText.MatchString(value):
		return invalid(key, "the value is not a number as JSON has it, such as 12 or -0.5")
	case kind == JSON && !jsontext.Value(value).IsValid():
		return invalid(key, "the value is not JSON, or has a name twice")
	}
	return nil
}

// invalid is an ErrInvalid about the secret with a key, as far as that is one.
func invalid(key, format string, args ...any) error {
	err := fmt.Errorf("%w: "+format, append([]any{ErrInvalid}, args...)...)
	if checkKey(key) != nil {
		return fmt.Errorf("secret: %w", err)
	}
	return about(key, err)
}
