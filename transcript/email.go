package transcript

import (
	"errors"
	"regexp"
	"strings"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/internal/headers"
)

// The fields of an e-mail, by their names in rule files and in errors.
const (
	fieldTargetEmail = "targetEmail"
	fieldSenderName  = "senderName"
	fieldSenderEmail = "senderEmail"
	fieldSubject     = "subject"
)

var (
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

func checkAddress(field, address string) error {
	return headers.CheckAddress(field, address)
}

func checkSenderName(name string) error {
	return headers.CheckSenderName(fieldSenderName, name)
}

func checkSubject(subject string) error {
	return headers.CheckSubject(fieldSubject, subject)
}

func textProblems(field, text string) []error {
	return headers.TextProblems(field, text)
}

func problem(field, format string, args ...any) error {
	return headers.Problem(field, format, args...)
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
