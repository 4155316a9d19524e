package events

// The messaging kinds share one payload. Each fills the group General and one
// of its own; see Messaging.
var (
	// MessagingNewConversation is raised by any new conversation.
	MessagingNewConversation = automatic("controllerbot_messaging_new_conversation",
		"Messaging New Conversation", "A consumer has opened a messaging conversation.", controllerBot)
	// MessagingParticipantChange is raised when somebody joins or leaves.
	MessagingParticipantChange = automatic("controllerbot_messaging_participants_change",
		"Messaging Participants Change", "An agent or agent manager has joined or left the conversation.", exchange)
	// MessagingTTR is raised when the time to respond changes.
	MessagingTTR = automatic("controllerbot_messaging_ttr",
		"Messaging TTR (Time to Respond)", "The consumer has flagged or unflagged the conversation as urgent, or the agent has edited the response time.", exchange)
	// MessagingConversationIdle is raised by silence or a long wait.
	MessagingConversationIdle = automatic("controllerbot_messaging_conversation_idle",
		"Messaging Conversation Idle", "Agent or consumer has been silent for too long, or the conversation has waited too long in the queue.", exchange)
	// MessagingConversationRouting is raised by a move to another skill.
	MessagingConversationRouting = automatic("controllerbot_messaging_conversation_routing",
		"Messaging Conversation Routing", "The conversation was moved to another skill.", exchange)
	// MessagingLineInOffHours is raised by a line outside of working hours.
	// Its wire ID does not follow its name.
	MessagingLineInOffHours = automatic("controllerbot_messaging_mid_conversation_msg",
		"Messaging Line in Off-Hours", "The consumer has written after working hours in a conversation opened within them.", exchange)
	// MessagingConversationEnd is raised when a conversation was closed.
	MessagingConversationEnd = automatic("controllerbot_messaging_conversation_end",
		"Messaging Conversation End", "Agent, consumer or system has closed the conversation.", exchange)
)

const (
	controllerBot = "ControllerBot"
	exchange      = "Conversational Exchange Service"
)

// automatic defines one of the kinds behind the automatic messages.
func automatic(id, name, description, source string) *Kind[Messaging, Commands] {
	return Define[Messaging, Commands](Spec{
		ID: id, Name: name, Description: description, Source: source,
		Limit: 1, Skills: true, Sample: sample(id),
	})
}

// Messaging is the payload of all messaging events (platform documentation).
//
// General is always there. Of the other groups an event fills its own: End,
// Idle, Mid (a line in off-hours), ParticipantChange, Routing, Start (a new
// conversation) or TTR; Routing has been seen on others too. The documents do
// not say which fields are optional, so all are. Times are milliseconds since
// 1970.
//
// The wire spells contexttype, engangementId and consumserNonResponsive in two
// ways. Either is decoded; encoded is the spelling of the documented table.
type Messaging struct {
	General           General            `json:"general" doc:"The conversation that the event is about."`
	End               *ConversationEnd   `json:"end,omitzero" doc:"Who closed the conversation."`
	Idle              *ConversationIdle  `json:"idle,omitzero" doc:"Silence, and waiting in the queue."`
	Mid               *OffHoursLine      `json:"mid,omitzero" doc:"A line that the consumer wrote in off-hours."`
	ParticipantChange *ParticipantChange `json:"participantChange,omitzero" doc:"Who took part before, and who does now."`
	Routing           *Routing           `json:"routing,omitzero" doc:"The skill before, and the skill now."`
	Start             *ConversationStart `json:"start,omitzero" doc:"The conversation was opened."`
	TTR               *TTRChange         `json:"ttr,omitzero" doc:"The time to respond before, and the one now."`
}

// General tells of the conversation that an event is about.
type General struct {
	CBotEventType       CBotEventType     `json:"cbotEventType,omitempty" doc:"What exactly happened in the conversation."`
	Type                string            `json:"type,omitempty" doc:"The kind of notification." example:"UPSERT"`
	ConvID              string            `json:"convId,omitempty" doc:"The ID of the conversation."`
	DialogID            string            `json:"dialogId,omitempty" doc:"The ID of the dialog within the conversation."`
	SessionID           ID                `json:"sessionId,omitempty" doc:"The ID of the consumer's session."`
	StartTs             *int64            `json:"startTs,omitzero" doc:"When the conversation began, in milliseconds since 1970."`
	EffectiveTTR        *int64            `json:"effectiveTTR,omitzero" wire:"text" doc:"When an agent should answer by, in milliseconds since 1970."`
	OldConvState        string            `json:"oldConvState,omitempty" doc:"The state of the conversation before the event: OPEN or CLOSE."`
	NewConvState        string            `json:"newConvState,omitempty" doc:"The state of the conversation after the event: OPEN or CLOSE."`
	ContextType         string            `json:"contexttype,omitempty" wire:"or=contextType" doc:"The kind of the conversation's context." example:"SharkContext"`
	CampaignInfo        *CampaignInfo     `json:"campaignInfo,omitzero" doc:"The campaign behind the conversation."`
	ClientLanguage      string            `json:"clientLanguage,omitempty" doc:"The consumer's language and country." example:"en-US"`
	ClientFeatures      []string          `json:"clientFeatures,omitempty" doc:"What the consumer's client can do."`
	InOffHours          *bool             `json:"inOffHours,omitzero" doc:"Whether the contact centre is closed at this moment."`
	VisitorID           ID                `json:"visitorId,omitempty" doc:"The ID of the visitor."`
	OriginatorID        ID                `json:"originatorId,omitempty" doc:"The ID of who caused the event; it may hold a fraction."`
	OriginatorPID       string            `json:"originatorPid,omitempty" doc:"The participant ID of who caused the event."`
	OriginatorMetadata  *MessagingPartner `json:"originatorMetadata,omitzero" doc:"Who caused the event."`
	ServerTimestamp     *int64            `json:"serverTimestamp,omitzero" doc:"When the server raised the event, in milliseconds since 1970."`
	ClientIPAddress     string            `json:"clientIpAdress,omitempty" doc:"The consumer's IP address; the platform spells it with one d."`
	ManualETTR          *int64            `json:"manualETTR,omitzero,string" doc:"The response time that an agent set, in milliseconds since 1970." example:"1700000300000"`
	LastMessageComposer string            `json:"lastMessageComposer,omitempty" doc:"The role of who wrote last." example:"CONSUMER"`
	LastMessageTs       *int64            `json:"lastMessageTs,omitzero" doc:"When the last message was written, in milliseconds since 1970."`
	LastAgentMsgTs      *int64            `json:"lastAgentMsgTs,omitzero" doc:"When an agent last wrote, in milliseconds since 1970."`
	BackToQueueTs       *int64            `json:"backToQueueTs,omitzero" doc:"When the conversation went back to the queue, in milliseconds since 1970."`
}

// CampaignInfo names the campaign behind a conversation.
type CampaignInfo struct {
	ID           ID `json:"id,omitempty" doc:"The ID of the campaign."`
	EngagementID ID `json:"engangementId,omitempty" wire:"or=engagementId" doc:"The ID of the engagement; one table of the platform spells it so."`
}

// A MessagingPartner is somebody in a conversation.
type MessagingPartner struct {
	ID   string `json:"id,omitempty" doc:"The ID of the participant."`
	Role string `json:"role,omitempty" doc:"The role, such as CONSUMER, ASSIGNED_AGENT, AGENT_MANAGER or CONTROLLER." example:"CONSUMER"`
}

// ConversationEnd tells who closed a conversation.
type ConversationEnd struct {
	CloseReason string `json:"closeReason,omitempty" doc:"Who closed the conversation: AGENT, CONSUMER or SYSTEM." example:"AGENT"`
}

// ConversationIdle tells of silence and of waiting in the queue.
type ConversationIdle struct {
	LastConsumerMsgTs     *int64     `json:"lastConsumerMsgTs,omitzero" doc:"When the consumer last wrote, in milliseconds since 1970."`
	AgentNonResponsive    *Threshold `json:"agentNonResponsive,omitzero" doc:"How long the agent may be silent."`
	ConsumerNonResponsive *Threshold `json:"consumserNonResponsive,omitzero" wire:"or=consumerNonResponsive" doc:"How long the consumer may be silent."`
	ConvNotTakenTime      *Threshold `json:"convNotTakenTime,omitzero" doc:"How long a conversation may wait in the queue."`
}

// A Threshold is a length of time, such as 30 minutes. The documented table
// of convNotTakenTime has its two fields swapped; that is decoded right.
type Threshold struct {
	Time      *int64 `json:"time,omitzero" doc:"The length of time, in units of timeUnits."`
	TimeUnits string `json:"timeUnits,omitempty" doc:"What time is counted in." example:"minutes"`
}

// OffHoursLine is the group "mid".
type OffHoursLine struct {
	OpenedInOffHours *bool `json:"openedInOffHours,omitzero" doc:"Whether the conversation was opened in off-hours."`
}

// ParticipantChange tells who took part before and after.
type ParticipantChange struct {
	OldParticipants []MessagingPartner `json:"oldParticipants,omitempty" doc:"Who took part before the event."`
	NewParticipants []MessagingPartner `json:"newParticipants,omitempty" doc:"Who takes part after the event."`
}

// Routing tells the skill before and after.
type Routing struct {
	OldSkillID ID `json:"oldSkillId,omitempty" doc:"The ID of the skill before the event."`
	NewSkillID ID `json:"newSkillId,omitempty" doc:"The ID of the skill after the event."`
}

// ConversationStart is the group "start".
type ConversationStart struct {
	FirstConversation *bool `json:"firstConversation,omitzero" doc:"Whether this is the first conversation ever of the consumer."`
}

// TTRChange tells the time to respond before and after.
type TTRChange struct {
	OldTTR *TTR `json:"oldTtr,omitzero" doc:"The time to respond before the event."`
	NewTTR *TTR `json:"newTtr,omitzero" doc:"The time to respond after the event."`
}

// TTR is a time to respond.
type TTR struct {
	TTRType string `json:"ttrType,omitempty" doc:"The kind of time to respond, such as NORMAL or URGENT." example:"NORMAL"`
	Value   *int64 `json:"value,omitzero" doc:"The time to respond, in seconds."`
}
