package main

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
)

func TestRun(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, run(&out))
	assert.Contains(t, out.String(), "\nexample_messaging_consumer_step_up             1  Messaging Consumer Step Up\n")
	assert.Contains(t, out.String(), "\nshop_return_requested                          2  Return Requested\n")
	assert.Contains(t, out.String(), `
CONSUMER_STEP_UP in conversation 5b0c1d1e-7a60-4a0e-9f53-0d6f2f6a1c11
2 articles of order 20000000000000000001 go back: {"carrier":"post"}
`)
}

func TestAFaultyReturnIsExplained(t *testing.T) {
	_, err := ReturnRequested.Decode(events.Envelope{Payload: []byte(`{"articles":[{"pieces":0},{"name":"lamp","pieces":"two"}],"express":1}`)})
	assert.EqualError(t, err, `payload.orderId: is missing
payload.articles[0].name: is missing
payload.articles[0].pieces: must be at least 1
payload.articles[1].pieces: must be a whole number, not text
payload.express: must be a boolean, not a number`)
}

func TestStepUpHoldsOnePlacePerSkill(t *testing.T) {
	held := []events.Holder{{Function: "greet", Skills: []string{"7"}}}
	assert.NoError(t, events.CheckLimit(ConsumerStepUp, held, events.Holder{Function: "verify", Skills: []string{"8"}}))
	assert.Error(t, events.CheckLimit(ConsumerStepUp, held, events.Holder{Function: "verify", Skills: []string{"7"}}))
}
