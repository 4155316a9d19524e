package events

import (
	"encoding/json"
	"reflect"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

const botConnector = "Bot Connector"

var (
	// ThirdPartyBotsCustomIntegration lets a function be the bot.
	ThirdPartyBotsCustomIntegration = Define[BotRequest, BotResponse](Spec{
		ID: "bot_connectors_custom_integration", Name: "Third-Party Bots Custom Integration",
		Description: "A bot of the custom type has got a message; the function answers it.",
		Source:      botConnector, Limit: 15, Sample: sample("bot_connectors_custom_integration"),
	})
	// ThirdPartyBotsPreHook may change what a bot's vendor is about to get. Its
	// payload is the vendor's own; the result is the payload, changed or not.
	ThirdPartyBotsPreHook = Define[Object, Object](Spec{
		ID: "bot_connectors_pre_hook", Name: "Third-Party Bots Pre Hook",
		Description: "A request is about to go to the bot's vendor; the function may change it.",
		Source:      botConnector, Limit: 15, Sample: sample("bot_connectors_pre_hook"),
	})
	// ThirdPartyBotsPostHook may change what a bot's vendor answered. Its
	// payload is the vendor's own; the result is the payload, changed or not.
	ThirdPartyBotsPostHook = Define[Object, Object](Spec{
		ID: "bot_connectors_post_hook", Name: "Third-Party Bots Post Hook",
		Description: "The bot's vendor has answered; the function may change the answer.",
		Source:      botConnector, Limit: 15, Sample: sample("bot_connectors_post_hook"),
	})
	// ThirdPartyBotsErrorHook tells of a bot's error. The result is ignored.
	ThirdPartyBotsErrorHook = Define[BotFailure, Ignored](Spec{
		ID: "bot_connectors_error_hook", Name: "Third-Party Bots Error Hook",
		Description: "A bot has run into an error.",
		Source:      botConnector, Limit: 15, Sample: sample("bot_connectors_error_hook"),
	})
)

// An Object is an open JSON object: each member is kept as it came, but for
// white space. An empty object is decoded as nil.
type Object map[string]json.RawMessage

// A BotRequest is a message to a bot that a function implements (platform
// documentation).
type BotRequest struct {
	ConvID  string             `json:"convId,omitempty" doc:"The ID of the conversation."`
	Message string             `json:"message,omitempty" doc:"What was written to the bot."`
	Context *BotRequestContext `json:"context,omitzero" doc:"What the account gives to the bot."`
}

// BotRequestContext holds what the account gives to the bot, as it came.
type BotRequestContext struct {
	// LPEvent is called event by one page of the platform; either is decoded.
	LPEvent json.RawMessage `json:"lpEvent,omitzero" wire:"or=event" doc:"An event for the bot, such as the welcome event of a chat."`
	LPSDEs  json.RawMessage `json:"lpSdes,omitzero" doc:"Engagement attributes."`
}

// A BotResponse is what a custom bot answers (platform documentation).
type BotResponse struct {
	Messages []BotMessage `json:"messages"`
	Context  *BotContext  `json:"context,omitzero"`
}

// A BotMessage is one message of a bot: a bare text, or an object with
// structured content, or one with a pause. Text cannot be had together with
// the other fields.
type BotMessage struct {
	Text              string          `json:"-"`
	StructuredContent json.RawMessage `json:"structuredContent,omitzero"`
	Metadata          json.RawMessage `json:"metadata,omitzero"` // of the structured content
	EncodedMetadata   string          `json:"encodedMetadata,omitempty"`
	Delay             *float64        `json:"delay,omitzero"`  // the pause; the documentation has neither unit nor range, and it is passed on as it is
	Typing            *bool           `json:"typing,omitzero"` // during the delay; nil is true
}

// MarshalJSON writes a bare text or an object.
func (m BotMessage) MarshalJSON() ([]byte, error) {
	type object BotMessage
	rest := object(m)
	rest.Text = ""
	if reflect.ValueOf(rest).IsZero() {
		return jsonv2.Marshal(m.Text)
	}
	if m.Text != "" {
		return nil, mismatch("must be bare text or an object")
	}
	return jsonv2.Marshal(rest, jsontext.PreserveRawStrings(true))
}

// BotContext says what a bot wants beside its messages. All is optional.
type BotContext struct {
	Action            BotAction         `json:"action,omitempty" validate:"omitempty,oneof=CHANGE_TTR TRANSFER CLOSE_CONVERSATION"`
	ActionParameters  *BotActionDetails `json:"actionParameters,omitzero"`
	StructuredContent json.RawMessage   `json:"structuredContent,omitzero"`
	Metadata          []json.RawMessage `json:"metadata,omitempty"`
	EncodedMetadata   string            `json:"encodedMetadata,omitempty"` // base64, up to about 5 kB
	IntentID          string            `json:"intenId,omitempty"`         // the wire lacks a t
	IntentName        string            `json:"intentName,omitempty"`
	ConfidenceScore   *float64          `json:"confidenceScore,omitzero"` // of the intent; the documentation has no range
	LPEvent           json.RawMessage   `json:"lpEvent,omitzero"`
	LPSDEs            json.RawMessage   `json:"lpSdes,omitzero"`
}

// A BotAction is what the conversation shall do after a bot's answer.
type BotAction string

// The actions of a bot.
const (
	BotChangeTTR         BotAction = "CHANGE_TTR"
	BotTransfer          BotAction = "TRANSFER"
	BotCloseConversation BotAction = "CLOSE_CONVERSATION"
)

// BotActionDetails belong to an action: TTRType and Value to BotChangeTTR,
// Skill to BotTransfer.
type BotActionDetails struct {
	TTRType string `json:"ttrType,omitempty" validate:"omitempty,oneof=URGENT NORMAL PRIORITIZED CUSTOM"`
	Value   string `json:"value,omitempty"` // seconds, as text
	Skill   string `json:"skill,omitempty"`
}

// A BotFailure is an error of a bot, with the request that failed under the
// field of its vendor, as it was (platform documentation).
type BotFailure struct {
	Error        *BotError       `json:"error,omitzero" doc:"What went wrong."`
	Vendor       string          `json:"vendor,omitempty" doc:"The vendor of the bot, such as faas, lex or watson."`
	DialogflowV2 json.RawMessage `json:"dfV2request,omitzero" doc:"The request that failed, for Dialogflow V2."`
	Function     json.RawMessage `json:"faasPayload,omitzero" doc:"The request that failed, for a function as the bot."`
	Lex          json.RawMessage `json:"lexQuery,omitzero" doc:"The request that failed, for Lex."`
	Microsoft    json.RawMessage `json:"msPayload,omitzero" doc:"The request that failed, for Microsoft's bots."`
	WatsonV1     json.RawMessage `json:"watsonV1Payload,omitzero" doc:"The request that failed, for Watson."`
	WatsonV2     json.RawMessage `json:"watsonV2Payload,omitzero" doc:"The request that failed, for Watson V2."`
}

// A BotError names an error of a bot.
type BotError struct {
	ErrorID string `json:"errorId,omitempty" doc:"The ID of the error."`
	Name    string `json:"name,omitempty" doc:"The name of the error."`
}
