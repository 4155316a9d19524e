package main

import (
	"bufio"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/faas"
)

func TestSourcesFromStandardInput(t *testing.T) {
	t.Parallel()
	g := openGate(t)
	create := func(in string) ran {
		return g.tell(t, in, "fn", "create", "care", "-e", "denver_post_survey_email_transcript", "-f", "-", "-o", "json")
	}
	assert.Equal(t, ran{exitTrouble, "", "afterword: standard input: is larger than 400000 bytes: split it\n"}, create(strings.Repeat("#", maxFnSource+1)))
	assert.Equal(t, ran{exitTrouble, "", "afterword: standard input: is not UTF-8\n"}, create("# \xff"))
	got := create(strings.Repeat("ü", 100_001))
	assert.Equal(t, exitFindings, got.code)
	assert.Contains(t, got.errors, "the source has 100001 characters; keep it to 100000")

	source := "# <ü>\t\u2028\\\n" + strings.Repeat("\x01", 90_000)
	got = create(source)
	require.Equal(t, exitGood, got.code, got.errors)
	assert.Contains(t, got.out, `"state": "Draft"`)
	assert.Equal(t, source, g.rt.Functions(faas.Filter{Name: "care"})[0].Source, "to the byte")
	assert.Equal(t, ran{exitGood, source, ""}, g.ask(t, "fn", "show", "care", "--source"))
	assert.Equal(t, exitFindings, create(source).code, "the name is taken")
}

// Whoever wrote a source does not get at the terminal of who looks at it.
func TestSourcesOnATerminal(t *testing.T) {
	t.Parallel()
	code := "# \x1b]0;mine\a \u202e \u009b2J\nversion: 1\n"
	for terminal, want := range map[bool]string{false: code, true: "# \\x1b]0;mine\\a \\u202e \\u009b2J\nversion: 1\n"} {
		var out strings.Builder
		c := &cli{out: bufio.NewWriter(&out), terminal: terminal}
		require.NoError(t, c.showFunction(asText, fnRecord{Manifest: &fnManifest{Code: code}}, true))
		require.NoError(t, c.out.Flush())
		assert.Equal(t, want, out.String())
	}
}

// A place in what was built is one in the file that was sent.
func TestInFile(t *testing.T) {
	t.Parallel()
	for _, c := range [][3]string{
		{"a/b.yaml", "care.rules.yaml:5:11: rule x", "a/b.yaml:5:11: rule x"},
		{"", "care.rules.yaml:5:11: rule x", "care.rules.yaml:5:11: rule x"},
		{"b.yaml", "rules: 5:11: x", "rules: 5:11: x"},
		{"b.yaml", "no place at all", "no place at all"},
		{"$1.yaml", "a:1:2: b:3:4: c", "$1.yaml:1:2: b:3:4: c"},
	} {
		assert.Equal(t, c[2], inFile(c[0], c[1]))
	}
}

// JSON may be looked at on a terminal, too.
func TestJSONMovesNoCursor(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	c := &cli{out: bufio.NewWriter(&out)}
	require.NoError(t, c.printJSON([]string{"\x1b]\x7f\u009b\u202eü<"}))
	require.NoError(t, c.out.Flush())
	assert.Equal(t, "[\n  \"\\u001b]\\u007f\\u009b\\u202eü<\"\n]\n", out.String())
}
