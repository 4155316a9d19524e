package gateway

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/afterword-go/afterword/events"
)

// A trialBody is what came of trying a function.
type trialBody struct {
	Result json.RawMessage `json:"result"`
	Logs   []logEntry      `json:"logs"`
}

// test tries a function as it is now, deployed or not.
func (h *Handler) test(req *request) (answer, error) {
	data, err := req.body(events.MaxSize)
	if err != nil {
		return answer{}, err
	}
	env, err := events.DecodeEnvelope(data)
	if err != nil {
		return answer{}, err
	}
	ctx, cancel := context.WithTimeout(req.Context(), h.timeout)
	defer cancel()
	trial, err := h.rt.Try(ctx, req.PathValue("uuid"), env, req.options()...)
	if err != nil {
		return answer{}, err
	}
	if trial.Err != nil {
		f := toldRun(trial.Err)
		f.logs = logEntries(trial.Logs)
		f.cause = trial.Err
		return answer{}, &f
	}
	return asJSON(http.StatusOK, trialBody{trial.Result, logEntries(trial.Logs)})
}
