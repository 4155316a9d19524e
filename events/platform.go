package events

import "embed"

//go:embed samples/*.json
var samples embed.FS

// sample gives the sample of a platform kind. Should its file be missing, the
// text of the error takes its place: it does not decode, and so becomes a
// fault of the kind.
func sample(id string) []byte {
	data, err := samples.ReadFile("samples/" + id + ".json")
	if err != nil {
		return []byte(err.Error())
	}
	return data
}

// Platform gives the platform's fifteen kinds with public wire IDs, in the
// order of its documents: chat, messaging, surveys, commands, bots. The
// platform has a sixteenth, Consumer Step Up, whose ID is not public; its
// payload is Messaging.
func Platform() *Registry {
	return register([]AnyKind{
		ChatPostSurveyEmailTranscript,
		MessagingNewConversation,
		MessagingParticipantChange,
		MessagingTTR,
		MessagingConversationIdle,
		MessagingConversationRouting,
		MessagingLineInOffHours,
		MessagingConversationEnd,
		MessagingSurveyStarted,
		MessagingSurveyEnded,
		ConversationalCommand,
		ThirdPartyBotsCustomIntegration,
		ThirdPartyBotsPreHook,
		ThirdPartyBotsPostHook,
		ThirdPartyBotsErrorHook,
	})
}
