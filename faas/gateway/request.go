package gateway

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"os"
	"strings"

	"github.com/google/uuid"

	"github.com/afterword-go/afterword/faas"
)

// A request is one on its way to an answer.
type request struct {
	*http.Request
	w          http.ResponseWriter
	generation generation
	query      url.Values // without empty values, which the clients send for absent ones; nil: there is no query
	id         string     // of the request
	repeatable bool       // the client has given the ID
	caller     caller
	repeated   bool // the answer is an earlier one
}

// newRequest reads what all routes want to know. The request comes with the
// error, so that the error can be answered.
func newRequest(w http.ResponseWriter, r *http.Request, p place) (*request, error) {
	req := &request{Request: r, w: w}
	var err error
	if r.URL.RawQuery != "" {
		req.query, err = readQuery(r.URL.RawQuery)
	}
	req.generation = p.generation(r, req.query.Get("v"))
	id := r.Header.Get("X-Request-Id") // as Go spells it: other spellings cost an allocation
	req.id, req.repeatable = id, id != ""
	if !visible(id) {
		req.id, req.repeatable = uuid.NewString(), false
	}
	switch {
	case err != nil:
		return req, refuse(faas.CodeBadInput, "the query cannot be read: encode it as a form")
	case id != "" && !req.repeatable:
		return req, refuse(faas.CodeBadInput, "the header X-Request-ID must be at most %d visible characters", maxVisible)
	}
	return req, nil
}

// readQuery reads a query as far as it can be read.
func readQuery(raw string) (url.Values, error) {
	query := url.Values{}
	given, err := url.ParseQuery(raw)
	for name, values := range given {
		for _, v := range values {
			if v != "" {
				query[name] = append(query[name], v)
			}
		}
	}
	return query, err
}

// maxVisible bounds what clients say of themselves and of their requests, which
// logs keep.
const maxVisible = 128

// visible says whether a text has some visible characters, and no others.
func visible(text string) bool {
	return text != "" && len(text) <= maxVisible && !strings.ContainsFunc(text, func(c rune) bool { return c <= ' ' || c > '~' })
}

// source is the system that the client says it is. The generations of clients
// say so in different places.
func (r *request) source() string {
	source := cmp.Or(r.Header.Get("Lp-Eventsource"), r.query.Get("externalSystem"))
	if !visible(source) {
		return ""
	}
	return source
}

// options are what an invocation knows beside its event.
func (r *request) options() []faas.CallOption {
	return []faas.CallOption{faas.ForSkill(r.query.Get("skillId")), faas.WithRequestID(r.id)}
}

// body reads the body of a request, up to a bound.
func (r *request) body(limit int64) ([]byte, error) {
	if err := r.isJSON(); err != nil {
		return nil, err
	}
	return r.read(limit)
}

func (r *request) read(limit int64) ([]byte, error) {
	data, err := io.ReadAll(http.MaxBytesReader(r.w, r.Body, limit))
	var tooLarge *http.MaxBytesError
	switch {
	case err == nil:
		return data, nil
	case errors.As(err, &tooLarge):
		return nil, tooMuch(limit)
	case errors.Is(err, os.ErrDeadlineExceeded):
		return nil, &failure{status: http.StatusRequestTimeout, code: faas.CodeCanceled, message: "the body took too long to arrive", cause: err}
	}
	return nil, &failure{status: http.StatusBadRequest, code: faas.CodeBadInput, message: "the body broke off", cause: err}
}

// tooMuch is for a body beyond its bound.
func tooMuch(limit int64) error {
	return &failure{
		status: http.StatusRequestEntityTooLarge, code: faas.CodeBadInput,
		message: fmt.Sprintf("the body is larger than %d KiB; send less", limit>>10),
	}
}

// isJSON refuses bodies that say to be something else. A page in a browser
// cannot send this type elsewhere without being asked.
func (r *request) isJSON() error {
	kind := r.Header.Get("Content-Type")
	if kind == jsonType {
		return nil
	}
	media, parameters, err := mime.ParseMediaType(kind)
	charset := parameters["charset"]
	if err != nil || media != "application/json" || charset != "" && !strings.EqualFold(charset, "utf-8") {
		return &failure{status: http.StatusUnsupportedMediaType, code: faas.CodeBadInput, message: "the body must be application/json in UTF-8: say so in the header Content-Type"}
	}
	return nil
}
