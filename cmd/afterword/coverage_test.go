package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/afterword-go/afterword/rules"
)

func TestExcerpt(t *testing.T) {
	t.Parallel()
	gap := func(line, from, to int) rules.Gap {
		return rules.Gap{Line: line, Column: from, EndLine: line, EndColumn: to}
	}
	long := "when: " + strings.Repeat("x", longestExcerpt)
	lines := newSource([]byte("\t when: ä == 1\r\n\twhen: \x1b\n" + long + "\nwhen: '日é e\u0301\u200d' == 1\n"))
	for _, c := range []struct {
		name string
		gap  rules.Gap
		want string // the line and its mark; empty for none
	}{
		{"tabs, umlauts and a carriage return", gap(1, 9, 15), "when: ä == 1|      ^~~~~~"},
		{"one character", gap(1, 9, 10), "when: ä == 1|      ^"},
		{"to the end of the line", rules.Gap{Line: 1, Column: 14, EndLine: 2, EndColumn: 3}, "when: ä == 1|           ^"},
		{"behind wide, combined and escaped characters", gap(4, 16, 20), `when: '日é é\u200d' == 1|                    ^~~~`},
		{"wide, combined and escaped characters", gap(4, 7, 15), `when: '日é é\u200d' == 1|      ^~~~~~~~~~~~~`},
		{"nothing", gap(1, 9, 9), ""},
		{"beyond the line", gap(1, 9, 99), ""},
		{"in the white space", gap(1, 1, 4), ""},
		{"no such line", gap(9, 1, 2), ""},
		{"no place", gap(0, 0, 0), ""},
		{"long", gap(3, 7, 9), ""},
	} {
		line, mark, ok := lines.excerpt(c.gap)
		assert.Equal(t, c.want != "", ok, c.name)
		if ok {
			assert.Equal(t, c.want, line+"|"+mark, c.name)
		}
	}
	line, _, _ := lines.excerpt(gap(2, 2, 6))
	assert.NotContains(t, line, "\x1b")
}
