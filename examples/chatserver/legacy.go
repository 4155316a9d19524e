package main

import "github.com/afterword-go/afterword/events"

// legacyRules are what the chat server decided before it had Afterword. They
// decide surveys as long as no function is connected to the event; once one is,
// they no longer run.
func legacyRules(event events.Event[events.PostSurvey]) []events.TranscriptEmail {
	rank := event.Payload.CSATRank
	if rank == nil || *rank > 3 {
		return nil
	}
	return []events.TranscriptEmail{{
		TargetEmail: "supervisors@example.com",
		SenderName:  "Example Chat Server",
		SenderEmail: "no-reply@example.com",
		Subject:     "A chat was rated 3 or less",
	}}
}
