package gateway

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/afterword-go/afterword/faas"
)

// An answer is what a client gets.
type answer struct {
	status int
	kind   string // the media type; empty: there is no body
	body   []byte
	header http.Header // further headers; may be nil
}

const jsonType = "application/json"

// asJSON answers with a value.
func asJSON(status int, value any) (answer, error) {
	var body bytes.Buffer
	to := json.NewEncoder(&body)
	to.SetEscapeHTML(false)
	if err := to.Encode(value); err != nil {
		return answer{}, err
	}
	return answer{status: status, kind: jsonType, body: bytes.TrimSuffix(body.Bytes(), []byte("\n"))}, nil
}

// serve answers a request at a place.
func (h *Handler) serve(w http.ResponseWriter, r *http.Request, p place) {
	start := time.Now()
	req, err := newRequest(w, r, p)
	var a answer
	if err == nil {
		a, err = h.guarded(req, p)
	}
	if err != nil {
		a = failed(req, err)
	}
	write(w, req, a)
	h.observe(r.Context(), Exchange{
		Method: r.Method, Route: p.path, Status: a.status, Duration: time.Since(start),
		RequestID: req.id, Caller: req.caller.name, Source: req.source(), Err: err, Repeated: req.repeated,
	})
}

// guarded keeps a panic from going further.
func (h *Handler) guarded(req *request, p place) (a answer, err error) {
	defer func() {
		if value := recover(); value != nil {
			a, err = answer{}, &panicError{value, debug.Stack()}
		}
	}()
	return h.answer(req, p)
}

// A panicError is a fault of the gateway itself.
type panicError struct {
	value any
	stack []byte
}

func (p *panicError) Error() string { return fmt.Sprintf("panic: %v\n%s", p.value, p.stack) }

// answer lets a request through to its route.
func (h *Handler) answer(req *request, p place) (answer, error) {
	route, ok := p.methods[req.Method]
	switch {
	case p.path == "":
		return answer{}, &failure{status: http.StatusNotFound, message: "there is no such path"}
	case !ok:
		return answer{}, &failure{
			status: http.StatusMethodNotAllowed, message: "the method must be " + p.allow(),
			header: http.Header{"Allow": {p.allow()}},
		}
	}
	if err := h.foreign.Check(req.Request); err != nil {
		return answer{}, &failure{status: http.StatusForbidden, message: "pages of other origins may not do this", cause: err}
	}
	if route.needs != nothing {
		if err := h.permit(req, route.needs); err != nil {
			return answer{}, err
		}
	}
	if route.needs == toChange || route.needs == toSchedule { // records name who changes them
		req.Request = req.WithContext(faas.As(req.Context(), req.caller.name))
	}
	return route.run(h, req)
}

// write sends an answer. A client that is gone gets nothing, and nobody else
// wants to know.
func write(w http.ResponseWriter, req *request, a answer) {
	header := w.Header()
	for name, values := range a.header {
		header[name] = values
	}
	// The lists of one value each lie in one piece of memory.
	values := [...]string{req.id, "nosniff", "no-store", a.kind, strconv.Itoa(len(a.body))}
	set := func(name string, i int) { header[name] = values[i : i+1 : i+1] }
	set("X-Request-Id", 0)
	set("X-Content-Type-Options", 1)
	set("Cache-Control", 2)
	if a.kind != "" {
		set("Content-Type", 3)
		set("Content-Length", 4)
	}
	w.WriteHeader(a.status)
	if a.kind != "" && req.Method != http.MethodHead {
		_, _ = w.Write(a.body)
	}
}

// healthy says that the process runs.
func (h *Handler) healthy(*request) (answer, error) {
	return asJSON(http.StatusOK, status{"ok"})
}

// ready says whether requests are welcome.
func (h *Handler) ready(*request) (answer, error) {
	if h.draining.Load() {
		return asJSON(http.StatusServiceUnavailable, status{"draining"})
	}
	return asJSON(http.StatusOK, status{"ok"})
}

type status struct {
	Status string `json:"status"`
}
