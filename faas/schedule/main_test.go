package schedule

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// An invocation is what functions were asked for.
type invocation struct {
	at        time.Time
	function  string
	requestID string
	env       events.Envelope
}

// functions are made up: all are in service but those that are said not to be.
type functions struct {
	mu     sync.Mutex
	calls  []invocation
	absent map[string]*faas.Error
	do     func(context.Context, invocation) error
}

func (f *functions) Function(id string) (faas.Record, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	r := faas.Record{ID: id, Name: "f", Deployments: []faas.Deployment{{ID: id}}}
	if err := f.absent[id]; err != nil {
		if err.Code == faas.CodeUnknownFunction {
			return faas.Record{}, err
		}
		r.Deployments = nil
	}
	return r, nil
}

func (f *functions) InvokeFunction(ctx context.Context, id string, env events.Envelope, opts ...faas.CallOption) (faas.Result[json.RawMessage], error) {
	call := invocation{time.Now().UTC(), id, faas.NewCall(opts...).RequestID, env}
	f.mu.Lock()
	f.calls = append(f.calls, call)
	do, absent := f.do, f.absent[id]
	f.mu.Unlock()
	if absent != nil {
		return faas.Result[json.RawMessage]{}, absent
	}
	if do != nil {
		if err := do(ctx, call); err != nil {
			return faas.Result[json.RawMessage]{}, err
		}
	}
	return faas.Result[json.RawMessage]{}, nil
}

// lose takes functions away.
func (f *functions) lose(id string, code faas.Code) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.absent = map[string]*faas.Error{id: {Code: code, Err: errors.New("it is away")}}
}

// doing says what functions do from now on.
func (f *functions) doing(do func(context.Context, invocation) error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.do = do
}

// dues are the due times that were run, by request ID.
func (f *functions) dues() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	all := []string{}
	for _, call := range f.calls {
		all = append(all, call.requestID)
	}
	return all
}

func newScheduler(t testing.TB, config Config) *Scheduler {
	t.Helper()
	if config.Functions == nil {
		config.Functions = &functions{}
	}
	s, err := New(t.Context(), config)
	require.NoError(t, err)
	return s
}

// started has a scheduler run until the function that it gives is called.
func started(t testing.TB, s *Scheduler) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	once := sync.OnceFunc(func() {
		cancel()
		assert.NoError(t, <-ended)
	})
	t.Cleanup(once)
	return once
}

func created(t testing.TB, s *Scheduler, d Draft) Schedule {
	t.Helper()
	r, err := s.Create(t.Context(), d)
	require.NoError(t, err)
	return r
}

func shown(t testing.TB, s *Scheduler, id string) Schedule {
	t.Helper()
	r, err := s.Schedule(id)
	require.NoError(t, err)
	return r
}

// fails says that an error has a code, and gives its text.
func fails(t testing.TB, code faas.Code, err error) string {
	t.Helper()
	var coded *faas.Error
	require.ErrorAs(t, err, &coded)
	require.Equal(t, code, coded.Code, "%v", err)
	return err.Error()
}

// sleep lets time go by, and all that happens in it.
func sleep(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// at is a time on the first day of a bubble.
func at(hour, minute int) time.Time { return time.Date(2000, 1, 1, hour, minute, 0, 0, time.UTC) }

// every are the request IDs of a schedule's first runs on the first day of a
// bubble.
func every(id string, minutes int, n int) []string {
	all := []string{}
	for i := range n {
		all = append(all, fmt.Sprint(id, "@", at(0, (i+1)*minutes).Format(time.RFC3339)))
	}
	return all
}
