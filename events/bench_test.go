package events_test

import (
	"encoding/json"
	"testing"

	jsonv2 "github.com/go-json-experiment/json"

	"github.com/afterword-go/afterword/events"
)

// BenchmarkDecode holds decoding a payload, with all its checks, beside what
// the JSON libraries take for the same bytes without them.
func BenchmarkDecode(b *testing.B) {
	b.Run("survey", func(b *testing.B) {
		benchmark(b, events.ChatPostSurveyEmailTranscript)
	})
	b.Run("messaging", func(b *testing.B) {
		benchmark(b, events.MessagingTTR)
	})
	b.Run("messagingSurvey", func(b *testing.B) {
		benchmark(b, events.MessagingSurveyEnded)
	})
}

func benchmark[P, R any](b *testing.B, kind *events.Kind[P, R]) {
	env, err := events.DecodeEnvelope(kind.Sample())
	if err != nil {
		b.Fatal(err)
	}
	run := func(name string, one func() error) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := one(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	run("events", func() error { _, err := kind.Decode(env); return err })
	run("encoding/json", func() error { var p P; return json.Unmarshal(env.Payload, &p) })
	run("go-json-experiment", func() error { var p P; return jsonv2.Unmarshal(env.Payload, &p) })
	run("envelope", func() error { _, err := events.DecodeEnvelope(kind.Sample()); return err })
}
