package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/afterword-go/afterword/bench/rules/internal/measure"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// The exit codes.
const (
	good = iota
	failed
	misused
)

// settings are what the flags say.
type settings struct {
	measure.Options
	quick       bool
	only, check []string
	tolerance   float64
	plots       string
}

func run(args []string, stdout, stderr io.Writer) int {
	s, err := parse(args, stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return good
	case err != nil:
		return misused
	}
	if err := compare(stdout, s); err != nil {
		fmt.Fprintln(stderr, "rules:", err)
		return failed
	}
	return good
}

// parse reads the flags. Whatever is wrong is told on stderr.
func parse(args []string, stderr io.Writer) (settings, error) {
	var s settings
	var only, check string
	flags := flag.NewFlagSet("rules", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.IntVar(&s.Rounds, "rounds", 0, "measure in so many `rounds` (default 11; 5 if quick)")
	flags.DurationVar(&s.Sample, "time", 0, "measure each for about this `time` in a round (default 4ms; 1ms if quick)")
	flags.BoolVar(&s.quick, "quick", false, "smaller sets and fewer rounds")
	flags.StringVar(&only, "only", "", "run these `cases` alone, with commas between: "+strings.Join(caseNames(), ", "))
	flags.StringVar(&check, "check", "", "exit with 1 if a goal of these `cases` is missed; all: of any")
	flags.Float64Var(&s.tolerance, "tolerance", 0, "with -check, let goals be missed by this `share` of them")
	flags.StringVar(&s.plots, "plots", "", "draw the time against the number of rules into this `folder`")
	if err := flags.Parse(args); err != nil {
		return settings{}, err
	}
	s.only, s.check = list(only), list(check)
	s.fill()
	err := s.wrong()
	if flags.NArg() > 0 {
		err = errors.New("takes flags alone")
	}
	if err != nil {
		fmt.Fprintln(stderr, "rules:", err)
	}
	return s, err
}

// fill sets what the flags leave out.
func (s *settings) fill() {
	if s.Rounds == 0 {
		s.Rounds = 11
		if s.quick {
			s.Rounds = 5
		}
	}
	if s.Sample == 0 {
		s.Sample = 4 * time.Millisecond
		if s.quick {
			s.Sample = time.Millisecond
		}
	}
}

func (s *settings) wrong() error {
	if s.Rounds < 1 || s.Sample < 0 || !(s.tolerance >= 0) {
		return errors.New("rounds and time must be more than zero, and the tolerance not negative")
	}
	for _, name := range slices.Concat(s.only, s.check) {
		if !slices.Contains(caseNames(), name) && name != everything {
			return fmt.Errorf("there is no case %q: the cases are %s", name, strings.Join(caseNames(), ", "))
		}
	}
	return nil
}

// everything stands for all cases.
const everything = "all"

// list splits at commas.
func list(text string) []string {
	return slices.DeleteFunc(strings.Split(text, ","), func(name string) bool { return name == "" })
}

// wants tells whether a case is among names; without any it is.
func wants(names []string, name string) bool {
	return slices.Contains(names, name) || slices.Contains(names, everything)
}
