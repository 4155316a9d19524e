package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestAsEvent(t *testing.T) {
	t.Parallel()
	for payload, want := range map[string]string{
		`{"csatRank":1}`: `{"csatRank":1}`,
		`{"timestamp":"2026-01-31T00:00:00.001Z","csatRank":1}`:                                       `{"timestamp":1769817600001,"payload":{"csatRank":1}}`,
		`{"csatRank":1,"timestamp":"2026-01-31T02:00:00+02:00"}`:                                      `{"timestamp":1769817600000,"payload":{"csatRank":1}}`,
		`{"timestamp":"2026-01-31T00:00:00Z"}`:                                                        `{"timestamp":1769817600000,"payload":{}}`,
		`{"agentAttributes":{"timestamp":"2026-01-31T00:00:00Z"},"timestamp":"2026-01-31T00:00:00Z"}`: `{"timestamp":1769817600000,"payload":{"agentAttributes":{"timestamp":"2026-01-31T00:00:00Z"}}}`,
		`{"timestamp": 1769817600000, "csatRank": 1}`:                                                 `{"timestamp":1769817600000,"payload":{"csatRank":1}}`,
		`{"timestamp":null,"csatRank":1}`:                                                             `{"timestamp":null,"csatRank":1}`,
	} {
		got, ok := asEvent([]byte(payload))
		assert.True(t, ok, payload)
		assert.Equal(t, want, string(got))
	}
	for _, payload := range []string{
		`{"timestamp":"2026-01-31T00:00:00.000000001Z","csatRank":1}`, // finer than a millisecond
		`{"timestamp":"1970-01-01T00:00:00Z"}`,                        // which says that there is none
		`{"timestamp":"1969-12-31T23:59:59Z"}`,
		`{"timestamp":"soon"}`,
	} {
		got, ok := asEvent([]byte(payload))
		assert.False(t, ok, payload)
		assert.Nil(t, got)
		assert.Equal(t, noEvent, eventText([]byte(payload)))
		assert.Nil(t, eventOrNone([]byte(payload)))
	}
}
