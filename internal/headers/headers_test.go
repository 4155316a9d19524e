package headers_test

import (
	"net/mail"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/internal/headers"
)

func TestCheckAddress(t *testing.T) {
	t.Parallel()
	for _, address := range []string{
		"care-leads@example.com", "o'brien@example.ie", "A@EXAMPLE.COM", "a@xn--exmple-cua.xn--p1ai", "#&'*+=?^_~-@example.com",
		strings.Repeat("a", headers.MaxLocalPart) + "@" + strings.Repeat("b", headers.MaxLabel) + ".com",
		"a@" + strings.Repeat("b.", 124) + "cdef", // 254 bytes
	} {
		assert.NoError(t, headers.CheckAddress("to", address), address)
	}
	const bareLocal = "holds more than ASCII letters, digits, dots and #&'*+-=?^_~ before the @; give a bare address, without name, comment, quotes, brackets or route"
	const bareDomain = "holds more than ASCII letters, digits, dots and hyphens after the @; give a bare address, and an international domain in its xn-- form"
	const control = "holds a control character (U+000D); remove it"
	for address, want := range map[string]string{
		"":                         "is empty; give an address such as name@example.com",
		"john":                     "holds 0 @ signs; give one bare address such as name@example.com",
		"@b.com":                   "has nothing before the @; give an address such as name@example.com",
		"-x@b.com":                 "begins with a hyphen; give another address",
		"x.@b.com":                 "has a dot at an end of the part before the @, or two dots in a row; write single dots between the words",
		"<x@b.com":                 bareLocal,
		"x@b":                      "has no full domain after the @; write it with its dots, as in name@example.com",
		"x@b.com.":                 "has a dot at an end of the domain, or two dots in a row; write single dots between the words",
		"x@-b.com":                 "has a hyphen at an end of a word of its domain; remove it",
		"x@b.com>":                 bareDomain,
		"x@192.0.2.1":              "has a domain that ends in digits, like an IP address; give the name of a domain",
		"x\r\n@b.com":              control + "\nto: " + bareLocal,
		"x@b.com\r\nRCPT TO:<y>":   control + "\nto: " + bareDomain,
		beyond('x', 64) + "@b.com": "has more than 64 bytes before the @; shorten it",
		"x@" + beyond('b', 63) + ".c" + beyond('c', 63) + ".com": "has a word of more than 63 bytes between the dots of its domain; shorten it",
		"x@" + strings.Repeat("x.", 127) + "com":                 "is longer than 254 bytes; shorten it\nto: has a domain of more than 253 bytes; shorten it",
	} {
		assert.EqualError(t, headers.CheckAddress("to", address), "to: "+want, "%q", address)
	}
}

// beyond is one letter more than n.
func beyond(letter rune, n int) string { return strings.Repeat(string(letter), n+1) }

func TestCheckSenderName(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"Sender X", "Doe, John", "Care (EMEA)", "株式会社", "🏴\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067\U000E007F", strings.Repeat("x", headers.MaxSenderName)} {
		assert.NoError(t, headers.CheckSenderName("from.name", name), name)
	}
	const ends = `holds one of <>"\@ or what looks like it, which can end or fake an address; remove it`
	for name, want := range map[string]string{
		"":                        "is empty; give the name that recipients shall see",
		"\u200b\u3164":            "is empty; give the name that recipients shall see",
		"x <a@b.com>":             ends,
		"a\uFF20b":                ends,
		"x\ny":                    "holds a control character (U+000A); remove it",
		"x\u2028y":                "holds a line or paragraph separator (U+2028); remove it",
		"x\u202ey":                "holds a bidirectional control (U+202E); remove it",
		"x\xff":                   "is not valid UTF-8; remove the broken bytes",
		"=?utf-8?q?x?=":           "holds an encoded word (=?…?…?…?=); write the text itself",
		beyond('x', 255):          "is longer than 255 bytes; shorten it",
		beyond('x', 255) + "\x00": "holds a control character (U+0000); remove it\nfrom.name: is longer than 255 bytes; shorten it",
	} {
		assert.EqualError(t, headers.CheckSenderName("from.name", name), "from.name: "+want, "%q", name)
	}
}

func TestCheckSubject(t *testing.T) {
	t.Parallel()
	for _, subject := range []string{"Low rating (3) for John Doe", `a <b> @ c, "d" \ e`, " padded ", strings.Repeat("x", headers.MaxSubject)} {
		assert.NoError(t, headers.CheckSubject("subject", subject), subject)
	}
	for subject, want := range map[string]string{
		" ":              "is empty; give the text that recipients shall see",
		"x\r\nBcc: y":    "holds a control character (U+000D); remove it",
		beyond('x', 998): "is longer than 998 bytes; shorten it",
	} {
		assert.EqualError(t, headers.CheckSubject("subject", subject), "subject: "+want, "%q", subject)
	}
}

func TestProblem(t *testing.T) {
	t.Parallel()
	assert.EqualError(t, headers.Problem("to[3]", "names %d of %d", 2, 1), "to[3]: names 2 of 1")
}

// Whatever passes, a reader of mail takes for what it is.
func FuzzChecks(f *testing.F) {
	f.Add("a@example.com", "Doe, John", "Low rating")
	f.Add("a@example.com\r\nRCPT TO:<b@example.org>", "x\" <a@b.c>, \"", "x\r\nBcc: y@example.org")
	f.Add("a@b.com,c@d.com", "=?utf-8?q?x?=", "\u2028")
	f.Fuzz(func(t *testing.T, address, name, subject string) {
		if headers.CheckAddress("address", address) == nil {
			parsed, err := mail.ParseAddress(address)
			require.NoError(t, err)
			assert.Equal(t, mail.Address{Address: address}, *parsed)
			assert.LessOrEqual(t, len(address), headers.MaxAddress)
		}
		if headers.CheckSenderName("name", name) == nil {
			parsed, err := mail.ParseAddress(`"` + name + `" <a@example.com>`)
			require.NoError(t, err)
			assert.Equal(t, mail.Address{Name: name, Address: "a@example.com"}, *parsed)
		}
		if headers.CheckSubject("subject", subject) == nil {
			assert.False(t, strings.ContainsAny(subject, "\r\n\x00\u2028\u2029"))
		}
	})
}

// Each limit of an address, at it and one beyond.
func TestLimitsOfAddresses(t *testing.T) {
	t.Parallel()
	label := strings.Repeat("b", headers.MaxLabel)
	domain := label + "." + label + "." + label + "."
	longest := "a@" + domain + strings.Repeat("c", headers.MaxAddress-len("a@"+domain))
	require.NoError(t, headers.CheckAddress("to", longest))
	require.EqualError(t, headers.CheckAddress("to", "a"+longest), "to: is longer than 254 bytes; shorten it")
	require.NoError(t, headers.CheckAddress("to", "a@"+label+".example"))
	require.EqualError(t, headers.CheckAddress("to", "a@b"+label+".example"),
		"to: has a word of more than 63 bytes between the dots of its domain; shorten it")
	atLimit := domain + strings.Repeat("c", headers.MaxDomain-len(domain))
	require.EqualError(t, headers.CheckAddress("to", "a@"+atLimit), "to: is longer than 254 bytes; shorten it")
	require.EqualError(t, headers.CheckAddress("to", "a@c"+atLimit),
		"to: is longer than 254 bytes; shorten it\nto: has a domain of more than 253 bytes; shorten it")
}
