package transcript

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/internal/headers"
)

// randomText is a text of pieces of which some matter to a check.
func randomText(random *rand.Rand) (text string) {
	pieces := []string{
		"a", "Z", "0", " ", "word", "=", "?", "=?", "~", "!", "<", ">", `"`, `\`, "@", "a@example.com", ":", "Bcc:", "\n", "\r", "\t", "\x7f", "\x00",
		"é", "\u00a0", "\u2028", "\u202e", "\u200b", "\u3164", "\uff20", "\xff", "=?utf-8?q?x?=",
	}
	tame := random.IntN(2) == 0
	for range random.IntN(7) {
		if tame {
			text += pieces[random.IntN(10)]
		} else {
			text += pieces[random.IntN(len(pieces))]
		}
	}
	if random.IntN(20) == 0 {
		for len(text) > 0 && len(text) < headers.MaxSubject-random.IntN(10) {
			text += text
		}
		text = text[:min(len(text), headers.MaxSubject+2-random.IntN(4))]
	}
	return text
}

// TestPlainTextsPassAsAllOthersDo holds the short ways to the long ones.
func TestPlainTextsPassAsAllOthersDo(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	ways := map[bool]int{}
	for range 10_000 {
		text := randomText(random)
		ways[plain(text)]++
		require.Equal(t, headers.CheckSubject(fieldSubject, text), checkSubject(text), "%q", text)
		require.Equal(t, headers.CheckSenderName(fieldSenderName, text), checkSenderName(text), "%q", text)
		for _, field := range emailFields {
			want, wrong := fitText(field, text)
			got, err := insertText(field, text)
			require.Equal(t, wrong, err, "%s %q", field, text)
			require.Equal(t, want, got, "%s %q", field, text)
		}
	}
	assert.Greater(t, ways[true], 1000)
	assert.Greater(t, ways[false], 1000)
	for _, long := range []struct {
		max   int
		check func(string) error
	}{{headers.MaxSubject, checkSubject}, {headers.MaxSenderName, checkSenderName}} {
		text := make([]byte, long.max+1)
		for i := range text {
			text[i] = 'a'
		}
		assert.NoError(t, long.check(string(text[1:])))
		assert.Error(t, long.check(string(text)))
	}
}

func TestJoinKeepsTheFirstOfAnyNumber(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 4))
	for n := range 4 * fewEmails {
		lists := make([][]events.TranscriptEmail, 3)
		want := []events.TranscriptEmail{}
		seen := map[string]bool{}
		for i := range lists {
			for range n / 3 {
				made := events.TranscriptEmail{TargetEmail: string(rune('a' + random.IntN(n+1)))}
				lists[i] = append(lists[i], made)
				if !seen[made.TargetEmail] {
					seen[made.TargetEmail] = true
					want = append(want, made)
				}
			}
		}
		before := append([]events.TranscriptEmail{}, lists[0]...)
		got := Join(lists...)
		require.Equal(t, want, got)
		if len(got) > 0 {
			got[0].Subject = "changed"
		}
		require.Equal(t, before, append([]events.TranscriptEmail{}, lists[0]...), "the lists stay as they are")
	}
}
