package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"text/tabwriter"
	"time"
)

// goal is the share of the bare throughput that the gateway is to reach.
const goal = 0.7

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// The exit codes.
const (
	good = iota
	failed
	misused
)

type settings struct {
	rounds, connections int
	span, soak          time.Duration
	minRatio            float64
}

func run(args []string, stdout, stderr io.Writer) int {
	s, err := parse(args, stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return good
	case err != nil:
		return misused
	case s.soak > 0:
		err = soak(stdout, s.connections, s.soak)
	default:
		err = load(stdout, s)
	}
	if err != nil {
		fmt.Fprintln(stderr, "load:", err)
		return failed
	}
	return good
}

// parse reads the flags. Whatever is wrong is told on stderr.
func parse(args []string, stderr io.Writer) (settings, error) {
	var s settings
	flags := flag.NewFlagSet("load", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.IntVar(&s.rounds, "rounds", 10, "measure everybody in so many `rounds`")
	flags.DurationVar(&s.span, "time", 500*time.Millisecond, "measure each for this `time` in a round")
	flags.IntVar(&s.connections, "connections", 8, "`number` of connections that clients keep open")
	flags.DurationVar(&s.soak, "soak", 0, "soak for this `time` instead")
	flags.Float64Var(&s.minRatio, "min-ratio", 0, "fail if the gateway has less than this `share` of the bare throughput")
	if err := flags.Parse(args); err != nil {
		return settings{}, err
	}
	var err error
	switch {
	case flags.NArg() > 0:
		err = errors.New("takes flags alone")
	case s.rounds < 1 || s.connections < 1 || s.connections > 1000 || s.span <= 0:
		err = errors.New("rounds, time and connections must be more than zero, and connections at most 1000")
	case s.soak < 0 || !(s.minRatio >= 0):
		err = errors.New("soak and min-ratio must not be negative")
	}
	if err != nil {
		fmt.Fprintln(stderr, "load:", err)
	}
	return s, err
}

// load measures and reports.
func load(out io.Writer, s settings) error {
	fmt.Fprintf(out, "%d rounds of %v each, %d connections, %d processors\n\n", s.rounds, s.span, s.connections, runtime.GOMAXPROCS(0))
	all := contestants()
	measured, err := compete(all, s.rounds, s.connections, s.span)
	if err != nil {
		return err
	}
	if err := table(out, all, measured); err != nil {
		return err
	}
	reached := ratio(measured[1], measured[0])
	fmt.Fprintf(out, "\nthe gateway with a Go function reaches %.2f of the bare throughput (goal: %.2f)\n", reached, goal)
	if reached < s.minRatio {
		return fmt.Errorf("%.3f of the bare throughput is less than %.3f", reached, s.minRatio)
	}
	return nil
}

// table shows the medians.
func table(out io.Writer, all []contestant, measured [][]figures) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "requests/s\tp50\tp99\tp99.9\tof bare\t")
	for i, c := range all {
		f := middle(measured[i])
		fmt.Fprintf(w, "%.0f\t%v\t%v\t%v\t%.2f\t  %s\n", f.rate, rounded(f.p50), rounded(f.p99), rounded(f.p99_9), ratio(measured[i], measured[0]), c.name)
	}
	return w.Flush()
}

func rounded(d time.Duration) time.Duration { return d.Round(time.Microsecond) }
