package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"golang.org/x/term"
)

// The bounds of what is read as a value, in bytes: more than a secret may have,
// so that what is too long is told as such; and what a terminal takes as a line.
const (
	maxSecretInput = 1 << 20
	maxTyped       = 4095
)

// secretValue reads the value of a secret. The error says nothing of what is in
// it.
func (c *cli) secretValue(ctx context.Context, key string) (string, error) {
	data, err := c.secretInput(ctx, key)
	if err != nil {
		return "", fmt.Errorf("standard input: %w", reason(err))
	}
	if len(data) > maxSecretInput {
		return "", fmt.Errorf("standard input: has more than %d MiB", maxSecretInput>>20)
	}
	value := string(data)
	if line, ended := strings.CutSuffix(value, "\n"); ended {
		value = strings.TrimSuffix(line, "\r")
	}
	if value == "" {
		return "", errors.New("standard input: is empty: give the value of the secret there")
	}
	return value, nil
}

func (c *cli) secretInput(ctx context.Context, key string) ([]byte, error) {
	if terminal, ok := c.in.(*os.File); ok && isTerminal(terminal) {
		return c.ask(ctx, terminal, key)
	}
	return readStandard(ctx, c.in, maxSecretInput)
}

// ask reads a line from a terminal that does not show it. The terminal is as it
// was afterwards, also if a person interrupts it.
func (c *cli) ask(ctx context.Context, terminal *os.File, key string) ([]byte, error) {
	fd := int(terminal.Fd())
	before, err := term.GetState(fd)
	if err != nil {
		return nil, err
	}
	type read struct {
		data []byte
		err  error
	}
	done := make(chan read, 1)
	fmt.Fprintf(c.err, "value of %s (not shown): ", printable(key))
	go func() {
		data, err := term.ReadPassword(fd)
		done <- read{data, err}
	}()
	select {
	case r := <-done:
		fmt.Fprintln(c.err)
		if len(r.data) >= maxTyped {
			return nil, errors.New("is longer than a terminal takes: have the value in a file or a pipe")
		}
		return r.data, r.err
	case <-ctx.Done():
		return nil, errors.Join(ctx.Err(), term.Restore(fd, before))
	}
}
