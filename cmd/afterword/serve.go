package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/afterword-go/afterword/faas"
)

func newServe(c *cli) *cobra.Command {
	s := serving{set: settings{listen: "127.0.0.1:8080", account: "local"}}
	verb := &cobra.Command{
		Use:   "serve [RULES...]",
		Short: "Answer the platform's clients over HTTP",
		Long: `Serve makes each rule file a function of its event, and answers those who invoke
it as the functions platform does. The function is called as the file, without
its ending and with _ for what is no letter or digit. Rules that do not load, or
fail the tests in them and beside them, are reported, and nothing is served.

RULES is a file, a pattern or a folder, as for check; but each file is a set of
rules by itself. While it serves, clients may create and change functions whose
source is a rule file. Without --data all that is forgotten at the end; with it,
a function of the folder is changed if its rule file has changed.

With --decision-log, each decision is a line of JSON in a file: which rules
fired, were skipped or failed, and the e-mails, with addresses masked.

Callers prove who they are, as auth in the configuration says. Only with
--no-auth, on an address that nobody but this machine reaches, they need not.

It goes on until SIGINT or SIGTERM, and ends when what runs has ended; a second
signal ends it at once. docs/serve.md describes the configuration.`,
		Example: `  afterword serve --no-auth --listen 127.0.0.1:0 examples/chatserver/rules`,
	}
	s.addFlags(verb)
	verb.RunE = func(verb *cobra.Command, args []string) error {
		if err := s.settle(verb.Flags(), args); err != nil {
			return err
		}
		return s.serve(verb.Context(), c)
	}
	return verb
}

// A serving is one run of the verb serve.
type serving struct {
	config string   // the file; empty: there is none
	flags  settings // what they say; only those that are given count
	set    settings

	functions []faas.Function // in Go, beside the rules: tests have some
}

func (s *serving) addFlags(verb *cobra.Command) {
	flags := verb.Flags()
	flags.StringVar(&s.config, "config", "", "read settings from the YAML `file`; flags win over it")
	flags.StringVar(&s.flags.listen, "listen", s.set.listen, "the `address` to listen at; port 0 is any that is free")
	flags.StringVar(&s.flags.metricsListen, "metrics-listen", "", "serve /metrics at this `address` of its own")
	flags.StringVar(&s.flags.account, "account", s.set.account, "the `account` in the paths")
	flags.StringVar(&s.flags.data, "data", "", "keep functions in this `folder`")
	flags.BoolVar(&s.flags.noAuth, "no-auth", false, "let everybody on this machine do everything")
	flags.StringArrayVar(&s.flags.domains, "recipient-domain", nil, "allow addresses that depend on the survey in this `domain` (repeatable)")
	flags.StringVar(&s.flags.decisions, "decision-log", "", "write what is decided to the end of this `file`, with addresses masked")
	flags.BoolVar(&s.flags.decisionPayloads, "decision-log-payloads", false, "write the surveys to it as well: personal data, nothing of them masked")
	flags.StringVar(&s.flags.cert, "tls-cert", "", "serve TLS with the certificate chain in this PEM `file`")
	flags.StringVar(&s.flags.key, "tls-key", "", "the private key of the certificate, in this PEM `file`")
}

// serve serves until the context ends.
func (s *serving) serve(ctx context.Context, c *cli) (err error) {
	if err := s.set.check(); err != nil {
		return err
	}
	files, err := s.set.load(ctx)
	if err != nil {
		return err
	}
	kept, err := s.set.openStores()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, kept.close()) }()
	watch := newWatch(c.logger())
	decisions, err := s.set.openDecisions(watch.log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, decisions.close()) }()
	rt, err := faas.New(faas.Config{
		Functions: s.functions, Builders: []faas.Builder{builder(s.set.domains, decisions)}, Store: kept.functions,
		Timeout: s.set.timeout, Timeouts: s.set.timeouts, Concurrency: s.set.concurrency, Queue: s.set.queue,
		MaxAbandoned: s.set.abandoned, Observe: append(decisions.observers(), watch.run),
	})
	if err != nil {
		return err
	}
	if err := install(ctx, rt, files); err != nil {
		return err
	}
	watch.of(rt)
	watch.missing(rt)
	schedules, err := watch.scheduler(ctx, rt, kept.schedules)
	if err != nil {
		return err
	}
	open, err := s.set.open(rt, schedules, watch)
	if err != nil {
		return err
	}
	c.lasting = true
	if err := c.greet(open, s.set, rt); err != nil {
		return errors.Join(err, open.close())
	}
	return open.serve(ctx, s.set)
}
