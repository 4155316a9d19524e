package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
)

// aroundResult is room for what stands around a result: its ID, its time and
// the names of the fields.
const aroundResult = 112

// resultsBody lists what the functions of an event gave. The results are JSON
// already, so that they need not be read once more.
func resultsBody(results []faas.Result[json.RawMessage]) (body []byte, err error) {
	size := 0
	for _, r := range results {
		size += len(r.Value) + aroundResult
	}
	body = append(make([]byte, 0, size+2), '[')
	for i, r := range results {
		if i > 0 {
			body = append(body, ',')
		}
		if body, err = jsontext.AppendQuote(append(body, `{"uuid":`...), r.ID); err != nil {
			return nil, err
		}
		body = append(append(body, `,"timestamp":"`...), isoTime(r.Timestamp)...)
		body = append(append(body, `","result":`...), r.Value...)
		body = append(body, '}')
	}
	return append(body, ']'), nil
}

// invokeEvent runs the functions of an event.
func (h *Handler) invokeEvent(req *request) (answer, error) {
	return h.invoke(req, func(ctx context.Context, env events.Envelope) (answer, error) {
		results, err := h.rt.Invoke(ctx, req.PathValue("event"), env, req.options()...)
		if err != nil {
			return answer{}, err
		}
		body, err := resultsBody(results)
		return answer{status: http.StatusOK, kind: jsonType, body: body}, err
	})
}

// invokeFunction runs one function; its result is all of the answer.
func (h *Handler) invokeFunction(req *request) (answer, error) {
	return h.invoke(req, func(ctx context.Context, env events.Envelope) (answer, error) {
		result, err := h.rt.InvokeFunction(ctx, req.PathValue("uuid"), env, req.options()...)
		if err != nil {
			return answer{}, err
		}
		return answer{status: http.StatusOK, kind: jsonType, body: result.Value}, nil
	})
}

// invoke reads the envelope of an invocation and runs it, or gives the answer
// of the earlier request that this one repeats.
func (h *Handler) invoke(req *request, run func(context.Context, events.Envelope) (answer, error)) (answer, error) {
	body, err := req.body(events.MaxSize)
	if err != nil {
		return answer{}, err
	}
	env, err := events.DecodeEnvelope(body)
	if err != nil {
		return answer{}, err
	}
	deadline := time.Now().Add(h.timeout)
	do := func(ctx context.Context) (answer, error) {
		ctx, cancel := context.WithDeadline(ctx, deadline)
		defer cancel()
		return run(ctx, env)
	}
	if !req.repeatable {
		return do(req.Context())
	}
	waiting, cancel := context.WithDeadline(req.Context(), deadline)
	defer cancel()
	a, repeated, err := h.retries.once(waiting, attemptKey(req, body), func() (answer, error) {
		// A client that gives up comes back for the answer: so the run goes on.
		return do(context.WithoutCancel(req.Context()))
	}, func(err error) answer { return failed(req, err) })
	req.repeated = repeated
	return a, err
}

// implemented is all that the answer to isImplemented may have: one of the
// clients takes no further fields.
type implemented struct {
	Implemented bool `json:"implemented"`
}

func (h *Handler) isImplemented(req *request) (answer, error) {
	return asJSON(http.StatusOK, implemented{h.rt.Implements(req.PathValue("event"), req.options()...)})
}

// errGaveUp is for a request that does not wait any longer.
var errGaveUp = errors.New("the first request like this one still runs")

// gaveUp says why there is no answer to a repeated request.
func gaveUp(cause error) error {
	return &faas.Error{Code: faas.CodeCanceled, Err: errors.Join(errGaveUp, cause)}
}
