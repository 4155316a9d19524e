package events

// The messaging survey kinds share one payload. Surveys by bots that were made
// in the platform's Conversation Builder do not raise them. Skills: the newer
// tables of the platform tick them here, another page limits skills to the
// automatic messages; they are allowed.
var (
	// MessagingSurveyStarted is raised when the survey bot asks first.
	MessagingSurveyStarted = messagingSurvey("surveybot_messaging_survey_started",
		"Messaging Survey Started", "The survey bot has asked its first question.")
	// MessagingSurveyEnded is raised when the survey is over.
	MessagingSurveyEnded = messagingSurvey("surveybot_messaging_survey_ended",
		"Messaging Survey Ended", "The survey bot has finished its survey.")
)

func messagingSurvey(id, name, description string) *Kind[MessagingSurvey, Ignored] {
	return Define[MessagingSurvey, Ignored](Spec{
		ID: id, Name: name, Description: description, Source: "Post Survey Bot",
		Limit: 1, Skills: true, Sample: sample(id),
	})
}

// MessagingSurvey is the payload of both survey events (platform
// documentation). Times are milliseconds since 1970.
type MessagingSurvey struct {
	ConversationID               string               `json:"conversationId,omitempty" doc:"The ID of the conversation."`
	AccountID                    ID                   `json:"accountId,omitempty" doc:"The ID of the account."`
	SurveyID                     ID                   `json:"surveyId,omitempty" doc:"The ID of the survey."`
	SurveyRevision               *int64               `json:"surveyRevision,omitzero" doc:"The revision of the survey."`
	SkillID                      ID                   `json:"skillId,omitempty" doc:"The ID of the skill of the conversation."`
	EffectiveTTR                 *int64               `json:"effectiveTTR,omitzero" wire:"text" doc:"When an agent should answer by, in milliseconds since 1970; -1: at no time."`
	LastContentEventNotification *ContentNotification `json:"lastContentEventNotification,omitzero" doc:"The last thing that was written."`
	CampaignInfo                 *SurveyCampaign      `json:"campaignInfo,omitzero" doc:"The campaign behind the conversation."`
	CloseReason                  string               `json:"closeReason,omitempty" doc:"Who closed the conversation, such as CONSUMER."`
	Context                      *SurveyContext       `json:"context,omitzero" doc:"Where the conversation is held."`
	Dialogs                      []Dialog             `json:"dialogs,omitempty" doc:"The parts of the conversation: the talk itself, and the survey."`
	FirstConversation            *bool                `json:"firstConversation,omitzero" doc:"Whether this is the first conversation of the consumer."`
	Participants                 []MessagingPartner   `json:"participants,omitempty" doc:"Who takes part in the conversation."`
	State                        string               `json:"state,omitempty" doc:"The state of the conversation: OPEN or CLOSE."`
	StartTs                      *int64               `json:"startTs,omitzero" doc:"When the conversation began, in milliseconds since 1970."`
	TTR                          *TTR                 `json:"ttr,omitzero" doc:"The time to respond."`
	LastQuestionID               string               `json:"lastQuestionId,omitempty" doc:"The ID of the question that was asked last."`
}

// A ContentNotification is the last thing that was written.
type ContentNotification struct {
	OriginatorID               ID                  `json:"originatorId,omitempty" doc:"The ID of who wrote."`
	OriginatorPID              string              `json:"originatorPId,omitempty" doc:"The participant ID of who wrote; spelt with a capital I."`
	DialogID                   string              `json:"dialogId,omitempty" doc:"The ID of the dialog."`
	Sequence                   *int64              `json:"sequence,omitzero" doc:"The place in the dialog, counted from 0."`
	ServerTimestamp            *int64              `json:"serverTimestamp,omitzero" doc:"When the server got it, in milliseconds since 1970."`
	Event                      *ContentEvent       `json:"event,omitzero" doc:"What was written."`
	OriginatorMetadata         *OriginatorMetadata `json:"originatorMetadata,omitzero" doc:"Who wrote."`
	OriginatorClientProperties *ClientProperties   `json:"originatorClientProperties,omitzero" doc:"The device and the browser of who wrote."`
}

// A ContentEvent is a message in a conversation.
type ContentEvent struct {
	Type        string `json:"type,omitempty" doc:"The kind of content." example:"ContentEvent"`
	Message     string `json:"message,omitempty" doc:"The text that was written."`
	ContentType string `json:"contentType,omitempty" doc:"The media type of the message." example:"text/plain"`
}

// OriginatorMetadata tells who wrote, and with what.
type OriginatorMetadata struct {
	ID               string            `json:"id,omitempty" doc:"The ID of the participant."`
	Role             string            `json:"role,omitempty" doc:"The role of the participant, such as CONSUMER."`
	ClientProperties *ClientProperties `json:"clientProperties,omitzero" doc:"The device and the browser."`
}

// ClientProperties describe a consumer's device and browser.
type ClientProperties struct {
	Type               string   `json:"type,omitempty" doc:"The kind of these properties."`
	AppID              string   `json:"appId,omitempty" doc:"The application that was used."`
	IPAddress          string   `json:"ipAddress,omitempty" doc:"The IP address."`
	DeviceFamily       string   `json:"deviceFamily,omitempty" doc:"The family of devices, such as DESKTOP."`
	OS                 string   `json:"os,omitempty" doc:"The operating system."`
	OSVersion          string   `json:"osVersion,omitempty" doc:"The version of the operating system."`
	Integration        string   `json:"integration,omitempty" doc:"How the application is connected, such as WEB_SDK."`
	IntegrationVersion string   `json:"integrationVersion,omitempty" doc:"The version of that connection."`
	Browser            string   `json:"browser,omitempty" doc:"The browser."`
	BrowserVersion     string   `json:"browserVersion,omitempty" doc:"The version of the browser."`
	Features           []string `json:"features,omitempty" doc:"What the client can do."`
}

// SurveyCampaign names the campaign behind a survey. Its keys differ from
// those of CampaignInfo.
type SurveyCampaign struct {
	CampaignID   ID `json:"campaignId,omitempty" doc:"The ID of the campaign."`
	EngagementID ID `json:"engagementId,omitempty" doc:"The ID of the engagement."`
}

// SurveyContext tells where the conversation was held.
type SurveyContext struct {
	ClientProperties     *ClientProperties `json:"clientProperties,omitzero" doc:"The device and the browser."`
	InteractionContextID ID                `json:"interactionContextId,omitempty" doc:"The ID of the context of the interaction."`
	Lang                 string            `json:"lang,omitempty" doc:"The consumer's language and country." example:"en-US"`
	SessionID            ID                `json:"sessionId,omitempty" doc:"The ID of the consumer's session."`
	Type                 string            `json:"type,omitempty" doc:"The kind of context." example:"SharkContext"`
	VisitorID            ID                `json:"visitorId,omitempty" doc:"The ID of the visitor."`
}

// A Dialog is one part of a conversation: the talk itself, or the survey.
type Dialog struct {
	DialogID             string              `json:"dialogId,omitempty" doc:"The ID of the dialog."`
	ParticipantsDetails  []ParticipantDetail `json:"participantsDetails,omitempty" doc:"Who takes part in the dialog."`
	DialogType           string              `json:"dialogType,omitempty" doc:"The kind of dialog: MAIN or POST_SURVEY."`
	ChannelType          string              `json:"channelType,omitempty" doc:"The channel, such as MESSAGING."`
	MetaData             *DialogMetaData     `json:"metaData,omitzero" doc:"The installation behind the dialog; survey dialogs only."`
	State                string              `json:"state,omitempty" doc:"The state of the dialog: OPEN or CLOSE."`
	CreationTs           *int64              `json:"creationTs,omitzero" doc:"When the dialog began, in milliseconds since 1970."`
	MetaDataLastUpdateTs *int64              `json:"metaDataLastUpdateTs,omitzero" doc:"When metaData last changed, in milliseconds since 1970."`
	EndTs                *int64              `json:"endTs,omitzero" doc:"When the dialog was closed, in milliseconds since 1970."`
	ClosedBy             string              `json:"closedBy,omitempty" doc:"Who closed the dialog; closed dialogs only."`
	ClosedCause          string              `json:"closedCause,omitempty" doc:"Why the dialog was closed, in words; closed dialogs only."`
}

// A ParticipantDetail is somebody in a dialog.
type ParticipantDetail struct {
	ID    string `json:"id,omitempty" doc:"The ID of the participant."`
	Role  string `json:"role,omitempty" doc:"The role of the participant."`
	State string `json:"state,omitempty" doc:"The state of the participant, such as ACTIVE."`
}

// DialogMetaData names the installation that runs a survey.
type DialogMetaData struct {
	AppInstallID string `json:"appInstallId,omitempty" doc:"The ID of the installation that runs the survey."`
}
