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

// TestEveryLetterCounts has texts of all short lengths, and of some long ones, compared that differ in
// one letter, wherever it is: they are compared several letters at a time.
func TestEveryLetterCounts(t *testing.T) {
	t.Parallel()
	type input struct {
		Name string `json:"name,omitempty"`
	}
	letters := strings.Repeat("Skate-42 Works Kinks x and Masks", 10)
	for n := 1; n <= 300; n++ {
		if n == 33 { // and where the size no longer fits its byte
			n = 252
		} else if n == 258 {
			n = 300
		}
		want := letters[:n]
		pattern, inside := regexp.MustCompile("(?i)^"+want+"$"), regexp.MustCompile("(?i)"+want)
		rule := func(name, format string, text any) rules.Rule[input, bool] {
			return rules.Rule[input, bool]{Name: name, When: rules.When[input](fmt.Sprintf(format, text))}
		}
		set, err := rules.New(rules.Config{},
			rule("equal", "name == %q", want),
			rule("other", "name != %q", want),
			rule("either", `name == %q or name == "nobody"`, want),
			rule("contains", "name contains %q", want),
			rule("whole", "name matches %q", pattern),
			rule("inside", "name matches %q", inside),
		)
		require.NoError(t, err)
		for _, name := range nearby(want) {
			fired := map[string]bool{}
			for m, err := range set.Matches(t.Context(), &input{name}) {
				require.NoError(t, err)
				fired[m.Name()] = true
			}
			assert.Equal(t, name == want, fired["equal"], "%q == %q", name, want)
			assert.Equal(t, name != want && name != "", fired["other"], "%q != %q", name, want)
			assert.Equal(t, name == want, fired["either"], "%q == %q, or another", name, want)
			assert.Equal(t, strings.Contains(name, want), fired["contains"], "%q contains %q", name, want)
			assert.Equal(t, pattern.MatchString(name), fired["whole"], "%q matches %q", name, pattern)
			assert.Equal(t, inside.MatchString(name), fired["inside"], "%q holds %q in any case", name, want)
		}
	}
}

// nearby is a text, and others that differ from it in one place.
func nearby(text string) []string {
	out := []string{text, strings.ToUpper(text), strings.ToLower(text), text + "s", "s" + text, text[1:], text[:len(text)-1]}
	for i := range len(text) {
		if 20 < i && i < len(text)-20 {
			continue
		}
		for _, put := range []string{"", "_", "q", "Q", "\x00", "K", "k", "\u212a", "s", "\u017f", "\r", strings.ToUpper(text[i : i+1]), string(rune(text[i] ^ 0x20)), string(rune(text[i]) | 0x80)} {
			out = append(out, text[:i]+put+text[i+1:])
		}
	}
	return out
}
