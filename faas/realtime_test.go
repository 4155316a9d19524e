package faas_test

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/faas"
)

// A release ends faults that go on until then.
type release struct {
	atomic.Bool
	gate chan struct{} // closed
}

// What never blocks, and what waits where no clock is heard, is left behind as
// well. The clock is the real one: that of synctest stands still meanwhile.
func TestFaultsInRealTime(t *testing.T) {
	t.Parallel()
	for name, do := range map[string]func(r *release){
		"a busy loop": func(r *release) {
			for !r.Load() {
			}
		},
		"a busy loop that yields": func(r *release) {
			for !r.Load() {
				runtime.Gosched()
			}
		},
		"a deadlock on its own mutex": func(r *release) {
			var mu sync.Mutex
			mu.Lock()
			go func() {
				<-r.gate
				mu.Unlock()
			}()
			mu.Lock()
		},
		"ten thousand goroutines": func(r *release) { // of 25 runs at once
			var wg sync.WaitGroup
			for range 400 {
				wg.Go(func() { <-r.gate })
			}
			wg.Wait()
		},
	} {
		for way, connect := range map[string]func(testing.TB, map[string]sender) *faas.Runtime{"in Go": inGo, "built": ofText} {
			t.Run(name+", "+way, func(t *testing.T) { testInRealTime(t, connect, do) })
		}
	}
}

func testInRealTime(t *testing.T, connect func(testing.TB, map[string]sender) *faas.Runtime, do func(*release)) {
	var now atomic.Pointer[release]
	rt := connect(t, map[string]sender{"faulty": func(_ context.Context, event survey) (emails, error) {
		if event.Payload.SkillName != "" {
			do(now.Load())
		}
		return nil, nil
	}})
	for range 4 { // times 25 at once
		r := &release{gate: make(chan struct{})}
		now.Store(r)
		var wg sync.WaitGroup
		for range 25 {
			wg.Go(func() {
				ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
				defer cancel()
				_, err := faas.Invoke(ctx, rt, chat, surveyOf(secret))
				assert.Equal(t, faas.CodeCanceled, failed(t, err).Code)
			})
		}
		wg.Wait()
		_, err := faas.Invoke(t.Context(), rt, chat, surveyOf("")) // while they go on
		require.NoError(t, err)
		r.Store(true)
		close(r.gate)
		for rt.Abandoned() > 0 {
			runtime.Gosched()
		}
	}
}
