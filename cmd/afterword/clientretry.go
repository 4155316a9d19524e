package main

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"time"
)

// How often, and after how long, an invocation is asked for again: as the
// platform's Node client does.
const (
	maxAttempts = 4
	firstPause  = 350 * time.Millisecond // and as much more each time
	maxPause    = 5 * time.Second
)

// persist asks until there is an answer, a few times at most. All attempts have
// one ID, by which the gateway knows them for one: what has run does not run
// again.
func (c *client) persist(ctx context.Context, a ask) ([]byte, error) {
	a.id = rand.Text()
	for attempt := 1; ; attempt++ {
		data, err := c.send(ctx, a)
		again, after := mayPass(err)
		if !again || attempt == maxAttempts || ctx.Err() != nil {
			return data, err
		}
		pause := max(firstPause*time.Duration(attempt), min(after, maxPause))
		if c.pause(ctx, pause) != nil {
			return nil, err
		}
	}
}

// mayPass tells whether another attempt may do better, and how long the answer
// asks to wait before it.
func mayPass(err error) (again bool, after time.Duration) {
	var out *outage
	var no *refusal
	switch {
	case errors.As(err, &out):
		return out.status == 0 || passes(out.status), out.after
	case errors.As(err, &no):
		return passes(no.status), no.after
	}
	return false, 0
}

func passes(status int) bool {
	switch status {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// sleep waits for a time, or until the context ends.
func sleep(ctx context.Context, long time.Duration) error {
	timer := time.NewTimer(long)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
