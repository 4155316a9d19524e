package gateway

import (
	"container/list"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/afterword-go/afterword/faas"
)

// Retries bound what is kept of invocations, so that whoever repeats one gets
// the first answer. Less than zero is refused.
type Retries struct {
	Entries int           // how many answers are kept; zero is 4,096
	Bytes   int           // how large they may be together; zero is 16 MiB
	For     time.Duration // how long each is kept; zero is 5 minutes
}

// retries have each invocation run once, however often it is asked for.
type retries struct {
	bounds Retries

	mu       sync.Mutex
	attempts map[[sha256.Size]byte]*attempt
	kept     list.List // of attempts with an answer, the oldest first
	bytes    int       // of their answers
}

// An attempt is one run. Its answer is there once it has ended, if it is one
// to keep.
type attempt struct {
	key    [sha256.Size]byte
	ended  chan struct{}
	answer *answer
	until  time.Time
}

func newRetries(bounds Retries) (*retries, error) {
	if bounds.Entries < 0 || bounds.Bytes < 0 || bounds.For < 0 {
		return nil, errors.New("retries: a bound is negative; zero is the usual one")
	}
	if bounds.Entries == 0 {
		bounds.Entries = 4096
	}
	if bounds.Bytes == 0 {
		bounds.Bytes = 16 << 20
	}
	if bounds.For == 0 {
		bounds.For = 5 * time.Minute
	}
	return &retries{bounds: bounds, attempts: map[[sha256.Size]byte]*attempt{}}, nil
}

// attemptKey is the same for requests that ask for the same: by one caller,
// with one ID, the same path, the same options and the same body.
func attemptKey(req *request, body []byte) (key [sha256.Size]byte) {
	sum := sha256.New()
	for _, part := range []string{
		req.id, req.caller.name, req.caller.issuer, req.URL.Path, req.query.Get("skillId"), fmt.Sprint(req.generation), string(body),
	} {
		var size [8]byte
		binary.BigEndian.PutUint64(size[:], uint64(len(part)))
		sum.Write(size[:]) // a hash takes all
		sum.Write([]byte(part))
	}
	sum.Sum(key[:0])
	return key
}

// once runs an attempt, or gives the answer of an earlier one; if that still
// runs, it waits for it. Only what tells how the functions did is kept: after
// anything else, a repeated request runs anew. Text makes an answer of an
// error.
func (r *retries) once(ctx context.Context, key [sha256.Size]byte, run func() (answer, error), text func(error) answer) (answer, bool, error) {
	for {
		earlier, own := r.find(key)
		if own != nil {
			a, err := r.lead(own, run, text)
			return a, false, err
		}
		select {
		case <-earlier.ended:
		case <-ctx.Done():
			return answer{}, false, gaveUp(ctx.Err())
		}
		if earlier.answer != nil {
			return *earlier.answer, true, nil
		}
	}
}

// find gives an earlier attempt, or else an own one to run.
func (r *retries) find(key [sha256.Size]byte) (earlier, own *attempt) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.forget(time.Now())
	if a, ok := r.attempts[key]; ok {
		return a, nil
	}
	own = &attempt{key: key, ended: make(chan struct{})}
	r.attempts[key] = own
	return nil, own
}

// lead runs an attempt for all that wait for it.
func (r *retries) lead(own *attempt, run func() (answer, error), text func(error) answer) (a answer, err error) {
	var keep *answer
	defer func() { r.settle(own, keep) }() // also after a panic
	a, err = run()
	said := a
	if err != nil {
		said = text(err)
	}
	if said.status/100 == 2 || said.status == faas.CodeFailed.Status() {
		keep = &said
	}
	return a, err
}

// settle ends an attempt, and keeps its answer if there is one.
func (r *retries) settle(own *attempt, keep *answer) {
	r.mu.Lock()
	defer r.mu.Unlock()
	own.answer = keep
	close(own.ended)
	if keep == nil || len(keep.body) > r.bounds.Bytes {
		delete(r.attempts, own.key)
		return
	}
	now := time.Now()
	own.until = now.Add(r.bounds.For)
	r.kept.PushBack(own)
	r.bytes += len(keep.body)
	r.forget(now)
}

// forget drops answers that are old or beyond the bounds.
func (r *retries) forget(now time.Time) {
	for front := r.kept.Front(); front != nil; front = r.kept.Front() {
		oldest := front.Value.(*attempt)
		if now.Before(oldest.until) && r.kept.Len() <= r.bounds.Entries && r.bytes <= r.bounds.Bytes {
			return
		}
		r.kept.Remove(front)
		r.bytes -= len(oldest.answer.body)
		delete(r.attempts, oldest.key)
	}
}
