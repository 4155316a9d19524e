package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestShown(t *testing.T) {
	for value, want := range map[string]string{
		"":                "none",
		"Jörg Müller":     "Jörg Müller",
		"Zoë 🎉":           "Zoë 🎉",
		"a\nb":            `"a\nb"`,
		"\x1b[2Jgone":     `"\x1b[2Jgone"`,
		`John "Doe"`:      `"John \"Doe\""`,
		"\u202eright":     `"\u202eright"`,
		"back\\slash":     `"back\\slash"`,
		"no break\u00a0.": `"no break\u00a0."`,
	} {
		assert.Equal(t, want, shown(value))
	}
}

func TestFolded(t *testing.T) {
	long := strings.Repeat("x", 90)
	for reason, want := range map[string][]string{
		"fired": {"fired"},
		"not fired: a is false (a = 1); b is false": {"not fired: a is false (a = 1); b is false"},
		"not fired: " + long + " is false (a = 1); b is false (b = 2); c is false; d is false": {
			"not fired: " + long + " is false", "  (a = 1);", "  b is false (b = 2);", "  c is false;", "  d is false",
		},
		"skipped: " + long + ", b are absent":    {"skipped: " + long + ", b are absent"},
		"failed: " + long + " (U+001B); " + long: {"failed: " + long + " (U+001B); " + long},
	} {
		assert.Equal(t, want, folded(reason))
	}
}

func TestPrintable(t *testing.T) {
	assert.Equal(t, `Jörg's "😡" \x1b\u009b\u202e\n`, printable("Jörg's \"😡\" \x1b\u009b\u202e\n"))
	got := execute(t, "{\"payload\":{\"agentName\":\"\u009b\",\"questionWithAnswers\":[{\"question\":\"\u009b\",\"answer\":\"\u202e\"}]}}", "-survey", "-")
	assert.Equal(t, exitOK, got.code)
	assert.NotContains(t, got.stdout, "\u009b")
	assert.NotContains(t, got.stdout, "\u202e")
}

func TestCounted(t *testing.T) {
	assert.Equal(t, "0 e-mails, 1 rule", counted(0, "e-mail")+", "+counted(1, "rule"))
}
