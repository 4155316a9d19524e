package main

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/afterword-go/afterword/events"
)

// A visit is one thing that clients do to the gateway.
type visit struct {
	name   string
	weight int // how often, compared with the others
	do     func(v *visitor) error
}

// statusFailed is the platform's own status for functions that failed.
const statusFailed = 901

// visits are the traffic of the soak: mostly good, and all that clients and
// functions do wrong.
func visits() []visit {
	path := pathOf(survey.ID())
	waiting := pathOf(waits.ID())
	return []visit{
		{"survey", 200, asks(request(path, envelope), http.StatusOK)},
		{"survey with a request ID", 60, (*visitor).identified},
		{"survey again", 20, (*visitor).again},
		{"failing function", 20, asks(request(pathOf(fails.ID()), string(fails.Sample())), statusFailed)},
		{"panicking function", 5, asks(request(pathOf(panics.ID()), string(panics.Sample())), statusFailed)},
		{"function out of time", 1, asks(request(waiting, string(waits.Sample())), statusFailed)},
		{"unknown event", 10, asks(request(pathOf("none"), envelope), http.StatusNotFound)},
		{"event without functions", 5, asks(request(pathOf(events.MessagingTTR.ID()), envelope), http.StatusNotFound)},
		{"broken JSON", 10, asks(request(path, envelope[:len(envelope)/2]), http.StatusBadRequest)},
		{"bad payload", 10, asks(request(path, `{"payload":{"csatRank":9}}`), http.StatusBadRequest)},
		{"too large body", 2, asks(request(path, strings.Repeat(" ", events.MaxSize+1)), http.StatusRequestEntityTooLarge)},
		{"body that breaks off", 2, leaves(request(path, envelope)[:300])},
		{"cancelled", 2, leaves(request(waiting, string(waits.Sample())))},
		{"cancelled with a request ID", 2, (*visitor).leavesIdentified},
	}
}

// A visitor makes visits, one after the other, on a connection of its own as
// long as that holds.
type visitor struct {
	address string
	visits  []func(v *visitor) error // as often as their weight
	random  *rand.Rand
	client  *client // nil: not connected
	id      uint64
	survey  idRequest
	waiting idRequest
	made    int
}

func newVisitor(address string, number int) *visitor {
	v := &visitor{
		address: address, random: rand.New(rand.NewPCG(uint64(number), 1)), id: uint64(number) << 40,
		survey:  newIDRequest(pathOf(survey.ID()), envelope),
		waiting: newIDRequest(pathOf(waits.ID()), string(waits.Sample())),
	}
	for _, kind := range visits() {
		do := func(v *visitor) error {
			if err := kind.do(v); err != nil {
				return fmt.Errorf("%s: %w", kind.name, err)
			}
			return nil
		}
		v.visits = append(v.visits, slices.Repeat([]func(*visitor) error{do}, kind.weight)...)
	}
	return v
}

// run makes visits until a time, and leaves nothing open.
func (v *visitor) run(until time.Time) error {
	for time.Now().Before(until) {
		if err := v.visits[v.random.IntN(len(v.visits))](v); err != nil {
			return errors.Join(err, v.disconnect())
		}
		v.made++
	}
	return v.disconnect()
}

// asks is a visit with a request and the status of its answer.
func asks(request []byte, status int) func(*visitor) error {
	return func(v *visitor) error { return v.ask(request, status) }
}

// leaves is a visit that sends bytes and does not wait for an answer.
func leaves(request []byte) func(*visitor) error {
	return func(v *visitor) error { return v.leave(request) }
}

func (v *visitor) identified() error {
	v.id++
	return v.again()
}

// again repeats the last request with an ID.
func (v *visitor) again() error { return v.ask(v.survey.with(v.id), http.StatusOK) }

func (v *visitor) leavesIdentified() error {
	v.id++
	return v.leave(v.waiting.with(v.id))
}

func (v *visitor) ask(request []byte, want int) error {
	if err := v.connect(); err != nil {
		return err
	}
	status, err := v.client.exchange(request)
	switch {
	case err != nil:
		return err
	case status != want:
		return fmt.Errorf("status %d, not %d: %.200s", status, want, v.client.body)
	case want == http.StatusOK && !isDecision(v.client.body):
		return errors.New("not the answer to the survey")
	case v.client.closes:
		return v.disconnect()
	}
	return nil
}

func (v *visitor) leave(request []byte) error {
	if err := v.connect(); err != nil {
		return err
	}
	if _, err := v.client.conn.Write(request); err != nil {
		return err
	}
	return v.disconnect()
}

// connect makes a connection if there is none, and sets the time for a visit.
func (v *visitor) connect() (err error) {
	if v.client == nil {
		if v.client, err = dial(v.address); err != nil {
			return err
		}
	}
	return v.client.conn.SetDeadline(time.Now().Add(patience))
}

func (v *visitor) disconnect() error {
	c := v.client
	v.client = nil
	if c == nil {
		return nil
	}
	return c.close()
}
