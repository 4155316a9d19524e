package gateway

import (
	"cmp"
	"net/http"

	"github.com/afterword-go/afterword/faas"
)

// filter is which functions a request asks for. The clients call the name
// differently.
func (r *request) filter() faas.Filter {
	f := faas.Filter{Event: r.query.Get("eventId"), Name: cmp.Or(r.query.Get("name"), r.query.Get("functionName"))}
	for _, state := range r.query["state"] {
		f.States = append(f.States, faas.State(state))
	}
	return f
}

func (h *Handler) listLambdas(req *request) (answer, error) {
	lambdas := []lambdaV1{}
	for _, r := range h.rt.Functions(req.filter()) {
		lambdas = append(lambdas, h.lambdaOf(r))
	}
	return asJSON(http.StatusOK, lambdas)
}

// lambda answers with a list of one: so the first generation has it.
func (h *Handler) lambda(req *request) (answer, error) {
	r, err := h.rt.Function(req.PathValue("uuid"))
	if err != nil {
		return answer{}, err
	}
	return asJSON(http.StatusOK, []lambdaV1{h.lambdaOf(r)})
}

func (h *Handler) listFunctions(req *request) (answer, error) {
	functions := []metaV2{}
	for _, r := range h.rt.Functions(req.filter()) {
		functions = append(functions, metaOf(r))
	}
	return asJSON(http.StatusOK, functions)
}

func (h *Handler) function(req *request) (answer, error) {
	r, err := h.rt.Function(req.PathValue("uuid"))
	if err != nil {
		return answer{}, err
	}
	return asJSON(http.StatusOK, functionOf(r))
}

// An eventEntry tells of a kind of event.
type eventEntry struct {
	ID          string `json:"eventId"`
	Name        string `json:"eventName"`
	Description string `json:"description"`
	Limit       int    `json:"lambdaLimit"`
}

func (h *Handler) listEvents(*request) (answer, error) {
	entries := []eventEntry{}
	for kind := range h.rt.Events().All() {
		entries = append(entries, eventEntry{kind.ID(), kind.Name(), kind.Description(), kind.Limit()})
	}
	return asJSON(http.StatusOK, entries)
}

func (h *Handler) listRuntimes(*request) (answer, error) {
	return asJSON(http.StatusOK, []runtimeV1{thisRuntime()})
}
