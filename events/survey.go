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
	ConversationID               string               `json:"conversationId,omitempty"`
	AccountID                    ID                   `json:"accountId,omitempty"`
	SurveyID                     ID                   `json:"surveyId,omitempty"`
	SurveyRevision               *int64               `json:"surveyRevision,omitzero"`
	SkillID                      ID                   `json:"skillId,omitempty"`
	EffectiveTTR                 *int64               `json:"effectiveTTR,omitzero" wire:"text"` // -1 has been seen
	LastContentEventNotification *ContentNotification `json:"lastContentEventNotification,omitzero"`
	CampaignInfo                 *SurveyCampaign      `json:"campaignInfo,omitzero"`
	CloseReason                  string               `json:"closeReason,omitempty"` // such as CONSUMER
	Context                      *SurveyContext       `json:"context,omitzero"`
	Dialogs                      []Dialog             `json:"dialogs,omitempty"`
	FirstConversation            *bool                `json:"firstConversation,omitzero"`
	Participants                 []MessagingPartner   `json:"participants,omitempty"`
	State                        string               `json:"state,omitempty"` // OPEN or CLOSE
	StartTs                      *int64               `json:"startTs,omitzero"`
	TTR                          *TTR                 `json:"ttr,omitzero"`
	LastQuestionID               string               `json:"lastQuestionId,omitempty"`
}

// A ContentNotification is the last thing that was written.
type ContentNotification struct {
	OriginatorID               ID                  `json:"originatorId,omitempty"`
	OriginatorPID              string              `json:"originatorPId,omitempty"` // the wire has a capital I here
	DialogID                   string              `json:"dialogId,omitempty"`
	Sequence                   *int64              `json:"sequence,omitzero"` // from 0
	ServerTimestamp            *int64              `json:"serverTimestamp,omitzero"`
	Event                      *ContentEvent       `json:"event,omitzero"`
	OriginatorMetadata         *OriginatorMetadata `json:"originatorMetadata,omitzero"`
	OriginatorClientProperties *ClientProperties   `json:"originatorClientProperties,omitzero"`
}

// A ContentEvent is a message in a conversation.
type ContentEvent struct {
	Type        string `json:"type,omitempty"` // such as ContentEvent
	Message     string `json:"message,omitempty"`
	ContentType string `json:"contentType,omitempty"` // such as text/plain
}

// OriginatorMetadata tells who wrote, and with what.
type OriginatorMetadata struct {
	ID               string            `json:"id,omitempty"`
	Role             string            `json:"role,omitempty"`
	ClientProperties *ClientProperties `json:"clientProperties,omitzero"`
}

// ClientProperties describe a consumer's device and browser.
type ClientProperties struct {
	Type               string   `json:"type,omitempty"`
	AppID              string   `json:"appId,omitempty"`
	IPAddress          string   `json:"ipAddress,omitempty"`
	DeviceFamily       string   `json:"deviceFamily,omitempty"`
	OS                 string   `json:"os,omitempty"`
	OSVersion          string   `json:"osVersion,omitempty"`
	Integration        string   `json:"integration,omitempty"`
	IntegrationVersion string   `json:"integrationVersion,omitempty"`
	Browser            string   `json:"browser,omitempty"`
	BrowserVersion     string   `json:"browserVersion,omitempty"`
	Features           []string `json:"features,omitempty"`
}

// SurveyCampaign names the campaign behind a survey. Its keys differ from
// those of CampaignInfo.
type SurveyCampaign struct {
	CampaignID   ID `json:"campaignId,omitempty"`
	EngagementID ID `json:"engagementId,omitempty"`
}

// SurveyContext tells where the conversation was held.
type SurveyContext struct {
	ClientProperties     *ClientProperties `json:"clientProperties,omitzero"`
	InteractionContextID ID                `json:"interactionContextId,omitempty"`
	Lang                 string            `json:"lang,omitempty"` // such as en-US
	SessionID            ID                `json:"sessionId,omitempty"`
	Type                 string            `json:"type,omitempty"` // such as SharkContext
	VisitorID            ID                `json:"visitorId,omitempty"`
}

// A Dialog is one part of a conversation: the talk itself, or the survey.
type Dialog struct {
	DialogID             string              `json:"dialogId,omitempty"`
	ParticipantsDetails  []ParticipantDetail `json:"participantsDetails,omitempty"`
	DialogType           string              `json:"dialogType,omitempty"`  // MAIN or POST_SURVEY
	ChannelType          string              `json:"channelType,omitempty"` // such as MESSAGING
	MetaData             *DialogMetaData     `json:"metaData,omitzero"`     // of survey dialogs only
	State                string              `json:"state,omitempty"`       // OPEN or CLOSE
	CreationTs           *int64              `json:"creationTs,omitzero"`
	MetaDataLastUpdateTs *int64              `json:"metaDataLastUpdateTs,omitzero"`
	EndTs                *int64              `json:"endTs,omitzero"`        // this and the rest: closed dialogs only
	ClosedBy             string              `json:"closedBy,omitempty"`    // such as CONSUMER
	ClosedCause          string              `json:"closedCause,omitempty"` // in words
}

// A ParticipantDetail is somebody in a dialog.
type ParticipantDetail struct {
	ID    string `json:"id,omitempty"`
	Role  string `json:"role,omitempty"`
	State string `json:"state,omitempty"` // such as ACTIVE
}

// DialogMetaData names the installation that runs a survey.
type DialogMetaData struct {
	AppInstallID string `json:"appInstallId,omitempty"`
}
