package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/afterword-go/afterword/events"
)

// A fnInput is the event that a function is invoked with.
type fnInput struct {
	given
	skill string
}

func (in *fnInput) addFlags(verb *cobra.Command) {
	verb.Flags().StringVarP(&in.name, "event", "e", "", "the event: a `FILE` of JSON, an envelope or a payload by itself; - is standard input")
	verb.Flags().StringVar(&in.skill, "skill", "", "invoke for the skill with this `ID`")
}

const fnInputHelp = `The event is an envelope as it comes over the wire, or its payload by itself; that
gets a timestamp of now:

  {"timestamp": 1700000038000, "headers": [], "payload": {"csatRank": 3}}
  {"csatRank": 3}

If no gateway answers, or one that has too much to do, the invocation is repeated up
to three times, with one X-Request-ID, by which the gateway knows it: it runs once.`

// read reads the event as an envelope.
func (in *fnInput) read(ctx context.Context, c *cli) ([]byte, error) {
	if in.name == "" {
		return nil, usagef("give the event: -e FILE, or -e - for standard input")
	}
	data, err := in.data(ctx, c.in)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", in.shown(), reason(err))
	}
	data, err = enveloped(data, time.Now())
	if err != nil {
		return nil, inFront(in.shown()+": ", err)
	}
	return data, nil
}

// enveloped puts a payload by itself into an envelope.
func enveloped(data []byte, now time.Time) ([]byte, error) {
	if _, err := events.DecodeEnvelope(data); err != nil { // holds a payload by itself to the same bounds
		return nil, err
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(data, &fields); err != nil || fields == nil {
		return nil, errors.New("must be an object, not null")
	}
	for _, key := range []string{"timestamp", "headers", "payload"} {
		if _, ok := fields[key]; ok {
			return data, nil
		}
	}
	return encoded(struct {
		Timestamp int64           `json:"timestamp"`
		Headers   []string        `json:"headers"`
		Payload   json.RawMessage `json:"payload"`
	}{now.UnixMilli(), []string{}, data})
}

// query is what the invocation says beside the event.
func (in *fnInput) query() url.Values {
	if in.skill == "" {
		return nil
	}
	return url.Values{"skillId": {in.skill}}
}

func newFnInvoke(c *cli, r *remote) *cobra.Command {
	var in fnInput
	var draft bool
	verb := &cobra.Command{
		Use:   "invoke NAME -e EVENT.json",
		Short: "Run a function, and print its result as JSON",
		Long: `Invoke runs a function that is deployed, and prints its result as JSON and nothing
else. If the function fails, its error is on standard error, and the exit code is 1.

With --draft, the function runs as it is now, deployed or not. The run counts
nowhere, and what it logs is printed on standard error.

` + fnInputHelp,
		Example: `  afterword fn invoke transcripts -e examples/chatserver/surveys/01-documented.json
  echo '{"csatRank": 1}' | afterword fn invoke transcripts --draft -e -`,
		Args: oneFunction,
	}
	in.addFlags(verb)
	verb.Flags().BoolVar(&draft, "draft", false, "try the function as it is now, deployed or not")
	verb.RunE = func(verb *cobra.Command, args []string) error {
		body, err := in.read(verb.Context(), c)
		if err != nil {
			return err
		}
		return r.on(verb.Context(), args[0], func(ctx context.Context, gate *client, f fnRecord) error {
			if draft {
				return c.try(ctx, gate, f, ask{query: in.query(), body: body})
			}
			return c.invoke(ctx, gate, ask{path: []string{"lambdas", f.UUID, "invoke"}, query: in.query(), body: body})
		})
	}
	return verb
}

// try runs a function as it is now.
func (c *cli) try(ctx context.Context, gate *client, f fnRecord, a ask) error {
	a.method, a.path = http.MethodPost, []string{"functions", f.UUID, "test"}
	var trial struct {
		Result json.RawMessage `json:"result"`
		Logs   []fnLogEntry    `json:"logs"`
	}
	err := gate.fetch(ctx, a, &trial)
	var no *refusal
	if errors.As(err, &no) {
		trial.Logs = no.logs
	}
	for _, entry := range trial.Logs {
		fmt.Fprintf(c.err, "%s\n", entry)
	}
	if err != nil {
		return err
	}
	return c.printResult(gate, trial.Result)
}

// printResult prints the JSON that a function gave. An empty answer is no
// result.
func (c *cli) printResult(gate *client, data []byte) error {
	if len(data) == 0 {
		data = []byte("null")
	}
	if !json.Valid(data) {
		return &outage{server: gate.server, status: http.StatusOK}
	}
	c.printf("%s\n", plainJSON(data))
	return nil
}

// plainJSON is the same JSON, with what would move a terminal's cursor written
// as escapes.
func plainJSON(data []byte) string {
	var out strings.Builder
	for _, r := range string(data) {
		switch {
		case strconv.IsPrint(r) || r == '\n' || r == '\t':
			out.WriteRune(r)
		case r == '\r': // between values only
		case r > 0xffff:
			r -= 0x10000
			fmt.Fprintf(&out, `\u%04x\u%04x`, 0xd800+r>>10, 0xdc00+r&0x3ff)
		default:
			fmt.Fprintf(&out, `\u%04x`, r)
		}
	}
	return out.String()
}
