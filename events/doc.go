// Package events knows the events of the functions platform: their wire IDs,
// their limits, and the Go types of their payloads and results.
//
// # Usage
//
// An event arrives as an envelope of JSON. Its kind decodes the payload:
//
//	env, err := events.ReadEnvelope(r)
//	event, err := events.ChatPostSurveyEmailTranscript.Decode(env)
//	if rank := event.Payload.CSATRank; rank != nil && *rank <= 3 { … }
//
// Where the kind is known only by its wire ID, a Registry finds it: Platform
// holds the fifteen kinds of the platform, NewRegistry and Registry.With those
// of one's own, which Define makes of two Go types and a Spec.
//
// # Strict and lenient
//
// Decoding refuses what would hide a fault: keys given twice, at any depth,
// text that is not UTF-8, anything after the document, values of the wrong
// type, more than MaxSize bytes (ErrTooLarge) and more than MaxDepth levels
// (ErrTooDeep). It ignores unknown fields, since the platform may grow. Names
// match exactly. Null is the same as a missing field; inside a list it is
// refused, unless the list's elements are pointers or raw JSON.
//
// Where the wire says one thing in several ways, all are decoded and one is
// encoded: whole numbers may be written 3, 3.0 or 3e0; see ID, Messaging,
// Threshold and Commands for the rest. What was decoded, encoded and decoded
// again is the same.
//
// # Errors and privacy
//
// Payloads hold personal data. A DecodeError lists every field that is wrong,
// one line each, by its place and never by its value; nor does it repeat a key
// that is not a field of the kind.
//
// # Concurrency
//
// Kinds and registries never change and may be shared by goroutines. Decoded
// events belong to their caller. Nothing here blocks, logs or reads a clock.
//
// # Sources
//
// Names, types and limits are those of the platform's public documentation
// and of its public clients. Where these disagree, the comment of the type
// says what was chosen.
package events
