package gateway

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/afterword-go/afterword/faas"
)

// A logEntry is one as the clients read it. One of them takes no further
// fields.
type logEntry struct {
	Level     string            `json:"level"`
	Message   string            `json:"message"`
	Extras    []json.RawMessage `json:"extras"`
	Timestamp int64             `json:"timestamp"` // milliseconds since 1970
}

// logEntries are those of a trial.
func logEntries(entries []faas.LogEntry) []logEntry {
	out := make([]logEntry, len(entries))
	for i, e := range entries {
		out[i] = logEntry{levelName(e.Level), e.Message, []json.RawMessage{}, e.Time.UnixMilli()}
		if e.Extras != nil {
			out[i].Extras = append(out[i].Extras, e.Extras)
		}
	}
	return out
}

// levelName is the platform's name of a level.
func levelName(level slog.Level) string {
	switch {
	case level < slog.LevelInfo:
		return "Debug"
	case level < slog.LevelWarn:
		return "Info"
	case level < slog.LevelError:
		return "Warn"
	default:
		return "Error"
	}
}

// exportLogs writes what a function logged, in columns with semicolons between
// them: no more entries than the runtime keeps, which is as many as the platform
// exports.
func (h *Handler) exportLogs(req *request) (answer, error) {
	id := req.PathValue("uuid")
	if id == "" {
		id = req.query.Get("lambdaUUID")
	}
	from, to, err := req.span()
	if err != nil {
		return answer{}, err
	}
	entries, err := h.rt.Logs(id, faas.LogFilter{From: from, To: to, AnyLevel: true})
	if err != nil {
		return answer{}, err
	}
	if levels := req.query["filterLevels"]; len(levels) > 0 {
		entries = slices.DeleteFunc(entries, func(e faas.LogEntry) bool { return !slices.Contains(levels, levelName(e.Level)) })
	}
	var text bytes.Buffer
	out := csv.NewWriter(&text)
	out.Comma = ';'
	lines := [][]string{{"lambdaUUID", "requestID", "timestamp", "level", "message", "extras"}}
	for _, e := range entries {
		lines = append(lines, []string{e.Function, harmless(e.RequestID), isoTime(e.Time), levelName(e.Level), harmless(e.Message), string(e.Extras)})
	}
	if err := out.WriteAll(lines); err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusOK, kind: "text/csv; charset=utf-8", body: text.Bytes()}, nil
}

// harmless is the text of a cell that a spreadsheet does not take for a formula:
// what looks like one, or like one made harmless, gets a ' in front. So it can be
// taken away again.
func harmless(cell string) string {
	if strings.IndexAny(strings.TrimLeft(cell, "'"), "=+-@\t\r") == 0 {
		return "'" + cell
	}
	return cell
}

// span is the time that a request asks for. A zero time is no bound.
func (r *request) span() (from, to time.Time, err error) {
	if from, err = r.time("startTimestamp"); err != nil {
		return from, to, err
	}
	if to, err = r.time("endTimestamp"); err != nil {
		return from, to, err
	}
	if !from.IsZero() && !to.IsZero() && to.Before(from) {
		return from, to, refuse(faas.CodeBadInput, "endTimestamp lies before startTimestamp")
	}
	return from, to, nil
}

// maxMilli is the end of the year 9999.
const maxMilli = 253402300799999

func (r *request) time(name string) (time.Time, error) {
	text := r.query.Get(name)
	if text == "" {
		return time.Time{}, nil
	}
	ms, err := strconv.ParseInt(text, 10, 64)
	if err != nil || ms < 0 || ms > maxMilli {
		return time.Time{}, refuse(faas.CodeBadInput, "%s must be milliseconds since 1970", name)
	}
	return time.UnixMilli(ms).UTC(), nil
}
