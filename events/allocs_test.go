//go:build !race

package events_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
)

// TestAllocations holds decoding and encoding to what they make: the race
// detector empties pools, so it is not run with it.
func TestAllocations(t *testing.T) {
	kind := events.ChatPostSurveyEmailTranscript
	data := []byte(`{"timestamp":1700000038000,"headers":[{"key":"a","value":"b"}],"payload":{"csatRank":2,"skillName":"CustomerCare",` +
		`"agentName":"John Doe","unknown":[{"a":1}],"questionWithAnswers":[{"question":"Solved?","answer":"No"},{"question":"Why?","answer":"Slow"}]}}`)
	env, err := events.DecodeEnvelope(data)
	require.NoError(t, err)
	emails := []events.TranscriptEmail{{TargetEmail: "a@example.com", Subject: "b"}}
	for name, c := range map[string]struct {
		most float64
		run  func()
	}{
		"an envelope: itself, its headers, their texts, its payload": {4, func() { _, _ = events.DecodeEnvelope(data) }},
		"a survey: itself, headers, its rank, answers and texts":     {5, func() { _, _ = kind.Decode(env) }},
		"a result: the list and its bytes":                           {2, func() { _, _ = kind.EncodeResult(emails) }},
		"no result":                                                  {2, func() { _, _ = kind.EncodeResult(nil) }},
	} {
		assert.LessOrEqual(t, testing.AllocsPerRun(200, c.run), c.most, name)
	}
}
