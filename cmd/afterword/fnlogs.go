package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// A fnLogEntry is one thing that a function logged, as a gateway gives it after
// a trial.
type fnLogEntry struct {
	Level     string            `json:"level"`
	Message   string            `json:"message"`
	Extras    []json.RawMessage `json:"extras"`
	Timestamp int64             `json:"timestamp"`
}

func (e fnLogEntry) String() string {
	at := time.UnixMilli(e.Timestamp).UTC().Format(fnLogTime)
	return fnLogLine{Timestamp: at, Level: e.Level, Message: e.Message, Extras: join(e.Extras)}.String()
}

const fnLogTime = "2006-01-02T15:04:05.000Z"

// join writes JSON values one behind the other.
func join(values []json.RawMessage) string {
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = string(v)
	}
	return strings.Join(texts, " ")
}

// A fnLogLine is a log entry as it is printed.
type fnLogLine struct {
	Timestamp string `json:"timestamp"`
	Level     string `json:"level"`
	RequestID string `json:"requestId"`
	Message   string `json:"message"`
	Extras    string `json:"extras,omitempty"` // JSON
}

func (l fnLogLine) String() string {
	text := fmt.Sprintf("%s %-5s %s", l.Timestamp, l.Level, l.Message)
	if l.Extras != "" {
		text += " " + l.Extras
	}
	if l.RequestID != "" {
		text += " request=" + l.RequestID
	}
	return printable(text)
}

// fnLevels are the levels that are kept, the least first.
var fnLevels = [...]string{"Debug", "Info", "Warn", "Error"}

// maxLogLines is how many entries a gateway gives at once.
const maxLogLines = 500

func newFnLogs(c *cli, r *remote) *cobra.Command {
	since := ago(time.Hour)
	var level string
	verb := &cobra.Command{
		Use:   "logs NAME",
		Short: "Print what a function has logged",
		Long: `Logs prints what a function has logged, the oldest first, and the last 500 entries
at most. What functions log may quote the events they were invoked with. It does
not wait for more.

In JSON, the output is a list of {"timestamp", "level", "requestId", "message",
"extras"}; extras are JSON in a text.`,
		Example: `  afterword fn logs transcripts
  afterword fn logs transcripts --since 7d --level warn -o json`,
		Args: oneFunction,
	}
	verb.Flags().Var(&since, "since", "how far back: a `time` such as 90m, 24h or 7d")
	verb.Flags().StringVar(&level, "level", "", "only this `level` and those above: info, warn or error")
	out := addOutput(verb, asJSON)
	verb.RunE = func(verb *cobra.Command, args []string) error {
		levels, err := levelsFrom(level)
		if err != nil {
			return err
		}
		return r.on(verb.Context(), args[0], func(ctx context.Context, gate *client, f fnRecord) error {
			query := url.Values{"filterLevels": levels, "startTimestamp": {since.before(time.Now())}}
			data, err := gate.send(ctx, ask{method: http.MethodGet, path: []string{"functions", f.UUID, "logs", "export"}, query: query})
			if err != nil {
				return err
			}
			lines, err := logLines(data)
			if err != nil {
				return fmt.Errorf("%s: the answer is not that of a gateway: %w", gate.server, err)
			}
			if len(lines) == 0 {
				fmt.Fprintln(c.err, "afterword: "+noLogs(args[0], level, since))
			}
			return c.printLogs(out.form, lines)
		})
	}
	return verb
}

// noLogs says that there are no entries.
func noLogs(function, level string, since ago) string {
	text := fmt.Sprintf("%s has logged nothing in the last %s", printable(function), since.String())
	if level != "" {
		text += " at the level " + strings.ToLower(level) + " or above"
	}
	return text
}

// levelsFrom lists a level and those above it.
func levelsFrom(level string) ([]string, error) {
	if level == "" {
		return nil, nil
	}
	for i, known := range fnLevels {
		if strings.EqualFold(level, known) {
			return fnLevels[i:], nil
		}
	}
	return nil, usagef("--level must be info, warn or error")
}

// logLines reads an export of logs.
func logLines(data []byte) ([]fnLogLine, error) {
	in := csv.NewReader(bytes.NewReader(data))
	in.Comma, in.FieldsPerRecord = ';', 6
	rows, err := in.ReadAll()
	if err != nil || len(rows) == 0 {
		return nil, errors.New("it is no export of logs")
	}
	lines := make([]fnLogLine, len(rows)-1)
	for i, row := range rows[1:] {
		lines[i] = fnLogLine{RequestID: asLogged(row[1]), Timestamp: row[2], Level: row[3], Message: asLogged(row[4]), Extras: row[5]}
	}
	return lines, nil
}

// asLogged is a cell without the ' by which a gateway keeps spreadsheets from
// taking it for a formula.
func asLogged(cell string) string {
	text, quoted := strings.CutPrefix(cell, "'")
	if quoted && strings.IndexAny(strings.TrimLeft(text, "'"), "=+-@\t\r") == 0 {
		return text
	}
	return cell
}

func (c *cli) printLogs(form string, lines []fnLogLine) error {
	if len(lines) >= maxLogLines {
		fmt.Fprintf(c.err, "afterword: there may be more: these are the last %d entries\n", len(lines))
	}
	if form == asJSON {
		return c.printJSON(lines)
	}
	for _, line := range lines {
		c.printf("%s\n", line)
	}
	return nil
}

// An ago is a length of time up to now; it is the value of a flag. Beside the units of
// Go, it knows days.
type ago time.Duration

// maxSpan is how long a gateway keeps logs and numbers.
const maxSpan = 30 * 24 * time.Hour

func (s *ago) String() string { return shortDuration(time.Duration(*s)) }

func (s *ago) Type() string { return "time" }

func (s *ago) Set(text string) error {
	d, err := time.ParseDuration(text)
	if days, ok := strings.CutSuffix(text, "d"); ok {
		var n int
		n, err = strconv.Atoi(days)
		d = time.Duration(min(n, 1000)) * 24 * time.Hour
	}
	if err != nil || d <= 0 || d > maxSpan {
		return errors.New("give a time up to 30 days, such as 90m, 24h or 7d")
	}
	*s = ago(d)
	return nil
}

// before is the time that lies so far back, in milliseconds since 1970.
func (s *ago) before(now time.Time) string {
	return strconv.FormatInt(now.Add(-time.Duration(*s)).UnixMilli(), 10)
}

// shortDuration is a duration without units that are zero.
func shortDuration(d time.Duration) string {
	text := d.String()
	for _, zero := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(text, zero) {
			text = text[:len(text)-2]
		}
	}
	return text
}
