package events

import "time"

// An Event is a decoded event: what a function gets to see.
//
// It belongs to whoever decoded it: nothing else keeps a reference into it.
type Event[P any] struct {
	// Timestamp is when the event was raised, to the millisecond, in UTC. It
	// is the zero time if the sender gave none.
	Timestamp time.Time
	// Headers are the headers of the invocation in their order. They may be
	// nil, and a key may occur more than once.
	Headers []Header
	// Payload is the event's own content.
	Payload P
}

// A Header is one header of an invocation.
type Header struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}
