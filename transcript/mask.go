package transcript

import (
	"strings"

	"github.com/afterword-go/afterword/events"
)

// masked stands for a text that is not told.
const masked = "***"

// MaskEmail is what a log may hold of an e-mail: its addresses by MaskAddress,
// and *** for its sender's name and its subject, which may quote the survey.
// Empty texts stay empty. It changes nothing but its result.
func MaskEmail(e events.TranscriptEmail) events.TranscriptEmail {
	return events.TranscriptEmail{
		TargetEmail: MaskAddress(e.TargetEmail), SenderName: mask(e.SenderName),
		SenderEmail: MaskAddress(e.SenderEmail), Subject: mask(e.Subject),
	}
}

// MaskAddress leaves of an address its domain and the first letter or digit of
// what is before it: j***@example.com for jane.roe@example.com. Of what is no
// address like that, it leaves ***. Domains are told: where one has a domain of
// their own, that tells who they are.
func MaskAddress(address string) string {
	at := strings.LastIndexByte(address, '@')
	if at < 1 || strings.Contains(address[:at], "*") {
		return mask(address)
	}
	first := address[:1]
	if c := first[0]; (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
		first = ""
	}
	return first + masked + address[at:]
}

func mask(text string) string {
	if text == "" {
		return ""
	}
	return masked
}
