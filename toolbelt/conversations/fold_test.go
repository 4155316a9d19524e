package conversations

import (
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"
)

func TestFoldRune(t *testing.T) {
	t.Parallel()
	for r := rune(0); r <= 0x1FFFF; r++ { // beyond, nothing has a case
		next := unicode.SimpleFold(r)
		if foldRune(r) != foldRune(next) {
			t.Errorf("%U and %U differ", r, next)
		}
		if isWordRune(r) != isWordRune(next) {
			t.Errorf("one of %U and %U is in words", r, next)
		}
		if want := r == '_' || unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsNumber(r); isWordRune(r) != want {
			t.Errorf("%U in words: %v", r, !want)
		}
	}
	assert.NotEqual(t, foldRune('i'), foldRune('ı'))
	assert.NotEqual(t, foldRune('I'), foldRune('İ'))
	assert.Equal(t, "STRAßE\ufffd", fold("ſtraẞe\xff"))
}
