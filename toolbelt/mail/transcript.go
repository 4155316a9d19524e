package mail

import (
	"errors"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/internal/headers"
)

// Transcript is the message for an e-mail that was decided, with the text of
// the transcript. The decision is the ID of what was decided about, such as
// that of the conversation or of the request. It becomes the message's ID: two
// messages for the same decision, target, sender and subject have the same
// Message-ID. The caller may add HTML and the rest.
//
// The error tells every field of the e-mail that is no good, by its name there.
func Transcript(email events.TranscriptEmail, decision, text string) (Message, error) {
	all := []error{
		headers.CheckAddress("targetEmail", email.TargetEmail),
		headers.CheckSenderName("senderName", email.SenderName),
		headers.CheckAddress("senderEmail", email.SenderEmail),
		headers.CheckSubject("subject", email.Subject),
		checkBody("text", text),
	}
	if decision == "" {
		all = append(all, errors.New("decision: is empty; give the ID of the conversation or of the request"))
	}
	if text == "" {
		all = append(all, errors.New("text: is empty; give the transcript"))
	}
	if err := errors.Join(all...); err != nil {
		return Message{}, err
	}
	return Message{
		ID:      decision,
		From:    Address{Name: email.SenderName, Email: email.SenderEmail},
		To:      []string{email.TargetEmail},
		Subject: email.Subject,
		Text:    text,
	}, nil
}
