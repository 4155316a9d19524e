package conversations_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/toolbelt/conversations"
)

// BenchmarkScan looks for 100 keywords in the largest conversations: one as
// people write, and one that makes the search for words take longest, for every
// place in it begins all keywords.
func BenchmarkScan(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 2))
	letters := []rune("abcdefghijklmnopqrstuvwxyzäöüß")
	word := func() string {
		w := make([]rune, 4+random.IntN(6))
		for i := range w {
			w[i] = letters[random.IntN(len(letters))]
		}
		return string(w)
	}
	var keywords, as []string
	for i := range 100 {
		keywords = append(keywords, word()+" "+word())
		as = append(as, strings.Repeat("a", conversations.MaxKeyword-i))
	}
	texts := make([]string, conversations.MaxMessages)
	for i := range texts {
		for len(texts[i]) < 85 {
			texts[i] += word() + " "
		}
	}
	for _, bench := range []struct {
		name            string
		keywords, texts []string
	}{
		{"chat", keywords, texts},
		{"worst", as, []string{strings.Repeat("a", conversations.MaxText)}},
	} {
		b.Run(bench.name, func(b *testing.B) {
			scanner, err := conversations.NewWordScanner(bench.keywords...)
			require.NoError(b, err)
			c := saying(bench.texts...)
			b.ReportAllocs()
			for b.Loop() {
				_, err := scanner.Scan(c)
				require.NoError(b, err)
			}
		})
	}
}
