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
	General           General            `json:"general"`
	End               *ConversationEnd   `json:"end,omitzero"`
	Idle              *ConversationIdle  `json:"idle,omitzero"`
	Mid               *OffHoursLine      `json:"mid,omitzero"`
	ParticipantChange *ParticipantChange `json:"participantChange,omitzero"`
	Routing           *Routing           `json:"routing,omitzero"`
	Start             *ConversationStart `json:"start,omitzero"`
	TTR               *TTRChange         `json:"ttr,omitzero"`
}

// General tells of the conversation that an event is about.
type General struct {
	CBotEventType       CBotEventType     `json:"cbotEventType,omitempty"`
	Type                string            `json:"type,omitempty"` // such as UPSERT
	ConvID              string            `json:"convId,omitempty"`
	DialogID            string            `json:"dialogId,omitempty"`
	SessionID           ID                `json:"sessionId,omitempty"`
	StartTs             *int64            `json:"startTs,omitzero"`
	EffectiveTTR        *int64            `json:"effectiveTTR,omitzero" wire:"text"` // when an agent should answer by
	OldConvState        string            `json:"oldConvState,omitempty"`            // such as CLOSE
	NewConvState        string            `json:"newConvState,omitempty"`            // such as OPEN
	ContextType         string            `json:"contexttype,omitempty" wire:"or=contextType"`
	CampaignInfo        *CampaignInfo     `json:"campaignInfo,omitzero"`
	ClientLanguage      string            `json:"clientLanguage,omitempty"` // such as en-US
	ClientFeatures      []string          `json:"clientFeatures,omitempty"`
	InOffHours          *bool             `json:"inOffHours,omitzero"`
	VisitorID           ID                `json:"visitorId,omitempty"`
	OriginatorID        ID                `json:"originatorId,omitempty"` // may hold a fraction
	OriginatorPID       string            `json:"originatorPid,omitempty"`
	OriginatorMetadata  *MessagingPartner `json:"originatorMetadata,omitzero"`
	ServerTimestamp     *int64            `json:"serverTimestamp,omitzero"`
	ClientIPAddress     string            `json:"clientIpAdress,omitempty"`      // the wire has one d
	ManualETTR          *int64            `json:"manualETTR,omitzero,string"`    // response time set by an agent
	LastMessageComposer string            `json:"lastMessageComposer,omitempty"` // a role, such as CONSUMER
	LastMessageTs       *int64            `json:"lastMessageTs,omitzero"`
	LastAgentMsgTs      *int64            `json:"lastAgentMsgTs,omitzero"`
	BackToQueueTs       *int64            `json:"backToQueueTs,omitzero"`
}

// CampaignInfo names the campaign behind a conversation.
type CampaignInfo struct {
	ID           ID `json:"id,omitempty"`
	EngagementID ID `json:"engangementId,omitempty" wire:"or=engagementId"`
}

// A MessagingPartner is somebody in a conversation.
type MessagingPartner struct {
	ID   string `json:"id,omitempty"`
	Role string `json:"role,omitempty"` // such as CONSUMER, ASSIGNED_AGENT, AGENT, AGENT_MANAGER, CONTROLLER
}

// ConversationEnd tells who closed a conversation.
type ConversationEnd struct {
	CloseReason string `json:"closeReason,omitempty"` // AGENT, CONSUMER or SYSTEM
}

// ConversationIdle tells of silence and of waiting in the queue.
type ConversationIdle struct {
	LastConsumerMsgTs     *int64     `json:"lastConsumerMsgTs,omitzero"`
	AgentNonResponsive    *Threshold `json:"agentNonResponsive,omitzero"`
	ConsumerNonResponsive *Threshold `json:"consumserNonResponsive,omitzero" wire:"or=consumerNonResponsive"`
	ConvNotTakenTime      *Threshold `json:"convNotTakenTime,omitzero"`
}

// A Threshold is a length of time, such as 30 minutes. The documented table
// of convNotTakenTime has its two fields swapped; that is decoded right.
type Threshold struct {
	Time      *int64 `json:"time,omitzero"`
	TimeUnits string `json:"timeUnits,omitempty"` // such as minutes
}

// OffHoursLine is the group "mid".
type OffHoursLine struct {
	OpenedInOffHours *bool `json:"openedInOffHours,omitzero"`
}

// ParticipantChange tells who took part before and after.
type ParticipantChange struct {
	OldParticipants []MessagingPartner `json:"oldParticipants,omitempty"`
	NewParticipants []MessagingPartner `json:"newParticipants,omitempty"`
}

// Routing tells the skill before and after.
type Routing struct {
	OldSkillID ID `json:"oldSkillId,omitempty"`
	NewSkillID ID `json:"newSkillId,omitempty"`
}

// ConversationStart is the group "start".
type ConversationStart struct {
	FirstConversation *bool `json:"firstConversation,omitzero"` // the first ever of this consumer
}

// TTRChange tells the time to respond before and after.
type TTRChange struct {
	OldTTR *TTR `json:"oldTtr,omitzero"`
	NewTTR *TTR `json:"newTtr,omitzero"`
}

// TTR is a time to respond.
type TTR struct {
	TTRType string `json:"ttrType,omitempty"` // such as NORMAL, URGENT
	Value   *int64 `json:"value,omitzero"`    // seconds
}
