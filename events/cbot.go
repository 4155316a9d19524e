package events

// A CBotEventType tells what exactly happened behind a messaging event. The
// platform may add values; the constants are those of its documents.
type CBotEventType string

// The documented event types, grouped by the event that they raise.
const (
	OpenedFirstTimeOffHours CBotEventType = "CONSUMER_OPEN_NEW_CONVERSATION_FIRST_TIME_OFF_HOURS"
	OpenedOffHours          CBotEventType = "CONSUMER_OPEN_NEW_CONVERSATION_OFF_HOURS"
	OpenedFirstTime         CBotEventType = "CONSUMER_OPEN_NEW_CONVERSATION_FIRST_TIME"
	Opened                  CBotEventType = "CONSUMER_OPEN_NEW_CONVERSATION"
	OpenedAfterAutoClose    CBotEventType = "CONSUMER_OPEN_NEW_CONVERSATION_AFTER_AUTOCLOSE"

	EndedByAgent    CBotEventType = "AGENT_END_CONVERSATION"
	EndedByConsumer CBotEventType = "CONSUMER_END_CONVERSATION"
	EndedBySystem   CBotEventType = "SYSTEM_END_CONVERSATION"

	Transferred CBotEventType = "ENGAGEMENT_TRANSFERED" // the wire has one r

	Connected          CBotEventType = "YOU_ARE_CONNECTED_TO"
	BackToQueue        CBotEventType = "BACK_TO_QUEUE"
	JoinedAgentLeft    CBotEventType = "JOINED_AGENT_LEFT_CONVERSATION"
	AnotherAgentJoined CBotEventType = "ANOTHER_AGENT_JOINED_CONVERSATION"

	AgentUpdatedResponseTime CBotEventType = "AGENT_UPDATED_RESPONSE_TIME"
	ConsumerCanceledUrgent   CBotEventType = "CONSUMER_CANCELED_URGENT_RESPONSE_TIME"
	ConsumerAskedUrgent      CBotEventType = "CONSUMER_ASKED_URGENT_RESPONSE_TIME"

	ConsumerWroteInOffHours CBotEventType = "CONSUMER_SEND_MESSAGE_ON_OFFHOURS"

	WaitingInQueue        CBotEventType = "CONV_AWAITING_IN_QUEUE"
	AgentNonResponsive    CBotEventType = "AGENT_NON_RESPONSIVE"
	ConsumerNonResponsive CBotEventType = "CONSUMER_NON_RESPONSIVE"

	ConsumerSteppedUp CBotEventType = "CONSUMER_STEP_UP"
)

// Event gives the wire ID of the event that this type raises. It is empty for
// ConsumerSteppedUp, whose event has no public ID, and for unknown types.
func (t CBotEventType) Event() string {
	switch t {
	case OpenedFirstTimeOffHours, OpenedOffHours, OpenedFirstTime, Opened, OpenedAfterAutoClose:
		return MessagingNewConversation.ID()
	case EndedByAgent, EndedByConsumer, EndedBySystem:
		return MessagingConversationEnd.ID()
	case Transferred:
		return MessagingConversationRouting.ID()
	case Connected, BackToQueue, JoinedAgentLeft, AnotherAgentJoined:
		return MessagingParticipantChange.ID()
	case AgentUpdatedResponseTime, ConsumerCanceledUrgent, ConsumerAskedUrgent:
		return MessagingTTR.ID()
	case ConsumerWroteInOffHours:
		return MessagingLineInOffHours.ID()
	case WaitingInQueue, AgentNonResponsive, ConsumerNonResponsive:
		return MessagingConversationIdle.ID()
	}
	return ""
}
