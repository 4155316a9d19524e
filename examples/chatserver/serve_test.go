package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func testLog() (*log.Logger, *bytes.Buffer) {
	var logged bytes.Buffer
	return log.New(&logged, "", 0), &logged
}

// patience bounds what a test waits for another process or the network.
const patience = time.Minute

// lines reads a stream to its end, and gives its lines as they come.
func lines(r io.Reader) <-chan string {
	all := make(chan string, 1000)
	go func() {
		defer close(all)
		for scanner := bufio.NewScanner(r); scanner.Scan(); {
			all <- scanner.Text()
		}
	}()
	return all
}

// until waits for a line that matches and gives its groups.
func until(t *testing.T, lines <-chan string, pattern string) []string {
	t.Helper()
	expression := regexp.MustCompile(pattern)
	for line := range lines {
		if groups := expression.FindStringSubmatch(line); groups != nil {
			return groups
		}
	}
	require.FailNow(t, "no line matches", pattern)
	return nil
}

// post sends an envelope, and gives status and body.
func post(t *testing.T, url, body string) (int, string) {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: patience}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	require.NoError(t, err)
	response, err := client.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response.StatusCode, string(text)
}

const curl = `^  curl -sS (http://\S+/surveys) -d '(.*)'$`

// A running server is a run of the program in this process.
type running struct {
	stdout, stderr <-chan string
	end            context.CancelFunc
	code           <-chan int
}

func start(t *testing.T, args ...string) running {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	outReader, out := io.Pipe()
	errReader, err := io.Pipe()
	code := make(chan int, 1)
	go func() {
		code <- run(ctx, args, strings.NewReader(""), out, err)
		out.Close()
		err.Close()
	}()
	return running{lines(outReader), lines(errReader), cancel, code}
}

func TestServe(t *testing.T) {
	dir := writeRules(t, map[string]string{"a.rules.yaml": ruleNamed("one")})
	server := start(t, "-listen", "127.0.0.1:0", "-rules", dir)
	until(t, server.stdout, `^Listening on 127\.0\.0\.1:[1-9]\d*, until Ctrl-C\.$`)
	until(t, server.stdout, `^2 rules, from `+regexp.QuoteMeta(dir)+`\. Changes there take over`)
	url := until(t, server.stdout, curl)[1]
	status, body := post(t, url, documented(t))
	assert.Equal(t, http.StatusOK, status)
	assert.Contains(t, body, `"subject": "one"`)

	writeRulesAside(t, dir, ruleWhen("two", "csatRnk == 1", "two"))
	until(t, server.stderr, `rules: a\.rules\.yaml:5:\d+: rule "two": .*csatRnk`)
	until(t, server.stderr, `rules: the old ones stay in force$`)
	_, body = post(t, url, documented(t))
	assert.Contains(t, body, `"subject": "one"`)

	writeRulesAside(t, dir, ruleNamed("two"))
	until(t, server.stderr, `rules: 2 rules have taken over$`)
	_, body = post(t, url, documented(t))
	assert.Contains(t, body, `"subject": "two"`)

	status, body = post(t, url, `{"payload":{"agentName":"`+strings.Repeat(marker, 2<<20/len(marker))+`"}}`)
	assert.Equal(t, http.StatusRequestEntityTooLarge, status)
	assert.NotContains(t, body, marker)

	server.end()
	until(t, server.stderr, `ending: finishing the requests that have begun$`)
	assert.Equal(t, exitOK, <-server.code)
}

// writeRulesAside replaces a.rules.yaml in one step.
func writeRulesAside(t *testing.T, dir, text string) {
	t.Helper()
	aside := filepath.Join(t.TempDir(), "aside")
	require.NoError(t, os.WriteFile(aside, []byte(text), 0o600))
	require.NoError(t, os.Rename(aside, filepath.Join(dir, "a.rules.yaml")))
}

func TestServeBuiltInAndLegacyRules(t *testing.T) {
	for _, c := range []struct {
		flags         []string
		says, decided string
	}{
		{nil, `^The rules are built in: there is no folder to watch\. -rules DIR gives one\.$`, `"decidedBy": "functions"`},
		{[]string{"-legacy"}, `^No function is connected: the server's legacy rules decide\.$`, `"decidedBy": "legacy rules"`},
	} {
		server := start(t, append(c.flags, "-listen", "127.0.0.1:0")...)
		until(t, server.stdout, c.says)
		groups := until(t, server.stdout, curl)
		status, body := post(t, groups[1], groups[2])
		assert.Equal(t, http.StatusOK, status)
		assert.Contains(t, body, c.decided)
		server.end()
		assert.Equal(t, exitOK, <-server.code)
	}
}

func TestServeWhereItCannot(t *testing.T) {
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	got := execute(t, "", "-listen", listener.Addr().String(), "-rules", writeRules(t, map[string]string{"a.rules.yaml": ruleNamed("a")}))
	assert.Equal(t, exitFailed, got.code)
	assert.Empty(t, got.stdout)
	assert.Regexp(t, `^listen tcp .*: bind: address already in use\n$`, got.stderr)

	got.code = run(t.Context(), []string{"-listen", "127.0.0.1:0"}, strings.NewReader(""), brokenPipe{}, io.Discard)
	assert.Equal(t, exitFailed, got.code)
}

func TestReachable(t *testing.T) {
	for ip, want := range map[string]string{"127.0.0.1": "127.0.0.1:7", "0.0.0.0": "localhost:7", "::": "localhost:7", "::1": "[::1]:7"} {
		assert.Equal(t, want, reachable(&net.TCPAddr{IP: net.ParseIP(ip), Port: 7}))
	}
	assert.Equal(t, "/tmp/socket", reachable(&net.UnixAddr{Name: "/tmp/socket", Net: "unix"}))
}

// The built program, told to end in the middle of a request, finishes it.
func TestSignals(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no signals to send")
	}
	program := filepath.Join(t.TempDir(), "chatserver")
	built, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, ".").CombinedOutput()
	require.NoError(t, err, "%s", built)
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		t.Run(signal.String(), func(t *testing.T) { endDuringRequest(t, program, signal) })
	}
}

func endDuringRequest(t *testing.T, program string, signal os.Signal) {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	command := exec.CommandContext(ctx, program, "-listen", "127.0.0.1:0")
	command.Dir = t.TempDir() // rules and surveys are inside the program
	out, err := command.StdoutPipe()
	require.NoError(t, err)
	errors, err := command.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, command.Start())
	stdout, stderr := lines(out), lines(errors)
	address := until(t, stdout, `^Listening on (\S+), until Ctrl-C\.$`)[1]
	survey := until(t, stdout, curl)[2]

	conn, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	require.NoError(t, err)
	defer conn.Close()
	require.NoError(t, conn.SetDeadline(time.Now().Add(patience)))
	_, err = fmt.Fprintf(conn, "POST /surveys HTTP/1.1\r\nHost: %s\r\nContent-Length: %d\r\nExpect: 100-continue\r\n\r\n", address, len(survey))
	require.NoError(t, err)
	reader := bufio.NewReader(conn)
	asked, err := reader.ReadString('\n') // the server waits for the survey now
	require.NoError(t, err)
	require.Equal(t, "HTTP/1.1 100 Continue\r\n", asked)
	_, err = reader.ReadString('\n')
	require.NoError(t, err)

	require.NoError(t, command.Process.Signal(signal))
	until(t, stderr, `ending: finishing the requests that have begun$`)
	_, err = io.WriteString(conn, survey)
	require.NoError(t, err)
	response, err := http.ReadResponse(reader, nil)
	require.NoError(t, err)
	defer response.Body.Close()
	assert.Equal(t, http.StatusOK, response.StatusCode)
	var decided answer
	require.NoError(t, json.NewDecoder(response.Body).Decode(&decided))
	assert.Len(t, decided.Emails, 2)

	until(t, stderr, `200: functions decided, 2 e-mails$`)
	for range stderr { // to its end
		assert.Fail(t, "nothing is left to be said")
	}
	for range stdout {
		continue
	}
	assert.NoError(t, command.Wait(), "exit code 0")
}
