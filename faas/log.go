package faas

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// The bounds of what one run may log (platform documentation).
const (
	maxEntries    = 10
	maxCharacters = 6000 // of all messages and extras together
)

// A LogEntry is one thing that a function logged. It may quote payloads.
type LogEntry struct {
	Time    time.Time  `json:"timestamp"`
	Level   slog.Level `json:"level"`
	Message string     `json:"message"`
	// Extras are the attributes as a JSON object; nil without any.
	Extras    json.RawMessage `json:"extras,omitempty"`
	Function  string          `json:"function"` // its ID
	RequestID string          `json:"requestId,omitempty"`
}

type contextKey uint8

const (
	logKey contextKey = iota
	actorKey
)

// Log is the logger of the function that runs with this context, or with one
// made of it. Its entries are kept for Runtime.Logs: up to 10 of a run, with
// 6,000 characters of messages and attributes together. Debug entries are only
// seen by Runtime.Try. A run that logs more fails with CodeLogLimit.
//
// With another context, the logger drops everything.
func Log(ctx context.Context) *slog.Logger {
	if sheet, ok := ctx.Value(logKey).(*logSheet); ok {
		return slog.New(logHandler{sheet: sheet})
	}
	return slog.New(slog.DiscardHandler)
}

// RequestID is that of the invocation which this context is of; see
// WithRequestID.
func RequestID(ctx context.Context) string {
	if sheet, ok := ctx.Value(logKey).(*logSheet); ok {
		return sheet.requestID
	}
	return ""
}

// A logSheet takes the entries of one run.
type logSheet struct {
	least     slog.Level
	function  string
	requestID string

	mu         sync.Mutex
	entries    []LogEntry
	characters int
	over       bool // the bounds are crossed
	closed     bool // the run has ended
}

// newSheet is a sheet for a run. Only a trial shows debug entries.
func newSheet(function, requestID string, trial bool) *logSheet {
	s := &logSheet{least: slog.LevelInfo, function: function, requestID: requestID}
	if trial {
		s.least = slog.LevelDebug
	}
	return s
}

// errLogLimit is for a run that logs more than it may.
var errLogLimit = fmt.Errorf("more than %d log entries, or more than %d characters in them: log less", maxEntries, maxCharacters)

// close ends the run, and gives what it logged. A run that crossed the bounds
// has one entry that says so.
func (s *logSheet) close() (entries []LogEntry, over bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	if s.over {
		return []LogEntry{{
			Time: time.Now().UTC(), Level: slog.LevelError, Message: errLogLimit.Error(),
			Function: s.function, RequestID: s.requestID,
		}}, true
	}
	return s.entries, false
}

// takes says whether there is a use for an entry: so a flood costs little.
func (s *logSheet) takes(level slog.Level) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return level >= s.least && !s.closed && !s.over
}

func (s *logSheet) add(entry LogEntry) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || s.over {
		return
	}
	s.characters += utf8.RuneCountInString(entry.Message) + utf8.RuneCount(entry.Extras)
	if len(s.entries) == maxEntries || s.characters > maxCharacters {
		s.over, s.entries = true, nil
		return
	}
	entry.Message = strings.Clone(entry.Message) // it may be a piece of a payload
	s.entries = append(s.entries, entry)
}

// A logHandler writes to a sheet.
type logHandler struct {
	sheet *logSheet
	steps []func(slog.Handler) slog.Handler // what WithAttrs and WithGroup were called with
}

func (h logHandler) Enabled(_ context.Context, level slog.Level) bool { return h.sheet.takes(level) }

func (h logHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return h.with(func(to slog.Handler) slog.Handler { return to.WithAttrs(attrs) })
}

func (h logHandler) WithGroup(name string) slog.Handler {
	return h.with(func(to slog.Handler) slog.Handler { return to.WithGroup(name) })
}

func (h logHandler) with(step func(slog.Handler) slog.Handler) slog.Handler {
	h.steps = append(h.steps[:len(h.steps):len(h.steps)], step)
	return h
}

// extrasGroup holds the attributes, so that none is taken for what an entry has
// fields for.
const extrasGroup = "extras"

// Handle has the attributes written as JSON by package slog.
func (h logHandler) Handle(ctx context.Context, record slog.Record) error {
	var text bytes.Buffer
	to := slog.NewJSONHandler(&text, &slog.HandlerOptions{Level: h.sheet.least, ReplaceAttr: onlyExtras}).WithGroup(extrasGroup)
	for _, step := range h.steps {
		to = step(to)
	}
	if err := to.Handle(ctx, record); err != nil {
		return err
	}
	h.sheet.add(LogEntry{
		Time: record.Time.UTC(), Level: record.Level, Message: record.Message, Extras: extrasOf(text.Bytes()),
		Function: h.sheet.function, RequestID: h.sheet.requestID,
	})
	return nil
}

// extrasOf takes the attributes out of a line of slog's JSON, which has nothing
// else. What is no JSON, for times far away or values without end, is kept as a
// text.
func extrasOf(line []byte) json.RawMessage {
	extras, ok := bytes.CutPrefix(bytes.TrimSpace(line), []byte(`{"`+extrasGroup+`":`))
	if !ok {
		return nil
	}
	extras = bytes.TrimSuffix(extras, []byte("}"))
	if json.Valid(extras) {
		return extras
	}
	text, _ := json.Marshal(map[string]string{"!ERROR": string(extras)}) // texts can always be encoded
	return text
}

// onlyExtras leaves out what an entry has fields for.
func onlyExtras(groups []string, attr slog.Attr) slog.Attr {
	if len(groups) == 0 {
		return slog.Attr{}
	}
	return attr
}
