package main

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
	"github.com/afterword-go/afterword/rules/decisionlog"
	"github.com/afterword-go/afterword/transcript"
)

const loggedRules = `version: 1
event: denver_post_survey_email_transcript
rules:
  - {name: unhappy, when: csatRank <= 3, then: {targetEmail: jane.roe@example.com, senderName: Sender, senderEmail: no-reply@example.com, subject: "For ${agentName}"}}
  - {name: skilled, when: skillName == "Sales", then: {targetEmail: sales@example.com, senderName: Sender, senderEmail: no-reply@example.com, subject: Sales}}
`

// decisionsIn reads a decision log.
func decisionsIn(t *testing.T, name string) []decisionlog.Record[events.TranscriptEmail] {
	t.Helper()
	file, err := os.Open(name)
	require.NoError(t, err)
	defer file.Close()
	var all []decisionlog.Record[events.TranscriptEmail]
	for record, err := range decisionlog.Read[events.TranscriptEmail](file) {
		require.NoError(t, err)
		all = append(all, record)
	}
	return all
}

func TestServeLogsDecisions(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	rules, file := filepath.Join(dir, "care.rules.yaml"), filepath.Join(dir, "decisions.ndjson")
	require.NoError(t, os.WriteFile(rules, []byte(loggedRules), 0o600))
	h := host(t, settings{rules: []string{rules}, decisions: file, grace: time.Minute})
	req, err := http.NewRequestWithContext(t.Context(), "POST", h.url+surveyURL, strings.NewReader(janeRoe))
	require.NoError(t, err)
	req.Header.Set("X-Request-ID", "r-1")
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	require.Equal(t, http.StatusOK, res.StatusCode)
	id := strings.TrimPrefix(h.good(t, "GET", ofAccount+"/functions", ""), `[{"uuid":"`)[:36]
	h.good(t, "POST", ofAccount+"/functions/"+id+"/test", janeRoe) // a trial leaves nothing
	h.stop()
	require.NoError(t, <-h.gone)

	text, err := os.ReadFile(file)
	require.NoError(t, err)
	for _, secret := range []string{"Jane", "jane.roe", "For ", "no-reply"} {
		assert.NotContains(t, string(text), secret)
	}
	if runtime.GOOS != "windows" {
		info, err := os.Stat(file)
		require.NoError(t, err)
		assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	}
	set, err := transcript.Parse("care.rules.yaml", []byte(loggedRules))
	require.NoError(t, err)
	got := decisionsIn(t, file)
	require.Len(t, got, 1)
	assert.Positive(t, got[0].Took)
	assert.WithinDuration(t, time.Now(), got[0].Time, time.Hour)
	got[0].Took, got[0].Time = 0, time.Time{}
	assert.Equal(t, decisionlog.Record[events.TranscriptEmail]{
		V: 1, ID: "r-1", Rules: decisionlog.Rules{Hash: set.Hash(), Version: "care"}, Fired: []string{"unhappy"},
		Skipped: []decisionlog.Skip{{Rule: "skilled", Absent: []string{"skillName"}}}, Count: 1,
		Outcomes: []decisionlog.Outcome[events.TranscriptEmail]{{Rule: "unhappy", Value: events.TranscriptEmail{
			TargetEmail: "j***@example.com", SenderName: "***", SenderEmail: "n***@example.com", Subject: "***",
		}}},
	}, got[0])
}

// A log is gone on with, behind a line that a crash has cut short, and keeps
// surveys if it is asked to.
func TestServeGoesOnWithALog(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	rules, file := filepath.Join(dir, "care.rules.yaml"), filepath.Join(dir, "decisions.ndjson")
	require.NoError(t, os.WriteFile(rules, []byte(loggedRules), 0o600))
	for range 2 {
		h := host(t, settings{rules: []string{rules}, decisions: file, decisionPayloads: true, grace: time.Minute})
		h.good(t, "POST", surveyURL, janeRoe)
		h.stop()
		require.NoError(t, <-h.gone)
	}
	got := decisionsIn(t, file)
	require.Len(t, got, 2)
	assert.JSONEq(t, `{"headers":[],"payload":{"csatRank":1,"agentName":"Jane Roe","questionWithAnswers":[]}}`, string(got[1].Event))
	assert.NotEmpty(t, got[1].ID)

	require.NoError(t, os.WriteFile(file, []byte(`{"v":1,"tim`), 0o600))
	opened, err := openLines(file)
	require.NoError(t, err)
	_, err = opened.WriteString("{}\n")
	require.NoError(t, err)
	require.NoError(t, opened.Close())
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, "{\"v\":1,\"tim\n{}\n", string(text))
}

func TestServeWithoutAPlaceForItsLog(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	missing := filepath.Join(dir, "none", "decisions.ndjson")
	open := func(name string) error {
		d, err := settings{decisions: name}.openDecisions(slog.New(slog.DiscardHandler))
		assert.Nil(t, d)
		return err
	}
	assert.EqualError(t, open(missing), "decision log "+missing+": its folder is missing: make it, or give another file")
	assert.EqualError(t, open(dir), "decision log "+dir+": is a directory")
	d, err := settings{}.openDecisions(nil)
	require.NoError(t, err)
	assert.Nil(t, d)
	require.NoError(t, d.close())
	assert.Empty(t, d.observers())
	assert.Nil(t, d.option("care"))
}

// A record that cannot be written is a warning, and the decision stands.
func TestServeTellsOfDecisionsThatAreNotLogged(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	file := filepath.Join(t.TempDir(), "decisions.ndjson")
	d, err := settings{decisions: file}.openDecisions(slog.New(slog.NewTextHandler(&log, nil)))
	require.NoError(t, err)
	set, err := transcript.Parse("care.rules.yaml", []byte(loggedRules), d.option("care"))
	require.NoError(t, err)
	decide := func() {
		ctx, _ := d.run(t.Context(), faas.Run{RequestID: "r-1"})
		emails, err := set.Decide(ctx, survey{Payload: events.PostSurvey{CSATRank: new(int), AgentName: "Jane"}})
		require.NoError(t, err)
		assert.Empty(t, emails, "0 is no rank")
	}
	decide()
	assert.Empty(t, log.String())
	require.NoError(t, d.close())
	decide()
	assert.Contains(t, log.String(), `level=WARN msg="a decision was not logged" error="write `)
	assert.NotContains(t, log.String(), "Jane")
	assert.Len(t, decisionsIn(t, file), 1)
	assert.EqualError(t, d.close(), "decision log "+file+": file already closed")
}

// What is no file, such as a pipe to a collector, has no disk to wait for.
func TestDecisionLogThatIsNoFile(t *testing.T) {
	t.Parallel()
	d, err := settings{decisions: os.DevNull}.openDecisions(slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	require.NoError(t, d.log.Add(t.Context(), decisionlog.Record[events.TranscriptEmail]{}))
	assert.NoError(t, d.close())
}

// The manual shows a line as it is.
func TestManualOfTheDecisionLog(t *testing.T) {
	t.Parallel()
	manual, err := os.ReadFile(filepath.Join(checkout, "docs", "serve.md"))
	require.NoError(t, err)
	_, example, _ := strings.Cut(string(manual), "\n```json\n")
	example, _, _ = strings.Cut(example, "\n```")
	var line bytes.Buffer
	require.NoError(t, json.Compact(&line, []byte(example)))
	var again []byte
	for record, err := range decisionlog.Read[events.TranscriptEmail](bytes.NewReader(line.Bytes())) {
		require.NoError(t, err)
		again, err = json.Marshal(record)
		require.NoError(t, err)
	}
	assert.JSONEq(t, example, string(again), "no key that a record does not have")
}
