package faas_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/afterword-go/afterword/faas"
)

func TestCodesOnTheWire(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		code   faas.Code
		v1, v2 string
		status int
	}{
		{faas.CodeGeneral, "com.liveperson.faas.es.general", "com.liveperson.faas.evg.general", 500},
		{faas.CodeBadInput, "com.liveperson.faas.es.badinput", "com.liveperson.faas.evg.invalid", 400},
		{faas.CodeUnknownEvent, "com.liveperson.faas.es.missinglambda", "com.liveperson.faas.function.not-found", 404},
		{faas.CodeNotImplemented, "com.liveperson.faas.es.missinglambda", "com.liveperson.faas.function.not-found", 404},
		{faas.CodeFailed, "com.liveperson.faas.handler.custom-failure", "com.customer.faas.function.threw-error", 901},
		{faas.CodeCrashed, "com.liveperson.faas.handler.runtime-exception", "com.customer.faas.function.js-runtime-error", 901},
		{faas.CodeBadResult, "com.liveperson.faas.handler.runtime-exception", "com.customer.faas.function.js-runtime-error", 901},
		{faas.CodeTimedOut, "com.liveperson.faas.handler.executiontime-exceeded", "com.customer.faas.function.execution-exceeded", 901},
		{faas.CodeCanceled, "com.liveperson.faas.es.general", "com.liveperson.faas.evg.general", 408},
		{faas.CodeLogLimit, "com.liveperson.faas.handler.log-limit-reached", "com.liveperson.faas.function.runtime.limit-reached", 901},
		{faas.CodeOutOfService, "com.liveperson.faas.es.notdeployed", "com.liveperson.faas.function.not-found", 404},
		{faas.CodeTooMany, "com.liveperson.faas.es.general", "com.liveperson.faas.evg.general", 429},
		{faas.CodeUnknownFunction, "com.liveperson.faas.es.missinglambda", "com.liveperson.faas.function.not-found", 404},
		{faas.CodeUnknownSchedule, "com.liveperson.faas.es.missinglambda", "com.liveperson.faas.function.not-found", 404},
		{faas.CodeNotDeployed, "com.liveperson.faas.es.notdeployed", "com.liveperson.faas.function.not-found", 404},
		{faas.CodeInvalid, "com.liveperson.faas.fm.contract-error", "com.liveperson.faas.function.validation", 400},
		{faas.CodeBuildFailed, "com.liveperson.faas.fm.contract-error", "com.liveperson.faas.function.validation", 400},
		{faas.CodeLimit, "com.liveperson.faas.fm.contract-error", "com.liveperson.faas.function.validation", 400},
		{faas.CodeDeployed, "com.liveperson.faas.fm.contract-error", "com.liveperson.faas.function.validation", 400},
		{faas.CodeUnchanged, "com.liveperson.faas.fm.unchanged", "com.liveperson.faas.function.unchanged", 304},
		{faas.CodeConflict, "com.liveperson.faas.fm.general", "com.liveperson.faas.function.conflict", 409},
		{faas.CodeStore, "com.liveperson.faas.fm.unavailable", "com.liveperson.faas.evg.general", 502},
		{"of another version", "com.liveperson.faas.es.general", "com.liveperson.faas.evg.general", 500},
	} {
		assert.Equal(t, c.v1, c.code.V1(), c.code)
		assert.Equal(t, c.v2, c.code.V2(), c.code)
		assert.Equal(t, c.status, c.code.Status(), c.code)
	}
}

func TestErrorTexts(t *testing.T) {
	t.Parallel()
	cause := errors.New("cause\n\nin lines\n")
	for want, err := range map[string]*faas.Error{
		"failure":                                  {},
		"failure: cause; ; in lines":               {Err: cause},
		"event e: failure":                         {Event: "e"},
		"function f: failed":                       {Code: faas.CodeFailed, Function: "f"},
		"event e: function f: timed out: cause; x": {Code: faas.CodeTimedOut, Event: "e", Function: "f", Err: errors.New("cause\nx")},
		"event e: unknown event: cause":            {Code: faas.CodeUnknownEvent, Event: "e", Err: errors.New("cause")},
	} {
		assert.EqualError(t, err, want)
		value, stack := err.Panic()
		assert.Nil(t, value)
		assert.Nil(t, stack)
	}
	assert.ErrorIs(t, fmt.Errorf("around: %w", &faas.Error{Err: cause}), cause)
}

func TestTheTextOfAnErrorIsBounded(t *testing.T) {
	t.Parallel()
	err := &faas.Error{Code: faas.CodeFailed, Err: errors.New(strings.Repeat("x", 1<<20))}
	assert.Len(t, err.Error(), len("failed: ")+64<<10+len("…"))
}
