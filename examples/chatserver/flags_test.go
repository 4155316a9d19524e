package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestUsage(t *testing.T) {
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"extra"}, `unexpected argument "extra"`},
		{[]string{"-survey", "-", "extra"}, `unexpected argument "extra"`},
		{[]string{"-unknown"}, "flag provided but not defined: -unknown"},
		{[]string{"-survey"}, "flag needs an argument: -survey"},
		{[]string{"-survey", ""}, "-survey needs a value"},
		{[]string{"-rules="}, "-rules needs a value"},
		{[]string{"-listen", ""}, "-listen needs a value"},
		{[]string{"-survey", "-", "-event", ""}, "-event needs a value"},
		{[]string{"-json"}, "-json prints the decision on one survey: give it with -survey"},
		{[]string{"-json", "-listen", ":0"}, "-json prints the decision on one survey: give it with -survey"},
		{[]string{"-event", "x"}, "-event says what the envelope of -survey is: give both"},
		{[]string{"-event", "x", "-listen", ":0"}, "-event says what the envelope of -survey is: give both"},
		{[]string{"-survey", "-", "-listen", ":0"}, "-survey and -listen exclude each other"},
		{[]string{"-legacy", "-rules", "."}, "-rules and -legacy exclude each other: legacy rules are no files"},
		{[]string{"-listen", "8080"}, `-listen "8080" is not HOST:PORT or :PORT`},
		{[]string{"-listen", "localhost:"}, `-listen "localhost:" is not HOST:PORT or :PORT`},
	} {
		got := execute(t, `{"payload":{}}`, c.args...)
		assert.Equal(t, result{exitUsage, "", "chatserver: " + c.says + "\n\n" + usage}, got, "%v", c.args)
	}
}

func TestHelp(t *testing.T) {
	for _, flag := range []string{"-h", "-help", "--help"} {
		assert.Equal(t, result{exitOK, usage, ""}, execute(t, "", flag))
	}
}

func TestListenAddress(t *testing.T) {
	for given, want := range map[string]string{
		":8080":          "127.0.0.1:8080",
		"localhost:8080": "localhost:8080",
		"0.0.0.0:0":      "0.0.0.0:0",
		"[::1]:8080":     "[::1]:8080",
	} {
		o, err := parseFlags([]string{"-listen", given})
		assert.NoError(t, err)
		assert.Equal(t, want, o.listen)
	}
}
