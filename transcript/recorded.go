package transcript

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/internal/fields"
	"github.com/afterword-go/afterword/rules/decisionlog"
	"github.com/afterword-go/afterword/rules/replay"
)

// DecodeEvent reads a recorded survey: an envelope as it comes over the wire, or
// its payload by itself, which has none of the keys timestamp, headers and
// payload. Errors name places and no values. It fits replay.Reading.
func DecodeEvent(data []byte) (*events.Event[events.PostSurvey], error) {
	event, _, err := decodeEvent(data)
	return event, err
}

// decodeEvent is DecodeEvent, with the payload as it came.
func decodeEvent(data []byte) (*events.Event[events.PostSurvey], json.RawMessage, error) {
	env, err := events.DecodeEnvelope(data) // holds a payload by itself to the same bounds
	if err != nil {
		return nil, nil, err
	}
	if string(env.Payload) == "{}" { // of an envelope, or because there is none
		if env, err = envelopeOf(env, data); err != nil {
			return nil, nil, err
		}
	}
	event, err := events.ChatPostSurveyEmailTranscript.Decode(env)
	if err != nil {
		return nil, nil, err
	}
	return &event, env.Payload, nil
}

// envelopeOf tells an envelope that seems to be empty from a payload by itself.
func envelopeOf(env events.Envelope, data []byte) (events.Envelope, error) {
	if !mayHaveKeys(data) {
		return events.Envelope{Payload: data}, nil
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(data, &fields); err != nil || fields == nil {
		return env, errors.New("must be an object, not null")
	}
	_, dated := fields["timestamp"]
	_, headed := fields["headers"]
	payload, wrapped := fields["payload"]
	switch {
	case wrapped && string(payload) != "null":
		return env, nil
	case wrapped || dated || headed:
		return env, errors.New(`payload: is missing; an envelope is {"timestamp":…,"headers":[…],"payload":{…}}, and a payload by itself has none of these keys`)
	}
	return events.Envelope{Payload: data}, nil
}

// mayHaveKeys tells whether a document may have a key of an envelope, or is no
// object. Most payloads have not, and need no closer look.
func mayHaveKeys(data []byte) bool {
	if data = bytes.TrimSpace(data); len(data) == 0 || data[0] != '{' {
		return true
	}
	for _, sign := range []string{"timestamp", "headers", "payload", `\u`} {
		if bytes.Contains(data, []byte(sign)) {
			return true
		}
	}
	return false
}

// A Recorded survey is one that was recorded, with what was decided for it then if
// that is known.
type Recorded struct {
	events.Event[events.PostSurvey]
	Then *replay.Then[events.TranscriptEmail] // nil: it is not known
	// Empty says that the survey has none of the fields that package events knows,
	// whatever else it has.
	Empty bool
}

// DecodeRecorded reads what DecodeEvent does, and the records of a decision log:
// an object with a key v or tookNs is one, and is refused if it is none that
// package decisionlog reads. A record without an event is a replay.ErrNoEvent.
//
// What was decided then is not known of a decision that was not finished: its
// record has an error that is no rule's, since the context ended.
func DecodeRecorded(line []byte) (*Recorded, error) {
	if !isRecord(line) {
		event, payload, err := decodeEvent(line)
		if err != nil {
			return nil, err
		}
		return &Recorded{Event: *event, Empty: isEmpty(event.Payload, payload)}, nil
	}
	record, err := decisionlog.Decode[events.TranscriptEmail](line)
	switch {
	case err != nil:
		return nil, err
	case record.Fired == nil: // the log always has it
		return nil, errors.New("is no record of a decision: fired is missing")
	case record.Event == nil:
		return nil, fmt.Errorf("the record %w", replay.ErrNoEvent)
	}
	event, payload, err := decodeEvent(record.Event)
	if err != nil {
		return nil, err
	}
	return &Recorded{*event, thenOf(&record), isEmpty(event.Payload, payload)}, nil
}

// isEmpty tells whether a payload has none of the fields of a survey. Most have,
// and need no closer look.
func isEmpty(survey events.PostSurvey, payload json.RawMessage) bool {
	if survey.CSATRank != nil || survey.SkillName != "" || survey.AgentName != "" || len(survey.Answers) > 0 {
		return false
	}
	var has map[string]json.RawMessage
	if json.Unmarshal(payload, &has) != nil {
		return false
	}
	return !slices.ContainsFunc(fields.Of(reflect.TypeFor[events.PostSurvey]()), func(f fields.Field) bool {
		_, known := has[f.Name]
		return known
	})
}

// EmptySurvey tells of surveys that have none of the fields of one. It fits
// replay.Reading.Empty.
func EmptySurvey(r *Recorded) bool { return r.Empty }

// isRecord tells whether a line has a key of a record that no survey has. Most
// lines need no closer look.
func isRecord(line []byte) bool {
	if bytes.HasPrefix(line, []byte(`{"v":`)) { // as a log begins them
		return true
	}
	signs := false
	for _, sign := range []string{`"v"`, `"tookNs"`, `"\u0076"`} { // the last is v as well
		signs = signs || bytes.Contains(line, []byte(sign))
	}
	if !signs {
		return false
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(line, &fields) != nil {
		return false
	}
	_, formed := fields["v"]
	_, timed := fields["tookNs"]
	return formed || timed
}

// thenOf is what the record says was decided, nil if it was cut short.
func thenOf(record *decisionlog.Record[events.TranscriptEmail]) *replay.Then[events.TranscriptEmail] {
	then := &replay.Then[events.TranscriptEmail]{Fired: record.Fired, Count: record.Count, Outcomes: record.Outcomes}
	for _, failure := range record.Errors {
		if failure.Rule == "" {
			return nil
		}
		then.Failed = append(then.Failed, failure.Rule)
	}
	return then
}

// ReplayedRecords are the rules of Replayed, for what DecodeRecorded reads.
func (s *RuleSet) ReplayedRecords() replay.Rules[Recorded, events.TranscriptEmail] {
	return replay.Through(s.Replayed(), func(r *Recorded) *events.Event[events.PostSurvey] { return &r.Event })
}

// EmailDifferences says in what an e-mail of now is not one of a log of decisions,
// one short text for each difference, with the addresses as MaskEmail masks them.
// It fits replay.Config.Differ.
//
// A text of the log is taken to be the same as one of now if it is that text, or
// what MaskEmail leaves of it. So it cannot be told whether a subject or a sender's
// name is another one than in a log with masks, or an address in the same domain
// that begins with the same letter.
func EmailDifferences(then, now events.TranscriptEmail) []string {
	if then == now {
		return nil
	}
	hidden := MaskEmail(now)
	var out []string
	address := func(field, then, now, hidden string) {
		switch was := stillMasked(then); {
		case then == now, then == hidden:
		case was == hidden || was == "" || hidden == "":
			out = append(out, field+" is another one")
		default:
			out = append(out, fmt.Sprintf("%s was %s then, and is %s now", field, was, hidden))
		}
	}
	text := func(field, then, now, hidden string) {
		if then != now && then != hidden {
			out = append(out, field+" is another one")
		}
	}
	address("targetEmail", then.TargetEmail, now.TargetEmail, hidden.TargetEmail)
	text("senderName", then.SenderName, now.SenderName, hidden.SenderName)
	address("senderEmail", then.SenderEmail, now.SenderEmail, hidden.SenderEmail)
	text("subject", then.Subject, now.Subject, hidden.Subject)
	return out
}

// stillMasked masks an address of a log, unless it is what MaskAddress leaves.
func stillMasked(address string) string {
	first, _, found := strings.Cut(address, masked+"@")
	if found && (first == "" || MaskAddress(first+"@") == first+masked+"@") {
		return address
	}
	return MaskAddress(address)
}
