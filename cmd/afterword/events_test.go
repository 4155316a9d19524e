package main

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/transcript"
)

// says runs the command, and returns what it prints.
func says(t *testing.T, args ...string) string {
	t.Helper()
	got := runWith(t.Context(), strings.NewReader(""), args...)
	require.Equal(t, exitGood, got.code, got.errors)
	assert.Empty(t, got.errors)
	return got.out
}

// Every event can be told: what is known of it, its sample, its schema and its
// reference.
func TestEveryEvent(t *testing.T) {
	t.Parallel()
	used := map[reflect.Type]bool{}
	for kind := range events.Platform().All() {
		used[kind.ResultType()] = true
		text := says(t, "events", kind.ID())
		for _, part := range []string{kind.Name(), kind.ID(), kind.Description(), kind.Source(), results()[kind.ResultType()]} {
			assert.NotEmpty(t, part, kind.ID())
			assert.Contains(t, text, part)
		}

		assert.Equal(t, string(kind.Sample())+"\n", says(t, "events", kind.ID(), "--sample"))

		var details eventDetails
		require.NoError(t, json.Unmarshal([]byte(says(t, "events", "-o", "json", kind.ID())), &details))
		assert.Equal(t, eventOf(kind), details.eventJSON)
		assert.Equal(t, isOpen(kind), len(details.Payload) == 0, kind.ID())
		for _, f := range details.Payload {
			assert.NotEmpty(t, f.Meaning, f.Name)
			assert.Contains(t, text, f.Meaning)
		}
		if !isOpen(kind) {
			assert.Contains(t, says(t, "docs", kind.ID()), "- `"+details.Payload[0].Name+"`: ")
		}
	}
	assert.Len(t, results(), len(used), "each type of result is some event's")
}

// A schema is printed and nothing else.
func TestSchemas(t *testing.T) {
	t.Parallel()
	want, err := transcript.Schema()
	require.NoError(t, err)
	assert.Equal(t, string(want), says(t, "schema"))
	for kind := range events.Platform().All() {
		want, err := events.Schema(kind)
		require.NoError(t, err)
		assert.Equal(t, string(want), says(t, "schema", kind.ID()))
	}
}
