package witness_test

import (
	"regexp"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules/internal/syntax"
	"github.com/afterword-go/afterword/rules/internal/witness"
)

// TestMatching wants the texts that patterns are found in, short ones first.
func TestMatching(t *testing.T) {
	t.Parallel()
	for pattern, want := range map[string][]string{
		`refund`:                  {"refund"},
		`(?i)Refund|Geld zurück`:  {"Refund", "Geld zurück"},
		`^a+$`:                    {"a", "aa", "aaa"},
		`^a{2,3}$`:                {"aa", "aaa"},
		`^[^a-z]$`:                {"1"},
		`^\d{3}-\d{2}$`:           {"111-11"},
		`^(?:yes|no)!?$`:          {"no", "yes", "no!", "yes!"},
		`\bfoo\b`:                 {"foo"},
		`\Bfoo\B`:                 {"afooa"},
		`^$`:                      {""},
		`^[\p{Greek}]$`:           {"Ͱ"},
		`a\x{10FFFF}`:             {"a\U0010FFFF"},
		`^.+@example\.(com|org)$`: {"a@example.com", "a@example.org", "aa@example.com", "aa@example.org", "aaa@example.com"},
		`(?m)^b$`:                 {"b"},
		`[^\x00-\x{10FFFF}]`:      nil,
		`a$b`:                     nil,
	} {
		compiled, err := syntax.Pattern(pattern)
		require.NoError(t, err, pattern)
		assert.Equal(t, want, witness.Matching(compiled, 5), pattern)
	}
}

// FuzzMatching wants every text that is made for a pattern to match it, to Go's
// own regular expressions as well.
func FuzzMatching(f *testing.F) {
	for _, pattern := range []string{
		"a", "(?i)care|sales", "^[a-z]{2,5}$", `\bno\b`, `^(a|b)*c?d+$`, `[[:alpha:]]\S\W`, "x{3,}", `(?s)a.b`, `^\pL+$`, "(((a?)*)+)", `\Ba\B`, "a{500}",
	} {
		f.Add(pattern)
	}
	f.Fuzz(func(t *testing.T, pattern string) {
		compiled, err := syntax.Pattern(pattern)
		if err != nil {
			return
		}
		plain := regexp.MustCompile(pattern)
		last := 0
		for _, text := range witness.Matching(compiled, 4) {
			assert.True(t, plain.MatchString(text), "%q %q", pattern, text)
			assert.True(t, utf8.ValidString(text), "%q %q", pattern, text)
			assert.GreaterOrEqual(t, len(text), last)
			last = len(text)
		}
	})
}
