package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// An outage says that no gateway answered.
type outage struct {
	server string
	err    error
	status int           // of an answer that is not a gateway's; 0: there is none
	after  time.Duration // that the answer asks to wait before another attempt
}

func (o *outage) Error() string {
	if o.status != 0 {
		return fmt.Sprintf("%s: the answer is not that of a gateway: status %d: look at the URL and at what is in between", o.server, o.status)
	}
	return fmt.Sprintf("cannot reach %s: %v: start a gateway there with afterword serve, or name another with --server", o.server, o.err)
}

func (o *outage) Unwrap() error { return o.err }

// A refusal is the gateway's own word that a request failed.
type refusal struct {
	status  int
	code    string
	message string
	logs    []fnLogEntry
	after   time.Duration
}

func (r *refusal) Error() string {
	message := nextPlace.ReplaceAllString(r.message, "\n$1")
	if r.code == "" {
		return fmt.Sprintf("%s (status %d)", message, r.status)
	}
	return fmt.Sprintf("%s (%s, status %d)", message, r.code, r.status)
}

// nextPlace is where the next problem of a source begins: a gateway writes all
// of them into one line.
var nextPlace = regexp.MustCompile(`; ([^\s:]+:\d+:\d+: )`)

// The codes of refusals that verbs tell apart.
const (
	codeUnchanged  = "com.liveperson.faas.function.unchanged"
	codeValidation = "com.liveperson.faas.function.validation"
)

// refused is the error for an answer that is not good. What it says of the
// token is blotted out, for a server may repeat what it was sent.
func (c *client) refused(res *http.Response, data []byte) error {
	var body struct {
		Code        string       `json:"code"`
		Message     string       `json:"message"`
		Logs        []fnLogEntry `json:"errorLogs"`
		Error       string       `json:"error"`
		Description string       `json:"error_description"`
	}
	after := retryAfter(res.Header.Get("Retry-After"))
	err := json.Unmarshal(data, &body)
	if body.Error != "" {
		body.Code, body.Message = body.Error, body.Description
	}
	if err != nil || body.Code == "" && body.Message == "" {
		return &outage{server: c.server, status: res.StatusCode, after: after}
	}
	return &refusal{status: res.StatusCode, code: c.blotted(body.Code), message: c.blotted(body.Message), logs: body.Logs, after: after}
}

func (c *client) blotted(text string) string {
	if c.token == "" {
		return text
	}
	return strings.ReplaceAll(text, c.token, "(the token)")
}

// retryAfter reads a header: 0 if it says nothing, or something else than
// seconds.
func retryAfter(text string) time.Duration {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > 3600 {
		return 0
	}
	return time.Duration(n) * time.Second
}
