package events

import (
	"bytes"
	"errors"
	"math"
	"reflect"
	"strconv"
	"strings"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// mismatch is the error of a type of this package that decodes itself. Its
// text names what was wanted and quotes nothing, so that it may be shown.
type mismatch string

// Error says what was wanted.
func (m mismatch) Error() string { return string(m) }

func readText(w *walk, v reflect.Value, kind jsontext.Kind) error {
	if kind != '"' {
		return w.mismatch("text", kind)
	}
	text, err := w.text()
	if err != nil {
		return err
	}
	v.SetString(w.texts.keep(text))
	return nil
}

// readID reads text, or a number as it stands.
func readID(w *walk, v reflect.Value, kind jsontext.Kind) error {
	if kind == '"' {
		return readText(w, v, kind)
	}
	raw, err := w.value()
	if err != nil {
		return err
	}
	if kind != '0' {
		w.note("must be text or a number, not " + kindWord(kind))
		return nil
	}
	v.SetString(w.texts.keep(raw))
	return nil
}

func readBool(w *walk, v reflect.Value, kind jsontext.Kind) error {
	if kind != 't' && kind != 'f' {
		return w.mismatch("a boolean", kind)
	}
	v.SetBool(kind == 't')
	return w.skip()
}

// readRaw keeps JSON as it came but for white space, which encoding drops.
func readRaw(w *walk, v reflect.Value, _ jsontext.Kind) error {
	raw, err := w.value()
	if err != nil {
		return err
	}
	kept := raw.Clone()
	if err := kept.Compact(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)); err != nil {
		return w.stop(err)
	}
	v.SetBytes(kept)
	return nil
}

func readVerbatim(w *walk, v reflect.Value, _ jsontext.Kind) error {
	raw, err := w.value()
	v.SetBytes(bytes.Clone(raw))
	return err
}

// readForeign leaves a value to its type's own methods or to the JSON library.
// The error of a method may quote the value: it is not repeated.
func readForeign(w *walk, v reflect.Value, kind jsontext.Kind) error {
	raw, err := w.value()
	if err != nil {
		return err
	}
	before := w.noted
	if err := jsonv2.Unmarshal(raw, v.Addr().Interface(), jsontext.AllowDuplicateNames(w.careful), jsontext.AllowInvalidUTF8(w.careful)); err != nil {
		v.SetZero()
		var known mismatch
		switch {
		case errors.As(err, &known):
			w.note(string(known) + ", not " + kindWord(kind))
		case w.noted == before:
			w.note("is not a valid " + v.Type().String())
		}
	}
	if kind := v.Kind(); (kind == reflect.Slice || kind == reflect.Map) && v.Len() == 0 {
		v.SetZero()
	}
	return nil
}

// number reads a number into an integer or a float of any size. If the field
// says so, the number may come as text.
func number(t fieldType) reader {
	set, want := setFloat, "a number"
	switch {
	case t.Kind() <= reflect.Int64:
		set, want = setInt, "a whole number"
	case t.Kind() <= reflect.Uint64:
		set, want = setUint, "a whole number"
	}
	return func(w *walk, v reflect.Value, kind jsontext.Kind) error {
		if kind != '0' && (kind != '"' || !t.text) {
			return w.mismatch(want, kind)
		}
		raw, err := w.value()
		if err != nil {
			return err
		}
		if n, ok := smallInt(raw); ok && v.CanInt() && !v.OverflowInt(n) {
			v.SetInt(n)
			return nil
		}
		literal := []byte(raw)
		if kind == '"' {
			literal, err = unquote(raw)
			if err != nil || jsontext.Value(literal).Kind() != '0' || !jsontext.Value(literal).IsValid() {
				w.note("must be " + want + ", or its digits as text")
				return err
			}
		}
		if problem := set(v, strings.TrimSpace(string(literal))); problem != "" {
			w.note(problem)
		}
		return nil
	}
}

const (
	notWhole = "must be a whole number"
	tooBig   = "is a number too large for this field"
	negative = "must not be negative"
)

// smallInt reads the digits of a whole number that certainly fits 64 bits.
func smallInt(literal []byte) (n int64, ok bool) {
	digits := literal
	if len(digits) > 1 && digits[0] == '-' {
		digits = digits[1:]
	}
	if len(digits) == 0 || len(digits) > 18 {
		return 0, false
	}
	for _, c := range digits {
		if c -= '0'; c > 9 {
			return 0, false
		}
		n = 10*n + int64(c)
	}
	if len(digits) < len(literal) {
		n = -n
	}
	return n, true
}

func setInt(v reflect.Value, literal string) string {
	n, err := strconv.ParseInt(literal, 10, 64)
	if err != nil {
		digits, problem := wholeDigits(literal)
		if problem != "" {
			return problem
		}
		if n, err = strconv.ParseInt(digits, 10, 64); err != nil {
			return tooBig
		}
	}
	if v.OverflowInt(n) {
		return tooBig
	}
	v.SetInt(n)
	return ""
}

func setUint(v reflect.Value, literal string) string {
	digits, problem := wholeDigits(literal)
	if problem != "" {
		return problem
	}
	if strings.HasPrefix(digits, "-") {
		return negative
	}
	n, err := strconv.ParseUint(digits, 10, 64)
	if err != nil || v.OverflowUint(n) {
		return tooBig
	}
	v.SetUint(n)
	return ""
}

func setFloat(v reflect.Value, literal string) string {
	n, err := strconv.ParseFloat(literal, 64)
	if err != nil || math.IsInf(n, 0) || v.OverflowFloat(n) {
		return tooBig
	}
	v.SetFloat(n)
	return ""
}

// wholeDigits turns a JSON number that is whole in any spelling, such as 3.0
// or 3e0, into plain digits. It never builds a number of more than 20 digits.
func wholeDigits(literal string) (digits, problem string) {
	sign := ""
	if rest, ok := strings.CutPrefix(literal, "-"); ok {
		sign, literal = "-", rest
	}
	mantissa, power := literal, ""
	if i := strings.IndexAny(literal, "eE"); i >= 0 {
		mantissa, power = literal[:i], literal[i+1:]
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	point := len(whole)
	digits = strings.TrimLeft(whole+fraction, "0")
	point -= len(whole) + len(fraction) - len(digits)
	digits = strings.TrimRight(digits, "0")
	if digits == "" {
		return "0", ""
	}
	if power != "" {
		n, err := strconv.Atoi(power)
		switch {
		case err == nil && n > -1<<30 && n < 1<<30:
			point += n
		case strings.HasPrefix(power, "-"):
			return "", notWhole
		default:
			return "", tooBig
		}
	}
	switch {
	case point < len(digits):
		return "", notWhole
	case point > 20:
		return "", tooBig
	}
	return sign + digits + strings.Repeat("0", point-len(digits)), ""
}
