package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/faas"
)

// withRoute is a gateway with one more route.
func withRoute(t *testing.T, r route) (*Handler, *[]Exchange) {
	t.Helper()
	rt, err := faas.New(faas.Config{})
	require.NoError(t, err)
	var seen []Exchange
	h, err := New(rt, Config{Account: "a", NoAuth: true, Observe: func(_ context.Context, e Exchange) { seen = append(seen, e) }})
	require.NoError(t, err)
	h.connect([]route{r})
	return h, &seen
}

// A fault of the gateway itself harms one request, and its observer learns all
// of it.
func TestFaultsOfTheGateway(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		run  func(*Handler, *request) (answer, error)
		seen string
	}{
		"panic": {func(*Handler, *request) (answer, error) { panic("secret") }, "panic: secret\ngoroutine"},
		"error": {func(*Handler, *request) (answer, error) { return answer{}, errors.New("secret") }, "secret"},
		"value": {func(*Handler, *request) (answer, error) { return asJSON(200, func() {}) }, "unsupported type"},
		"cause": {func(*Handler, *request) (answer, error) {
			return answer{}, &failure{status: 500, message: "the gateway failed", cause: errors.New("secret")}
		}, "the gateway failed: secret"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h, seen := withRoute(t, route{"GET", "/fault", second, nothing, c.run})
			w := httptest.NewRecorder()
			h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/fault", nil))
			assert.Equal(t, 500, w.Code)
			assert.JSONEq(t, `{"code":"com.liveperson.faas.evg.general","message":"the gateway failed"}`, w.Body.String())
			require.Len(t, *seen, 1)
			require.ErrorContains(t, (*seen)[0].Err, c.seen)
		})
	}
}

// After a panic, a repeated request is not left waiting.
func TestPanicOfAnAttempt(t *testing.T) {
	t.Parallel()
	r, err := newRetries(Retries{})
	require.NoError(t, err)
	var key [32]byte
	assert.Panics(t, func() {
		_, _, _ = r.once(t.Context(), key, func() (answer, error) { panic("secret") }, nil)
	})
	a, repeated, err := r.once(t.Context(), key, func() (answer, error) { return answer{status: 200}, nil }, nil)
	require.NoError(t, err)
	assert.False(t, repeated)
	assert.Equal(t, 200, a.status)
}

// Nothing is left of what is not kept, nor of what was kept for its time.
func TestRetriesForget(t *testing.T) {
	t.Parallel()
	r, err := newRetries(Retries{For: time.Nanosecond})
	require.NoError(t, err)
	for i := range byte(100) {
		status := 200
		if i%2 == 0 {
			status = 429
		}
		_, _, err := r.once(t.Context(), [32]byte{i}, func() (answer, error) {
			return answer{status: status, body: []byte("text")}, nil
		}, nil)
		require.NoError(t, err)
	}
	r.forget(time.Now().Add(time.Second))
	assert.Empty(t, r.attempts)
	assert.Zero(t, r.bytes)
	assert.Zero(t, r.kept.Len())
}

// A function of the store whose event is gone is still shown.
func TestRecordsOfLostEvents(t *testing.T) {
	t.Parallel()
	h, _ := withRoute(t, route{"GET", "/x", second, nothing, (*Handler).healthy})
	data, err := json.Marshal(h.lambdaOf(faas.Record{Event: "gone"}).SamplePayload)
	require.NoError(t, err)
	assert.JSONEq(t, `{"headers":[],"payload":{}}`, string(data))
}

// A place is of one generation, whatever the method.
func TestPlacesAreOfOneGeneration(t *testing.T) {
	t.Parallel()
	speaks := map[string]generation{}
	for _, r := range append(routes(), scheduleRoutes()...) {
		if g, ok := speaks[r.path]; ok {
			assert.Equal(t, g, r.speaks, r.path)
		}
		speaks[r.path] = r.speaks
	}
}

func TestDepth(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		``: 0, `1`: 0, `{}`: 1, `[[],[[]]]`: 3, `{"a":"[[[["}`: 1, `{"\"[":[]}`: 2, `"\\"[`: 1,
	} {
		assert.Equal(t, want, depth([]byte(text)), text)
	}
}
