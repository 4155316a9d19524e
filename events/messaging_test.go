package events_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
)

func decodeMessaging(payload string) (events.Messaging, error) {
	event, err := events.MessagingTTR.Decode(events.Envelope{Payload: []byte(payload)})
	return event.Payload, err
}

func readMessaging(t *testing.T, file string) events.Messaging {
	t.Helper()
	data, err := os.ReadFile("testdata/" + file)
	require.NoError(t, err)
	env, err := events.DecodeEnvelope(data)
	require.NoError(t, err)
	event, err := events.MessagingTTR.Decode(env)
	require.NoError(t, err)
	return event.Payload
}

func TestBothSpellingsDecodeToTheSame(t *testing.T) {
	table, old := readMessaging(t, "table_spelling.json"), readMessaging(t, "sample_spelling.json")
	assert.Equal(t, events.EndedByAgent, table.General.CBotEventType)
	assert.Empty(t, old.General.CBotEventType, "the old sample does not have it")
	old.General.CBotEventType = table.General.CBotEventType
	assert.Equal(t, table, old)

	assert.Equal(t, events.ID("40011223.5"), table.General.OriginatorID)
	assert.Equal(t, "SharkContext", table.General.ContextType)
	assert.Equal(t, events.ID("3100000020"), table.General.CampaignInfo.EngagementID)
	assert.EqualValues(t, 30, *table.Idle.ConsumerNonResponsive.Time)
	assert.EqualValues(t, 1700000500000, *table.General.ManualETTR)
	assert.EqualValues(t, 1700000300000, *table.General.EffectiveTTR)

	data, err := events.MessagingTTR.EncodePayload(old)
	require.NoError(t, err)
	for _, part := range []string{
		`"contexttype":"SharkContext"`, `"engangementId":"3100000020"`, `"consumserNonResponsive":{`,
		`"manualETTR":"1700000500000"`, `"effectiveTTR":1700000300000`, `"clientIpAdress":`,
	} {
		assert.Contains(t, string(data), part)
	}
	again, err := decodeMessaging(string(data))
	require.NoError(t, err)
	assert.Equal(t, old, again)
}

func TestTwoSpellingsAtOnce(t *testing.T) {
	for _, wire := range []string{
		`{"general":{"contexttype":"a","contextType":"a"}}`,
		`{"general":{"contextType":"a","contexttype":null}}`,
		`{"general":{"contexttype":"","contextType":"a"}}`,
		`{"general":{"contextType":null,"contexttype":"a"}}`,
	} {
		payload, err := decodeMessaging(wire)
		require.NoError(t, err, wire)
		assert.Equal(t, "a", payload.General.ContextType, wire)
	}
	same, err := decodeMessaging(`{"general":{"campaignInfo":{"engangementId":5,"engagementId":"5"}},
		"idle":{"consumserNonResponsive":{"time":30},"consumerNonResponsive":{"time":3e1}}}`)
	require.NoError(t, err)
	assert.Equal(t, events.ID("5"), same.General.CampaignInfo.EngagementID)
	assert.EqualValues(t, 30, *same.Idle.ConsumerNonResponsive.Time)

	_, err = decodeMessaging(`{"general":{"contextType":"a","contexttype":"b","campaignInfo":{"engangementId":1,"engagementId":2}},
		"idle":{"consumserNonResponsive":{"time":30},"consumerNonResponsive":{"time":31}}}`)
	assert.EqualError(t, err, `payload.general.contexttype: differs from payload.general.contextType; send one of the two
payload.general.campaignInfo.engagementId: differs from payload.general.campaignInfo.engangementId; send one of the two
payload.idle.consumerNonResponsive: differs from payload.idle.consumserNonResponsive; send one of the two`)
	_, err = decodeMessaging(`{"general":{"contexttype":"b","contextType":3}}`)
	assert.EqualError(t, err, `payload.general.contextType: must be text, not a number`)
	_, err = decodeMessaging(`{"general":{"contextType":"b","contextType":"b"}}`)
	assert.EqualError(t, err, `payload.general.contextType: is given twice; send it once`)
}

func TestIDsKeepEveryDigit(t *testing.T) {
	for wire, want := range map[string]events.ID{
		`37607275.23`: "37607275.23", `"37607275.23"`: "37607275.23", `12345678901234567890`: "12345678901234567890",
		`1e3`: "1e3", `-0`: "-0", `1e400`: "1e400", `""`: "", `null`: "", `"a\u0041"`: "aA",
	} {
		payload, err := decodeMessaging(`{"general":{"originatorId":` + wire + `}}`)
		require.NoError(t, err, wire)
		assert.Equal(t, want, payload.General.OriginatorID, wire)
		data, err := events.MessagingTTR.EncodePayload(payload)
		require.NoError(t, err)
		again, err := decodeMessaging(string(data))
		require.NoError(t, err)
		assert.Equal(t, payload, again)
	}
	for wire, got := range map[string]string{`true`: "a boolean", `[]`: "a list", `{}`: "an object"} {
		_, err := decodeMessaging(`{"general":{"originatorId":` + wire + `}}`)
		assert.EqualError(t, err, "payload.general.originatorId: must be text or a number, not "+got)
	}
}

func TestNumbersThatMayComeAsText(t *testing.T) {
	for wire, want := range map[string]int64{`5`: 5, `"5"`: 5, `"-1"`: -1, `5.0`: 5, `"5e2"`: 500, `"9223372036854775807"`: 9223372036854775807, `-9223372036854775808`: -9223372036854775808} {
		payload, err := decodeMessaging(`{"general":{"effectiveTTR":` + wire + `,"manualETTR":` + wire + `}}`)
		require.NoError(t, err, wire)
		assert.Equal(t, want, *payload.General.EffectiveTTR)
		assert.Equal(t, want, *payload.General.ManualETTR)
	}
	for wire, want := range map[string]string{
		`""`: "must be a whole number, or its digits as text", `"x"`: "must be a whole number, or its digits as text",
		`"1 2"`: "must be a whole number, or its digits as text", `"1.5"`: "must be a whole number",
		`"9223372036854775808"`: "is a number too large for this field", `true`: "must be a whole number, not a boolean",
	} {
		_, err := decodeMessaging(`{"general":{"effectiveTTR":` + wire + `}}`)
		assert.EqualError(t, err, "payload.general.effectiveTTR: "+want, wire)
	}
	_, err := decodeMessaging(`{"general":{"startTs":"5"}}`)
	assert.EqualError(t, err, "payload.general.startTs: must be a whole number, not text")
}

func TestThresholds(t *testing.T) {
	for _, wire := range []string{`{"time":30,"timeUnits":"minutes"}`, `{"time":"minutes","timeUnits":30}`, `{"timeUnits":30.0,"time":"min\u0075tes"}`} {
		payload, err := decodeMessaging(`{"idle":{"convNotTakenTime":` + wire + `}}`)
		require.NoError(t, err, wire)
		got := payload.Idle.ConvNotTakenTime
		assert.EqualValues(t, 30, *got.Time, wire)
		assert.Equal(t, "minutes", got.TimeUnits, wire)
	}
	payload, err := decodeMessaging(`{"idle":{"convNotTakenTime":{"time":null}}}`)
	require.NoError(t, err)
	assert.Equal(t, &events.Threshold{}, payload.Idle.ConvNotTakenTime)
	for wire, want := range map[string]string{
		`{"time":"minutes"}`:                 ".time: must be a whole number, not text",
		`{"time":true,"timeUnits":[]}`:       ".time: must be a whole number, not a boolean\npayload.idle.convNotTakenTime.timeUnits: must be text, not a list",
		`{"time":"minutes","timeUnits":1.5}`: ".timeUnits: must be a whole number",
		`{"time":1,"timeUnits":1}`:           ".timeUnits: must be text, not a number",
		`{"time":"\ud800","timeUnits":1}`:    ".time: is not valid UTF-8 text",
		`7`:                                  ": must be an object, not a number",
	} {
		_, err := decodeMessaging(`{"idle":{"convNotTakenTime":` + wire + `}}`)
		assert.EqualError(t, err, "payload.idle.convNotTakenTime"+want, wire)
	}
}

func TestAnEmptyGroupIsNotAnAbsentOne(t *testing.T) {
	payload, err := decodeMessaging(`{"idle":{},"start":{"firstConversation":false},"general":{"clientFeatures":[]}}`)
	require.NoError(t, err)
	assert.NotNil(t, payload.Idle)
	assert.Nil(t, payload.End)
	require.NotNil(t, payload.Start.FirstConversation)
	assert.False(t, *payload.Start.FirstConversation)
	data, err := events.MessagingTTR.EncodePayload(payload)
	require.NoError(t, err)
	assert.JSONEq(t, `{"general":{},"idle":{},"start":{"firstConversation":false}}`, string(data))
}

func TestCBotEventTypes(t *testing.T) {
	for kind, types := range map[*events.Kind[events.Messaging, events.Commands]][]events.CBotEventType{
		events.MessagingNewConversation:     {events.OpenedFirstTimeOffHours, events.OpenedOffHours, events.OpenedFirstTime, events.Opened, events.OpenedAfterAutoClose},
		events.MessagingConversationEnd:     {events.EndedByAgent, events.EndedByConsumer, events.EndedBySystem},
		events.MessagingConversationRouting: {events.Transferred},
		events.MessagingParticipantChange:   {events.Connected, events.BackToQueue, events.JoinedAgentLeft, events.AnotherAgentJoined},
		events.MessagingTTR:                 {events.AgentUpdatedResponseTime, events.ConsumerCanceledUrgent, events.ConsumerAskedUrgent},
		events.MessagingLineInOffHours:      {events.ConsumerWroteInOffHours},
		events.MessagingConversationIdle:    {events.WaitingInQueue, events.AgentNonResponsive, events.ConsumerNonResponsive},
	} {
		for _, of := range types {
			assert.Equal(t, kind.ID(), of.Event(), of)
		}
	}
	assert.Empty(t, events.ConsumerSteppedUp.Event())
	assert.Empty(t, events.CBotEventType("NEW").Event())
	assert.Equal(t, events.ConsumerSteppedUp, readMessaging(t, "step_up.json").General.CBotEventType)
}

func TestCommands(t *testing.T) {
	kind := events.MessagingConversationEnd
	data, err := kind.EncodeResult(nil)
	require.NoError(t, err)
	assert.Equal(t, `[]`, string(data))

	all := events.Commands{
		events.SystemMessage("bye"), events.Transfer("700200"), events.SystemMessage("again"),
		events.TransferToAgent("a", "s"), events.CloseConversation(),
	}
	assert.Equal(t, events.Commands{all[0], all[1], all[4]}, all.First())
	data, err = kind.EncodeResult(all)
	require.NoError(t, err)
	assert.JSONEq(t, `[{"type":"systemMessage","text":"bye"},{"type":"transfer","skillId":"700200"},{"type":"systemMessage","text":"again"},
		{"type":"transfer","skillId":"s","agentId":"a"},{"type":"closeConversation"}]`, string(data))
	again, err := kind.DecodeResult(data)
	require.NoError(t, err)
	assert.Equal(t, all, again)

	lone, err := kind.DecodeResult([]byte(`{"type":"transfer","skillId":700200}`))
	require.NoError(t, err)
	assert.Equal(t, events.Commands{events.Transfer("700200")}, lone)

	_, err = kind.DecodeResult([]byte(`[{"type":"systemMessage"},{"type":"transfer"},{"type":"shout"},{}, {"type":"systemMessage","text":4}]`))
	assert.EqualError(t, err, `result[0].text: is missing; a systemMessage needs it
result[1].skillId: is missing; a transfer needs it, or agentId
result[2].type: must be one of: systemMessage transfer closeConversation
result[3].type: must be one of: systemMessage transfer closeConversation
result[4].text: must be text, not a number`)
	_, err = kind.EncodeResult(events.Commands{{Type: "shout"}})
	assert.EqualError(t, err, `result[0].type: must be one of: systemMessage transfer closeConversation`)
	_, err = kind.DecodeResult([]byte(`"x"`))
	assert.EqualError(t, err, `result: must be a list, not text`)
}
