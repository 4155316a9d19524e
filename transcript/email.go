package transcript

import (
	"errors"
	"regexp"
	"slices"
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

// plain says whether a text shows something and is of printable ASCII alone,
// without what could be an encoded word. Most texts are, and no check has
// anything against their characters as such.
func plain(text string) bool {
	shows := false
	for i := range len(text) {
		c := text[i]
		if c < ' ' || c > '~' || c == '?' && i > 0 && text[i-1] == '=' {
			return false
		}
		shows = shows || c != ' '
	}
	return shows
}

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
	if plain(name) && len(name) <= headers.MaxSenderName && !strings.ContainsAny(name, headers.SenderNameMarks) {
		return nil
	}
	return headers.CheckSenderName(fieldSenderName, name)
}

func checkSubject(subject string) error {
	if plain(subject) && len(subject) <= headers.MaxSubject {
		return nil
	}
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
	gap := " " // what needs a closer look
	if field == fieldSubject || field == fieldSenderName {
		gap = "  "
	}
	if plain(text) && !strings.Contains(text, gap) {
		return text, nil
	}
	return fitText(field, text)
}

// fitText is insertText for any text.
func fitText(field, text string) (string, error) {
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
	for _, list := range lists {
		joined = append(joined, list...)
	}
	return distinct(joined)
}

// fewEmails is how many e-mails are compared one by one.
const fewEmails = 8

// distinct leaves the first of e-mails that are alike, in place.
func distinct(emails []events.TranscriptEmail) []events.TranscriptEmail {
	kept := emails[:0]
	if len(emails) <= fewEmails {
		for _, email := range emails {
			if !slices.Contains(kept, email) {
				kept = append(kept, email)
			}
		}
		return kept
	}
	seen := make(map[events.TranscriptEmail]bool, len(emails))
	for _, email := range emails {
		if !seen[email] {
			seen[email] = true
			kept = append(kept, email)
		}
	}
	return kept
}
