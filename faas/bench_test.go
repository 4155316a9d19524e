package faas_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
)

// BenchmarkInvoke tells what a runtime adds to a function that does nothing:
// ten of them on the sample survey, called directly, with Go types and as JSON.
func BenchmarkInvoke(b *testing.B) {
	env, err := events.DecodeEnvelope(chat.Sample())
	require.NoError(b, err)
	event, err := chat.Decode(env)
	require.NoError(b, err)
	var ten []faas.Function
	for i := range 10 {
		ten = append(ten, faas.On(chat, "f"+string(rune('0'+i)), none))
	}
	rt := newRuntime(b, ten...)
	b.Run("direct", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			for range ten {
				if _, err := none(b.Context(), event); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
	b.Run("typed", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := faas.Invoke(b.Context(), rt, chat, event); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("json", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := rt.Invoke(b.Context(), chat.ID(), env); err != nil {
				b.Fatal(err)
			}
		}
	})
}
