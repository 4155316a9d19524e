// Command recorded makes up surveys as a chat server records them: one envelope
// a line, in the order in which they came in.
//
//	go run ./examples/chatserver/recorded -n 3
//	go run ./examples/chatserver/recorded -seed 7 -n 1000000 -o surveys.ndjson.gz
//
// The same seed and number give the same surveys on every machine. Customers,
// agents and what they say are invented. surveys.ndjson.gz holds 5,000 of seed 1;
// go generate writes it anew:
//
//	go generate ./examples/chatserver/recorded
//
// The surveys are as untidy as real ones. Some have no rank, or one of 0 or
// -1, some no skill or no agent; a skill may be spelt in small letters; answers
// hold several choices, line breaks, or nothing; a few comments look like the head
// of a mail. Every envelope is sound: what is odd is only what customers did.
package main

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
)

//go:generate go run . -o surveys.ndjson.gz

func main() {
	if err := run(os.Args[1:], os.Stdout, os.Stderr); err != nil {
		if !errors.Is(err, flag.ErrHelp) {
			fmt.Fprintln(os.Stderr, "recorded:", err)
		}
		os.Exit(2)
	}
}

func run(args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("recorded", flag.ContinueOnError)
	flags.SetOutput(stderr)
	seed := flags.Uint64("seed", 1, "what chance begins with")
	n := flags.Int("n", 5000, "how many surveys")
	out := flags.String("o", "", "the `file` to write; compressed if it ends in .gz (default: standard output)")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("stray argument %s: give flags alone", flags.Arg(0))
	}
	if *n < 0 {
		return errors.New("-n: give a number from 0 on")
	}
	if *out == "" {
		return write(stdout, *seed, *n)
	}
	return writeFile(*out, *seed, *n)
}

// writeFile writes surveys to a file. Compressed ones carry neither a time nor a
// name, so that the same surveys are the same bytes.
func writeFile(name string, seed uint64, n int) (err error) {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if !strings.HasSuffix(name, ".gz") {
		return write(file, seed, n)
	}
	packed, err := gzip.NewWriterLevel(file, gzip.BestCompression)
	if err != nil {
		return err
	}
	return errors.Join(write(packed, seed, n), packed.Close())
}

// write writes surveys, an envelope a line.
func write(to io.Writer, seed uint64, n int) error {
	out := bufio.NewWriter(to)
	lines := json.NewEncoder(out)
	lines.SetEscapeHTML(false)
	desk := newDesk(seed)
	for range n {
		if err := lines.Encode(desk.next()); err != nil {
			return err
		}
	}
	return out.Flush()
}
