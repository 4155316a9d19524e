package gateway_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"testing"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
)

// A sink is an answer that nobody reads.
type sink struct {
	header http.Header
	status int
}

func (s *sink) Header() http.Header            { return s.header }
func (s *sink) WriteHeader(status int)         { s.status = status }
func (s *sink) Write(data []byte) (int, error) { return len(data), nil }

// BenchmarkInvoke tells what an invocation takes of the gateway, without what
// net/http adds around the handler.
func BenchmarkInvoke(b *testing.B) {
	kind := events.ChatPostSurveyEmailTranscript
	h := open(b, faas.On(kind, "none", func(context.Context, events.Event[events.PostSurvey]) ([]events.TranscriptEmail, error) {
		return nil, nil
	}))
	sample, body := kind.Sample(), new(bytes.Reader)
	r := newRequest(b, http.MethodPost, base+"/events/"+kind.ID()+"/invoke")
	r.Header.Set("Content-Type", "application/json")
	w := &sink{header: http.Header{}}
	b.ReportAllocs()
	for b.Loop() {
		body.Reset(sample)
		r.Body = io.NopCloser(body)
		clear(w.header)
		h.ServeHTTP(w, r)
		if w.status != http.StatusOK {
			b.Fatalf("status %d", w.status)
		}
	}
}
