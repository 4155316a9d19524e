package events_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
)

func TestEnvelopes(t *testing.T) {
	at := time.UnixMilli(1700000038000).UTC()
	pair := []events.Header{{Key: "a", Value: "1"}, {Key: "B", Value: "2"}}
	for wire, want := range map[string]events.Envelope{
		`{}`: {Payload: []byte(`{}`)},
		`{"timestamp":null,"headers":null,"payload":null}`:                                    {Payload: []byte(`{}`)},
		`{"timestamp":0,"headers":[],"payload":{}}`:                                           {Payload: []byte(`{}`)},
		`{"timestamp":1700000038000,"payload":[1, 2]}`:                                        {Timestamp: at, Payload: []byte(`[1, 2]`)},
		`{"timestamp":1.700000038e12,"payload":"x"}`:                                          {Timestamp: at, Payload: []byte(`"x"`)},
		`{"headers":[{"key":"a","value":"1"},{"key":"B","value":"2"}],"Payload":1,"other":2}`: {Headers: pair, Payload: []byte(`{}`)},
		`{"headers":{"a":"1","B":"2"}}`:                                                       {Headers: pair, Payload: []byte(`{}`)},
		`{"headers":{}}`:                                                                      {Payload: []byte(`{}`)},
	} {
		got, err := events.DecodeEnvelope([]byte(wire))
		require.NoError(t, err, wire)
		assert.Equal(t, want, got, wire)
		data, err := got.Encode()
		require.NoError(t, err, wire)
		again, err := events.DecodeEnvelope(data)
		require.NoError(t, err, wire)
		assert.Equal(t, got, again, wire)
	}
	data, err := events.Envelope{Timestamp: at, Headers: pair, Payload: []byte(` {"a": 1}`)}.Encode()
	require.NoError(t, err)
	assert.Equal(t, `{"timestamp":1700000038000,"headers":[{"key":"a","value":"1"},{"key":"B","value":"2"}],"payload": {"a": 1}}`, string(data))
	data, err = events.Envelope{}.Encode()
	require.NoError(t, err)
	assert.Equal(t, `{"headers":[],"payload":{}}`, string(data))
}

func TestBadEnvelopes(t *testing.T) {
	for wire, want := range map[string]string{
		``:                              "is empty; send JSON",
		" \n":                           "is empty; send JSON",
		`{`:                             "ends too early, at byte 1",
		`{"payload":{"a":`:              "payload: ends too early, at byte 16",
		`[]`:                            "must be an object, not a list",
		`{} {}`:                         "must be followed by nothing",
		`{}x`:                           "must be followed by nothing",
		`{"timestamp":1,"timestamp":1}`: "timestamp: is given twice; send it once",
		`{"other":1,"other":1}`:         "holds a key twice",
		`{"x":{"a":{"b":1,"b":1}}}`:     "holds a key twice",
		`{"payload":[{"b":1,"b":1}]}`:   "payload: holds a key twice",
		`{"payload":"` + "\xff" + `"}`:  "payload: is not valid UTF-8 text",
		`{"payload":["\ud800"]}`:        "payload: holds text that is not valid UTF-8",
		`{"` + "\xff" + `":1}`:          "has a key that is not valid UTF-8",
		`{"payload":NaN}`:               "payload: is not JSON at byte 11",
		`{"payload":01}`:                "is not JSON at byte 12",
		`{"timestamp":-1}`:              "timestamp: must be at least 0",
		`{"timestamp":253402300800000}`: "timestamp: must be at most 253402300799999",
		`{"timestamp":1.5,"headers":3}`: "timestamp: must be a whole number\nheaders: must be a list, not a number",
		`{"timestamp":"1"}`:             "timestamp: must be a whole number, not text",
		`{"headers":[{"key":1,"value":2},4,null]}`: "headers[0].key: must be text, not a number\nheaders[0].value: must be text, not a number\nheaders[1]: must be an object, not a number\nheaders[2]: must not be null",
		`{"headers":{"a":1,"a":"x"}}`:              "headers: must be text, not a number\nheaders: holds a key twice",
		`{"headers":{"a":"x"`:                      "headers: ends too early, at byte 19",
		`{"headers":{1}`:                           "headers: is not JSON at byte 12",
	} {
		_, err := events.DecodeEnvelope([]byte(wire))
		assert.EqualError(t, err, want, wire)
		var decode *events.DecodeError
		assert.ErrorAs(t, err, &decode, wire)
	}
}

func TestBounds(t *testing.T) {
	sized := func(n int) []byte {
		head, tail := `{"payload":{"a":"`, `"}}`
		return []byte(head + strings.Repeat("x", n-len(head)-len(tail)) + tail)
	}
	_, err := events.DecodeEnvelope(sized(events.MaxSize))
	require.NoError(t, err)
	_, err = events.DecodeEnvelope(sized(events.MaxSize + 1))
	require.ErrorIs(t, err, events.ErrTooLarge)
	assert.EqualError(t, err, "is larger than 256 KiB; send less")

	_, err = events.ReadEnvelope(bytes.NewReader(sized(events.MaxSize)))
	require.NoError(t, err)
	endless := &counter{Reader: io.MultiReader(bytes.NewReader(sized(events.MaxSize)), iotest.DataErrReader(strings.NewReader(strings.Repeat(" ", 1<<20))))}
	_, err = events.ReadEnvelope(endless)
	require.ErrorIs(t, err, events.ErrTooLarge)
	assert.LessOrEqual(t, endless.n, events.MaxSize+1)
	broken := errors.New("broken")
	_, err = events.ReadEnvelope(iotest.ErrReader(broken))
	assert.ErrorIs(t, err, broken)

	nested := func(n int) string { return strings.Repeat("[", n) + `"]\"["` + strings.Repeat("]", n) }
	_, err = events.DecodeEnvelope([]byte(`{"payload":` + nested(63) + `}`))
	require.NoError(t, err)
	_, err = events.DecodeEnvelope([]byte(`{"payload":` + nested(64) + `}`))
	require.ErrorIs(t, err, events.ErrTooDeep)
	assert.EqualError(t, err, "is nested deeper than 64 levels; send less")
	hook := events.ThirdPartyBotsPostHook
	_, err = hook.Decode(events.Envelope{Payload: []byte(`{"a":` + nested(62) + `}`)})
	require.NoError(t, err)
	_, err = hook.Decode(events.Envelope{Payload: []byte(`{"a":` + nested(63) + `}`)})
	require.ErrorIs(t, err, events.ErrTooDeep)
	_, err = hook.DecodeResult([]byte(`{"a":` + nested(64) + `}`))
	require.ErrorIs(t, err, events.ErrTooDeep)
	_, err = hook.EncodeResult(events.Object{"a": []byte(nested(64))})
	require.ErrorIs(t, err, events.ErrTooDeep)
	_, err = hook.Decode(events.Envelope{Payload: sized(events.MaxSize + 1)})
	require.ErrorIs(t, err, events.ErrTooLarge)
	_, err = events.Envelope{Payload: sized(events.MaxSize)}.Encode()
	require.ErrorIs(t, err, events.ErrTooLarge)
	_, err = hook.Decode(events.Envelope{Payload: []byte(strings.Repeat("[", 200_000))})
	require.ErrorIs(t, err, events.ErrTooDeep)
}

// A counter counts the bytes that were read.
type counter struct {
	io.Reader
	n int
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n += n
	return n, err
}

func TestEnvelopesThatCannotBeEncoded(t *testing.T) {
	for want, env := range map[string]events.Envelope{
		"timestamp: must lie between 1970 and 9999, or be the zero time":                                                                   {Timestamp: time.UnixMilli(-1)},
		"timestamp: must lie between 1970 and 9999, or be the zero time ":                                                                  {Timestamp: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)},
		"payload: must be one JSON value with unique keys and valid UTF-8":                                                                 {Payload: []byte(`{"a":1,"a":1}`)},
		"payload: must be one JSON value with unique keys and valid UTF-8 ":                                                                {Payload: []byte{}},
		"payload: must be one JSON value with unique keys and valid UTF-8  ":                                                               {Payload: []byte(`{}{}`)},
		"headers[1].value: cannot be written as JSON: it holds invalid UTF-8, raw JSON that is not valid, or a type that has no JSON form": {Headers: []events.Header{{}, {Value: "\xff"}}},
	} {
		_, err := env.Encode()
		assert.EqualError(t, err, strings.TrimSpace(want))
	}
}

func TestHugeNumbers(t *testing.T) {
	digits := strings.Repeat("9", 10_000)
	_, err := decodeSurvey(`{"csatRank":` + digits + `}`)
	require.EqualError(t, err, "payload.csatRank: is a number too large for this field")
	_, err = decodeSurvey(`{"csatRank":3.` + strings.Repeat("0", 10_000) + `}`)
	require.NoError(t, err)
	_, err = decodeSurvey(`{"csatRank":3` + strings.Repeat("0", 10_000) + `e-10000}`)
	require.NoError(t, err)
	payload, err := decodeMessaging(`{"general":{"sessionId":` + digits + `}}`)
	require.NoError(t, err)
	assert.Equal(t, events.ID(digits), payload.General.SessionID)
	_, err = decodeSurvey(`{"other":1e400,"another":` + digits + `}`)
	require.NoError(t, err, "unknown fields are ignored")
	_, err = decodeSurvey(`{"csatRank":NaN}`)
	assert.EqualError(t, err, "payload.csatRank: is not JSON at byte 12")
}

func TestWhatLiesBehindBrokenJSONIsNotMissing(t *testing.T) {
	kind := events.ChatPostSurveyEmailTranscript
	_, err := kind.DecodeResult([]byte(`[{"senderName":4,"subject":`))
	assert.EqualError(t, err, "result[0].senderName: must be text, not a number\nresult[0].subject: ends too early, at byte 27")
	_, err = kind.DecodeResult([]byte(`[{"senderName":"x"},]`))
	assert.Error(t, err)
}

func TestErrorsOfHugeDocumentsAreShort(t *testing.T) {
	ones := "[" + strings.Repeat("1,", 120_000) + "1]"
	_, err := decodeSurvey(`{"questionWithAnswers":` + ones + `,"csatRank":6}`)
	lines := strings.Split(err.Error(), "\n")
	require.Len(t, lines, 101)
	assert.Equal(t, "payload.questionWithAnswers[0]: must be an object, not a number", lines[0])
	assert.Equal(t, "and 119902 more problems", lines[100])
	missing := "[" + strings.Repeat("{},", 80_000) + "{}]"
	_, err = events.ChatPostSurveyEmailTranscript.DecodeResult([]byte(missing))
	lines = strings.Split(err.Error(), "\n")
	require.Len(t, lines, 101)
	assert.Equal(t, "result[0].targetEmail: is missing", lines[0])
	assert.Equal(t, "and 79901 more problems", lines[100])
}
