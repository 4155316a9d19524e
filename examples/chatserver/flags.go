package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
)

const usage = `usage: chatserver [-rules DIR | -legacy] [-survey FILE [-event ID] [-json] | -listen ADDR]

  (none)        play the surveys that are built in, and explain what follows
  -survey FILE  decide the survey in FILE, an envelope of JSON; - is standard input
  -event ID     the envelope in FILE belongs to this event, not to a survey
  -json         print the e-mails as JSON, and nothing else
  -listen ADDR  serve POST /surveys at HOST:PORT; :PORT is for this machine alone
                (127.0.0.1), 0.0.0.0:PORT for everybody
  -rules DIR    take the rules from the files *.rules.yaml in DIR instead of those
                that are built in; with -listen, changes to them take over
  -legacy       connect no function: the server's legacy rules decide

Exit codes: 0 well · 1 the rules, the survey or the server failed · 2 usage
`

// An options value is what the arguments say. Empty texts are flags that were
// not given.
type options struct {
	survey string
	event  string
	listen string
	rules  string
	json   bool
	legacy bool
}

// parseFlags reads the arguments. The error is flag.ErrHelp if they ask for
// help.
func parseFlags(args []string) (options, error) {
	var o options
	flags := flag.NewFlagSet("chatserver", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // run prints errors and usage
	flags.StringVar(&o.survey, "survey", "", "")
	flags.StringVar(&o.event, "event", "", "")
	flags.StringVar(&o.listen, "listen", "", "")
	flags.StringVar(&o.rules, "rules", "", "")
	flags.BoolVar(&o.json, "json", false, "")
	flags.BoolVar(&o.legacy, "legacy", false, "")
	if err := flags.Parse(args); err != nil {
		return options{}, err
	}
	if flags.NArg() > 0 {
		return options{}, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	var errs []error
	flags.Visit(func(f *flag.Flag) {
		if f.Value.String() == "" {
			errs = append(errs, fmt.Errorf("-%s needs a value", f.Name))
		}
	})
	if err := errors.Join(errs...); err != nil {
		return options{}, err
	}
	return o.check()
}

// check refuses flags that do not go together.
func (o options) check() (options, error) {
	switch {
	case o.listen != "" && o.survey != "":
		return o, errors.New("-survey and -listen exclude each other")
	case o.json && o.survey == "":
		return o, errors.New("-json prints the decision on one survey: give it with -survey")
	case o.event != "" && o.survey == "":
		return o, errors.New("-event says what the envelope of -survey is: give both")
	case o.legacy && o.rules != "":
		return o, errors.New("-rules and -legacy exclude each other: legacy rules are no files")
	}
	if o.listen == "" {
		return o, nil
	}
	host, port, err := net.SplitHostPort(o.listen)
	if err != nil || port == "" {
		return o, fmt.Errorf("-listen %q is not HOST:PORT or :PORT", o.listen)
	}
	if host == "" {
		host = "127.0.0.1" // whom the server answers should be said, not left out
	}
	o.listen = net.JoinHostPort(host, port)
	return o, nil
}
