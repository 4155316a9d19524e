package faas_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// Shorthands for the kind that most tests use.
type (
	survey = events.Event[events.PostSurvey]
	emails = []events.TranscriptEmail
)

var chat = events.ChatPostSurveyEmailTranscript

// none decides that no e-mail is sent.
func none(context.Context, survey) (emails, error) { return nil, nil }

// quiet sends no command.
func quiet(context.Context, events.Event[events.Messaging]) (events.Commands, error) { return nil, nil }

// mail is an e-mail with a subject.
func mail(subject string) emails {
	return emails{{TargetEmail: "to@example.com", SenderName: "S", SenderEmail: "from@example.com", Subject: subject}}
}

func surveyOf(skill string) survey { return survey{Payload: events.PostSurvey{SkillName: skill}} }

func envelopeOf(payload string) events.Envelope { return events.Envelope{Payload: []byte(payload)} }

func newRuntime(t testing.TB, functions ...faas.Function) *faas.Runtime {
	t.Helper()
	rt, err := faas.New(faas.Config{Functions: functions})
	require.NoError(t, err)
	return rt
}

// failed takes an error apart.
func failed(t testing.TB, err error) *faas.Error {
	t.Helper()
	var failure *faas.Error
	require.ErrorAs(t, err, &failure)
	return failure
}
