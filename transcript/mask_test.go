package transcript_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/transcript"
)

func TestMaskAddress(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"jane.roe@example.com": "j***@example.com",
		"j@example.com":        "j***@example.com",
		"9@example.com":        "9***@example.com",
		"_jane@example.com":    "***@example.com",
		"jörg@example.com":     "j***@example.com",
		"örg@example.com":      "***@example.com",
		`"a@b"@example.com`:    "***@example.com",
		"**@example.com":       "***",
		"a*b@example.com":      "***",
		"@example.com":         "***",
		"jane":                 "***",
		"":                     "",
	} {
		assert.Equal(t, want, transcript.MaskAddress(address), address)
	}
}

// TestMaskNeverLeavesAnAddress masks random addresses, odd ones too.
func TestMaskNeverLeavesAnAddress(t *testing.T) {
	t.Parallel()
	local := rapid.OneOf(rapid.StringMatching("[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,8}"), rapid.StringMatching("[*]{1,5}"), rapid.StringN(1, 6, -1))
	domain := rapid.OneOf(rapid.StringMatching(`[a-z*]{1,3}(\.[a-z]{2,3})?`), rapid.StringN(1, 6, -1))
	rapid.Check(t, func(t *rapid.T) {
		address := local.Draw(t, "local") + "@" + domain.Draw(t, "domain")
		subject := rapid.String().Draw(t, "subject")
		given := events.TranscriptEmail{TargetEmail: address, SenderName: "From " + address, SenderEmail: address, Subject: subject + address}
		was := given
		got := transcript.MaskEmail(given)
		assert.Equal(t, was, given)
		for _, text := range []string{got.TargetEmail, got.SenderName, got.SenderEmail, got.Subject} {
			assert.NotContains(t, text, address)
			assert.Contains(t, text, "***")
		}
	})
}

func TestMaskEmailLeavesWhatIsEmpty(t *testing.T) {
	t.Parallel()
	assert.Zero(t, transcript.MaskEmail(events.TranscriptEmail{}))
}
