package transcript

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/afterword-go/afterword/events"
)

// The fields of an e-mail, by their names in rule files and in errors.
const (
	fieldTargetEmail = "targetEmail"
	fieldSenderName  = "senderName"
	fieldSenderEmail = "senderEmail"
	fieldSubject     = "subject"
)

// The longest of each, in bytes.
const (
	maxAddress    = 254 // RFC 5321, 4.5.3.1.3: a path is 256, angle brackets included
	maxLocalPart  = 64  // RFC 5321, 4.5.3.1.1
	maxDomain     = 253 // RFC 1035, 2.3.4: 255 on the wire, so 253 when written with dots
	maxLabel      = 63  // RFC 1035, 2.3.4
	maxSenderName = 255 // no standard sets one; what mail programs and address books hold
	maxSubject    = 998 // RFC 5322, 2.1.1: the longest line of a message
)

// localPartMarks may stand in a local part beside letters, digits and single
// dots. The dot-atom of RFC 5322 (3.2.3) has more: % and ! route through other
// hosts, | and / deliver to programs and files, and ` $ { } are expanded by
// shells and by some mail servers.
const localPartMarks = "#&'*+-=?^_~"

// senderNameMarks are refused in a sender name. Where a name is put before its
// address without quotes,
//
//   - < and > begin and end an address of their own,
//   - " opens a quoted text that swallows the address,
//   - \ takes away the quote that a more careful program adds at the end,
//   - @ shows a second address, to a parser or to the reader, and so do its
//     lookalikes.
//
// The comma, colon, semicolon and round brackets stay, for "Doe, John" and
// "Care (EMEA)" are names. Without quotes they can make a header that a parser
// refuses, but without an @ they never make another address.
const senderNameMarks = `<>"\@`

// senderNameLookalikes look like one of them: the wide and the small forms.
const senderNameLookalikes = "\uFF20\uFE6B\uFF1C\uFF1E\uFE64\uFE65"

var (
	// RFC 2047 has neither white space nor a question mark in an encoded
	// word; lenient decoders take both.
	encodedWord = regexp.MustCompile(`=\?[^?]*\?[^?]*\?.*\?=`)

	whiteSpace = regexp.MustCompile(`(?:\r\n|[\n\t\p{Zs}])+`)

	// headerLine finds a line that begins like a header, or like an envelope
	// command of SMTP. Words that people begin lines with and that move no
	// mail, such as date and comments, are not among them.
	headerLine = regexp.MustCompile(`(?i)[\r\n][\s\p{Zs}]*(?:` +
		`(?:resent-)?(?:to|cc|bcc|from|sender|reply-to|message-id)|subject|` +
		`(?:apparently|delivered|errors|return-receipt|disposition-notification|in-reply)-to|` +
		`return-path|received|references|mime-version|authentication-results|` +
		`(?:content|x|arc|dkim)-[!-9;-~]+|` +
		`rcpt[\s\p{Zs}]+to|mail[\s\p{Zs}]+from` +
		`)[\s\p{Zs}]*:`)
)

// checkEmail reports everything that is wrong with an e-mail, one problem a
// line, by the names of its fields and never by their values. It returns nil
// for an e-mail that may be sent.
func checkEmail(e events.TranscriptEmail) error {
	return errors.Join(
		checkAddress(fieldTargetEmail, e.TargetEmail),
		checkSenderName(e.SenderName),
		checkAddress(fieldSenderEmail, e.SenderEmail),
		checkSubject(e.Subject),
	)
}

// checkAddress reports what keeps a text from being a bare address in ASCII,
// such as name@example.com: a local part of letters, digits, localPartMarks
// and single dots, and a domain of at least two labels.
func checkAddress(field, address string) error {
	if address == "" {
		return problem(field, "is empty; give an address such as name@example.com")
	}
	all := textProblems(field, address)
	if len(address) > maxAddress {
		all = append(all, tooLong(field, maxAddress))
	}
	local, domain, _ := strings.Cut(address, "@")
	if n := strings.Count(address, "@"); n != 1 {
		all = append(all, problem(field, "holds %d @ signs; give one bare address such as name@example.com", n))
	} else {
		all = append(all, localPartProblem(field, local), domainProblem(field, domain))
	}
	return errors.Join(all...)
}

func localPartProblem(field, local string) error {
	switch {
	case local == "":
		return problem(field, "has nothing before the @; give an address such as name@example.com")
	case len(local) > maxLocalPart:
		return problem(field, "has more than %d bytes before the @; shorten it", maxLocalPart)
	case strings.HasPrefix(local, "-"):
		// A mail program called with the address would read an option.
		return problem(field, "begins with a hyphen; give another address")
	}
	for atom := range strings.SplitSeq(local, ".") {
		if atom == "" {
			return problem(field, "has a dot at an end of the part before the @, or two dots in a row; write single dots between the words")
		}
		for _, r := range atom {
			if !isLetterOrDigit(r) && !strings.ContainsRune(localPartMarks, r) {
				return problem(field, "holds more than ASCII letters, digits, dots and %s before the @; "+
					"give a bare address, without name, comment, quotes, brackets or route", localPartMarks)
			}
		}
	}
	return nil
}

func domainProblem(field, domain string) error {
	if len(domain) > maxDomain {
		return problem(field, "has a domain of more than %d bytes; shorten it", maxDomain)
	}
	labels := strings.Split(domain, ".")
	if len(labels) < 2 {
		return problem(field, "has no full domain after the @; write it with its dots, as in name@example.com")
	}
	for _, label := range labels {
		switch {
		case label == "":
			return problem(field, "has a dot at an end of the domain, or two dots in a row; write single dots between the words")
		case len(label) > maxLabel:
			return problem(field, "has a word of more than %d bytes between the dots of its domain; shorten it", maxLabel)
		case label[0] == '-' || label[len(label)-1] == '-':
			return problem(field, "has a hyphen at an end of a word of its domain; remove it")
		case strings.ContainsFunc(label, func(r rune) bool { return !isLetterOrDigit(r) && r != '-' }):
			return problem(field, "holds more than ASCII letters, digits, dots and hyphens after the @; "+
				"give a bare address, and an international domain in its xn-- form")
		}
	}
	if strings.Trim(labels[len(labels)-1], "0123456789") == "" {
		return problem(field, "has a domain that ends in digits, like an IP address; give the name of a domain")
	}
	return nil
}

// checkSenderName reports what keeps a text from being the display name of a
// sender.
func checkSenderName(name string) error {
	if isBlank(name) {
		return problem(fieldSenderName, "is empty; give the name that recipients shall see")
	}
	all := textProblems(fieldSenderName, name)
	if strings.ContainsAny(name, senderNameMarks+senderNameLookalikes) {
		all = append(all, problem(fieldSenderName, "holds one of %s or what looks like it, which can end or fake an address; remove it", senderNameMarks))
	}
	if len(name) > maxSenderName {
		all = append(all, tooLong(fieldSenderName, maxSenderName))
	}
	return errors.Join(all...)
}

// checkSubject reports what keeps a text from being a subject. It may be as
// long as a line of a message, so a program that sends it folds the header.
func checkSubject(subject string) error {
	if isBlank(subject) {
		return problem(fieldSubject, "is empty; give the text that recipients shall see")
	}
	all := textProblems(fieldSubject, subject)
	if len(subject) > maxSubject {
		all = append(all, tooLong(fieldSubject, maxSubject))
	}
	return errors.Join(all...)
}

// insertText is what a value of a payload goes through before it becomes part
// of a field. It makes what people write fit the field, and refuses what only
// an attack writes:
//
//   - in a subject, line breaks (LF, CRLF) and runs of white space become one
//     space, but a line that begins like a mail header is an error, although
//     folding would defuse it;
//   - in a sender name, runs of white space become one space, and a line break
//     is an error;
//   - in an address, white space of any kind is an error;
//   - everywhere, so are the other control characters (a CR alone is one), and
//     the rest of what textProblems reports.
//
// The text must come as it is in the payload: once somebody has folded its
// line breaks, their misuse cannot be seen. The field that results has still
// to pass checkEmail. What insertText returns, it returns unchanged when given
// again.
func insertText(field, text string) (string, error) {
	var all []error
	switch field {
	case fieldSubject:
		if headerLine.MatchString(text) {
			all = append(all, problem(field, "would take in a text with a line that begins like a mail header; insert another value"))
		}
		text = whiteSpace.ReplaceAllString(text, " ")
	case fieldSenderName:
		if strings.ContainsAny(text, "\r\n") {
			all = append(all, problem(field, "would take in a text with a line break; insert another value"))
		}
		text = whiteSpace.ReplaceAllString(text, " ")
	default:
		if whiteSpace.MatchString(text) {
			all = append(all, problem(field, "would take in a text with white space; insert another value"))
		}
	}
	if err := errors.Join(append(all, textProblems(field, text)...)...); err != nil {
		return "", err
	}
	return text, nil
}

// textProblems reports what no field may hold, because it ends a header, hides
// or reorders what a reader sees, or is decoded to something else on arrival.
func textProblems(field, text string) []error {
	var all []error
	if !utf8.ValidString(text) {
		all = append(all, problem(field, "is not valid UTF-8; remove the broken bytes"))
	}
	for _, kind := range []struct {
		name string
		is   func(rune) bool
	}{
		{"a control character", unicode.IsControl},
		{"a line or paragraph separator", func(r rune) bool { return r == '\u2028' || r == '\u2029' }},
		{"a bidirectional control", func(r rune) bool {
			return r >= '\u202A' && r <= '\u202E' || r >= '\u2066' && r <= '\u2069'
		}},
	} {
		if i := strings.IndexFunc(text, kind.is); i >= 0 {
			r, _ := utf8.DecodeRuneInString(text[i:])
			all = append(all, problem(field, "holds %s (%U); remove it", kind.name, r))
		}
	}
	if encodedWord.MatchString(text) {
		all = append(all, problem(field, "holds an encoded word (=?…?…?…?=); write the text itself"))
	}
	return all
}

// fillers are letters and symbols that show nothing: those of Hangul, and the
// empty Braille pattern.
const fillers = "\u115F\u1160\u3164\uFFA0\u2800"

// isBlank says whether a text shows nothing: it is empty, or white space and
// characters without a shape of their own, such as a zero width space.
func isBlank(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool {
		return !unicode.IsSpace(r) && !unicode.Is(unicode.Cf, r) && !strings.ContainsRune(fillers, r)
	})
}

func isLetterOrDigit(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
}

func tooLong(field string, limit int) error {
	return problem(field, "is longer than %d bytes; shorten it", limit)
}

func problem(field, format string, args ...any) error {
	return errors.New(field + ": " + fmt.Sprintf(format, args...))
}

// allowedDomain says whether the domain of an address is exactly one of
// domains, in any case of its letters. A subdomain is another domain, and an
// address that checkAddress refuses is in none.
func allowedDomain(address string, domains []string) bool {
	if checkAddress(fieldTargetEmail, address) != nil {
		return false
	}
	_, domain, _ := strings.Cut(address, "@")
	for _, allowed := range domains {
		if strings.EqualFold(domain, allowed) {
			return true
		}
	}
	return false
}

// Join puts lists of e-mails after one another, as when several functions
// decide about one survey. Of e-mails alike in all four fields, letter by
// letter, the first stays. The result is the caller's own and never nil: an
// empty list says that nothing is to be sent.
func Join(lists ...[]events.TranscriptEmail) []events.TranscriptEmail {
	joined := []events.TranscriptEmail{}
	seen := map[events.TranscriptEmail]bool{}
	for _, list := range lists {
		for _, email := range list {
			if !seen[email] {
				seen[email] = true
				joined = append(joined, email)
			}
		}
	}
	return joined
}
