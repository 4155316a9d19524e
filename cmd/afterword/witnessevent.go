package main

import (
	"bytes"
	"encoding/json"
	"time"

	"github.com/afterword-go/afterword/transcript"
)

// noEvent stands where a payload cannot be shown as an event.
const noEvent = "no event: its timestamp is not one of whole milliseconds from 1970 to 9999, as those of events are"

// asEvent is a payload as -e takes it: one with a timestamp beside its fields
// is an envelope. It is not ok if no envelope holds that timestamp exactly.
func asEvent(payload []byte) (event json.RawMessage, ok bool) {
	text, rest, ok := timestampOf(payload)
	if !ok || text == nil {
		return payload, true
	}
	var at time.Time
	if err := json.Unmarshal(text, &at); err != nil {
		var ms int64 // as tests may write it
		if err := json.Unmarshal(text, &ms); err != nil {
			return nil, false
		}
		at = time.UnixMilli(ms)
	}
	ms, err := json.Marshal(at.UnixMilli())
	if err != nil {
		return nil, false
	}
	event = json.RawMessage(`{"timestamp":` + string(ms) + `,"payload":` + string(rest) + `}`)
	decoded, err := transcript.DecodeEvent(event)
	if err != nil || !decoded.Timestamp.Equal(at) {
		return nil, false
	}
	return event, true
}

// timestampOf takes the timestamp out of an object, and leaves its other fields
// as they are. The timestamp is nil if there is none, or null. It is not ok if
// the payload is no object.
func timestampOf(payload []byte) (timestamp, rest []byte, ok bool) {
	in := json.NewDecoder(bytes.NewReader(payload))
	if start, err := in.Token(); err != nil || start != json.Delim('{') {
		return nil, nil, false
	}
	var out bytes.Buffer
	for in.More() {
		key, err := in.Token()
		name, isText := key.(string)
		var value json.RawMessage
		if err != nil || !isText || in.Decode(&value) != nil {
			return nil, nil, false
		}
		if name == "timestamp" {
			timestamp = value
			continue
		}
		quoted, err := json.Marshal(name)
		if err != nil {
			return nil, nil, false
		}
		if out.Len() > 0 {
			out.WriteByte(',')
		}
		out.Write(quoted)
		out.WriteByte(':')
		out.Write(value)
	}
	if string(timestamp) == "null" {
		timestamp = nil
	}
	return timestamp, []byte("{" + out.String() + "}"), true
}

// eventText is a payload as an event on a line, or why there is none.
func eventText(payload []byte) string {
	event, ok := asEvent(payload)
	if !ok {
		return noEvent
	}
	return plainJSON(event)
}

// eventOrNone is a payload as an event, nil if there is none.
func eventOrNone(payload []byte) json.RawMessage {
	event, _ := asEvent(payload)
	return event
}
