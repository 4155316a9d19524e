package gateway

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
)

// A failure is an error as a client is told of it.
type failure struct {
	status  int
	code    faas.Code
	message string
	logs    []logEntry
	header  http.Header
	oauth   string // with tokens, the error's name (RFC 6749)
	cause   error  // what the client is not told
}

func (f *failure) Error() string {
	if f.cause != nil {
		return f.message + ": " + f.cause.Error()
	}
	return f.message
}

func (f *failure) Unwrap() error { return f.cause }

// refuse is a failure with the status of its code.
func refuse(code faas.Code, format string, args ...any) *failure {
	return &failure{status: code.Status(), code: code, message: fmt.Sprintf(format, args...)}
}

// The bodies of errors.
type (
	errorV1 struct {
		Code    string     `json:"errorCode"`
		Message string     `json:"errorMsg"`
		Logs    []logEntry `json:"errorLogs,omitempty"`
	}
	errorV2 struct {
		Code    string     `json:"code"`
		Message string     `json:"message"`
		Logs    []logEntry `json:"errorLogs,omitempty"`
	}
	errorOAuth struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}
)

// failed answers with an error.
func failed(req *request, err error) answer {
	f := told(err)
	if f.code == faas.CodeUnchanged {
		if req.generation == first {
			return answer{status: http.StatusNotModified}
		}
		// The second generation reads the code, and an answer without changes
		// has no place for it.
		f.status = http.StatusBadRequest
	}
	var body any = errorV2{f.code.V2(), f.message, f.logs}
	switch {
	case f.oauth != "":
		body = errorOAuth{f.oauth, f.message}
	case req.generation == first:
		body = errorV1{f.code.V1(), f.message, f.logs}
	}
	a, err := asJSON(f.status, body)
	if err != nil { // texts always have a JSON form
		a = answer{status: http.StatusInternalServerError}
	}
	a.header = f.header
	return a
}

// told says what a client may know of an error.
func told(err error) failure {
	var known *failure
	var bad *events.DecodeError
	var run *faas.Error
	switch {
	case errors.As(err, &known):
		return *known
	case errors.As(err, &run):
		return toldRun(run)
	case errors.As(err, &bad):
		return failure{status: http.StatusBadRequest, code: faas.CodeBadInput, message: oneLine(bad.Error())}
	}
	return failure{status: http.StatusInternalServerError, message: "the gateway failed"}
}

// toldRun says what a client may know of an error of the runtime.
func toldRun(err *faas.Error) failure {
	f := failure{status: err.Code.Status(), code: err.Code}
	switch err.Code {
	case faas.CodeFailed:
		f.message = textOf(err.Err)
	case faas.CodeStore, faas.CodeGeneral: // the cause may tell of the machine
		f.message = (&faas.Error{Code: err.Code, Event: err.Event, Function: err.Function}).Error()
	default:
		f.message = err.Error()
	}
	if err.Code == faas.CodeTooMany {
		f.header = http.Header{"Retry-After": {"1"}}
	}
	return f
}

// textOf is the text of a function's own error, as it is. It may take a panic
// to make.
func textOf(err error) (text string) {
	defer func() {
		if recover() != nil {
			text = "(the error panics when asked for its text)"
		}
	}()
	return err.Error()
}

func oneLine(text string) string {
	return strings.ReplaceAll(strings.TrimSpace(text), "\n", "; ")
}
