package events

import (
	"encoding/json"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// ConversationalCommand is raised when an agent types a slash, the name of a
// function and its arguments. The result is shown to that agent alone.
var ConversationalCommand = Define[CommandCall, Reply](Spec{
	ID:          "conversational_command",
	Name:        "Conversational Command",
	Description: "An agent has typed a command in the workspace; the function of that name answers.",
	Source:      "Agent Workspace",
	Limit:       30,
	Sample:      sample("conversational_command"),
})

// A CommandCall is a command that an agent typed (platform documentation).
type CommandCall struct {
	ConversationID string   `json:"conversationId,omitempty" doc:"The ID of the conversation."`
	Arguments      []string `json:"arguments" doc:"What the agent typed behind the name of the command."`
}

// A Reply answers a conversational command with a text or a number. The zero
// Reply is none: it is encoded as null, and the agent sees that the command
// went well. A Reply may be compared with ==.
type Reply struct {
	literal string // JSON; empty is none
}

// TextReply answers with a text, which must be valid UTF-8 to be encoded.
func TextReply(text string) Reply {
	quoted, err := jsontext.AppendQuote(nil, text)
	if err != nil {
		return Reply{literal: brokenText}
	}
	return Reply{literal: string(quoted)}
}

// brokenText stands for a text that has no JSON form.
const brokenText = `"`

// NumberReply answers with a number. Infinities and NaN have no JSON form and
// fail when they are encoded.
func NumberReply(n float64) Reply {
	return Reply{literal: strconv.FormatFloat(n, 'g', -1, 64)}
}

// String gives the text, or the number as it was written.
func (r Reply) String() string {
	if raw := jsontext.Value(r.literal); raw.Kind() == '"' && raw.IsValid() {
		if text, err := unquote(raw); err == nil {
			return string(text)
		}
	}
	return r.literal
}

// IsNumber says whether the reply is a number.
func (r Reply) IsNumber() bool { return jsontext.Value(r.literal).Kind() == '0' }

// IsZero says whether there is no reply.
func (r Reply) IsZero() bool { return r.literal == "" }

// MarshalJSON writes a text, a number or null.
func (r Reply) MarshalJSON() ([]byte, error) {
	if r.IsZero() {
		return []byte("null"), nil
	}
	if raw := jsontext.Value(r.literal); !raw.IsValid() {
		return nil, mismatch("must be valid UTF-8 text or a finite number")
	}
	return []byte(r.literal), nil
}

// UnmarshalJSON reads a text, a number or null.
func (r *Reply) UnmarshalJSON(data []byte) error {
	switch raw := jsontext.Value(data); raw.Kind() {
	case 'n':
		*r = Reply{}
	case '0':
		*r = Reply{literal: string(data)}
	case '"':
		var text string
		if err := json.Unmarshal(data, &text); err != nil {
			return err
		}
		*r = TextReply(text)
	default:
		return mismatch("must be text or a number")
	}
	return nil
}

// Ignored is the result of an event whose source does not look at results.
// Anything decodes to it; it is encoded as the text "ok", as is the custom.
type Ignored struct{}

// MarshalJSON writes the text "ok".
func (Ignored) MarshalJSON() ([]byte, error) { return []byte(`"ok"`), nil }

// UnmarshalJSON accepts anything.
func (*Ignored) UnmarshalJSON([]byte) error { return nil }
