package function

import (
	"context"
	"strings"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
)

// What to change first: what customers read, in their language. See answer too.
const (
	english = "Nobody is here at this hour. We have your message, and answer in the morning."
	german  = "Zurzeit ist niemand da. Wir haben Ihre Nachricht und antworten morgen früh."
	french  = "Nous sommes absents pour le moment. Nous avons votre message et répondrons demain matin."
)

// Functions are what this program serves.
func Functions() ([]faas.Function, error) {
	return []faas.Function{
		faas.On(events.MessagingLineInOffHours, "my_function", standIn, faas.Description("Answers who writes when nobody is there.")),
	}, nil
}

// standIn answers for those who have gone home. It says nothing if the hours
// have begun again, or if the customer was told when the conversation began.
func standIn(_ context.Context, event events.Event[events.Messaging]) (events.Commands, error) {
	mid, general := event.Payload.Mid, event.Payload.General
	openAgain := general.InOffHours != nil && !*general.InOffHours
	toldBefore := mid != nil && mid.OpenedInOffHours != nil && *mid.OpenedInOffHours
	if openAgain || toldBefore {
		return nil, nil
	}
	return events.Commands{events.SystemMessage(answer(general.ClientLanguage))}, nil
}

// answer is the text in a language such as de-AT, whatever the country.
func answer(language string) string {
	language, _, _ = strings.Cut(strings.ToLower(language), "-")
	switch language {
	case "de":
		return german
	case "fr":
		return french
	}
	return english
}
