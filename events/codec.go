package events

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
)

// The names of the two documents of a kind in paths.
const (
	payloadRoot = "payload"
	resultRoot  = "result"
)

// Decode decodes an envelope's payload and validates it.
//
// A field that is null is absent, as if it were missing; a list that is empty
// is nil. Unknown fields are ignored. What is wrong is told by a *DecodeError
// that lists every field at once. The error of a kind with faults is Err's.
// The event keeps no reference to the envelope's payload.
func (k *Kind[P, R]) Decode(env Envelope) (Event[P], error) {
	of := k.ready()
	if of.err != nil {
		return Event[P]{}, of.err
	}
	event := Event[P]{Timestamp: env.Timestamp, Headers: slices.Clone(env.Headers)}
	if err := of.payload.decode(orEmpty(env.Payload), reflect.ValueOf(&event.Payload).Elem(), payloadRoot, 1); err != nil {
		return Event[P]{}, err
	}
	return event, nil
}

// orEmpty gives the payload, and an empty object for one that is missing.
func orEmpty(payload []byte) []byte {
	if payload == nil {
		return []byte("{}")
	}
	return payload
}

// EncodePayload validates a payload and writes it as JSON that Decode reads
// back to the same. The error is an *EncodeError, or Err's.
func (k *Kind[P, R]) EncodePayload(payload P) ([]byte, error) {
	of := k.ready()
	if of.err != nil {
		return nil, of.err
	}
	return of.payload.encode(&payload, payloadRoot)
}

// EncodeResult validates a result and writes it as JSON. A nil list is
// written as an empty one. The error is an *EncodeError, or Err's.
func (k *Kind[P, R]) EncodeResult(result R) ([]byte, error) {
	of := k.ready()
	if of.err != nil {
		return nil, of.err
	}
	return of.result.encode(&result, resultRoot)
}

// DecodeResult reads what EncodeResult writes, with the rules of Decode. Null
// is the zero result.
func (k *Kind[P, R]) DecodeResult(data []byte) (R, error) {
	var result, none R
	of := k.ready()
	if of.err != nil {
		return none, of.err
	}
	if err := of.result.decode(data, reflect.ValueOf(&result).Elem(), resultRoot, 0); err != nil {
		return none, err
	}
	return result, nil
}

// DecodeAny decodes as Decode does; the value is an Event[P].
func (k *Kind[P, R]) DecodeAny(env Envelope) (any, error) {
	event, err := k.Decode(env)
	if err != nil {
		return nil, err
	}
	return event, nil
}

// EncodeAnyResult encodes as EncodeResult does. A result that is not an R is
// refused; a nil one is the zero R.
func (k *Kind[P, R]) EncodeAnyResult(result any) ([]byte, error) {
	typed, ok := result.(R)
	if !ok && result != nil {
		return nil, fmt.Errorf("event %s: the result is a %T; return a %v", k.ID(), result, reflect.TypeFor[R]())
	}
	return k.EncodeResult(typed)
}

// trySample decodes a kind's own sample.
func (of kindTypes) trySample(sample []byte) error {
	env, err := DecodeEnvelope(sample)
	if err != nil {
		return err
	}
	v := reflect.New(of.payload.of).Elem()
	return of.payload.decode(orEmpty(env.Payload), v, payloadRoot, 1)
}

// validID says whether a wire ID is one.
func validID(id string) bool {
	ok := func(c rune) bool {
		return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-' || c == '.'
	}
	return id != "" && len(id) <= 100 && !bytes.ContainsFunc([]byte(id), func(c rune) bool { return !ok(c) })
}
