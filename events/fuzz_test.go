package events_test

import (
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
)

// hostile are documents that a decoder must refuse or stand, whatever its type.
var hostile = []string{
	``, ` `, `null`, `{}`, `[]`, `""`, `0`, `-0`, `1e400`, `NaN`, `tru`, `{"a":1,"a":1}`, `{"a":{"b":[{"c":1,"c":1}]}}`, `{"a":"` + "\xff" + `"}`,
	`{"a":"\ud800"}`, `{"` + "\xff" + `":1}`, `{"a"`, `{"a":`, `{"a":1,`, `[1`, `{} {}`, `{"\u0061":1,"a":1}`, `"\u0000"`, `[[[[[[[[[[]]]]]]]]]]`,
	`{"general":{"contexttype":1,"contextType":"x"}}`, `{"general":{"campaignInfo":{"engangementId":1,"engagementId":1.0}}}`,
	`{"idle":{"convNotTakenTime":{"time":"minutes","timeUnits":30}}}`, `{"csatRank":3e0,"questionWithAnswers":[{"answer":"a;b"}]}`,
	`{"dialogs":[{}],"participants":[],"ttr":{"value":1e1}}`, `[{"type":"systemMessage","text":"x"},{"type":"transfer","skillId":1}]`,
	`[{"targetEmail":"a","senderName":"b","senderEmail":"c","subject":"d"}]`, `{"messages":["a",{"delay":1},{"metadata":[ ]}],"context":{"metadata":[null]}}`,
	`{"error":{},"lexQuery":{ "a" : [] }}`, `{"arguments":["a",""]}`, `{"context":{"event":{},"lpEvent":{}}}`, `{"a":null,"b":1.0}`,
}

func FuzzEnvelope(f *testing.F) {
	for _, seed := range hostile {
		f.Add([]byte(seed))
		f.Add([]byte(`{"timestamp":1,"headers":{"a":"b"},"payload":` + seed + `}`))
	}
	for kind := range events.Platform().All() {
		f.Add(kind.Sample())
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		env, err := events.DecodeEnvelope(data)
		if err != nil {
			explained(t, data, err)
			return
		}
		encoded, err := env.Encode()
		if tooLarge(err) {
			return
		}
		require.NoError(t, err)
		again, err := events.DecodeEnvelope(encoded)
		require.NoError(t, err)
		require.Equal(t, env, again)
	})
}

func FuzzPostSurvey(f *testing.F) { fuzzPayload(f, events.ChatPostSurveyEmailTranscript) }
func FuzzMessaging(f *testing.F) {
	for _, file := range []string{"table_spelling.json", "sample_spelling.json"} {
		data, err := os.ReadFile("testdata/" + file)
		require.NoError(f, err)
		env, err := events.DecodeEnvelope(data)
		require.NoError(f, err)
		f.Add(env.Payload)
	}
	fuzzPayload(f, events.MessagingConversationIdle)
}
func FuzzMessagingSurvey(f *testing.F) { fuzzPayload(f, events.MessagingSurveyEnded) }
func FuzzCommandCall(f *testing.F)     { fuzzPayload(f, events.ConversationalCommand) }
func FuzzBotRequest(f *testing.F)      { fuzzPayload(f, events.ThirdPartyBotsCustomIntegration) }
func FuzzBotFailure(f *testing.F)      { fuzzPayload(f, events.ThirdPartyBotsErrorHook) }
func FuzzHook(f *testing.F)            { fuzzPayload(f, events.ThirdPartyBotsPreHook) }
func FuzzOwnTypes(f *testing.F)        { fuzzPayload(f, define[everything]()) }

func FuzzEmails(f *testing.F)      { fuzzResult(f, events.ChatPostSurveyEmailTranscript) }
func FuzzCommands(f *testing.F)    { fuzzResult(f, events.MessagingTTR) }
func FuzzReply(f *testing.F)       { fuzzResult(f, events.ConversationalCommand) }
func FuzzBotResponse(f *testing.F) { fuzzResult(f, events.ThirdPartyBotsCustomIntegration) }
func FuzzHookResult(f *testing.F)  { fuzzResult(f, events.ThirdPartyBotsPostHook) }
func FuzzIgnored(f *testing.F)     { fuzzResult(f, events.MessagingSurveyStarted) }

func fuzzPayload[P, R any](f *testing.F, kind *events.Kind[P, R]) {
	if env, err := events.DecodeEnvelope(kind.Sample()); err == nil {
		f.Add(env.Payload)
	}
	roundTrip(f, func(data []byte) (any, error) {
		event, err := kind.Decode(events.Envelope{Payload: data})
		return event.Payload, err
	}, func(value any) ([]byte, error) { return kind.EncodePayload(value.(P)) })
}

func fuzzResult[P, R any](f *testing.F, kind *events.Kind[P, R]) {
	roundTrip(f, func(data []byte) (any, error) { return kind.DecodeResult(data) }, kind.EncodeAnyResult)
}

// roundTrip holds that what decodes encodes, and decodes to the same again.
func roundTrip(f *testing.F, decode func([]byte) (any, error), encode func(any) ([]byte, error)) {
	for _, seed := range hostile {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		value, err := decode(data)
		if err != nil {
			explained(t, data, err)
			return
		}
		encoded, err := encode(value)
		if tooLarge(err) {
			return
		}
		require.NoError(t, err)
		again, err := decode(encoded)
		require.NoError(t, err)
		require.True(t, reflect.DeepEqual(value, again), "%#v\n%#v", value, again)
	})
}

func tooLarge(err error) bool { return err != nil && strings.Contains(err.Error(), "larger than") }

// explained holds that an error lists at least one problem, each on a line and
// once, and that it never falls back on a reason that says nothing.
func explained(t *testing.T, data []byte, err error) {
	t.Helper()
	var decode *events.DecodeError
	require.ErrorAs(t, err, &decode)
	require.NotEmpty(t, decode.Problems)
	for i, p := range decode.Problems {
		assert.NotEmpty(t, p.Message)
		if p.Message == "must be followed by nothing" {
			assert.False(t, json.Valid(data))
		}
		assert.NotContains(t, p.String(), "\n")
		assert.True(t, i == 0 || p != decode.Problems[i-1], "twice: %v", p)
	}
}
