package transcript

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
)

var emailFields = []string{fieldTargetEmail, fieldSenderName, fieldSenderEmail, fieldSubject}

func soundEmail() events.TranscriptEmail {
	return events.TranscriptEmail{
		TargetEmail: "care-leads@example.com",
		SenderName:  "Sender X",
		SenderEmail: "no-reply@example.com",
		Subject:     "Low rating (3) for John Doe",
	}
}

// with gives one field of a sound e-mail another value.
func with(field, value string) events.TranscriptEmail {
	e := soundEmail()
	switch field {
	case fieldTargetEmail:
		e.TargetEmail = value
	case fieldSenderName:
		e.SenderName = value
	case fieldSenderEmail:
		e.SenderEmail = value
	case fieldSubject:
		e.Subject = value
	}
	return e
}

// inserted is what happens to a value of a payload: it goes through
// insertText, then into the field between two constant texts, and the e-mail
// is checked.
func inserted(field, before, value, after string) error {
	text, err := insertText(field, value)
	if err != nil {
		return err
	}
	return checkEmail(with(field, before+text+after))
}

// around are the constant texts that a rule may have around a value.
var around = map[string][][2]string{
	fieldTargetEmail: {{"", ""}, {"lead-", "@example.com"}, {"lead@", ".example.com"}},
	fieldSenderEmail: {{"", ""}, {"lead-", "@example.com"}, {"lead@", ".example.com"}},
	fieldSenderName:  {{"", ""}, {"Care for ", " at Example"}},
	fieldSubject:     {{"", ""}, {"Low rating for ", " (1)"}},
}

// The word that every attempt carries and that no error may repeat.
const loot = "mallory"

// Attempts that no field takes, neither as a constant text nor as a value.
func attempts() []string {
	var all []string
	add := func(format string, args ...any) { all = append(all, fmt.Sprintf(format, args...)) }

	breaks := []string{
		"\n", "\r\n", "\r", "\n\n", "\r\n\r\n", "\r\r\n", "\n\r", "\n ", "\r\n\t", "\n\u00a0", "\n\f", "\n\v",
		"\u0085", "\u2028", "\u2029", "\v", "\f", "\x00\n", "\x1e",
	}
	headers := []string{
		"Bcc", "Cc", "To", "From", "Reply-To", "Sender", "Subject", "Return-Path", "Message-ID", "In-Reply-To",
		"Content-Type", "Content-Transfer-Encoding", "Content-Disposition", "MIME-Version", "X-Mailer", "X-PHP-Script",
		"Resent-To", "Resent-Bcc", "Errors-To", "Apparently-To", "Delivered-To", "Return-Receipt-To",
		"Disposition-Notification-To", "Received", "References", "DKIM-Signature", "ARC-Seal", "Authentication-Results",
		"RCPT TO", "MAIL FROM",
	}
	for _, br := range breaks {
		for _, header := range headers {
			add("Care%s%s: %s@example.net", br, header, loot)
			add("Care%s%s :%s@example.net", br, strings.ToLower(header), loot)
			add("Care%s%s\t: %s@example.net", br, strings.ToUpper(header), loot)
			add("%s%s:%s@example.net", br, header, loot)
			add("%s@example.net%s%s:", loot, br, header)
		}
	}

	places := func(bad string) {
		add("%s%s", bad, loot)
		add("%s%s", loot, bad)
		add("mal%slory %s", bad, loot)
		add("%s@example%s.net", loot, bad)
	}
	for r := rune(0); r <= 0x9F; r++ {
		// Tabs and line feeds alone are what a subject folds: see TestFolded.
		if (r < ' ' && r != '\t' && r != '\n') || r >= 0x7F {
			places(string(r))
		}
	}
	for _, r := range "\u2028\u2029\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069" {
		places(string(r))
	}
	for _, bytes := range []string{
		"\xff", "\xfe", "\x80", "\xc3", "\xc0\x8a", "\xc0\x8d", "\xe0\x80\x8a", "\xf0\x80\x80\x8a", // the last four: LF and CR, overlong
		"\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x80",
	} {
		places(bytes)
	}
	for _, charset := range []string{"utf-8", "UTF-8", "iso-8859-1", "utf-7", "utf-8*en", ""} {
		for _, encoding := range []string{"q", "Q", "b", "B", "x", ""} {
			for _, text := range []string{"mallory=0ABcc:_x", "bWFsbG9yeQ0KQmNjOiB4", "", "mallory ?", "mallory\u00a0x"} {
				places(fmt.Sprintf("=?%s?%s?%s?=", charset, encoding, text))
			}
		}
	}
	return all
}

// addressAttempts are for the two address fields alone: elsewhere most of
// them are plain text.
func addressAttempts() []string {
	const evil = loot + "@example.net"
	var all []string
	for _, separator := range []string{",", ";", ", ", "; ", " ", ",,", ":", "|", "\t", "\n", "\u3000", "\uff0c", "%2c", "%0a", "\\n", "/"} {
		all = append(all, "lead@example.com"+separator+evil, evil+separator+"lead@example.com", separator+evil, evil+separator)
	}
	for _, frame := range []string{
		"<%s>", "<%s", "%s>", "Lead <%s>", `"Lead" <%s>`, "%s (lead)", "(lead)%s", "(%s)", "leads:%s;", "@example.com:%s", "<@example.com:%s>",
		"[%s]", `"%s"`, "mailto:%s", "mailto:lead@example.com?bcc=%s", "-oX%s", "-%s", "--%s", "|%s", "`%s`", "$(%s)", "${run{%s}}", "/var/mail/%s",
		".%s", "%s.", "..%s", "%s..", "%s.-", "%s-", "\ufeff%s", "%s\u200b", "\u200d%s", "ö%s", "%sö", "%s ", " %s", "a@%s", "%s@a",
	} {
		all = append(all, strings.ReplaceAll(frame, "%s", evil))
	}
	for _, local := range []string{
		"", ".", "a.", ".a", "a..b", `"a"`, `"a b"`, `"a@b"`, `"\""`, "a b", "a,b", "a:b", "a;b", "a<b", "a>b", "a(b)c", "a[b", `a\b`, `a"b`, "a%b", "a!b", "b!a%c",
		"a|b", "a/b", "a`b", "a$b", "a{b", "a}b", "-a", "é", "а", "a\u00adb", "=?utf-8?q?a?=", strings.Repeat("a", maxLocalPart+1),
	} {
		all = append(all, local+"@"+loot+".example")
	}
	for _, domain := range []string{
		"", ".", "localhost", "com", ".com", "com.", "example..com", "-a.com", "a-.com", "a.-com", "a.com-", "a_b.com", "[192.0.2.1]", "192.0.2.1", "[IPv6:::1]",
		"example.com:25", "example.com/", "example.com?x", "example.com#x", "example.com!x", "example.com%x", "exa mple.com", "exämple.com", "example。com", "example.com>",
		"(x)example.com", "example.com(x)", "a.123", "a.b\u00adc.com", strings.Repeat("a", maxLabel+1) + ".com", strings.Repeat("a.", 125) + "aaaa",
		strings.Repeat("a.", 126) + "aa", strings.Repeat("a.", 130) + "com",
	} {
		all = append(all, loot+"@"+domain)
	}
	return append(all, "", " ", loot, "@", "@@", loot+"@@example.com", loot+"@a.com@b.com",
		strings.Repeat("a", maxLocalPart)+"@"+strings.Repeat("b.", 94)+"cc") // parts that fit, a whole that does not
}

func senderNameAttempts() []string {
	var all []string
	for _, mark := range senderNameMarks + senderNameLookalikes {
		for _, frame := range []string{"%c", "%cx", "x%c", "x%cy", "%[1]cx%[1]c", " %c "} {
			all = append(all, "x"+fmt.Sprintf(frame, mark))
		}
	}
	const evil = loot + "@example.net"
	return append(all, "Care <"+evil+">", "Care <"+evil+">,", `Care" <`+evil+`>, "`, evil, "x>, <"+evil+">", `Care\`, "a:<"+evil+">;",
		"", " ", "\t", "\u00a0", "\u3000 ", "\u200b", "\ufeff", "\u200d\u200d", strings.Repeat("x", maxSenderName+1), strings.Repeat("ö", 128))
}

func subjectAttempts() []string {
	return []string{
		"", " ", "   ", "\t", "\n", "\r\n \r\n", "\u00a0", "\u200b", "\ufeff ", "\u2060",
		strings.Repeat("x", maxSubject+1), strings.Repeat("ö", maxSubject/2+1),
	}
}

func TestAttempts(t *testing.T) {
	t.Parallel()
	for _, field := range emailFields {
		t.Run(field, func(t *testing.T) {
			t.Parallel()
			generic := attempts()
			slices.Sort(generic)
			generic = slices.Compact(generic)
			require.Greater(t, len(generic), 3500, "distinct attempts")
			for _, attempt := range generic {
				refused(t, field, attempt, checkEmail(with(field, attempt)))
				for _, texts := range around[field] {
					refused(t, field, attempt, inserted(field, texts[0], attempt, texts[1]))
					refused(t, field, attempt, checkEmail(with(field, texts[0]+attempt+texts[1])))
				}
			}
			own := map[string][]string{
				fieldTargetEmail: addressAttempts(), fieldSenderEmail: addressAttempts(),
				fieldSenderName: senderNameAttempts(), fieldSubject: subjectAttempts(),
			}[field]
			for _, attempt := range own {
				refused(t, field, attempt, checkEmail(with(field, attempt)))
				refused(t, field, attempt, inserted(field, "", attempt, ""))
			}
		})
	}
}

// refused wants an error that names the field on every line, and says nothing
// of its value.
func refused(t *testing.T, field, attempt string, err error) {
	t.Helper()
	if err == nil {
		t.Errorf("%s: no error for %q", field, attempt)
		return
	}
	for line := range strings.Lines(err.Error()) {
		if !strings.HasPrefix(line, field+": ") {
			t.Errorf("%q: error does not begin with the field: %s", attempt, line)
		}
	}
	if strings.Contains(err.Error(), loot) {
		t.Errorf("%q: error repeats the value: %s", attempt, err)
	}
	if strings.ContainsFunc(err.Error(), func(r rune) bool { return (r < ' ' || r > '~') && r != '\n' && r != '…' }) {
		t.Errorf("%q: error holds characters of the value: %q", attempt, err)
	}
}

// Values that are harmless once they are folded.
func TestFolded(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ field, value, want string }{
		{fieldSubject, "slow\nrude\r\nlate", "slow rude late"},
		{fieldSubject, "slow\n\n  rude\t\tlate \n", "slow rude late "},
		{fieldSubject, "a\u00a0\u3000b", "a b"},
		{fieldSubject, "Note: Bcc: was said", "Note: Bcc: was said"},
		{fieldSubject, "late\ntoo late: hours", "late too late: hours"},
		{fieldSubject, "I tell you\nto: nobody's surprise"[:13], "I tell you to"},
		{fieldSubject, "slow\n.\nQUIT", "slow . QUIT"},
		{fieldSubject, "Comments\nDate: today", "Comments Date: today"},
		{fieldSubject, "", ""},
		{fieldSenderName, "John \t Doe", "John Doe"},
		{fieldSenderName, "\u3000Doe, John", " Doe, John"},
		{fieldTargetEmail, "lead", "lead"},
		{fieldSenderEmail, "lead@example.com", "lead@example.com"},
	} {
		got, err := insertText(c.field, c.value)
		require.NoError(t, err, "%q", c.value)
		assert.Equal(t, c.want, got)
	}
}

// What insertText has to refuse by itself, because after folding the e-mail
// would be sound.
func TestInsertRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ field, value, want string }{
		{fieldSubject, "x\nBcc: y", "subject: would take in a text with a line that begins like a mail header; insert another value"},
		{fieldSubject, "x\r\n \r\n\tx-any-thing :", "subject: would take in a text with a line that begins like a mail header; insert another value"},
		{fieldSubject, "x\ry", "subject: holds a control character (U+000D); remove it"},
		{fieldSenderName, "John\nDoe", "senderName: would take in a text with a line break; insert another value"},
		{fieldSenderName, "John\r\nDoe", "senderName: would take in a text with a line break; insert another value"},
		{fieldTargetEmail, "a b", "targetEmail: would take in a text with white space; insert another value"},
		{fieldSenderEmail, "\u00a0", "senderEmail: would take in a text with white space; insert another value"},
	} {
		got, err := insertText(c.field, c.value)
		assert.EqualError(t, err, c.want, "%q", c.value)
		assert.Empty(t, got)
	}
}

func FuzzInsertText(f *testing.F) {
	for field := range emailFields {
		for _, seed := range []string{"John Doe", "slow\r\nrude", "a\tb", "x\nBcc: y", "\u2028", "\r", "=?utf-8?q?x?=", "\xff", "Doe,\u3000John"} {
			f.Add(field, seed)
		}
	}
	f.Fuzz(func(t *testing.T, which int, value string) {
		field := emailFields[uint(which)%uint(len(emailFields))]
		once, err := insertText(field, value)
		if err != nil {
			assert.Empty(t, once)
			return
		}
		assert.Empty(t, textProblems(field, once))
		assert.NotContains(t, once, "  ")
		twice, err := insertText(field, once)
		require.NoError(t, err)
		assert.Equal(t, once, twice)
	})
}
