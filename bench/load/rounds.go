package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
	"github.com/afterword-go/afterword/faas/gateway"
)

var survey = events.ChatPostSurveyEmailTranscript

// A contestant answers the survey.
type contestant struct {
	name    string
	handler func() (http.Handler, error)
	ids     bool // each request has an ID of its own
}

// contestants are those that are measured; the first one is what the others
// are compared with, and the second one what the goal is about.
func contestants() []contestant {
	inGo := func() (http.Handler, error) { return gatewayOf(decide) }
	return []contestant{
		{name: "bare net/http, encoding/json", handler: func() (http.Handler, error) { return bare(), nil }},
		{name: "gateway, Go function", handler: inGo},
		{name: "gateway, Go function, request IDs", handler: inGo, ids: true},
		{name: "gateway, rule set", handler: func() (http.Handler, error) {
			byRules, err := decideByRules()
			if err != nil {
				return nil, err
			}
			return gatewayOf(byRules)
		}},
	}
}

func gatewayOf(fn func(context.Context, events.Event[events.PostSurvey]) ([]events.TranscriptEmail, error)) (http.Handler, error) {
	rt, err := faas.New(faas.Config{Functions: []faas.Function{faas.On(survey, "care_transcripts", fn)}})
	if err != nil {
		return nil, err
	}
	return gateway.New(rt, gateway.Config{Account: account, NoAuth: true})
}

// compete has all contestants measured in every round, in turn forwards and
// backwards. The figures are by contestant, then by round.
func compete(all []contestant, rounds, connections int, span time.Duration) ([][]figures, error) {
	out := make([][]figures, len(all))
	for round := range rounds {
		for i := range all {
			if round%2 == 1 {
				i = len(all) - 1 - i
			}
			f, err := measure(all[i], connections, span)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", all[i].name, err)
			}
			out[i] = append(out[i], f)
		}
	}
	return out, nil
}

// measure has a new server of a contestant under load. The first fifth of the
// time, on top of the span, only warms up.
func measure(c contestant, connections int, span time.Duration) (f figures, err error) {
	handler, err := c.handler()
	if err != nil {
		return figures{}, err
	}
	s, err := serve(handler)
	if err != nil {
		return figures{}, err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	runtime.GC() // nobody clears up what the one before has left
	from := time.Now().Add(span / 5)
	latencies, err := everyone(connections, func(i int) ([]time.Duration, error) {
		return drive(s.address, c.source(i), from, from.Add(span))
	})
	return figuresOf(latencies, span), err
}

// everyone runs the clients at once, and puts together what they give.
func everyone[T any](connections int, run func(i int) ([]T, error)) ([]T, error) {
	var group sync.WaitGroup
	parts, errs := make([][]T, connections), make([]error, connections)
	for i := range connections {
		group.Go(func() { parts[i], errs[i] = run(i) })
	}
	group.Wait()
	return slices.Concat(parts...), errors.Join(errs...)
}

// source gives the requests of one client.
func (c contestant) source(client int) func() []byte {
	path := pathOf(survey.ID())
	if !c.ids {
		same := request(path, envelope)
		return func() []byte { return same }
	}
	r, id := newIDRequest(path, envelope), uint64(client)<<40
	return func() []byte {
		id++
		return r.with(id)
	}
}

// drive sends one request after the other, and gives the latencies of those
// that lie within the time.
func drive(address string, next func() []byte, from, to time.Time) (latencies []time.Duration, err error) {
	c, err := dial(address)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	if err := c.conn.SetDeadline(to.Add(patience)); err != nil {
		return nil, err
	}
	for start := time.Now(); ; {
		status, err := c.exchange(next())
		if err != nil {
			return nil, err
		}
		if status != http.StatusOK || !isDecision(c.body) {
			return nil, fmt.Errorf("not the answer to the survey: status %d, %d bytes", status, len(c.body))
		}
		end := time.Now()
		if end.After(to) {
			return latencies, nil
		}
		if !start.Before(from) {
			latencies = append(latencies, end.Sub(start))
		}
		start = end
	}
}
