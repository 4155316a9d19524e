package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	exampleRules  = "../../examples/chatserver/rules"
	exampleSurvey = "../../examples/chatserver/surveys/01-documented.json"
)

// ran is what a run of the command came to.
type ran struct {
	code        int
	out, errors string
}

func runWith(ctx context.Context, stdin io.Reader, args ...string) ran {
	var out, errs bytes.Buffer
	code := run(ctx, args, stdin, &out, &errs)
	return ran{code, out.String(), errs.String()}
}

// broken fails to write from some byte on.
type broken struct{ room int }

func (b *broken) Write(p []byte) (int, error) {
	if b.room < len(p) {
		return b.room, errors.New("no space left on device")
	}
	b.room -= len(p)
	return len(p), nil
}

func TestOutputThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{},
		{"--version"},
		{"help", "check"},
		{"check", exampleRules},
		{"check", "-o", "json", exampleRules},
		{"check", "-o", "sarif", exampleRules},
		{"test", exampleRules},
		{"test", "-o", "json", "--cover", exampleRules},
		{"test", "-o", "junit", exampleRules},
		{"eval", "-e", exampleSurvey, exampleRules},
		{"explain", "-e", exampleSurvey, exampleRules},
		{"explain", "-e", exampleSurvey, "-o", "json", exampleRules},
		{"test", "--run", "no rank", "--min", "100", exampleRules}, // findings, and yet it is trouble
	} {
		for _, room := range []int{0, 5} {
			var errs bytes.Buffer
			code := run(t.Context(), args, strings.NewReader(""), &broken{room}, &errs)
			assert.Equal(t, exitTrouble, code, args)
			assert.Equal(t, "afterword: write the output: no space left on device\n", errs.String(), args)
		}
	}
}

func TestInterrupt(t *testing.T) {
	t.Parallel()
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for _, args := range [][]string{
		{"check", exampleRules},
		{"test", exampleRules},
		{"eval", "-e", exampleSurvey, exampleRules},
		{"fmt", "-d", exampleRules},
	} {
		got := runWith(gone, strings.NewReader(""), args...)
		assert.Equal(t, ran{exitTrouble, "", "afterword: interrupted\n"}, got, args)
	}
}

// Nobody types: the wait ends with the interrupt.
func TestInterruptWhileReading(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"eval", "-e", "-", exampleRules},
		{"fmt", "-"},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		stdin, typing := io.Pipe()
		got := make(chan ran)
		go func() { got <- runWith(ctx, stdin, args...) }()
		_, err := typing.Write([]byte("{")) // it is reading now
		require.NoError(t, err)
		cancel()
		assert.Equal(t, ran{exitTrouble, "", "afterword: interrupted\n"}, <-got, args)
		require.NoError(t, typing.Close())
	}
}

// tooMuch never ends.
type tooMuch struct{ read int }

func (r *tooMuch) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	r.read += len(p)
	return len(p), nil
}

func TestInputIsBounded(t *testing.T) {
	t.Parallel()
	for want, args := range map[string][]string{
		"afterword: standard input: is larger than 256 KiB; send less\n": {"eval", "-e", "-", exampleRules},
		"standard input:1:1: the file is larger than 16 MiB: split it\n": {"fmt", "-"},
	} {
		var endless tooMuch
		got := runWith(t.Context(), &endless, args...)
		assert.Equal(t, want, got.errors)
		assert.NotZero(t, got.code)
		assert.Empty(t, got.out)
		assert.Less(t, endless.read, 34<<20)
	}
}

func TestStandardInputThatFails(t *testing.T) {
	t.Parallel()
	got := runWith(t.Context(), io.MultiReader(strings.NewReader("{"), failing{}), "eval", "-e", "-", exampleRules)
	assert.Equal(t, ran{exitTrouble, "", "afterword: standard input: torn cable\n"}, got)
	got = runWith(t.Context(), failing{}, "fmt", "-")
	assert.Equal(t, ran{exitTrouble, "", "afterword: standard input: torn cable\n"}, got)
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("torn cable") }

func TestColours(t *testing.T) {
	t.Parallel()
	env := func(pairs ...string) func(string) string {
		return func(name string) string {
			for i := 0; i < len(pairs); i += 2 {
				if pairs[i] == name {
					return pairs[i+1]
				}
			}
			return ""
		}
	}
	assert.True(t, wantsColour(env("TERM", "xterm")))
	assert.True(t, wantsColour(env("NO_COLOR", "")))
	assert.False(t, wantsColour(env("NO_COLOR", "1")))
	assert.False(t, wantsColour(env("TERM", "dumb")))
	assert.False(t, colourful(&bytes.Buffer{}))

	assert.Equal(t, "x", (&cli{}).paint(red, "x"))
	assert.Equal(t, "\x1b[31mx\x1b[0m", (&cli{colour: true}).paint(red, "x"))
	assert.Empty(t, (&cli{colour: true}).paint(red, ""))
}

func TestPrintable(t *testing.T) {
	t.Parallel()
	assert.Equal(t, `a\x1b[2Jb\u202e ü😀\n'"`, printable("a\x1b[2Jb\u202e ü😀\n'\""))
	assert.Equal(t, "a\nb\\r\n", printableLines("a\nb\r\n"))
}
