package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/afterword-go/afterword/bench/rules/internal/measure"
	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/transcript"
)

// surveyRules are what decides from bytes to bytes.
const surveyRules = `version: 1
event: denver_post_survey_email_transcript
rules:
  - name: unhappy-care-customers
    when: csatRank <= 3 and skillName matches "(?i)CustomerCare" and agentName matches "(?i)John Doe"
    then:
      targetEmail: care-leads@example.com
      senderName: Example Contact Centre
      senderEmail: no-reply@example.com
      subject: "Low rating (${csatRank}) for ${agentName}"
`

// surveyBytes is an event as it arrives.
const surveyBytes = `{"timestamp":1700000038000,"headers":[{"key":"X-Request-ID","value":"4f0d2a52-6d0a-4a3c-9f3c-0a6f3c1d2b7e"}],` +
	`"payload":{"csatRank":2,"skillName":"CustomerCare","agentName":"John Doe","questionWithAnswers":[` +
	`{"question":"Was your issue solved?","answer":"No"},{"question":"What went wrong?","answer":"Too slow;Wrong answer"}]}}`

// bareEvent is the envelope and its payload, as encoding/json reads them at
// once.
type bareEvent struct {
	Timestamp int64             `json:"timestamp"`
	Headers   []events.Header   `json:"headers"`
	Payload   events.PostSurvey `json:"payload"`
}

// whole has an event that comes as bytes decided, and the e-mails written as
// bytes.
func (b *bench) whole() error {
	set, err := transcript.Parse("care.rules.yaml", []byte(surveyRules))
	if err != nil {
		return err
	}
	ours := func() ([]byte, error) { return throughAfterword(set) }
	emails, err := ours()
	if err != nil {
		return err
	}
	bare := func() ([]byte, error) { return throughJSON(emailsOf(emails)) }
	if same, err := bare(); err != nil || string(same) != string(emails) || len(emailsOf(emails)) != 1 {
		return errors.Join(fmt.Errorf("both ways must write the same e-mail: %s and %s", emails, same), err)
	}
	all := []measure.Contestant{bytesOf("Afterword: strict decoding, deciding, checking, encoding", ours), bytesOf("encoding/json: unmarshal and marshal alone", bare)}
	times := b.measuredWith(b.long(), all)
	b.title("From the bytes of an event to the bytes of its e-mail")
	var rows [][]string
	for _, c := range all {
		number, size := measure.Allocations(c)
		rows = append(rows, []string{duration(times.Nanoseconds(c.Name)), ratio(times.Ratio(c.Name, all[1].Name)), digits(number), grouped(int(size)), c.Name})
	}
	b.rows([]string{"an event", "of bare", "allocations", "bytes"}, rows)
	b.reach("whole", times.Ratio(all[0].Name, all[1].Name))
	return nil
}

func throughAfterword(set *transcript.RuleSet) ([]byte, error) {
	kind := events.ChatPostSurveyEmailTranscript
	env, err := events.DecodeEnvelope([]byte(surveyBytes))
	if err != nil {
		return nil, err
	}
	event, err := kind.Decode(env)
	if err != nil {
		return nil, err
	}
	emails, err := set.Decide(context.Background(), event)
	if err != nil {
		return nil, err
	}
	return kind.EncodeResult(emails)
}

// throughJSON reads the event and writes e-mails that were there before: it
// decides nothing.
func throughJSON(emails []events.TranscriptEmail) ([]byte, error) {
	var event bareEvent
	if err := json.Unmarshal([]byte(surveyBytes), &event); err != nil {
		return nil, err
	}
	return json.Marshal(emails)
}

func emailsOf(data []byte) []events.TranscriptEmail {
	var emails []events.TranscriptEmail
	if err := json.Unmarshal(data, &emails); err != nil {
		return nil
	}
	return emails
}

func bytesOf(name string, work func() ([]byte, error)) measure.Contestant {
	return measure.Contestant{Name: name, Run: func(count int) (sum uint64) {
		for range count {
			out, err := work()
			if err != nil {
				panic(err)
			}
			sum += uint64(len(out))
		}
		return sum
	}}
}
