package gateway

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path"
	"strings"
	"sync/atomic"
	"time"

	"github.com/afterword-go/afterword/faas"
	"github.com/afterword-go/afterword/faas/schedule"
)

// DefaultTimeout is how long an invocation may last as a whole: as long as the
// platform's Node client waits.
const DefaultTimeout = 35 * time.Second

// A Config says for whom a gateway answers, and within which bounds.
type Config struct {
	// Account is the account in the paths: 1 to 50 letters, digits, hyphens and
	// underscores.
	Account string
	// Auth says how callers prove who they are. It may be nil only with NoAuth.
	Auth *Auth
	// NoAuth lets everybody do everything who sends requests to localhost or to an
	// IP address. Whoever sets it promises that only the own machine can reach the
	// gateway.
	NoAuth bool
	// Timeout is how long an invocation may last as a whole. Zero is
	// DefaultTimeout; less is refused.
	Timeout time.Duration
	// Schedules, if it is not nil, is the scheduler whose schedules clients
	// manage. The caller runs it.
	Schedules *schedule.Scheduler
	// Retries bound what is kept of invocations for those who repeat them.
	Retries Retries
	// Observe, if it is not nil, is told of every request once it is answered. It
	// is called by as many goroutines as there are requests, and must not panic.
	Observe func(context.Context, Exchange)
}

// An Exchange is a request and its answer.
type Exchange struct {
	Method string
	// Route is the pattern of the path, such as
	// /api/account/{account}/events/{event}/invoke. It is empty if there is no
	// such route.
	Route     string
	Status    int
	Duration  time.Duration
	RequestID string
	Caller    string // as the token names it; empty: nobody in particular
	Source    string // the system that the client says it is; may be empty, and anything
	// Err is why there is an error in the answer, with what the answer does not
	// tell. It may quote payloads, if the error of a function does, or a panic.
	Err error
	// Repeated says that the answer is that of an earlier request.
	Repeated bool
}

// A Handler is the HTTP face of a runtime. New makes one. It may be used by
// several goroutines at once, and needs no closing.
type Handler struct {
	rt        *faas.Runtime
	schedules *schedule.Scheduler // nil: there are no routes to it
	account   string
	auth      *verifier // nil: nobody has to prove anything
	timeout   time.Duration
	retries   *retries
	observe   func(context.Context, Exchange)
	foreign   *http.CrossOriginProtection
	mux       *http.ServeMux
	samples   map[string]samplePayload // by event
	draining  atomic.Bool
}

// New makes the HTTP face of a runtime. The error tells everything that is
// wrong with the config, one line each.
func New(rt *faas.Runtime, config Config) (*Handler, error) {
	h := &Handler{
		rt: rt, schedules: config.Schedules, account: config.Account, timeout: config.Timeout, observe: config.Observe,
		foreign: http.NewCrossOriginProtection(), mux: http.NewServeMux(),
	}
	faults := config.faults(rt)
	if config.Auth != nil {
		auth, err := newVerifier(*config.Auth, config.Account)
		faults = append(faults, err)
		h.auth = auth
	}
	kept, err := newRetries(config.Retries)
	h.retries = kept
	if err := errors.Join(append(faults, err)...); err != nil {
		return nil, err
	}
	if h.timeout == 0 {
		h.timeout = DefaultTimeout
	}
	if h.observe == nil {
		h.observe = func(context.Context, Exchange) {}
	}
	h.samples = samplePayloads(rt.Events())
	all := routes()
	if h.schedules != nil {
		all = append(all, scheduleRoutes()...)
	}
	h.connect(all)
	h.mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { h.serve(w, r, place{}) })
	return h, nil
}

// faults lists what is wrong with a config by itself.
func (c Config) faults(rt *faas.Runtime) []error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	if rt == nil {
		fault("runtime: is nil")
	}
	if !validAccount(c.Account) {
		fault("account: must be 1 to 50 letters, digits, hyphens and underscores")
	}
	switch {
	case c.Auth == nil && !c.NoAuth:
		fault("auth: is nil; say how callers prove who they are, or set NoAuth if only this machine can reach the gateway")
	case c.Auth != nil && c.NoAuth:
		fault("auth: goes not with NoAuth; drop one of them")
	}
	if c.Timeout < 0 {
		fault("timeout: %v is negative; zero is %v", c.Timeout, DefaultTimeout)
	}
	return faults
}

func validAccount(account string) bool {
	bad := func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_' && c != '-'
	}
	return account != "" && len(account) <= 50 && !strings.ContainsFunc(account, bad)
}

// Drain has /readyz answer 503 from now on, so that whoever sends requests
// sends them elsewhere. Requests that come nevertheless are served.
func (h *Handler) Drain() { h.draining.Store(true) }

// ServeHTTP answers a request.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !clean(r.URL.EscapedPath()) { // a ServeMux would send the client elsewhere, which few follow
		h.serve(w, r, place{})
		return
	}
	h.mux.ServeHTTP(w, r)
}

// clean says whether a path is the shortest way to say it.
func clean(p string) bool {
	return strings.HasPrefix(p, "/") && (p == path.Clean(p) || p == path.Clean(p)+"/" && p != "//")
}
