package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/afterword-go/afterword/faas"
	"github.com/afterword-go/afterword/faas/gateway"
	"github.com/afterword-go/afterword/faas/schedule"
)

// An opening is what listens: the gateway, and the metrics where they have an
// address of their own.
type opening struct {
	gateway   *gateway.Handler
	schedules *schedule.Scheduler
	log       *slog.Logger
	faces     []face // the gateway's first
}

// A face is a server with its listener.
type face struct {
	*http.Server
	listener net.Listener
}

// open makes the gateway, and listens.
func (s settings) open(rt *faas.Runtime, schedules *schedule.Scheduler, watch *watch) (*opening, error) {
	handler, err := gateway.New(rt, gateway.Config{
		Account: s.account, Auth: s.auth, NoAuth: s.noAuth, Timeout: s.invocation, Schedules: schedules, Observe: watch.exchange,
	})
	if err != nil {
		return nil, err
	}
	certificate, err := s.tls()
	if err != nil {
		return nil, err
	}
	o := &opening{gateway: handler, schedules: schedules, log: watch.log}
	server := handler.Server()
	server.TLSConfig = certificate
	if err := o.listen("listen", s.listen, server); err != nil {
		return nil, err
	}
	server.Handler = s.router(handler, watch, o.faces[0].loopback())
	if s.noAuth && !o.faces[0].loopback() {
		return nil, errors.Join(usagef("listen: %s is reached from other machines", s.listen), o.close())
	}
	if s.metricsListen != "" {
		metrics := handler.Server() // for its limits
		metrics.Handler = watch.handler()
		if err := o.listen("metrics", s.metricsListen, metrics); err != nil {
			return nil, errors.Join(err, o.close())
		}
	}
	return o, nil
}

// router is the gateway with what is beside it. Metrics stand beside it only
// where nobody but this machine comes by.
func (s settings) router(handler *gateway.Handler, watch *watch, loopback bool) http.Handler {
	all := watch.noting(handler)
	if loopback && s.metricsListen == "" {
		all = beside(all, "/metrics", localOnly(watch.handler()))
	}
	if s.noAuth {
		return localOnly(all)
	}
	return all
}

// beside answers reads of one path, and leaves the others to the gateway: a
// ServeMux would answer some by itself, which nobody counts or logs.
func beside(next http.Handler, path string, own http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == path && (r.Method == http.MethodGet || r.Method == http.MethodHead) {
			own.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// localOnly refuses requests that come by a name which only points to this
// machine: a page in a browser may have such a name.
func localOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, err := net.SplitHostPort(r.Host)
		if err != nil {
			host = strings.Trim(r.Host, "[]")
		}
		if host != "localhost" && !net.ParseIP(host).IsLoopback() {
			http.Error(w, "without authentication, this machine is called localhost, 127.0.0.1 or [::1] and nothing else", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// listen adds a server.
func (o *opening) listen(what, address string, server *http.Server) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return fmt.Errorf("%s: %w: give another address", what, err)
	}
	server.ErrorLog = slog.NewLogLogger(o.log.Handler(), slog.LevelWarn)
	o.faces = append(o.faces, face{server, listener})
	return nil
}

// loopback says whether only this machine reaches the face.
func (f face) loopback() bool {
	at, ok := f.listener.Addr().(*net.TCPAddr)
	return ok && at.IP.IsLoopback()
}

// serve answers requests until the server is shut down.
func (f face) serve() error {
	serve := f.Serve
	if f.TLSConfig != nil {
		serve = func(l net.Listener) error { return f.ServeTLS(l, "", "") }
	}
	if err := serve(f.listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// close closes what listens and does not serve yet.
func (o *opening) close() error {
	var errs []error
	for _, f := range o.faces {
		errs = append(errs, f.listener.Close())
	}
	return errors.Join(errs...)
}

// serve serves until the context ends, and what runs has ended: scheduled runs
// too.
func (o *opening) serve(ctx context.Context, s settings) (err error) {
	ctx, stop := context.WithCancel(ctx)
	scheduled := make(chan error, 1)
	go func() { scheduled <- o.schedules.Run(ctx) }()
	defer func() {
		stop()
		err = errors.Join(err, <-scheduled)
	}()
	return o.answer(ctx, s)
}

// answer answers requests until the context ends, and those that run have ended.
func (o *opening) answer(ctx context.Context, s settings) error {
	failed := make(chan error, len(o.faces))
	var serving sync.WaitGroup
	for _, f := range o.faces {
		serving.Go(func() { failed <- f.serve() })
	}
	defer serving.Wait()
	var failure error
	select {
	case <-ctx.Done():
		o.log.Info("draining")
		o.gateway.Drain()
		failure = wait(failed, s.drain)
	case failure = <-failed:
	}
	return errors.Join(failure, o.shutdown(s.grace))
}

// wait waits for a time, or for a failure.
func wait(failed <-chan error, long time.Duration) error {
	timer := time.NewTimer(long)
	defer timer.Stop()
	select {
	case err := <-failed:
		return err
	case <-timer.C:
		return nil
	}
}

// shutdown takes no more requests, and waits for those that there are.
func (o *opening) shutdown(grace time.Duration) error {
	ctx, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	var errs []error
	for _, f := range o.faces {
		err := f.Shutdown(ctx)
		if errors.Is(err, context.DeadlineExceeded) {
			err = fmt.Errorf("requests still ran after %v: they were cut off", grace)
		}
		errs = append(errs, err, f.Close())
	}
	return errors.Join(errs...)
}
