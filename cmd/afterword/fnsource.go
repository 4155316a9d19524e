package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"unicode/utf8"

	"github.com/spf13/cobra"
)

// maxFnSource bounds the file of a source, in bytes. The gateway takes 100,000
// characters.
const maxFnSource = 400_000

// A fnSource is the file that a function is made of.
type fnSource struct{ name string }

func (s *fnSource) addFlags(verb *cobra.Command) {
	verb.Flags().StringVarP(&s.name, "file", "f", "", "the function's source: a rule `FILE`; - is standard input")
}

// shown is what errors call the file.
func (s *fnSource) shown() string {
	if s.name == "-" {
		return "standard input"
	}
	return s.name
}

// read reads the source. Whether it is any good, the gateway says.
func (s *fnSource) read(ctx context.Context, c *cli) (string, error) {
	data, err := s.data(ctx, c)
	switch {
	case err != nil:
		return "", fmt.Errorf("%s: %w", s.shown(), reason(err))
	case len(data) > maxFnSource:
		return "", fmt.Errorf("%s: is larger than %d bytes: split it", s.shown(), maxFnSource)
	case !utf8.Valid(data):
		return "", fmt.Errorf("%s: is not UTF-8", s.shown())
	}
	return string(data), nil
}

func (s *fnSource) data(ctx context.Context, c *cli) (data []byte, err error) {
	if s.name == "-" {
		return readStandard(ctx, c.in, maxFnSource)
	}
	f, err := os.Open(s.name)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return readBounded(f, maxFnSource)
}
