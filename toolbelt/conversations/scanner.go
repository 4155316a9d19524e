package conversations

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// How much a Scanner takes.
const (
	// MaxKeywords is how many keywords a scanner has at most.
	MaxKeywords = 500
	// MaxKeyword is how long a keyword is at most, in characters.
	MaxKeyword = 200
	// MaxMessages is how many messages a conversation has at most.
	MaxMessages = 10_000
	// MaxText is how much text its messages have together at most, in bytes.
	MaxText = 1 << 20
	// MaxHits is how many hits there are in one conversation at most.
	MaxHits = 100_000
)

// tagPrefix begins the tag of a hit. The functions platform has the same.
const tagPrefix = "keywordRef:"

// A Hit is a keyword in a message. It quotes what somebody said.
type Hit struct {
	// MessageID is the ID of the message.
	MessageID string
	// Message is the whole text of the message.
	Message string
	// Sent is when it was sent.
	Sent time.Time
	// By is who sent it.
	By string
	// Tag is keywordRef: and the keyword, as it was given to the scanner.
	Tag string
}

// A Scanner finds keywords in conversations. NewScanner or NewWordScanner
// makes one; the zero Scanner finds nothing. It never changes, and may be used
// by several goroutines at once.
type Scanner struct {
	keywords []keyword
	words    bool // whole words alone
}

type keyword struct {
	folded string
	tag    string
	// opens and closes tell whether it begins and ends within a word.
	opens, closes bool
}

// NewScanner makes a scanner that finds keywords anywhere in a text, also
// within words: "fund" is in "refunded".
//
// A keyword is any text, of several words if need be. The error has a line for
// each that is empty, too long, not valid UTF-8, has white space at an end, or
// is there twice but for case; it counts keywords from 1.
func NewScanner(keywords ...string) (*Scanner, error) { return newScanner(false, keywords) }

// NewWordScanner makes a scanner that finds whole words: no letter, digit,
// combining mark or underscore comes right before or after. "fund" is in
// "the fund's manager", and not in "refunded". Signs need no distance: "c++" is
// in "c++17". Where languages put no space between words, use NewScanner.
//
// Keywords and errors are those of NewScanner.
func NewWordScanner(keywords ...string) (*Scanner, error) { return newScanner(true, keywords) }

func newScanner(words bool, keywords []string) (*Scanner, error) {
	if len(keywords) == 0 {
		return nil, errors.New("keywords: there are none; give at least one")
	}
	if len(keywords) > MaxKeywords {
		return nil, fmt.Errorf("keywords: there are %d, of at most %d; leave some out", len(keywords), MaxKeywords)
	}
	s := &Scanner{words: words}
	first := map[string]int{} // the place of each folded keyword
	var problems []error
	for i, text := range keywords {
		place, folded := i+1, fold(text)
		problems = append(problems, keywordProblem(place, text))
		if before, ok := first[folded]; ok && text != "" {
			problems = append(problems, fmt.Errorf("keyword %d: is the same as keyword %d; remove one", place, before))
		} else {
			first[folded] = place
		}
		opens, _ := utf8.DecodeRuneInString(folded)
		closes, _ := utf8.DecodeLastRuneInString(folded)
		s.keywords = append(s.keywords, keyword{
			folded: folded, tag: tagPrefix + text,
			opens: isWordRune(opens), closes: isWordRune(closes),
		})
	}
	if err := errors.Join(problems...); err != nil {
		return nil, err
	}
	return s, nil
}

// keywordProblem tells what keeps a text from being a keyword.
func keywordProblem(place int, text string) error {
	switch {
	case text == "":
		return fmt.Errorf("keyword %d: is empty; give a text to look for", place)
	case !utf8.ValidString(text):
		return fmt.Errorf("keyword %d: is not valid UTF-8; remove the broken bytes", place)
	case utf8.RuneCountInString(text) > MaxKeyword:
		return fmt.Errorf("keyword %d: has more than %d characters; shorten it", place, MaxKeyword)
	case strings.TrimFunc(text, unicode.IsSpace) != text:
		return fmt.Errorf("keyword %d: has white space at an end; remove it, and use NewWordScanner to find whole words", place)
	}
	return nil
}

// Scan finds the keywords in a conversation. The hits are in the order of
// messages, and within a message in the order of keywords. A message that holds
// a keyword several times is one hit of it. Broken UTF-8 in a message hides
// nothing around it.
//
// The error says which of MaxMessages, MaxText and MaxHits was too little;
// there are no hits then.
func (s *Scanner) Scan(c Conversation) ([]Hit, error) {
	if err := checkSize(c); err != nil {
		return nil, err
	}
	var hits []Hit
	for _, m := range c.Messages {
		text := fold(m.Text)
		for _, k := range s.keywords {
			if !s.holds(text, k) {
				continue
			}
			if len(hits) == MaxHits {
				return nil, fmt.Errorf("conversation %.80q: has more than %d hits; scan for fewer keywords, or a part of the messages", c.ID, MaxHits)
			}
			hits = append(hits, Hit{MessageID: m.ID, Message: m.Text, Sent: m.Sent, By: m.By, Tag: k.tag})
		}
	}
	return hits, nil
}

// checkSize tells whether a conversation can be scanned.
func checkSize(c Conversation) error {
	if len(c.Messages) > MaxMessages {
		return fmt.Errorf("conversation %.80q: has %d messages, of at most %d; scan a part of them", c.ID, len(c.Messages), MaxMessages)
	}
	size := 0
	for _, m := range c.Messages {
		size += len(m.Text)
	}
	if size > MaxText {
		return fmt.Errorf("conversation %.80q: has %d bytes of text, of at most %d; scan a part of the messages", c.ID, size, MaxText)
	}
	return nil
}

// holds tells whether a folded text holds a keyword.
func (s *Scanner) holds(text string, k keyword) bool {
	if !s.words {
		return strings.Contains(text, k.folded)
	}
	for from := 0; ; {
		i := strings.Index(text[from:], k.folded)
		if i < 0 {
			return false
		}
		at := from + i
		before, _ := utf8.DecodeLastRuneInString(text[:at])
		after, _ := utf8.DecodeRuneInString(text[at+len(k.folded):])
		cut := k.opens && at > 0 && isWordRune(before)
		if !cut && !(k.closes && isWordRune(after)) {
			return true
		}
		_, size := utf8.DecodeRuneInString(text[at:])
		from = at + size
		if k.opens { // it can only begin where a word begins
			from = nextWord(text, from)
		}
	}
}

// nextWord gives where the word that is under way at a place of a text, or
// ended right before it, is over.
func nextWord(text string, from int) int {
	if i := strings.IndexFunc(text[from:], func(r rune) bool { return !isWordRune(r) }); i >= 0 {
		return from + i
	}
	return len(text)
}
