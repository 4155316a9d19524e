package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/transcript"
)

// Of the rules in change, the new ones pass their tests and still hold a
// mistake: they follow up whoever has talked to Care, and send more than three
// times as many e-mails for the recorded surveys.
func TestChange(t *testing.T) {
	sent := map[string]int{}
	for _, name := range []string{"old", "new"} {
		rules, err := transcript.Load(os.DirFS("change"), name+".rules.yaml")
		require.NoError(t, err)
		require.NoError(t, rules.Test(t.Context()))
		file, err := os.Open("recorded/surveys.ndjson.gz")
		require.NoError(t, err)
		defer file.Close()
		packed, err := gzip.NewReader(file)
		require.NoError(t, err)
		lines := bufio.NewScanner(packed)
		for lines.Scan() {
			event, err := readSurvey(bytes.NewReader(lines.Bytes()))
			require.NoError(t, err)
			emails, err := rules.Decide(t.Context(), event)
			require.NoError(t, err)
			sent[name] += len(emails)
		}
		require.NoError(t, lines.Err())
	}
	assert.Positive(t, sent["old"])
	assert.Greater(t, sent["new"], 3*sent["old"])
}
