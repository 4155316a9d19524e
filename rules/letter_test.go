package rules_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules"
)

// TestEveryLetterCounts has texts of all short lengths compared that differ in
// one letter, wherever it is: they are compared several letters at a time.
func TestEveryLetterCounts(t *testing.T) {
	t.Parallel()
	type input struct {
		Name string `json:"name,omitempty"`
	}
	const letters = "Skate-42 Works Kinks x and Masks"
	for n := 1; n <= len(letters); n++ {
		want := letters[:n]
		pattern := "(?i)^" + want + "$"
		set, err := rules.New(rules.Config{},
			rules.Rule[input, bool]{Name: "equal", When: rules.When[input](fmt.Sprintf("name == %q", want))},
			rules.Rule[input, bool]{Name: "contains", When: rules.When[input](fmt.Sprintf("name contains %q", want))},
			rules.Rule[input, bool]{Name: "whole", When: rules.When[input](fmt.Sprintf("name matches %q", pattern))},
			rules.Rule[input, bool]{Name: "inside", When: rules.When[input](fmt.Sprintf("name matches %q", "(?i)"+want))},
		)
		require.NoError(t, err)
		for _, name := range nearby(want) {
			fired := map[string]bool{}
			for m, err := range set.Matches(t.Context(), &input{name}) {
				require.NoError(t, err)
				fired[m.Name()] = true
			}
			assert.Equal(t, name == want, fired["equal"], "%q == %q", name, want)
			assert.Equal(t, strings.Contains(name, want), fired["contains"], "%q contains %q", name, want)
			assert.Equal(t, regexp.MustCompile(pattern).MatchString(name), fired["whole"], "%q matches %q", name, pattern)
			assert.Equal(t, regexp.MustCompile("(?i)"+want).MatchString(name), fired["inside"], "%q holds %q in any case", name, want)
		}
	}
}

// nearby is a text, and others that differ from it in one place.
func nearby(text string) []string {
	out := []string{text, strings.ToUpper(text), strings.ToLower(text), text + "s", "s" + text, text[1:], text[:len(text)-1]}
	for i := range len(text) {
		for _, put := range []string{"", "_", "q", "Q", "\x00", "K", "k", "\u212a", "s", "\u017f", "\r", strings.ToUpper(text[i : i+1]), string(rune(text[i] ^ 0x20)), string(rune(text[i]) | 0x80)} {
			out = append(out, text[:i]+put+text[i+1:])
		}
	}
	return out
}
