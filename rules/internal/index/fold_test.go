package index

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestFoldIsTheMostGenerous holds what is folded to every way in which the
// language brings letters together, for all runes.
func TestFoldIsTheMostGenerous(t *testing.T) {
	t.Parallel()
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if r == 0x20000 {
			r = 0xE0000 // between these there are no letters with cases
		}
		folded := foldRune(r)
		for _, change := range []func(rune) rune{unicode.ToLower, unicode.ToUpper, unicode.SimpleFold, foldRune} {
			if foldRune(change(r)) != folded {
				require.Equal(t, folded, foldRune(change(r)), "%U", r)
			}
		}
	}
}

func TestFold(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":            "",
		"Skill-00123": "skill-00123",
		"@AZ[`az{":    "@az[`az{",
		"ſK":          "sk",
		"İı":          "ii",
		"ΣσςΣ":        "ΣΣΣΣ",
		"a\xffb":      "a\uFFFDb",
		"\xe6\x97":    "\uFFFD\uFFFD",
	} {
		assert.Equal(t, want, string(fold(nil, text)), "%q", text)
	}
}

func TestFoldOfTexts(t *testing.T) {
	t.Parallel()
	g := generator{rand.New(rand.NewPCG(1, 2))}
	folded := func(s string) string { return string(fold(nil, s)) }
	same := 0
	for range 20_000 {
		a, b := g.someText(), g.someText()
		if strings.EqualFold(a, b) {
			same++
			assert.Equal(t, folded(a), folded(b), "%q %q", a, b)
		}
		for _, changed := range []string{strings.ToLower(a), strings.ToUpper(a)} {
			require.Equal(t, folded(a), folded(changed), "%q", a)
		}
		require.Contains(t, folded(a), folded(strings.TrimSpace(a)))
		if utf8.ValidString(b) && strings.Contains(a, b) {
			require.Contains(t, folded(a), folded(b))
		}
	}
	assert.Positive(t, same)
}
