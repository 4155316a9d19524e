package main

import (
	"errors"
	"net/http"
	"strings"

	"github.com/afterword-go/afterword/events"
)

// problems puts an error into lines, one for each problem.
func problems(err error) []string { return strings.Split(err.Error(), "\n") }

// A placed error puts a place in front of each of an error's lines.
type placed struct {
	place string
	err   error
}

func (p *placed) Error() string {
	lines := problems(p.err)
	for i, line := range lines {
		lines[i] = p.place + ": " + line
	}
	return strings.Join(lines, "\n")
}

func (p *placed) Unwrap() error { return p.err }

// at places an error, if it is one.
func at(place string, err error) error {
	if err == nil {
		return nil
	}
	return &placed{place, err}
}

// statusOf is the HTTP status for a survey that could not be read.
func statusOf(err error) int {
	if errors.Is(err, events.ErrTooLarge) {
		return http.StatusRequestEntityTooLarge
	}
	return http.StatusBadRequest
}
