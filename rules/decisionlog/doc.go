// Package decisionlog writes down what rules decide, one line of JSON for each
// decision, and reads it back. It is generic over the outcome type and knows
// nothing of events.
//
// # Usage
//
// A [Log] keeps records: in a writer, or by a handler.
//
//	log, err := decisionlog.New(decisionlog.Options[string]{
//		Writer: file,
//		Mask:   func(order string) string { return order[:3] + "***" },
//	})
//	err = log.Add(ctx, decisionlog.Record[string]{
//		ID: "r-1", Rules: decisionlog.Rules{Hash: set.Hash()}, Fired: []string{"large"}, Outcomes: …,
//	})
//
// Of post-survey events, package transcript makes the records:
// transcript.LogDecisions.
//
// [Read] reads a log, and [Decode] one line of it.
//
// # The form
//
// A log is NDJSON: lines that end with a line feed, each a JSON object in UTF-8
// of at most [MaxRecord] bytes. The fields of a line are those of [Record], by
// their JSON names; those that are empty are left out, but for v, time, rules,
// fired, count and tookNs. The time is as in RFC 3339, in UTC. The field v is
// the number of the form, 1. Readers pass over fields that they do not know.
//
//	{"v":1,"time":"2026-01-31T18:00:00Z","id":"r-1","rules":{"hash":"sha256:…"},"fired":["large"],
//	 "skipped":[{"rule":"late","absent":["due"]}],"errors":[{"rule":"odd","message":"divides by zero"}],
//	 "failed":true,"count":1,"outcomes":[{"rule":"large","value":"cal***"}],"tookNs":5120}
//
// (It is one line.)
//
// # Privacy
//
// Without Options.Mask, outcomes are counted and not told. Mask works on a copy,
// so that what is decided stays as it is. Events are kept only with
// Options.Payloads: they are personal data, and nothing of them is masked.
// [FailureOf] and [MessageOf] tell of errors without what may quote an event. A
// record names rules, and the fields that were absent; which rules fired tells
// something of the event as well. Keep a log as you keep what it is about.
//
// # Limits and failures
//
// Add writes before it returns: nothing is lost with the process, and a slow
// writer slows down decisions. Whoever would rather lose records gives a writer,
// or a handler, that does so. A failure never changes a decision. It is returned,
// counted ([Log.Err]) and reported (Options.Failed), and what could be kept is
// kept. Nothing is flushed or synced, and no file is rotated: that is up to the
// writer.
//
// # Concurrency
//
// A Log may be used by any number of goroutines. Lines are written whole, one
// after the other, in the order in which they come; their times need not be.
package decisionlog
