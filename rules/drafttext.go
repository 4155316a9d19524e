package rules

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/afterword-go/afterword/rules/internal/layout"
)

// A testDraft is a test to be written down. What is nil or empty is not
// expected, and not written.
type testDraft struct {
	comments []string // the lines above it
	name     string
	payload  []byte // JSON
	key      string // of the outcomes; empty: outcomes
	outcomes []json.RawMessage
	fired    []string
	skipped  []skipDraft
	err      string // a part of the error's text
}

// A skipDraft is a rule that is skipped, and the absent fields it is skipped
// for.
type skipDraft struct {
	rule   string
	absent []string
}

// testText is a test in the form of a test file, ready to stand below its key
// tests: with two spaces in front of each line. Fields keep the order of the
// JSON. The error says why a file of tests cannot hold it.
func testText(d testDraft) (string, error) {
	const head = "version: 1\n\ntests:\n"
	w := draftWriter{}
	for _, text := range append([]json.RawMessage{d.payload}, d.outcomes...) {
		var whole json.RawMessage
		w.note(json.Unmarshal(text, &whole))
	}
	w.out.WriteString(head)
	w.test(d)
	if w.err != nil {
		return "", fmt.Errorf("test %q: %w", d.name, w.err)
	}
	formatted, err := Format("", w.out.Bytes())
	if err != nil {
		return "", fmt.Errorf("test %q: %w", d.name, err)
	}
	text, found := strings.CutPrefix(string(formatted), head)
	if !found {
		return "", fmt.Errorf("test %q: it cannot stand in a list of tests", d.name)
	}
	return text, nil
}

// A draftWriter writes a test with every text in quotes, and all groups and
// lists in brackets but the outer ones. Format leaves of that what is needed.
type draftWriter struct {
	out bytes.Buffer
	err error // the first
}

func (w *draftWriter) test(d testDraft) {
	for _, line := range d.comments {
		w.out.WriteString("  # " + inOneLine(line) + "\n")
	}
	w.out.WriteString("  - name: " + layout.Quoted(d.name) + "\n    given: ")
	w.json(d.payload)
	w.out.WriteString("\n    expect:")
	if d.outcomes == nil {
		w.out.WriteString(" {")
	}
	between := ""
	if d.outcomes != nil {
		w.outcomes(d)
		between = "\n      "
	}
	inner := func(key string, write func()) {
		w.out.WriteString(between + key + ": ")
		write()
		if d.outcomes == nil {
			between = ", "
		}
	}
	if d.fired != nil {
		inner("fired", func() { w.texts(d.fired) })
	}
	if d.skipped != nil {
		inner("skipped", func() { w.skipped(d.skipped) })
	}
	if d.err != "" {
		inner("error", func() { w.out.WriteString(layout.Quoted(d.err)) })
	}
	if d.outcomes == nil {
		w.out.WriteString("}")
	}
	w.out.WriteString("\n")
}

// outcomes writes what is expected to follow, each in a group of lines.
func (w *draftWriter) outcomes(d testDraft) {
	key := d.key
	if key == "" {
		key = "outcomes"
	}
	w.out.WriteString("\n      " + layout.Quoted(key) + ":")
	if len(d.outcomes) == 0 {
		w.out.WriteString(" []")
	}
	for _, outcome := range d.outcomes {
		w.out.WriteString("\n        - ")
		w.lines(outcome)
	}
}

// lines writes a group with a field a line, and anything else as it is.
func (w *draftWriter) lines(text json.RawMessage) {
	members, ok := membersOf(text)
	if !ok || len(members) == 0 {
		w.json(text)
		return
	}
	for i, m := range members {
		if i > 0 {
			w.out.WriteString("\n          ")
		}
		w.out.WriteString(layout.Quoted(m.key) + ": ")
		w.json(m.value)
	}
}

func (w *draftWriter) texts(list []string) {
	w.out.WriteByte('[')
	for i, text := range list {
		if i > 0 {
			w.out.WriteString(", ")
		}
		w.out.WriteString(layout.Quoted(text))
	}
	w.out.WriteByte(']')
}

func (w *draftWriter) skipped(list []skipDraft) {
	w.out.WriteByte('{')
	for i, skip := range list {
		if i > 0 {
			w.out.WriteString(", ")
		}
		w.out.WriteString(layout.Quoted(skip.rule) + ": ")
		w.texts(skip.absent)
	}
	w.out.WriteByte('}')
}

// json writes a JSON value in brackets.
func (w *draftWriter) json(text json.RawMessage) {
	if members, ok := membersOf(text); ok {
		w.out.WriteByte('{')
		for i, m := range members {
			if i > 0 {
				w.out.WriteString(", ")
			}
			w.out.WriteString(layout.Quoted(m.key) + ": ")
			w.json(m.value)
		}
		w.out.WriteByte('}')
		return
	}
	var list []json.RawMessage
	if text = bytes.TrimSpace(text); len(text) > 0 && text[0] == '[' && json.Unmarshal(text, &list) == nil {
		w.out.WriteByte('[')
		for i, item := range list {
			if i > 0 {
				w.out.WriteString(", ")
			}
			w.json(item)
		}
		w.out.WriteByte(']')
		return
	}
	w.single(text)
}

// single writes a text, a number, true, false or null.
func (w *draftWriter) single(text json.RawMessage) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var v any
	w.note(decoder.Decode(&v))
	switch v := v.(type) {
	case string:
		w.out.WriteString(layout.Quoted(v))
	case json.Number:
		w.out.WriteString(numberText(v))
	default:
		w.out.Write(text)
	}
}

// note keeps the first error.
func (w *draftWriter) note(err error) {
	if err != nil && w.err == nil {
		w.err = fmt.Errorf("what it is to hold is not JSON: %w", err)
	}
}

// numberText is a number as files hold it: one that no whole number of 64 bits
// is gets a fraction.
func numberText(n json.Number) string {
	text := n.String()
	if _, err := strconv.ParseInt(text, 10, 64); err != nil && !strings.ContainsAny(text, ".eE") {
		text += ".0"
	}
	return text
}

// A jsonMember is a member of a JSON object.
type jsonMember struct {
	key   string
	value json.RawMessage
}

// membersOf takes a JSON object apart, in its order. Of members with the same
// key the last counts. It is false of anything else.
func membersOf(text json.RawMessage) ([]jsonMember, bool) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	if open, err := decoder.Token(); err != nil || open != json.Delim('{') {
		return nil, false
	}
	var members []jsonMember
	at := map[string]int{}
	for decoder.More() {
		key, err := decoder.Token()
		name, ok := key.(string)
		var value json.RawMessage
		if err != nil || !ok || decoder.Decode(&value) != nil {
			return nil, false
		}
		if i, twice := at[name]; twice {
			members[i].value = value
			continue
		}
		at[name] = len(members)
		members = append(members, jsonMember{name, value})
	}
	if _, err := decoder.Token(); err != nil {
		return nil, false
	}
	_, err := decoder.Token()
	return members, err == io.EOF
}
