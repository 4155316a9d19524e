package main

import (
	"embed"
	"encoding/json"
	"fmt"
	"io"

	"github.com/afterword-go/afterword/events"
)

//go:embed surveys/*.json
var builtInSurveys embed.FS

// readSurvey reads the envelope of a survey. What is wrong with it is told by
// an *events.DecodeError: by place, and never by value.
func readSurvey(r io.Reader) (events.Event[events.PostSurvey], error) {
	var none events.Event[events.PostSurvey]
	data, err := io.ReadAll(io.LimitReader(r, events.MaxSize+1)) // a byte more is refused as too large
	if err != nil {
		return none, fmt.Errorf("read the survey: %w", err)
	}
	env, err := events.DecodeEnvelope(data)
	if err != nil {
		return none, err
	}
	if !hasPayload(data) {
		return none, &events.DecodeError{Problems: []events.Problem{{
			Path: "payload", Message: `is missing; a survey comes in an envelope: {"payload":{…}}`,
		}}}
	}
	return events.ChatPostSurveyEmailTranscript.Decode(env)
}

// hasPayload tells an envelope without a payload, which is decoded as one with
// an empty payload, from the rest. Whoever forgets the envelope around a survey
// should hear of it, and not that nobody is to be told.
func hasPayload(envelope []byte) bool {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(envelope, &fields); err != nil {
		return false // cannot be: it was decoded as an object before
	}
	payload, ok := fields["payload"]
	return ok && string(payload) != "null"
}
