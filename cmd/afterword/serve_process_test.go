//go:build !windows

package main

import (
	"bufio"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// startServing starts the verb and waits until it listens. The test ends it.
func startServing(t *testing.T, dir string, args ...string) *served {
	t.Helper()
	command, err := exec.LookPath("afterword")
	require.NoError(t, err)
	return launch(t, dir, exec.Command(command, append([]string{"serve", "--listen", "127.0.0.1:0"}, args...)...))
}

func launch(t *testing.T, dir string, run *exec.Cmd) *served {
	t.Helper()
	s := &served{Cmd: run}
	s.Dir, s.Env, s.Stderr = dir, append(os.Environ(), "GORACE="+noSleep), &s.errors
	out, err := s.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, s.Start())
	t.Cleanup(func() {
		if s.ProcessState == nil {
			assert.NoError(t, s.Process.Kill())
			assert.Error(t, s.Wait())
		}
	})
	for said := bufio.NewScanner(out); said.Scan(); {
		s.lines = append(s.lines, said.Text())
		if strings.Contains(said.Text(), "/invoke") {
			break
		}
	}
	if len(s.lines) == 0 {
		require.Error(t, s.Wait())
		require.FailNow(t, "it does not serve", "%s", &s.errors)
	}
	_, s.url, _ = strings.Cut(s.lines[0], " at ")
	return s
}

// end ends the process with a signal, and gives its exit code.
func (s *served) end(t *testing.T, signal os.Signal) int {
	t.Helper()
	require.NoError(t, s.Process.Signal(signal))
	var bad *exec.ExitError
	if err := s.Wait(); err != nil {
		require.ErrorAs(t, err, &bad)
	}
	return s.ProcessState.ExitCode()
}

// ruleTo is a rule file that mails somebody about every survey.
func ruleTo(who string) string {
	return `version: 1
event: denver_post_survey_email_transcript
rules:
  - {name: all, when: "true", then: {targetEmail: ` + who + `@example.com, senderName: A, senderEmail: a@example.com, subject: a}}
`
}

func writeFiles(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	}
}

// recipients are whom an invocation mails to.
func (s *served) recipients(t *testing.T) string {
	t.Helper()
	var results []struct {
		Result []struct{ TargetEmail string }
	}
	require.NoError(t, json.Unmarshal([]byte(s.good(t, "POST", surveyURL, janeRoe)), &results))
	var all []string
	for _, r := range results {
		for _, mail := range r.Result {
			name, _, _ := strings.Cut(mail.TargetEmail, "@")
			all = append(all, name)
		}
	}
	return strings.Join(all, " ")
}

// Every example of the help serves, and what it prints works in a shell.
func TestServeAsShown(t *testing.T) {
	t.Parallel()
	shell, err := exec.LookPath("sh")
	require.NoError(t, err)
	for line := range strings.Lines(newServe(&cli{}).Example) {
		s := launch(t, checkout, exec.Command(shell, "-c", "exec "+strings.TrimSpace(line)))
		assert.Equal(t, "function transcripts of "+surveyID+": productive", s.lines[1])
		assert.Contains(t, s.shown(t), `"result":[]`)
		assert.Equal(t, exitGood, s.end(t, os.Interrupt))
		assert.NotContains(t, s.errors.String(), "Jane Roe")
		assert.NotContains(t, s.errors.String(), "Too slow")
	}
}

// shown does what the lines say that it printed, if there is a curl; else it
// sends the same.
func (s *served) shown(t *testing.T) string {
	t.Helper()
	last := s.lines[len(s.lines)-1]
	if _, err := exec.LookPath("curl"); err != nil && !strings.Contains(last, "Authorization") {
		body := last[strings.Index(last, "-d '")+4 : strings.LastIndex(last, "'")]
		return s.good(t, "POST", last[strings.LastIndex(last, " ")+1:], body)
	}
	shell, err := exec.LookPath("sh")
	require.NoError(t, err)
	ask := exec.Command(shell, "-ec", strings.Join(s.lines[len(s.lines)-2:], "\n"))
	ask.Dir = s.Dir
	out, err := ask.CombinedOutput()
	require.NoError(t, err, "%s", out)
	return string(out)
}

// Paths of a configuration begin at its folder, and so do those shown.
func TestServeWithTokens(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writeFiles(t, dir, map[string]string{
		"etc/serve.yaml": `listen: 127.0.0.1:1
account: 007
rules: [rules]
recipientDomains: [example.com]
auth:
  clients:
    - {id: clerk, secret: 0123456789abcdef, roles: [FaaS-Admin]}
    - {id: it's me, secretFile: the secret, roles: [FaaS-Developer]}
limits: {timeout: 10s, timeouts: {denver_post_survey_email_transcript: 5s}, invocation: 20s, concurrency: 2, queue: 1, abandoned: 5}
`,
		"etc/the secret":            "a secret & more, 100%\n",
		"etc/rules/care.rules.yaml": ruleTo("care"),
	})
	s := startServing(t, dir, "--config", "etc/serve.yaml")
	if _, err := exec.LookPath("curl"); err == nil {
		assert.Contains(t, s.shown(t), "care@example.com")
	}
	for path, want := range map[string]int{
		"/api/account/007/lambdas": http.StatusUnauthorized,
		"/metrics":                 http.StatusOK, // only this machine comes by
		"/healthz":                 http.StatusOK,
	} {
		status, _ := s.call(t, "GET", path, "")
		assert.Equal(t, want, status, path)
	}
	assert.Equal(t, http.StatusMisdirectedRequest, s.as(t, "example.com", "/metrics"))
	assert.Equal(t, http.StatusOK, s.as(t, "example.com", "/healthz"))
	assert.Equal(t, exitGood, s.end(t, syscall.SIGTERM))
	assert.NotContains(t, s.errors.String(), "a secret")
	assert.NotContains(t, strings.Join(s.lines, "\n"), "a secret")
}

// A function is created, tried, deployed, changed, rolled back and removed
// while the gateway runs.
func TestServeManages(t *testing.T) {
	t.Parallel()
	s := startServing(t, t.TempDir(), "--no-auth")
	source := func(text string) string {
		return `{"name": "f", "eventId": "` + surveyID + `", "manifest": {"code": ` + quoteJSON(t, text) + `}}`
	}
	var made struct{ UUID string }
	require.NoError(t, json.Unmarshal([]byte(s.good(t, "POST", ofAccount+"/functions", source(ruleTo("first")))), &made))
	function, deployment := ofAccount+"/functions/"+made.UUID, ofAccount+"/deployments/"+made.UUID
	assert.Contains(t, s.good(t, "POST", function+"/test", janeRoe), "first@example.com")
	assert.Contains(t, s.good(t, "GET", ofAccount+"/events/"+surveyID+"/isImplemented", ""), "false")
	s.good(t, "POST", deployment, "")
	assert.Equal(t, "first", s.recipients(t))

	// What does not load or fails its tests is not deployed.
	for text, want := range map[string]string{
		strings.Replace(ruleTo("x"), `"true"`, "csatrank == 1", 1):                                  "f.rules.yaml:4:23: rule \"all\": unknown name csatrank (did you mean csatRank?)",
		ruleTo("x") + "tests:\n  - {name: one, given: {csatRank: 1}, expect: {fired: []}}\n":        "f.rules.yaml:6:5: test \"one\" failed",
		strings.Replace(ruleTo("x"), "x@example.com", `"${lower(agentName ?? '')}@example.com"`, 1): "f.rules.yaml:4:52: rule \"all\": targetEmail depends on the survey",
	} {
		s.good(t, "PUT", function, source(text))
		status, body := s.call(t, "POST", deployment, "")
		assert.Equal(t, http.StatusBadRequest, status)
		var failed struct{ Message string }
		require.NoError(t, json.Unmarshal([]byte(body), &failed))
		assert.Contains(t, failed.Message, want)
		assert.Equal(t, "first", s.recipients(t))
	}

	s.good(t, "PUT", function+"/manifest", `{"code": `+quoteJSON(t, ruleTo("second"))+`}`)
	s.good(t, "PATCH", deployment, "")
	assert.Equal(t, "second", s.recipients(t))
	var earlier []struct{ ID string }
	require.NoError(t, json.Unmarshal([]byte(s.good(t, "GET", deployment, "")), &earlier))
	require.Len(t, earlier, 2)
	s.good(t, "POST", deployment+"/rollback", `{"deployment": "`+earlier[1].ID+`"}`)
	assert.Equal(t, "first", s.recipients(t))
	assert.Contains(t, s.good(t, "GET", ofAccount+"/reports/invocationCounts", ""), `6`)
	assert.Contains(t, s.good(t, "GET", function+"/logs/export", ""), "level")
	s.good(t, "DELETE", deployment, "")
	s.good(t, "DELETE", function, "")
	status, _ := s.call(t, "POST", surveyURL, janeRoe)
	assert.Equal(t, http.StatusNotFound, status)
	assert.NotContains(t, s.errors.String(), "Jane Roe")
}

func quoteJSON(t *testing.T, text string) string {
	t.Helper()
	quoted, err := json.Marshal(text)
	require.NoError(t, err)
	return string(quoted)
}

// With a folder, functions are there again after the process was killed, and
// follow their rule files if these have changed.
func TestServeKeepsFunctions(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writeFiles(t, dir, map[string]string{"rules/a.rules.yaml": ruleTo("a"), "rules/b.rules.yaml": ruleTo("b")})
	args := []string{"--no-auth", "--data", "functions", "rules"}
	s := startServing(t, dir, args...)
	assert.Equal(t, "a b", s.recipients(t))
	var made struct{ UUID string }
	create := `{"name": "c", "eventId": "` + surveyID + `", "manifest": {"code": ` + quoteJSON(t, ruleTo("c")) + `}}`
	require.NoError(t, json.Unmarshal([]byte(s.good(t, "POST", ofAccount+"/functions", create)), &made))
	s.good(t, "POST", ofAccount+"/deployments/"+made.UUID, "")
	assert.Equal(t, "a b c", s.recipients(t))

	second := runWith(t.Context(), strings.NewReader(""), append([]string{"serve", "--listen", "127.0.0.1:0"}, "--no-auth", "--data", filepath.Join(dir, "functions"))...)
	assert.Equal(t, exitTrouble, second.code)
	assert.Contains(t, second.errors, "is in use")

	s.end(t, syscall.SIGKILL)
	writeFiles(t, dir, map[string]string{"rules/b.rules.yaml": ruleTo("bb")})
	s = startServing(t, dir, args...)
	assert.Equal(t, "a bb c", s.recipients(t))
	versions := func() (all []int) {
		var lambdas []struct{ Version int }
		require.NoError(t, json.Unmarshal([]byte(s.good(t, "GET", ofAccount+"/lambdas", "")), &lambdas))
		for _, l := range lambdas {
			all = append(all, l.Version)
		}
		return all
	}
	assert.Equal(t, []int{1, 2, 1}, versions())

	// What somebody took out of service stays out, until its file changes.
	var listed []struct{ UUID string }
	require.NoError(t, json.Unmarshal([]byte(s.good(t, "GET", ofAccount+"/functions?functionName=a", "")), &listed))
	s.good(t, "DELETE", ofAccount+"/deployments/"+listed[0].UUID, "")
	assert.Equal(t, exitGood, s.end(t, syscall.SIGTERM))
	s = startServing(t, dir, args...)
	assert.Equal(t, "bb c", s.recipients(t))
	s.end(t, syscall.SIGTERM)
	writeFiles(t, dir, map[string]string{"rules/a.rules.yaml": ruleTo("aa")})
	s = startServing(t, dir, args...)
	assert.Equal(t, "bb c aa", s.recipients(t))
}

// What runs when the signal comes is finished, and answered.
func TestServeFinishes(t *testing.T) {
	t.Parallel()
	for _, signal := range []os.Signal{syscall.SIGTERM, os.Interrupt} {
		dir := t.TempDir()
		writeFiles(t, dir, map[string]string{"a.rules.yaml": ruleTo("a")})
		s := startServing(t, dir, "--no-auth", "a.rules.yaml")
		conn := s.halfway(t)
		require.NoError(t, s.Process.Signal(signal))
		require.Eventually(t, func() bool { return strings.Contains(s.errors.String(), `"draining"`) }, 10*time.Second, time.Millisecond)
		_, err := io.WriteString(conn, janeRoe[10:])
		require.NoError(t, err)
		answer, err := io.ReadAll(conn)
		require.NoError(t, err)
		assert.Contains(t, string(answer), "200 OK")
		assert.Contains(t, string(answer), "a@example.com")
		require.NoError(t, s.Wait(), "%s", &s.errors)
	}
}

// halfway sends half an invocation.
func (s *served) halfway(t *testing.T) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	require.NoError(t, conn.SetDeadline(time.Now().Add(time.Minute)))
	_, err = io.WriteString(conn, "POST "+surveyURL+" HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Type: application/json\r\nContent-Length: "+
		strconv.Itoa(len(janeRoe))+"\r\n\r\n")
	require.NoError(t, err)
	line, err := bufio.NewReaderSize(conn, 16).ReadString('\n') // it is being read
	require.NoError(t, err)
	require.Contains(t, line, "100")
	_, err = io.WriteString(conn, janeRoe[:10])
	require.NoError(t, err)
	return conn
}

// With a time to drain, requests are answered until it is over, but no more are
// asked for. A second signal ends all at once.
func TestServeDrains(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writeFiles(t, dir, map[string]string{"a.rules.yaml": ruleTo("a"), "serve.yaml": "shutdown: {drain: 1h, grace: 1h}\nrules: [a.rules.yaml]\n"})
	s := startServing(t, dir, "--no-auth", "--config", "serve.yaml")
	s.good(t, "GET", "/readyz", "")
	require.NoError(t, s.Process.Signal(syscall.SIGTERM))
	require.Eventually(t, func() bool {
		status, _ := s.call(t, "GET", "/readyz", "")
		return status == http.StatusServiceUnavailable
	}, 10*time.Second, time.Millisecond)
	assert.Equal(t, "a", s.recipients(t))
	s.good(t, "GET", "/healthz", "")
	assert.Equal(t, -1, s.end(t, os.Interrupt), "the second signal ends it")
}

// Beyond this machine, and if they are told to, metrics take an address of their
// own.
func TestServeMetrics(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writeFiles(t, dir, map[string]string{
		"a.rules.yaml": ruleTo("a"), "secret": strings.Repeat("s", 32),
		"serve.yaml": "auth: {sign: {secretFile: secret}}\nmetrics: {listen: 127.0.0.1:0}\nrules: [a.rules.yaml]\n",
		"none.yaml":  "auth: {sign: {secretFile: secret}}\n",
	})
	s := startServing(t, dir, "--config", "none.yaml", "--listen", ":0")
	status, _ := s.call(t, "GET", "/metrics", "")
	assert.Equal(t, http.StatusNotFound, status)
	for _, args := range [][]string{{"--listen", ":0"}, {"--metrics-listen", "127.0.0.1:0"}} {
		s := startServing(t, dir, append([]string{"--config", "serve.yaml"}, args...)...)
		status, _ := s.call(t, "GET", "/metrics", "")
		assert.Equal(t, http.StatusNotFound, status, args)
		_, at, found := strings.Cut(s.lines[1], "metrics at ")
		require.True(t, found, s.lines)
		assert.Contains(t, s.good(t, "GET", at, ""), "afterword_runs_in_flight 0\n")
		assert.Equal(t, exitGood, s.end(t, syscall.SIGTERM))
	}
}

// A page in a browser, whose name has come to point to this machine, gets
// nothing without authentication, and no metrics with it.
func TestServeIsCalledByItsOwnName(t *testing.T) {
	t.Parallel()
	s := startServing(t, t.TempDir(), "--no-auth")
	for host, want := range map[string]int{
		"localhost": 200, "localhost:1": 200, "127.0.0.1": 200, "127.3.2.1:80": 200, "[::1]": 200, "[::1]:80": 200,
		"example.com": 421, "example.com:80": 421, "localhost.example.com": 421, "192.0.2.1": 421, "0.0.0.0": 421, "[::]:80": 421,
	} {
		for _, path := range []string{"/healthz", "/metrics", ofAccount + "/functions"} {
			assert.Equal(t, want, s.as(t, host, path), host+path)
		}
	}
}

// as gives the status of an answer to those who call this machine by a name.
func (s *served) as(t *testing.T, host, path string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), "GET", s.url+path, nil)
	require.NoError(t, err)
	req.Host = host
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	assert.NoError(t, res.Body.Close())
	return res.StatusCode
}

func TestServeWhereSomebodyElseListens(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close()
	for _, flag := range []string{"--listen", "--metrics-listen"} {
		got := runWith(t.Context(), strings.NewReader(""), "serve", "--no-auth", "--listen", "127.0.0.1:0", flag, taken.Addr().String())
		assert.Equal(t, exitTrouble, got.code)
		assert.Contains(t, got.errors, "address already in use: give another address\n")
		assert.Empty(t, got.out)
	}
}
