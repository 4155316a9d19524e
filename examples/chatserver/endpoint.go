package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/url"
	"strings"

	"github.com/afterword-go/afterword/events"
)

const surveysPath = "/surveys"

// drainSize is how much of a survey that is too large is read for the sake of
// its answer.
const drainSize = 8 << 20

// An endpoint is where surveys come in: it takes them by HTTP to the desk.
//
//	POST /surveys           an envelope of at most 256 KiB
//	POST /surveys?event=ID  an envelope of this event
//
// The answer is an answer below, or with another status than 200 a refusal:
// 400 for an envelope that is no good, 404 and 405 for other paths and methods,
// 413 for one that is too large, 500 when a rule failed and nothing is to be
// sent.
//
// Its log holds nothing that a survey says.
type endpoint struct {
	desk *desk
	log  *log.Logger
}

// An answer is a decision on its way to the chat server.
type answer struct {
	DecidedBy decider                  `json:"decidedBy"`
	Emails    []events.TranscriptEmail `json:"emails"`
	Why       []explained              `json:"why,omitempty"` // quotes the survey: it goes to its sender alone
}

// An explained rule is one of the reasons for an answer.
type explained struct {
	Rule    string `json:"rule"`
	Outcome string `json:"outcome"`
	Reason  string `json:"reason"`
}

// A refusal says why there is no decision, one line a problem.
type refusal struct {
	Problems []string `json:"problems"`
}

func (e *endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer e.barrier(w)
	switch {
	case r.URL.Path != surveysPath:
		e.refuse(w, http.StatusNotFound, errors.New("no such path: surveys go to POST "+surveysPath))
	case r.Method != http.MethodPost:
		w.Header().Set("Allow", http.MethodPost)
		e.refuse(w, http.StatusMethodNotAllowed, errors.New("no such method: surveys go to POST "+surveysPath))
	default:
		e.survey(w, r)
	}
}

// survey decides the survey of a request.
func (e *endpoint) survey(w http.ResponseWriter, r *http.Request) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		e.refuse(w, http.StatusBadRequest, errors.New("the query of the URL is broken"))
		return
	}
	if err := e.desk.check(query.Get("event")); err != nil {
		e.refuse(w, http.StatusBadRequest, err)
		return
	}
	event, err := readSurvey(r.Body)
	if errors.Is(err, events.ErrTooLarge) {
		e.drain(r.Body)
	}
	if err != nil {
		e.refuse(w, statusOf(err), err)
		return
	}
	made, err := e.desk.decide(r.Context(), event)
	if err != nil {
		e.refuse(w, http.StatusInternalServerError, err)
		return
	}
	a := answer{DecidedBy: made.By, Emails: made.Emails}
	for _, t := range made.Why {
		a.Why = append(a.Why, explained{t.Name, t.Outcome.String(), reason(t)})
	}
	e.log.Printf("200: %s decided, %s", made.By, counted(len(made.Emails), "e-mail"))
	e.write(w, http.StatusOK, a)
}

// drain takes what is left of a survey that is too large, as far as a client may
// have it by mistake: who is still sending when the connection ends sees that it
// broke, and not the answer.
func (e *endpoint) drain(rest io.Reader) {
	if _, err := io.CopyN(io.Discard, rest, drainSize); err != nil && !errors.Is(err, io.EOF) {
		e.log.Printf("413: the rest could not be read: %v", err)
	}
}

// refuse answers with the problems, and logs them.
func (e *endpoint) refuse(w http.ResponseWriter, status int, err error) {
	lines := problems(err)
	for _, line := range lines {
		e.log.Printf("%d: %s", status, line)
	}
	e.write(w, status, refusal{lines})
}

// write answers in JSON.
func (e *endpoint) write(w http.ResponseWriter, status int, body any) {
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false) // so that <= stays <=
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(body); err != nil {
		e.log.Printf("500: the answer has no JSON form: %T", err)
		http.Error(w, `{"problems":["the answer has no JSON form"]}`, http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if _, err := fmt.Fprint(w, text.String()); err != nil {
		e.log.Printf("the answer could not be sent: %v", err)
	}
}

// barrier answers when something below panicked: net/http would log the
// panic's value, which may quote a survey.
func (e *endpoint) barrier(w http.ResponseWriter) {
	if recover() != nil {
		e.refuse(w, http.StatusInternalServerError, errors.New("the server panicked while it decided"))
	}
}
