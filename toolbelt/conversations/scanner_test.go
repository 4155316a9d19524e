package conversations_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/toolbelt/conversations"
)

// saying makes a conversation of texts.
func saying(texts ...string) conversations.Conversation {
	c := conversations.Conversation{ID: "c1"}
	for i, text := range texts {
		c.Messages = append(c.Messages, conversations.Message{ID: fmt.Sprint("m", i+1), Text: text})
	}
	return c
}

// found gives the hits as "message keyword".
func found(t *testing.T, s *conversations.Scanner, c conversations.Conversation) []string {
	t.Helper()
	hits, err := s.Scan(c)
	require.NoError(t, err)
	var all []string
	for _, hit := range hits {
		keyword, ok := strings.CutPrefix(hit.Tag, "keywordRef:")
		require.True(t, ok, "tag %q", hit.Tag)
		all = append(all, hit.MessageID+" "+keyword)
	}
	return all
}

func TestScanQuotesTheMessage(t *testing.T) {
	t.Parallel()
	scanner, err := conversations.NewScanner("Refund", "money")
	require.NoError(t, err)
	sent := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	hits, err := scanner.Scan(conversations.Conversation{ID: "c1", Messages: []conversations.Message{
		{ID: "m1", Text: "Hello", Sent: sent.Add(-time.Minute), By: "AGENT"},
		{ID: "m2", Text: "My MONEY, a refund", Sent: sent, By: "CONSUMER"},
	}})
	require.NoError(t, err)
	assert.Equal(t, []conversations.Hit{
		{MessageID: "m2", Message: "My MONEY, a refund", Sent: sent, By: "CONSUMER", Tag: "keywordRef:Refund"},
		{MessageID: "m2", Message: "My MONEY, a refund", Sent: sent, By: "CONSUMER", Tag: "keywordRef:money"},
	}, hits)
}

func TestScan(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name           string
		keywords       []string
		texts          []string
		anywhere, word []string
	}{
		{"within a word", []string{"fund"}, []string{"refunded", "a fund."}, []string{"m1 fund", "m2 fund"}, []string{"m2 fund"}},
		{"once a message", []string{"a"}, []string{"a a a"}, []string{"m1 a"}, []string{"m1 a"}},
		{"overlapping", []string{"new york", "york times", "york"}, []string{"the New York Times"}, []string{"m1 new york", "m1 york times", "m1 york"}, []string{"m1 new york", "m1 york times", "m1 york"}},
		{"second place", []string{"fund"}, []string{"refund fund"}, []string{"m1 fund"}, []string{"m1 fund"}},
		{"overlapping itself", []string{"a-a"}, []string{"ba-a-a"}, []string{"m1 a-a"}, []string{"m1 a-a"}},
		{"underscore", []string{"id"}, []string{"user_id"}, []string{"m1 id"}, nil},
		{"digit", []string{"3"}, []string{"13"}, []string{"m1 3"}, nil},
		{"combining mark", []string{"cafe"}, []string{"cafe\u0301"}, []string{"m1 cafe"}, nil},
		{"apostrophe", []string{"fund"}, []string{"the fund's"}, []string{"m1 fund"}, []string{"m1 fund"}},
		{"signs at the end", []string{"c++"}, []string{"c++17", "c+"}, []string{"m1 c++"}, []string{"m1 c++"}},
		{"signs at the front", []string{"#1"}, []string{"we're#1!", "#12"}, []string{"m1 #1", "m2 #1"}, []string{"m1 #1"}},
		{"long s", []string{"miſs"}, []string{"MISS", "mißs"}, []string{"m1 miſs"}, []string{"m1 miſs"}},
		{"kelvin", []string{"kilo"}, []string{"\u212Ailo"}, []string{"m1 kilo"}, []string{"m1 kilo"}},
		{"sharp s", []string{"straße"}, []string{"STRAẞE", "STRASSE"}, []string{"m1 straße"}, []string{"m1 straße"}},
		{"dotted I", []string{"istanbul"}, []string{"İstanbul", "ıstanbul", "Istanbul"}, []string{"m3 istanbul"}, []string{"m3 istanbul"}},
		{"sigma", []string{"ΟΔΟΣ"}, []string{"οδος", "οδοσ"}, []string{"m1 ΟΔΟΣ", "m2 ΟΔΟΣ"}, []string{"m1 ΟΔΟΣ", "m2 ΟΔΟΣ"}},
		{"no spaces", []string{"退款"}, []string{"我要退款了"}, []string{"m1 退款"}, nil},
		{"broken bytes", []string{"refund"}, []string{"\xff\xferefund\xc3"}, []string{"m1 refund"}, []string{"m1 refund"}},
		{"nothing said", []string{"refund"}, []string{"", " "}, nil, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			anywhere, err := conversations.NewScanner(test.keywords...)
			require.NoError(t, err)
			assert.Equal(t, test.anywhere, found(t, anywhere, saying(test.texts...)), "anywhere")
			word, err := conversations.NewWordScanner(test.keywords...)
			require.NoError(t, err)
			assert.Equal(t, test.word, found(t, word, saying(test.texts...)), "words")
		})
	}
}

func TestNewScannerTellsAllProblems(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é", conversations.MaxKeyword)
	for _, make := range []func(...string) (*conversations.Scanner, error){conversations.NewScanner, conversations.NewWordScanner} {
		_, err := make("refund", "", long, long+"é", " art ", "bro\xffken", "", "REFUND", "\t")
		assert.EqualError(t, err, strings.Join([]string{
			"keyword 2: is empty; give a text to look for",
			"keyword 4: has more than 200 characters; shorten it",
			"keyword 5: has white space at an end; remove it, and use NewWordScanner to find whole words",
			"keyword 6: is not valid UTF-8; remove the broken bytes",
			"keyword 7: is empty; give a text to look for",
			"keyword 8: is the same as keyword 1; remove one",
			"keyword 9: has white space at an end; remove it, and use NewWordScanner to find whole words",
		}, "\n"))

		_, err = make()
		assert.EqualError(t, err, "keywords: there are none; give at least one")

		var many []string
		for i := range conversations.MaxKeywords {
			many = append(many, fmt.Sprint("keyword ", i))
		}
		_, err = make(many...)
		assert.NoError(t, err)
		_, err = make(append(many, "one more")...)
		assert.EqualError(t, err, "keywords: there are 501, of at most 500; leave some out")
	}
}

func TestScanIsBounded(t *testing.T) {
	t.Parallel()
	scanner, err := conversations.NewScanner("refund")
	require.NoError(t, err)

	c := saying(make([]string, conversations.MaxMessages)...)
	c.Messages[conversations.MaxMessages-1].Text = "refund"
	assert.Equal(t, []string{"m10000 refund"}, found(t, scanner, c))
	c.Messages = append(c.Messages, conversations.Message{})
	hits, err := scanner.Scan(c)
	assert.EqualError(t, err, `conversation "c1": has 10001 messages, of at most 10000; scan a part of them`)
	assert.Empty(t, hits)

	c = saying("refund", strings.Repeat("x", conversations.MaxText-len("refund")))
	assert.Equal(t, []string{"m1 refund"}, found(t, scanner, c))
	c.Messages[0].Text += "!"
	hits, err = scanner.Scan(c)
	assert.EqualError(t, err, `conversation "c1": has 1048577 bytes of text, of at most 1048576; scan a part of the messages`)
	assert.Empty(t, hits)
}

func TestHitsAreBounded(t *testing.T) {
	t.Parallel()
	scanner, err := conversations.NewScanner(strings.Split("abcdefghij", "")...)
	require.NoError(t, err)
	texts := make([]string, conversations.MaxMessages)
	for i := range texts {
		texts[i] = "abcdefghij"
	}
	hits, err := scanner.Scan(saying(texts...))
	require.NoError(t, err)
	assert.Len(t, hits, conversations.MaxHits)

	more, err := conversations.NewScanner(strings.Split("abcdefghijk", "")...)
	require.NoError(t, err)
	texts[len(texts)-1] += "k"
	hits, err = more.Scan(saying(texts...))
	assert.EqualError(t, err, `conversation "c1": has more than 100000 hits; scan for fewer keywords, or a part of the messages`)
	assert.Empty(t, hits)
}

// The alphabet has letters that are the same as others, or nearly.
var alphabet = []string{
	"a", "A", "b", "k", "K", "\u212A", "s", "S", "ſ", "ß", "ẞ", "i", "I", "İ", "ı", "é", "e\u0301", "Σ", "σ", "ς",
	"Dž", "dž", "DŽ", "\u0345", "ι", "Ι", "\u1FBE", "1", "٣", "_", "-", "+", "'", " ", "\n", "退", "\U00010400", "\U00010428", "\ufffd",
}

func randomText(random *rand.Rand, most int, parts []string) string {
	var b strings.Builder
	for range random.IntN(most + 1) {
		b.WriteString(parts[random.IntN(len(parts))])
	}
	return b.String()
}

func TestScanAgreesWithReference(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 4))
	hits := 0
	for range 5_000 {
		parts := alphabet
		if random.IntN(2) == 0 { // few letters make many hits
			parts = []string{alphabet[random.IntN(len(alphabet))], alphabet[random.IntN(len(alphabet))], "-"}
		}
		keywords := []string{randomText(random, 3, parts), randomText(random, 3, parts), randomText(random, 5, parts)}
		texts := []string{randomText(random, 12, append(parts, "\xff")), randomText(random, 30, parts)}
		hits += checkScan(t, keywords, texts)
		if t.Failed() {
			return
		}
	}
	assert.Greater(t, hits, 2_500, "the inputs hardly hit anything")
}

func FuzzScan(f *testing.F) {
	f.Add("refund", "fund", "a refund", "REFUNDED")
	f.Add("ſ", "K", "s k", "\u212A")
	f.Add("a-a", "-a", "ba-a-a", "a\xff-a")
	f.Add("ß", "ss", "Straße", "STRAẞE")
	f.Add("", " ", "", "\xff")
	f.Fuzz(func(t *testing.T, keyword1, keyword2, text1, text2 string) {
		checkScan(t, []string{keyword1, keyword2}, []string{text1, text2})
	})
}

// checkScan compares both scanners with the reference, and gives how many
// hits there are.
func checkScan(t *testing.T, keywords, texts []string) (hits int) {
	t.Helper()
	anywhere, err := conversations.NewScanner(keywords...)
	if err != nil {
		return 0
	}
	word, err := conversations.NewWordScanner(keywords...)
	require.NoError(t, err)
	c := saying(texts...)
	if size := len(strings.Join(texts, "")); size > conversations.MaxText {
		return 0
	}
	want := reference(keywords, c, false)
	assert.Equal(t, want, found(t, anywhere, c), "anywhere: %q in %q", keywords, texts)
	words := reference(keywords, c, true)
	assert.Equal(t, words, found(t, word, c), "words: %q in %q", keywords, texts)
	return len(want) + len(words)
}

// reference looks at every place of every message, rune by rune.
func reference(keywords []string, c conversations.Conversation, words bool) (all []string) {
	for _, m := range c.Messages {
		for _, keyword := range keywords {
			if holds([]rune(m.Text), []rune(keyword), words) {
				all = append(all, m.ID+" "+keyword)
			}
		}
	}
	return all
}

func holds(text, keyword []rune, words bool) bool {
	inWord := func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsNumber(r) || r == '_'
	}
	for at := 0; at+len(keyword) <= len(text); at++ {
		end := at + len(keyword)
		if !strings.EqualFold(string(text[at:end]), string(keyword)) {
			continue
		}
		cutsFront := at > 0 && inWord(text[at-1]) && inWord(text[at])
		cutsBack := end < len(text) && inWord(text[end-1]) && inWord(text[end])
		if !words || !cutsFront && !cutsBack {
			return true
		}
	}
	return false
}

func TestZeroScannerFindsNothing(t *testing.T) {
	t.Parallel()
	var s conversations.Scanner
	assert.Empty(t, found(t, &s, saying("refund")))
}
