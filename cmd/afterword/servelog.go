package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"github.com/afterword-go/afterword/faas"
	"github.com/afterword-go/afterword/faas/gateway"
)

// logger logs for people on a terminal, and else for programs.
func (c *cli) logger() *slog.Logger {
	if isTerminal(c.err) {
		return slog.New(slog.NewTextHandler(c.err, nil))
	}
	return slog.New(slog.NewJSONHandler(c.err, nil))
}

// A watch tells of what is served: in the log, and in metrics.
type watch struct {
	log *slog.Logger
	*meters
}

func newWatch(log *slog.Logger) *watch { return &watch{log, newMeters()} }

// missing tells of functions that should be in service and are not.
func (w *watch) missing(rt *faas.Runtime) {
	for _, r := range rt.Functions(faas.Filter{States: []faas.State{faas.StateBuildError, faas.StateDeployError}}) {
		w.log.Warn("not in service: its record says why", "function", r.Name, "id", r.ID, "state", string(r.State))
	}
}

// A note is what a request has run. One goroutine at a time has it.
type note struct {
	event     string
	functions []string
}

type noteKey struct{}

// noting gives every request a note.
func (w *watch) noting(next http.Handler) http.Handler {
	return http.HandlerFunc(func(to http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(to, r.WithContext(context.WithValue(r.Context(), noteKey{}, &note{})))
	})
}

// run notes and measures the runs of functions.
func (w *watch) run(ctx context.Context, run faas.Run) (context.Context, func(faas.End)) {
	if n, ok := ctx.Value(noteKey{}).(*note); ok {
		n.event, n.functions = run.Event, append(n.functions, run.Function)
	}
	return ctx, w.meters.run(run)
}

// maxMethod bounds a method in the log, in bytes: clients may send any.
const maxMethod = 16

// exchange logs a request and its answer, but no text of an error: a function's
// own may quote what it got.
func (w *watch) exchange(ctx context.Context, e gateway.Exchange) {
	w.answered(e)
	if e.Route == "/healthz" || e.Route == "/readyz" {
		return
	}
	attrs := []slog.Attr{
		slog.String("method", e.Method[:min(len(e.Method), maxMethod)]), slog.String("route", e.Route), slog.Int("status", e.Status),
		slog.Float64("seconds", e.Duration.Seconds()), slog.String("request", e.RequestID),
	}
	if e.Caller != "" {
		attrs = append(attrs, slog.String("caller", e.Caller))
	}
	if n, ok := ctx.Value(noteKey{}).(*note); ok && n.event != "" {
		attrs = append(attrs, slog.String("event", n.event), slog.String("functions", strings.Join(n.functions, " ")))
	}
	if e.Repeated {
		attrs = append(attrs, slog.Bool("repeated", true))
	}
	w.log.LogAttrs(ctx, level(e.Status), "answered", append(attrs, causes(e.Err)...)...)
}

// level is how bad an answer is.
func level(status int) slog.Level {
	switch {
	case status >= 500 && status < 600:
		return slog.LevelError
	case status >= 400:
		return slog.LevelWarn
	}
	return slog.LevelInfo
}

// causes says what an error is. Of the store it tells the text as well: that is
// about the machine. Of a panic it tells the stack, and not the value.
func causes(err error) []slog.Attr {
	var failure *faas.Error
	if !errors.As(err, &failure) {
		return nil
	}
	attrs := []slog.Attr{slog.String("code", failure.Code.String())}
	if failure.Function != "" {
		attrs = append(attrs, slog.String("function", failure.Function))
	}
	if failure.Code == faas.CodeStore {
		attrs = append(attrs, slog.String("error", failure.Error()))
	}
	if _, stack := failure.Panic(); stack != nil {
		attrs = append(attrs, slog.String("stack", string(stack)))
	}
	return attrs
}
