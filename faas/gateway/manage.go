package gateway

import (
	"net/http"

	"github.com/afterword-go/afterword/faas"
)

func (h *Handler) createLambda(req *request) (answer, error) {
	r, err := h.create(req)
	if err != nil {
		return answer{}, err
	}
	return asJSON(http.StatusOK, h.lambdaOf(r))
}

func (h *Handler) createFunction(req *request) (answer, error) {
	r, err := h.create(req)
	if err != nil {
		return answer{}, err
	}
	return asJSON(http.StatusOK, functionOf(r))
}

// create makes a function.
func (h *Handler) create(req *request) (faas.Record, error) {
	var body functionBody
	if err := req.decode(&body); err != nil {
		return faas.Record{}, err
	}
	return h.rt.Create(req.Context(), faas.Draft{
		Name: value(body.Name), Description: value(body.Description), Event: value(body.EventID),
		Skills: value(body.Skills), Source: value(body.source(req.generation)),
	})
}

// value is what a pointer points to, or the zero value.
func value[T any](p *T) T {
	if p == nil {
		var none T
		return none
	}
	return *p
}

func (h *Handler) updateLambda(req *request) (answer, error) {
	r, err := h.update(req)
	if err != nil {
		return answer{}, err
	}
	return asJSON(http.StatusOK, h.lambdaOf(r))
}

func (h *Handler) updateFunction(req *request) (answer, error) {
	r, err := h.update(req)
	if err != nil {
		return answer{}, err
	}
	return asJSON(http.StatusOK, functionOf(r))
}

// update changes a function, but never its event.
func (h *Handler) update(req *request) (faas.Record, error) {
	id := req.PathValue("uuid")
	var body functionBody
	if err := req.decode(&body); err != nil {
		return faas.Record{}, err
	}
	r, err := h.rt.Function(id)
	if err != nil {
		return faas.Record{}, err
	}
	if body.EventID != nil && *body.EventID != r.Event {
		return faas.Record{}, refuse(faas.CodeInvalid, "event %s: function %s: the event of a function never changes: make another function", r.Event, r.Name)
	}
	return h.rt.Update(req.Context(), id, faas.Edit{
		Name: body.Name, Description: body.Description, Skills: body.Skills, Source: body.source(req.generation),
	})
}

// updateManifest changes the source of a function.
func (h *Handler) updateManifest(req *request) (answer, error) {
	var body codeBody
	if err := req.decode(&body); err != nil {
		return answer{}, err
	}
	r, err := h.rt.Update(req.Context(), req.PathValue("uuid"), faas.Edit{Source: body.Code})
	if err != nil {
		return answer{}, err
	}
	return asJSON(http.StatusOK, manifestOf(r))
}

// remove deletes a function.
func (h *Handler) remove(req *request) (answer, error) {
	if err := h.rt.Delete(req.Context(), req.PathValue("uuid")); err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusNoContent}, nil
}
