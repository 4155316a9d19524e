package gateway_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A gateway answers within a mux as by itself, and below a prefix.
func TestMounted(t *testing.T) {
	t.Parallel()
	handler := open(t)
	mux := http.NewServeMux()
	for _, path := range []string{"/api/", "/sentinel/", "/healthz", "/readyz"} {
		mux.Handle(path, handler)
	}
	mux.Handle("/afterword/", http.StripPrefix("/afterword", handler))
	for path, want := range map[string]int{
		"/healthz": 200, "/readyz": 200, base + "/functions": 200, base + "/events/x%2Fy/isImplemented": 200, base + "/none": 404,
		"/sentinel/api/account/" + account + "/app/token": 405, "/none": 404,
	} {
		for _, prefix := range []string{"", "/afterword"} {
			plain, mounted := httptest.NewRecorder(), httptest.NewRecorder()
			handler.ServeHTTP(plain, httptest.NewRequest(http.MethodGet, "http://localhost"+path, nil))
			mux.ServeHTTP(mounted, httptest.NewRequest(http.MethodGet, "http://localhost"+prefix+path, nil))
			assert.Equal(t, want, plain.Code, path)
			require.Equal(t, plain.Code, mounted.Code, prefix+path)
			if path != "/none" {
				assert.Equal(t, plain.Header().Get("Content-Type"), mounted.Header().Get("Content-Type"), prefix+path)
				assert.NotEmpty(t, mounted.Header().Get("X-Request-Id"), prefix+path)
			}
		}
	}
}
