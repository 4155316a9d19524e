package gateway_test

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
	"github.com/afterword-go/afterword/faas/gateway"
)

const invokePath = base + "/events/conversational_command/invoke"

// counting is a function that tells how often it ran, after a while.
func counting(runs *atomic.Int64) commandFunc {
	return func(ctx context.Context, c commandCall) (events.Reply, error) {
		n := runs.Add(1)
		select {
		case <-time.After(time.Second):
		case <-ctx.Done():
			return events.Reply{}, ctx.Err()
		}
		if len(c.Payload.Arguments) > 0 && c.Payload.Arguments[0] == "fail" {
			return events.Reply{}, fmt.Errorf("failed %d", n)
		}
		return events.NumberReply(float64(n)), nil
	}
}

func repeat(h *gateway.Handler, id, body string) *httptest.ResponseRecorder {
	return ask(h, "POST", invokePath, body, "X-Request-ID", id)
}

// An invocation that comes again gets the first answer, and one that differs
// in anything runs.
func TestRepeatedInvocation(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var runs atomic.Int64
		rt := runtime(t, faas.On(command, "count", counting(&runs)))
		h := handler(t, rt, gateway.Config{NoAuth: true})
		first := repeat(h, "a", envelope)
		again := repeat(h, "a", envelope)
		require.Equal(t, 200, again.Code)
		assert.Equal(t, first.Body.String(), again.Body.String())
		assert.Equal(t, first.Header(), again.Header())
		assert.Equal(t, "a", again.Header().Get("X-Request-ID"))
		assert.EqualValues(t, 1, runs.Load())

		function := base + "/lambdas/" + idOf(t, rt, "count") + "/invoke"
		for i, other := range []func() *httptest.ResponseRecorder{
			func() *httptest.ResponseRecorder { return repeat(h, "b", envelope) },
			func() *httptest.ResponseRecorder { return repeat(h, "a", strings.Replace(envelope, `"a"`, `"c"`, 1)) },
			func() *httptest.ResponseRecorder { return ask(h, "POST", function, envelope, "X-Request-ID", "a") },
			func() *httptest.ResponseRecorder {
				return ask(h, "POST", invokePath+"?v=1", envelope, "X-Request-ID", "a")
			},
			func() *httptest.ResponseRecorder {
				return ask(h, "POST", invokePath+"?skillId=1", envelope, "X-Request-ID", "a")
			},
		} {
			for range 2 {
				require.Equal(t, 200, other().Code)
				require.EqualValues(t, i+2, runs.Load(), i)
			}
		}
		before := runs.Load()
		for i := range int64(3) { // without an ID of the client, each is of its own
			require.Equal(t, 200, ask(h, "POST", invokePath, envelope).Code)
			require.Equal(t, before+i+1, runs.Load())
		}
	})
}

// Callers do not get each other's answers.
func TestRepeatedByAnother(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var runs atomic.Int64
		h := handler(t, runtime(t, faas.On(command, "count", counting(&runs))), gateway.Config{Auth: &gateway.Auth{Keys: keys(t)}})
		for i, who := range []string{"ann", "bob", "ann"} {
			token := "Bearer " + hs(t, "sub", who, "n", i)
			require.Equal(t, 200, ask(h, "POST", invokePath, envelope, "X-Request-ID", "a", "Authorization", token).Code)
		}
		assert.EqualValues(t, 2, runs.Load())
	})
}

// One that comes while the first still runs waits for it.
func TestRepeatedAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var runs atomic.Int64
		h := open(t, faas.On(command, "count", counting(&runs)))
		answers := make([]*httptest.ResponseRecorder, 10)
		var all sync.WaitGroup
		start := time.Now()
		for i := range answers {
			all.Go(func() { answers[i] = repeat(h, "a", envelope) })
		}
		all.Wait()
		assert.Equal(t, time.Second, time.Since(start))
		assert.EqualValues(t, 1, runs.Load())
		for _, w := range answers {
			assert.Equal(t, 200, w.Code)
			assert.Equal(t, answers[0].Body.String(), w.Body.String())
		}
	})
}

// A failure of the function is its answer; any other one is not kept, and those
// who wait run in its place.
func TestRepeatedAfterFailure(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var runs atomic.Int64
		failing := strings.Replace(envelope, `"a"`, `"fail"`, 1)
		rt, err := faas.New(faas.Config{Functions: []faas.Function{faas.On(command, "count", counting(&runs))}, Concurrency: 1})
		require.NoError(t, err)
		h := handler(t, rt, gateway.Config{NoAuth: true})
		for range 2 {
			checkError(t, repeat(h, "a", failing), false, 901, faas.CodeFailed, "failed 1")
		}

		var busy sync.WaitGroup
		busy.Go(func() { assert.Equal(t, 200, repeat(h, "busy", envelope).Code) })
		synctest.Wait()
		assert.Equal(t, 429, repeat(h, "b", envelope).Code)
		busy.Wait()
		assert.Equal(t, 200, repeat(h, "b", envelope).Code)
		assert.EqualValues(t, 3, runs.Load())

		for range 2 {
			assert.Equal(t, 404, ask(h, "POST", base+"/events/other/invoke", envelope, "X-Request-ID", "c").Code)
			assert.Equal(t, 400, repeat(h, "c", `{"payload":{"arguments":1}}`).Code)
		}
	})
}

// A client that gives up comes back for the answer; the function knows nothing
// of it.
func TestRepeatedAfterGivingUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var runs atomic.Int64
		h := open(t, faas.On(command, "count", counting(&runs)))
		impatient, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		var all sync.WaitGroup
		give := func(status int) {
			all.Go(func() {
				w := askWith(impatient, h, "POST", invokePath, strings.NewReader(envelope), "X-Request-ID", "a")
				assert.Equal(t, status, w.Code)
			})
			synctest.Wait()
		}
		give(200) // nobody is there to read it
		give(408) // this one only waits
		all.Go(func() { assert.Equal(t, 200, repeat(h, "a", envelope).Code) })
		all.Wait()
		assert.EqualValues(t, 1, runs.Load())

		w := askWith(impatient, h, "POST", invokePath, strings.NewReader(envelope)) // without an ID, the function heeds the client
		checkError(t, w, false, 408, faas.CodeCanceled, "event conversational_command: canceled: context deadline exceeded")
	})
}

// Those who wait for one that fails run one after the other.
func TestRepeatedWhileFailing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var runs atomic.Int64
		slow := func(ctx context.Context, c commandCall) (events.Reply, error) {
			if runs.Add(1) == 1 {
				return waits(time.Hour)(ctx, c)
			}
			return events.TextReply("done"), nil
		}
		h := handler(t, runtime(t, faas.On(command, "slow", slow)), gateway.Config{NoAuth: true, Timeout: time.Second})
		var counts [2]atomic.Int64
		var all sync.WaitGroup
		for i := range 5 {
			all.Go(func() {
				time.Sleep(time.Duration(i) * 100 * time.Millisecond)
				switch repeat(h, "a", envelope).Code {
				case 408:
					counts[0].Add(1)
				case 200:
					counts[1].Add(1)
				}
			})
		}
		all.Wait()
		assert.EqualValues(t, 1, counts[0].Load())
		assert.EqualValues(t, 4, counts[1].Load())
		assert.EqualValues(t, 2, runs.Load())
	})
}

// What is kept is bounded in time, number and size.
func TestRepeatedBeyondBounds(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		bounds gateway.Retries
		others int           // invocations in between
		wait   time.Duration // and time
		kept   bool
	}{
		"usual bounds":       {gateway.Retries{}, 0, 5*time.Minute - time.Nanosecond, true},
		"usual time is over": {gateway.Retries{}, 0, 5 * time.Minute, false},
		"own time is over":   {gateway.Retries{For: time.Second}, 0, time.Second, false},
		"as many":            {gateway.Retries{Entries: 3}, 2, 0, true},
		"too many":           {gateway.Retries{Entries: 3}, 3, 0, false},
		"many":               {gateway.Retries{}, 4095, 0, true},
		"too many as usual":  {gateway.Retries{}, 4096, 0, false},
		"as large":           {gateway.Retries{Bytes: 303}, 2, 0, true}, // three answers
		"too large together": {gateway.Retries{Bytes: 303}, 3, 0, false},
		"too large alone":    {gateway.Retries{Bytes: 100}, 0, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var runs atomic.Int64
				count := func(context.Context, commandCall) (events.Reply, error) {
					runs.Add(1)
					return events.TextReply("x"), nil
				}
				h := handler(t, runtime(t, faas.On(command, "count", count)), gateway.Config{NoAuth: true, Retries: c.bounds})
				require.Equal(t, 101, repeat(h, "first", envelope).Body.Len())
				for i := range c.others {
					require.Equal(t, 200, repeat(h, fmt.Sprint(i), envelope).Code)
				}
				time.Sleep(c.wait)
				before := runs.Load()
				require.Equal(t, 200, repeat(h, "first", envelope).Code)
				assert.Equal(t, c.kept, runs.Load() == before)
			})
		})
	}
}

// Who waits for another request waits no longer than an invocation may last.
func TestRepeatedWaitsNoLonger(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := handler(t, runtime(t, faas.On(command, "slow", waits(time.Hour))), gateway.Config{NoAuth: true, Timeout: time.Second})
		var all sync.WaitGroup
		for i := range 5 {
			all.Go(func() {
				time.Sleep(time.Duration(i) * 300 * time.Millisecond)
				start := time.Now()
				w := repeat(h, "a", envelope)
				assert.Equal(t, 408, w.Code, w.Body.String())
				assert.Equal(t, time.Second, time.Since(start))
			})
		}
		all.Wait()
	})
}

// An answer that is too large to be kept takes nobody's place.
func TestRepeatedTooLarge(t *testing.T) {
	t.Parallel()
	var runs atomic.Int64
	count := func(_ context.Context, c commandCall) (events.Reply, error) {
		runs.Add(1)
		return events.TextReply(strings.Join(c.Payload.Arguments, "")), nil
	}
	h := handler(t, runtime(t, faas.On(command, "count", count)), gateway.Config{NoAuth: true, Retries: gateway.Retries{Bytes: 150}})
	large := strings.Replace(envelope, `"a"`, `"`+strings.Repeat("a", 150)+`"`, 1)
	for _, body := range []string{envelope, large, envelope} {
		require.Equal(t, 200, repeat(h, "a", body).Code)
	}
	assert.EqualValues(t, 2, runs.Load())
}

// An observer is told that the function failed the first time only.
func TestRepeatedFailureIsObserved(t *testing.T) {
	t.Parallel()
	var seen []gateway.Exchange
	fail := func(context.Context, commandCall) (events.Reply, error) {
		return events.Reply{}, errors.New("sold out")
	}
	h := handler(t, runtime(t, faas.On(command, "fail", fail)), gateway.Config{
		NoAuth: true, Observe: func(_ context.Context, e gateway.Exchange) { seen = append(seen, e) },
	})
	repeat(h, "a", envelope)
	repeat(h, "a", envelope)
	require.Len(t, seen, 2)
	require.ErrorContains(t, seen[0].Err, "sold out")
	require.NoError(t, seen[1].Err)
	assert.Equal(t, []bool{false, true}, []bool{seen[0].Repeated, seen[1].Repeated})
	assert.Equal(t, 901, seen[1].Status)
}

// Callers whose tokens name nobody are not taken for one another, nor those whom
// different issuers name the same.
func TestRepeatedByCallersOfOneName(t *testing.T) {
	t.Parallel()
	var runs atomic.Int64
	rt := runtime(t, faas.On(command, "count", func(context.Context, commandCall) (events.Reply, error) {
		return events.NumberReply(float64(runs.Add(1))), nil
	}))
	h := handler(t, rt, gateway.Config{Auth: &gateway.Auth{Keys: keys(t)}})
	nobody := hs(t, "sub", nil)
	for i, token := range []string{nobody, hs(t, "sub", nil, "jti", "2"), hs(t), hs(t, "iss", "other"), hs(t, "iss", nil)} {
		for range 2 {
			require.Equal(t, 200, ask(h, "POST", invokePath, envelope, "X-Request-ID", "a", "Authorization", "Bearer "+token).Code)
			assert.EqualValues(t, i+1, runs.Load())
		}
	}
	// Another token for the same one is no other caller.
	ask(h, "POST", invokePath, envelope, "X-Request-ID", "a", "Authorization", "Bearer "+hs(t, "jti", "3"))
	assert.EqualValues(t, 5, runs.Load())
}
