package eval

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestCasing holds both ways to package strings, for every letter and for random
// texts with bytes that are no UTF-8.
func TestCasing(t *testing.T) {
	check := func(c casing, want func(string) string, text string) {
		got := text
		if c.changes(text) {
			got = string(c.append(nil, text))
		}
		if got != want(text) { // a million times
			assert.Equal(t, want(text), got, "%q", text)
		}
	}
	both := func(text string) {
		check(lowering(), strings.ToLower, text)
		check(raising(), strings.ToUpper, text)
	}
	for r := range rune(0x20000) {
		both(string(r))
	}
	r := rand.New(rand.NewPCG(1, 2))
	parts := []string{"a", "Z", "@", "[", "`", "{", "ä", "Ä", "ſ", "K", "İ", "ß", "\xff", "\xe2\x82", "Care", ""}
	for range 20_000 {
		var text strings.Builder
		for range r.IntN(6) {
			text.WriteString(parts[r.IntN(len(parts))])
		}
		both(text.String())
	}
}

// TestMayBeNumber holds that no number is left out.
func TestMayBeNumber(t *testing.T) {
	const letters = "019+-._eExXpPinfaNty "
	r := rand.New(rand.NewPCG(3, 4))
	whole, fraction, neither := 0, 0, 0
	for range 200_000 {
		text := make([]byte, r.IntN(7))
		for i := range text {
			text[i] = letters[r.IntN(len(letters))]
		}
		s := string(text)
		_, wrong := strconv.ParseInt(s, 10, 64)
		_, ok := toInt().text(s)
		x, okFloat := toFloat().text(s)
		if ok {
			whole++
			assert.NoError(t, wrong)
		} else {
			assert.Error(t, wrong, s)
		}
		parsed, wrongFloat := strconv.ParseFloat(s, 64)
		finite := wrongFloat == nil && parsed-parsed == 0
		assert.Equal(t, finite, okFloat, s)
		switch {
		case okFloat:
			fraction++
			assert.InDelta(t, parsed, x, 0)
		case mayBeNumber(s):
			neither++
		}
	}
	assert.Greater(t, whole, 1000)
	assert.Greater(t, fraction, whole)
	assert.Positive(t, neither)
}
