package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
)

// A served gateway is a process of this command, or else runs in this one.
type served struct {
	*exec.Cmd
	url    string   // of the gateway
	lines  []string // what it said at the start
	errors lines
}

// lines are what a process writes, while it writes.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// call sends a request, and gives the status and the body of the answer.
func (s *served) call(t *testing.T, method, path, body string) (int, string) {
	t.Helper()
	url := path
	if strings.HasPrefix(path, "/") {
		url = s.url + path
	}
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	require.NoError(t, err)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return res.StatusCode, string(data)
}

// good is call for what succeeds.
func (s *served) good(t *testing.T, method, path, body string) string {
	t.Helper()
	status, answer := s.call(t, method, path, body)
	require.Equal(t, 2, status/100, answer)
	return answer
}

const (
	ofAccount = "/api/account/local"
	surveyID  = "denver_post_survey_email_transcript"
	surveyURL = ofAccount + "/events/" + surveyID + "/invoke"
	janeRoe   = `{"payload": {"csatRank": 1, "agentName": "Jane Roe", "questionWithAnswers": []}}`
)

// A hosted gateway runs in this process.
type hosted struct {
	served
	stop func()
	gone chan error
}

// host serves with these settings, functions and no authentication, until stop
// is called.
func host(t *testing.T, set settings, functions ...faas.Function) *hosted {
	t.Helper()
	set.listen, set.account, set.noAuth = "127.0.0.1:0", "local", true
	ctx, stop := context.WithCancel(t.Context())
	h := &hosted{stop: stop, gone: make(chan error, 1)}
	out, in := io.Pipe()
	c := &cli{out: bufio.NewWriter(in), err: &h.errors}
	s := &serving{set: set, functions: functions}
	go func() {
		err := s.serve(ctx, c)
		in.CloseWithError(io.EOF)
		h.gone <- err
	}()
	said := bufio.NewReader(out)
	line, err := said.ReadString('\n')
	require.NoError(t, err)
	_, h.url, _ = strings.Cut(strings.TrimSpace(line), " at ")
	go io.Copy(io.Discard, said)
	return h
}

var onSurvey = events.ChatPostSurveyEmailTranscript

// A function that goes on for too long is cut off, and the end says so.
func TestServeDoesNotWaitForEver(t *testing.T) {
	t.Parallel()
	begun, released := make(chan struct{}), make(chan struct{})
	defer close(released)
	h := host(t, settings{grace: time.Millisecond}, faas.On(onSurvey, "slow", func(context.Context, survey) ([]events.TranscriptEmail, error) {
		close(begun)
		<-released
		return nil, nil
	}))
	asked := make(chan error)
	go func() {
		res, err := http.Post(h.url+surveyURL, "application/json", strings.NewReader(janeRoe))
		if err == nil {
			err = res.Body.Close()
		}
		asked <- err
	}()
	<-begun
	h.stop()
	require.EqualError(t, <-h.gone, "requests still ran after 1ms: they were cut off")
	require.Error(t, <-asked)
}

type survey = events.Event[events.PostSurvey]

// Whatever a function does, its payload and its words stay out of the log and
// of the metrics; how it ended is in both.
func TestServeTellsNoPayload(t *testing.T) {
	t.Parallel()
	fail := func(_ context.Context, s survey) ([]events.TranscriptEmail, error) {
		switch s.Payload.AgentName {
		case "Jane Roe":
			return nil, errors.New("no mail for " + s.Payload.AgentName)
		case "Jane Crash":
			panic(s.Payload.AgentName)
		}
		return nil, nil
	}
	h := host(t, settings{grace: time.Minute}, faas.On(onSurvey, "care", fail))
	for _, body := range []string{
		janeRoe, strings.Replace(janeRoe, "Roe", "Crash", 1), strings.Replace(janeRoe, "Roe", "Good", 1), `{"payload": {"csatRank": "Jane"}}`, "Jane",
	} {
		h.call(t, "POST", surveyURL, body)
	}
	h.call(t, "GET", "/Jane/Roe", "")
	h.call(t, "GET"+strings.Repeat("X", 1000), "/", "")
	h.good(t, "GET", "/healthz", "")
	h.good(t, "GET", "/readyz", "")
	metrics := h.good(t, "GET", "/metrics", "")
	h.stop()
	require.NoError(t, <-h.gone)
	log := h.errors.String()
	for _, text := range []string{metrics, log} {
		assert.NotContains(t, text, "Jane")
		assert.NotContains(t, text, "Roe")
	}
	for _, want := range []string{`"code":"failed","function":"care"`, `"code":"crashed"`, `"code":"bad input"`, `"event":"` + surveyID + `","functions":"care"`, `"status":404`} {
		assert.Contains(t, log, want)
	}
	assert.Contains(t, log, `TestServeTellsNoPayload`, "the stack of the panic")
	assert.Regexp(t, `"status":901,"seconds":0\.\d+,`, log)
	assert.Equal(t, 8, strings.Count(log, "\n"), log) // a line for each request but the last three, and one for the end
	assert.Contains(t, log, `"method":"GETXXXXXXXXXXXXX","route":""`)
	for _, want := range []string{
		`afterword_runs_total{function="care",event="` + surveyID + `",outcome="failed"} 1`,
		`afterword_runs_total{function="care",event="` + surveyID + `",outcome="crashed"} 1`,
		`afterword_runs_total{function="care",event="` + surveyID + `",outcome="succeeded"} 1`,
		`afterword_runs_total{function="care",event="` + surveyID + `",outcome="bad input"} 1`,
		`afterword_run_duration_seconds_count{function="care"} 4`,
		`afterword_http_requests_total{route="/api/account/{account}/events/{event}/invoke",status="901"} 2`,
		`afterword_http_requests_total{route="",status="404"} 2`,
	} {
		assert.Contains(t, metrics, want+"\n")
	}
}

// Nothing is left behind: neither by a good end, nor by a bad one. This test is
// not parallel to others, whose goroutines it would see.
func TestServeLeavesNothingBehind(t *testing.T) {
	before := goleak.IgnoreCurrent()
	dir := t.TempDir()
	h := host(t, settings{data: filepath.Join(dir, "functions"), metricsListen: "127.0.0.1:0", grace: time.Minute})
	client := &http.Client{Transport: &http.Transport{}}
	res, err := client.Get(h.url + "/healthz")
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	h.stop()
	require.NoError(t, <-h.gone)
	client.CloseIdleConnections()

	for name, set := range map[string]settings{
		"metrics where nobody can listen": {metricsListen: "127.0.0.1:99999"},
		"a certificate that is none":      {cert: "none", key: "none"},
		"a folder in use":                 {data: filepath.Join(dir, "functions", ".lock")},
		"a timeout that is none":          {data: filepath.Join(dir, "functions"), timeout: -1},
	} {
		set.listen, set.account, set.noAuth = "127.0.0.1:0", "local", true
		assert.Error(t, (&serving{set: set}).serve(t.Context(), &cli{err: io.Discard}), name)
	}
	store, err := faas.OpenDirectory(filepath.Join(dir, "functions"))
	require.NoError(t, err, "the folder is free again")
	require.NoError(t, store.Close())
	goleak.VerifyNone(t, before)
}

// The end of the context ends the start, and no listener stays.
func TestServeIsInterruptedAtItsStart(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	got := runWith(ctx, strings.NewReader(""), "serve", "--no-auth", "--listen", "127.0.0.1:0", exampleRules)
	assert.Equal(t, ran{exitTrouble, "", "afterword: interrupted\n"}, got)
}

func TestServeCannotSayWhereItListens(t *testing.T) {
	t.Parallel()
	var errs lines
	code := run(t.Context(), []string{"serve", "--no-auth", "--listen", "127.0.0.1:0"}, strings.NewReader(""), &broken{5}, &errs)
	assert.Equal(t, exitTrouble, code)
	assert.Contains(t, errs.String(), "afterword: write the output: no space left on device\n")
}

func TestFunctionName(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]string{
		"care.rules.yaml": "care", "a/b/care-leads.rules.yml": "care_leads", "Über 2.yaml": "_ber_2", "x.rules.old.yaml": "x_rules_old",
		"care": "care", ".rules.yaml": "",
	} {
		assert.Equal(t, want, functionName(file), file)
	}
}

// Whatever a configuration holds, it is taken, or every mistake has its place
// and quotes no secret.
func FuzzServeConfig(f *testing.F) {
	for _, seed := range []string{
		"listen: :80\naccount: 1\n", "auth: {clients: [{id: a, secret: b, roles: [FaaS-Admin]}], sign: {secretFile: x}}", "limits: {timeouts: {x: 1s}, queue: 1}",
		"tls: {cert: a, key: b}\nshutdown: {drain: 1s, grace: 2s}\nmetrics: {listen: :1}\nrules: [a, b]\nrecipientDomains: [c]\ndata: d", "- a", "a: *b", "",
		"auth: {keys: keys.json, issuer: i, rolesClaim: r, tokenLife: 1h}",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		file := filepath.Join(t.TempDir(), "serve.yaml")
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
		var s settings
		if err := s.read(file); err != nil {
			for line := range strings.SplitSeq(err.Error(), "\n") {
				assert.Regexp(t, `^.*serve\.yaml:\d+:\d+: .`, line)
			}
		}
	})
}

func TestServeConfigIsBounded(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	large := filepath.Join(dir, "large")
	require.NoError(t, os.WriteFile(large, bytes.Repeat([]byte("#"), maxConfig+1), 0o600))
	assert.EqualError(t, new(settings).read(large), large+": is larger than 1024 KiB")
	config := filepath.Join(dir, "serve.yaml")
	require.NoError(t, os.WriteFile(config, []byte("auth: {keys: large}"), 0o600))
	assert.EqualError(t, new(settings).read(config), config+":1:14: "+large+": is larger than 1024 KiB")
	require.NoError(t, os.WriteFile(large, bytes.Repeat([]byte("#"), maxConfig), 0o600))
	assert.ErrorContains(t, new(settings).read(config), "key set: is larger than 256 KiB")
}

// What the folder has and cannot be served any more does not keep the rest from
// being served; the log tells of it.
func TestServeWithoutAFunctionThatNoLongerLoads(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	rules := filepath.Join(dir, "open.rules.yaml")
	require.NoError(t, os.WriteFile(rules, []byte(`version: 1
event: denver_post_survey_email_transcript
rules:
  - {name: all, when: "true", then: {targetEmail: "${agentName ?? 'a'}@example.com", senderName: A, senderEmail: a@example.com, subject: a}}
`), 0o600))
	data := filepath.Join(dir, "functions")
	h := host(t, settings{data: data, rules: []string{rules}, domains: []string{"example.com"}, grace: time.Minute})
	h.good(t, "POST", surveyURL, `{"payload": {"questionWithAnswers": []}}`)
	h.stop()
	require.NoError(t, <-h.gone)
	h = host(t, settings{data: data, grace: time.Minute})
	status, _ := h.call(t, "POST", surveyURL, janeRoe)
	assert.Equal(t, http.StatusNotFound, status)
	assert.Contains(t, h.good(t, "GET", "/api/account/local/lambdas", ""), "targetEmail depends on the survey")
	h.stop()
	require.NoError(t, <-h.gone)
	assert.Contains(t, h.errors.String(), `"msg":"not in service: its record says why","function":"open"`)

	// A rule file that is given must be served.
	var others []faas.Function
	for i := range onSurvey.Limit() {
		others = append(others, faas.On(onSurvey, fmt.Sprint("f", i), func(context.Context, survey) ([]events.TranscriptEmail, error) { return nil, nil }))
	}
	crowd := serving{functions: others, set: settings{listen: "127.0.0.1:0", noAuth: true, data: data, rules: []string{rules}, domains: []string{"example.com"}}}
	err := crowd.serve(t.Context(), &cli{err: io.Discard})
	var findings *findingsError
	require.ErrorAs(t, err, &findings)
	assert.ErrorContains(t, findings.err, "holds 10 of 10 functions")
}

// A full disk takes no new functions.
type fullDisk struct{ faas.Store }

func (fullDisk) Save(context.Context, faas.Record) error {
	return errors.New("no space left on device")
}

func TestServeWithoutRoomForFunctions(t *testing.T) {
	t.Parallel()
	rt, err := faas.New(faas.Config{Builders: []faas.Builder{builder(nil, nil)}, Store: fullDisk{faas.NewMemory()}})
	require.NoError(t, err)
	files, err := settings{rules: []string{exampleRules}}.load(t.Context())
	require.NoError(t, err)
	err = install(t.Context(), rt, files)
	assert.ErrorContains(t, err, "no space left on device")
	assert.False(t, errors.As(err, new(*findingsError)), "it is trouble, and not the rules' fault")
}

// A secret that is not in quotes may be no text for YAML. What is wrong is told
// without it.
func TestConfigurationKeepsBrokenSecrets(t *testing.T) {
	t.Parallel()
	for _, secret := range []string{"*hunter2) are (", "&hunter2 x", "&hunter2", "!hunter2 x", "!!hunter2 x", "!<hunter2> x", "@hunter2", "`hunter2", "%hunter2", "hunter2: x", `"hunter2`, "{hunter2: x}", "[hunter2"} {
		name := filepath.Join(t.TempDir(), "serve.yaml")
		require.NoError(t, os.WriteFile(name, []byte("auth:\n  clients:\n    - id: chat\n      secret: "+secret+"\n"), 0o600))
		err := new(settings).read(name)
		require.Error(t, err, secret)
		assert.Regexp(t, `serve\.yaml:[45]:\d+: `, err.Error())
		assert.NotContains(t, err.Error(), "hunter2")
	}
}

// A file that leaves no name for its function takes no other one's place.
func TestServeFileWithoutAName(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), ".rules.yaml")
	require.NoError(t, os.WriteFile(file, []byte(`version: 1
event: denver_post_survey_email_transcript
rules:
  - {name: all, when: "true", then: {targetEmail: a@example.com, senderName: A, senderEmail: a@example.com, subject: a}}
`), 0o600))
	_, err := settings{rules: []string{file}}.load(t.Context())
	require.ErrorContains(t, errors.Unwrap(err), ".rules.yaml: its function would have no name: rename the file")
}

// Names that somebody wrote into the folder do not get at the terminal.
func TestGreetingIsPrintable(t *testing.T) {
	t.Parallel()
	store := faas.NewMemory()
	require.NoError(t, store.Save(t.Context(), faas.Record{ID: "1", Name: "a\x1b[2J\nfunction b", Event: surveyID, State: "?\a", Revision: 1}))
	rt, err := faas.New(faas.Config{Store: store})
	require.NoError(t, err)
	o := &opening{log: slog.New(slog.DiscardHandler)}
	require.NoError(t, o.listen("listen", "127.0.0.1:0", &http.Server{}))
	var out strings.Builder
	require.NoError(t, (&cli{out: bufio.NewWriter(&out)}).greet(o, settings{}, rt))
	require.NoError(t, o.close())
	assert.Contains(t, out.String(), "function a\\x1b[2J\\nfunction b of "+surveyID+": ?\\a\n")
}
