package transcript

import (
	"fmt"
	"maps"
	"mime"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/internal/headers"
)

// The limits and marks that the tests go to and beyond.
const (
	maxLocalPart         = headers.MaxLocalPart
	maxLabel             = headers.MaxLabel
	maxSenderName        = headers.MaxSenderName
	maxSubject           = headers.MaxSubject
	senderNameMarks      = headers.SenderNameMarks
	senderNameLookalikes = headers.SenderNameLookalikes
)

func TestSoundEmails(t *testing.T) {
	t.Parallel()
	sound := map[string][]string{
		"address": {
			"care-leads@example.com", "o'brien@example.ie", "john.doe+survey@sub.example.co.uk", "a@b.cd", "+4930123456@fax.example.com",
			"SRS0=abc=de=example.org=bob@example.com", "_x_@example.com", "123@4.example", "a@xn--exmple-cua.xn--p1ai", "A@EXAMPLE.COM", "a@1.2.3x",
			"a-@example.com", "#&'*+=?^_~-@example.com",
			strings.Repeat("a", maxLocalPart) + "@" + strings.Repeat("b", maxLabel) + ".com",
			"a@" + strings.Repeat("b.", 124) + "cdef", // 254 bytes
		},
		fieldSenderName: {
			"Sender X", "Doe, John", "Jörg Müller-Lüdenscheidt", "Care (EMEA)", "Team: Care; Leads", "O'Brien", "株式会社", "עזרה", "Care 👩🏽‍💻", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "[Care]",
			"x", "100% Care!", "a=?b", "José\u0301", strings.Repeat("x", maxSenderName),
		},
		fieldSubject: {
			"Low rating (3) for John Doe", "a <b> @ c, \"d\" \\ e", "Réponse: très déçu 😡", "Bcc: a plain word here", "1 < 2, 3 > 2", "Why? =? Because ?=", "!",
			"👩🏽‍💻", "\u200fשלום", " padded ", strings.Repeat("x", maxSubject),
		},
	}
	for _, field := range emailFields {
		values := sound[field]
		if values == nil {
			values = sound["address"]
		}
		for _, value := range values {
			assert.NoError(t, checkEmail(with(field, value)), "%s: %q", field, value)
			assert.NoError(t, inserted(field, "", value, ""), "%s: %q", field, value)
		}
	}
}

func TestCheckEmailReportsEverything(t *testing.T) {
	t.Parallel()
	err := checkEmail(events.TranscriptEmail{
		TargetEmail: "-a@exa_mple.com\x00",
		SenderName:  "\"x\"\r\n\u202e\u2028=?utf-8?q?x?=\xff" + strings.Repeat("x", maxSenderName),
		SenderEmail: "",
		Subject:     " ",
	})
	require.Error(t, err)
	assert.Equal(t, []string{
		`targetEmail: holds a control character (U+0000); remove it`,
		`targetEmail: begins with a hyphen; give another address`,
		`targetEmail: holds more than ASCII letters, digits, dots and hyphens after the @; give a bare address, and an international domain in its xn-- form`,
		`senderName: is not valid UTF-8; remove the broken bytes`,
		`senderName: holds a control character (U+000D); remove it`,
		`senderName: holds a line or paragraph separator (U+2028); remove it`,
		`senderName: holds a bidirectional control (U+202E); remove it`,
		`senderName: holds an encoded word (=?…?…?…?=); write the text itself`,
		`senderName: holds one of <>"\@ or what looks like it, which can end or fake an address; remove it`,
		`senderName: is longer than 255 bytes; shorten it`,
		`senderEmail: is empty; give an address such as name@example.com`,
		`subject: is empty; give the text that recipients shall see`,
	}, strings.Split(err.Error(), "\n"))
}

func TestCheckAddressSaysWhatToDo(t *testing.T) {
	t.Parallel()
	const bareLocal = "holds more than ASCII letters, digits, dots and #&'*+-=?^_~ before the @; give a bare address, without name, comment, quotes, brackets or route"
	const bareDomain = "holds more than ASCII letters, digits, dots and hyphens after the @; give a bare address, and an international domain in its xn-- form"
	for address, want := range map[string]string{
		"john":                        "holds 0 @ signs; give one bare address such as name@example.com",
		"a@b.com,c@d.com":             "holds 2 @ signs; give one bare address such as name@example.com",
		"@b.com":                      "has nothing before the @; give an address such as name@example.com",
		"-x@b.com":                    "begins with a hyphen; give another address",
		".x@b.com":                    "has a dot at an end of the part before the @, or two dots in a row; write single dots between the words",
		"John <x@b.com":               bareLocal,
		"x%y@b.com":                   bareLocal,
		"x@b":                         "has no full domain after the @; write it with its dots, as in name@example.com",
		"x@b..com":                    "has a dot at an end of the domain, or two dots in a row; write single dots between the words",
		"x@b-.com":                    "has a hyphen at an end of a word of its domain; remove it",
		"x@[192.0.2.1]":               bareDomain,
		"x@192.0.2.1":                 "has a domain that ends in digits, like an IP address; give the name of a domain",
		"x@" + repeat(64) + ".com":    "has a word of more than 63 bytes between the dots of its domain; shorten it",
		repeat(65) + "@b.com":         "has more than 64 bytes before the @; shorten it",
		"=?utf-8?q?x?=@example.com":   "holds an encoded word (=?…?…?…?=); write the text itself",
		repeat(200) + repeat(55):      "is longer than 254 bytes; shorten it\nf: holds 0 @ signs; give one bare address such as name@example.com",
		"x@" + repeatWords(127):       "is longer than 254 bytes; shorten it\nf: has a domain of more than 253 bytes; shorten it",
		repeat(64) + "@" + words190(): "is longer than 254 bytes; shorten it",
	} {
		assert.EqualError(t, checkAddress("f", address), "f: "+want, "%q", address)
	}
}

func TestCheckSubjectLength(t *testing.T) {
	t.Parallel()
	assert.NoError(t, checkSubject(repeat(998)))
	assert.EqualError(t, checkSubject(repeat(999)), "subject: is longer than 998 bytes; shorten it")
	assert.EqualError(t, checkSubject(repeat(997)+"ö"), "subject: is longer than 998 bytes; shorten it")
}

func repeat(n int) string      { return strings.Repeat("x", n) }
func repeatWords(n int) string { return strings.Repeat("x.", n) + "com" }
func words190() string         { return strings.Repeat("x.", 93) + "comm" }

func TestAllowedDomain(t *testing.T) {
	t.Parallel()
	domains := []string{"example.com", "Care.Example.ORG", "", "@at.example", "*.wild.example", "localhost", ".dot.example"}
	for _, address := range []string{"a@example.com", "a@EXAMPLE.com", "a@care.example.org"} {
		assert.True(t, allowedDomain(address, domains), address)
	}
	for _, address := range []string{
		"", "example.com", "a@", "a@example.org", "a@sub.example.com", "a@notexample.com", "a@example.com.evil.org", "a@example.com.",
		"a@evil.org@example.com", "a@example.com@evil.org", "<a@example.com>", "a@localhost", "a@at.example", "a@x.wild.example", "a@*.wild.example",
		"a@dot.example", "a@x.dot.example", "a@example.com\n", "a%evil.org@example.com", "a@e\u212Bxample.com", " a@example.com",
	} {
		assert.False(t, allowedDomain(address, domains), address)
	}
	assert.False(t, allowedDomain("a@ban\u212A.com", []string{"bank.com"}), "the Kelvin sign is not a k")
	assert.False(t, allowedDomain("a@example.com", nil))
}

func TestJoin(t *testing.T) {
	t.Parallel()
	a, b := soundEmail(), with(fieldSubject, "another")
	upper := with(fieldTargetEmail, "CARE-LEADS@example.com")
	for _, c := range []struct {
		lists [][]events.TranscriptEmail
		want  []events.TranscriptEmail
	}{
		{nil, []events.TranscriptEmail{}},
		{[][]events.TranscriptEmail{nil, {}}, []events.TranscriptEmail{}},
		{[][]events.TranscriptEmail{{b, a, b}, nil, {a, upper}}, []events.TranscriptEmail{b, a, upper}},
	} {
		got := Join(c.lists...)
		assert.NotNil(t, got)
		assert.Equal(t, c.want, got)
	}
	for _, field := range emailFields {
		assert.Len(t, Join([]events.TranscriptEmail{a}, []events.TranscriptEmail{with(field, "other"), a}), 2, "alike but for %s", field)
	}
}

func TestJoinLeavesItsInputAlone(t *testing.T) {
	t.Parallel()
	list := []events.TranscriptEmail{soundEmail(), soundEmail()}
	joined := Join(list)
	joined[0].Subject = "changed"
	assert.Equal(t, []events.TranscriptEmail{soundEmail(), soundEmail()}, list)
}

func ExampleJoin() {
	leads := events.TranscriptEmail{TargetEmail: "leads@example.com", SenderName: "Care", SenderEmail: "no-reply@example.com", Subject: "Low rating"}
	audit := events.TranscriptEmail{TargetEmail: "audit@example.com", SenderName: "Care", SenderEmail: "no-reply@example.com", Subject: "Low rating"}
	for _, email := range Join([]events.TranscriptEmail{leads, audit}, []events.TranscriptEmail{leads}) {
		fmt.Println(email.TargetEmail)
	}
	// Output:
	// leads@example.com
	// audit@example.com
}

// A name that reads alike with and without quotes.
var plainName = regexp.MustCompile(`^[\pL\pN]+( [\pL\pN]+)*$`)

// Whatever passes checkEmail must come out of a real message as it went in:
// the same four values, one address a header, and no header more, however
// carelessly the message is put together.
func FuzzCheckEmail(f *testing.F) {
	sound := soundEmail()
	f.Add(sound.TargetEmail, sound.SenderName, sound.SenderEmail, sound.Subject)
	for _, name := range []string{"Doe, John", "Jörg Müller", "Care (EMEA)", "a:;, b", "a:b", "👩🏽‍💻", "a (", "x.", " . ", "a=?b", "\u00a0x", strings.Repeat("ö", 120)} {
		f.Add("a@example.com", name, "o'brien+x@sub.example.org", name)
	}
	for _, subject := range []string{"a <b@c.d>, \"e\"", "x\nBcc: a@b.cd", "=?utf-8?q?x?=", "=?x?=", "=?utf-8?q?x ?=", "=??q??=", " x ", ": x", "\u2028"} {
		f.Add("#&'*+-=?^_~@1.ab", "x", "a@b.cd", subject)
	}
	f.Fuzz(func(t *testing.T, target, name, sender, subject string) {
		e := events.TranscriptEmail{TargetEmail: target, SenderName: name, SenderEmail: sender, Subject: subject}
		if err := checkEmail(e); err != nil {
			return
		}
		var words mime.WordDecoder

		careful := sent(t, (&mail.Address{Name: name, Address: sender}).String(), target, mime.QEncoding.Encode("utf-8", subject))
		from, err := careful.AddressList("From")
		require.NoError(t, err)
		assert.Equal(t, []*mail.Address{{Name: name, Address: sender}}, from)

		naive := sent(t, name+" <"+sender+">", target, subject)
		from, err = naive.AddressList("From")
		if plainName.MatchString(name) {
			require.NoError(t, err)
			assert.Equal(t, name, from[0].Name)
		}
		if err == nil {
			require.Len(t, from, 1)
			assert.Equal(t, sender, from[0].Address)
		}

		for _, header := range []mail.Header{careful, naive} {
			to, err := header.AddressList("To")
			require.NoError(t, err)
			assert.Equal(t, []*mail.Address{{Address: target}}, to)
			got, err := words.DecodeHeader(header.Get("Subject"))
			require.NoError(t, err)
			assert.Equal(t, strings.Trim(subject, " "), strings.Trim(got, " "))
		}
		assert.True(t, allowedDomain(target, []string{target[strings.LastIndex(target, "@")+1:]}))
	})
}

// sent puts a message together, wants to read the same headers from it that
// went in, and returns them.
func sent(t *testing.T, from, to, subject string) mail.Header {
	t.Helper()
	message, err := mail.ReadMessage(strings.NewReader("From: " + from + "\r\nTo: " + to + "\r\nSubject: " + subject + "\r\n\r\nbody"))
	require.NoError(t, err)
	assert.Equal(t, []string{"From", "Subject", "To"}, slices.Sorted(maps.Keys(message.Header)))
	for name, values := range message.Header {
		assert.Len(t, values, 1, name)
	}
	body := make([]byte, 8)
	n, _ := message.Body.Read(body)
	assert.Equal(t, "body", string(body[:n]))
	return message.Header
}
