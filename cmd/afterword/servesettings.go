package main

import (
	"cmp"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/spf13/pflag"

	"github.com/afterword-go/afterword/faas/gateway"
)

// The settings say how to serve.
type settings struct {
	listen, metricsListen string
	account               string
	data                  string // the folder; empty: functions are forgotten at the end
	rules, domains        []string
	decisions             string // the file of the decision log; empty: there is none
	decisionPayloads      bool   // the log keeps surveys as well
	noAuth                bool
	auth                  *gateway.Auth
	guest                 guest // one of the clients, to show how to call
	cert, key             string

	timeout                       time.Duration
	invocation                    time.Duration            // as a whole
	timeouts                      map[string]time.Duration // by event
	concurrency, queue, abandoned int
	drain, grace                  time.Duration
}

// A guest is a client whose secret is in a file.
type guest struct{ id, secretFile string }

// graceMargin is how much longer the end waits for what runs than an invocation
// may last.
const graceMargin = 5 * time.Second

// settle reads the configuration, and has flags win over it.
func (s *serving) settle(flags *pflag.FlagSet, args []string) error {
	if s.config != "" {
		if err := s.set.read(s.config); err != nil {
			return err
		}
	}
	given := func(name string, apply func()) {
		if flags.Changed(name) {
			apply()
		}
	}
	given("listen", func() { s.set.listen = s.flags.listen })
	given("metrics-listen", func() { s.set.metricsListen = s.flags.metricsListen })
	given("account", func() { s.set.account = s.flags.account })
	given("data", func() { s.set.data = s.flags.data })
	given("no-auth", func() { s.set.noAuth = s.flags.noAuth })
	given("recipient-domain", func() { s.set.domains = s.flags.domains })
	given("decision-log", func() { s.set.decisions = s.flags.decisions })
	given("decision-log-payloads", func() { s.set.decisionPayloads = s.flags.decisionPayloads })
	given("tls-cert", func() { s.set.cert = s.flags.cert })
	given("tls-key", func() { s.set.key = s.flags.key })
	if len(args) > 0 {
		s.set.rules = args
	}
	if s.set.noAuth {
		s.set.auth, s.set.guest = nil, guest{}
	}
	if s.set.grace == 0 {
		s.set.grace = cmp.Or(s.set.invocation, gateway.DefaultTimeout) + graceMargin
	}
	return nil
}

// check tells what does not go together.
func (s settings) check() error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	at, err := net.ResolveTCPAddr("tcp", s.listen)
	switch {
	case err != nil:
		fault("listen: %.100q is no address: write one such as 127.0.0.1:8080", s.listen)
	case s.noAuth && !at.IP.IsLoopback():
		fault("listen: %s is reached from other machines, where everybody could do everything: leave out --no-auth and give auth in --config, or listen at 127.0.0.1", at)
	}
	if s.auth == nil && !s.noAuth {
		fault("auth: nothing says how callers prove who they are: give auth in --config, or --no-auth to let everybody on this machine do everything")
	}
	if (s.cert == "") != (s.key == "") {
		fault("tls: a certificate takes its key: give both, or neither")
	}
	if s.decisionPayloads && s.decisions == "" {
		fault("decisionLog: surveys are kept in a decision log: give its file with --decision-log, or leave out --decision-log-payloads")
	}
	if len(faults) > 0 {
		return &usageError{errors.Join(faults...)}
	}
	return nil
}

// tls reads the certificate: nil if there is none.
func (s settings) tls() (*tls.Config, error) {
	if s.cert == "" {
		return nil, nil
	}
	pair, err := tls.LoadX509KeyPair(s.cert, s.key)
	if err != nil {
		return nil, fmt.Errorf("%s: read the certificate and its key: %w", s.cert, err)
	}
	return &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}, nil
}
