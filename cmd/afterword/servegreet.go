package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"strings"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
)

// greet says where the gateway listens, and how to call it.
func (c *cli) greet(o *opening, s settings, rt *faas.Runtime) error {
	base := o.url(s)
	c.printf("serving account %s at %s\n", s.account, base)
	for _, f := range o.faces[1:] {
		c.printf("metrics at http://%s/metrics\n", f.listener.Addr())
	}
	for _, r := range rt.Functions(faas.Filter{}) { // a folder may have any
		c.printf("%s\n", printable(fmt.Sprintf("function %s of %s: %s", r.Name, r.Event, strings.ToLower(string(r.State)))))
	}
	c.printf("\n")
	if s.guest.id != "" {
		c.printf("%s\n", tokenLine(base, s))
	}
	c.printf("%s\n", invokeLine(base, s))
	return c.out.Flush()
}

// url is where the gateway is reached from this machine.
func (o *opening) url(s settings) string {
	at := o.faces[0].listener.Addr().(*net.TCPAddr)
	host, port, _ := net.SplitHostPort(at.String()) // it is one
	if at.IP.IsUnspecified() {
		host = "localhost"
	}
	scheme := "http://"
	if s.cert != "" {
		scheme = "https://"
	}
	return scheme + net.JoinHostPort(host, port)
}

// tokenLine fetches a token, for a shell.
func tokenLine(base string, s settings) string {
	return "TOKEN=$(" + curl(s) + " -d grant_type=client_credentials -d " + quoted("client_id="+s.guest.id) +
		" --data-urlencode client_secret=\"$(cat " + quoted(s.guest.secretFile) + ")\" " +
		base + "/sentinel/api/account/" + s.account + `/app/token | sed 's/.*"access_token":"\([^"]*\)".*/\1/')`
}

// invokeLine invokes the functions of an event with its sample, for a shell.
func invokeLine(base string, s settings) string {
	kind := events.ChatPostSurveyEmailTranscript
	var sample bytes.Buffer
	if err := json.Compact(&sample, kind.Sample()); err != nil {
		sample.Reset()
		sample.WriteString(`{"payload":{}}`)
	}
	line := curl(s)
	if !s.noAuth {
		line += ` -H "Authorization: Bearer $TOKEN"`
	}
	return line + " -H 'Content-Type: application/json' -d " + quoted(sample.String()) + " " +
		base + "/api/account/" + s.account + "/events/" + kind.ID() + "/invoke"
}

func curl(s settings) string {
	if s.cert == "" {
		return "curl -sS"
	}
	return "curl -sS --cacert " + quoted(s.cert)
}

// quoted is a word for a shell.
func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }
