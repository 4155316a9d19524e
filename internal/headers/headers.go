// Package headers says what may stand in the headers of an e-mail: in an
// address, in the name of a sender and in a subject. The package that decides
// about e-mails and the one that sends them both ask it, so that what the one
// lets pass the other takes.
//
// Each check reports everything that is wrong, one problem a line, by the name
// of the field that the caller gives, and never by its value. It returns nil
// for what may be sent. The functions keep nothing and may be called
// concurrently.
package headers

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The longest of each, in bytes.
const (
	MaxAddress    = 254 // RFC 5321, 4.5.3.1.3: a path is 256, angle brackets included
	MaxLocalPart  = 64  // RFC 5321, 4.5.3.1.1
	MaxDomain     = 253 // RFC 1035, 2.3.4: 255 on the wire, so 253 when written with dots
	MaxLabel      = 63  // RFC 1035, 2.3.4
	MaxSenderName = 255 // no standard sets one; what mail programs and address books hold
	MaxSubject    = 998 // RFC 5322, 2.1.1: the longest line of a message
)

// localPartMarks may stand in a local part beside letters, digits and single
// dots. The dot-atom of RFC 5322 (3.2.3) has more: % and ! route through other
// hosts, | and / deliver to programs and files, and ` $ { } are expanded by
// shells and by some mail servers.
const localPartMarks = "#&'*+-=?^_~"

// SenderNameMarks are refused in a sender name. Where a name is put before its
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
const SenderNameMarks = `<>"\@`

// SenderNameLookalikes look like one of them: the wide and the small forms.
const SenderNameLookalikes = "\uFF20\uFE6B\uFF1C\uFF1E\uFE64\uFE65"

// RFC 2047 has neither white space nor a question mark in an encoded word;
// lenient decoders take both.
var encodedWord = regexp.MustCompile(`=\?[^?]*\?[^?]*\?.*\?=`)

// CheckAddress reports what keeps a text from being a bare address in ASCII,
// such as name@example.com: a local part of letters, digits, single dots and
// the marks #&'*+-=?^_~, and a domain of at least two labels.
func CheckAddress(field, address string) error {
	if address == "" {
		return Problem(field, "is empty; give an address such as name@example.com")
	}
	all := TextProblems(field, address)
	if len(address) > MaxAddress {
		all = append(all, tooLong(field, MaxAddress))
	}
	local, domain, _ := strings.Cut(address, "@")
	if n := strings.Count(address, "@"); n != 1 {
		all = append(all, Problem(field, "holds %d @ signs; give one bare address such as name@example.com", n))
	} else {
		all = append(all, localPartProblem(field, local), domainProblem(field, domain))
	}
	return errors.Join(all...)
}

func localPartProblem(field, local string) error {
	switch {
	case local == "":
		return Problem(field, "has nothing before the @; give an address such as name@example.com")
	case len(local) > MaxLocalPart:
		return Problem(field, "has more than %d bytes before the @; shorten it", MaxLocalPart)
	case strings.HasPrefix(local, "-"):
		// A mail program called with the address would read an option.
		return Problem(field, "begins with a hyphen; give another address")
	}
	for atom := range strings.SplitSeq(local, ".") {
		if atom == "" {
			return Problem(field, "has a dot at an end of the part before the @, or two dots in a row; write single dots between the words")
		}
		for _, r := range atom {
			if !isLetterOrDigit(r) && !strings.ContainsRune(localPartMarks, r) {
				return Problem(field, "holds more than ASCII letters, digits, dots and %s before the @; "+
					"give a bare address, without name, comment, quotes, brackets or route", localPartMarks)
			}
		}
	}
	return nil
}

func domainProblem(field, domain string) error {
	if len(domain) > MaxDomain {
		return Problem(field, "has a domain of more than %d bytes; shorten it", MaxDomain)
	}
	labels := strings.Split(domain, ".")
	if len(labels) < 2 {
		return Problem(field, "has no full domain after the @; write it with its dots, as in name@example.com")
	}
	for _, label := range labels {
		switch {
		case label == "":
			return Problem(field, "has a dot at an end of the domain, or two dots in a row; write single dots between the words")
		case len(label) > MaxLabel:
			return Problem(field, "has a word of more than %d bytes between the dots of its domain; shorten it", MaxLabel)
		case label[0] == '-' || label[len(label)-1] == '-':
			return Problem(field, "has a hyphen at an end of a word of its domain; remove it")
		case strings.ContainsFunc(label, func(r rune) bool { return !isLetterOrDigit(r) && r != '-' }):
			return Problem(field, "holds more than ASCII letters, digits, dots and hyphens after the @; "+
				"give a bare address, and an international domain in its xn-- form")
		}
	}
	if strings.Trim(labels[len(labels)-1], "0123456789") == "" {
		return Problem(field, "has a domain that ends in digits, like an IP address; give the name of a domain")
	}
	return nil
}

// CheckSenderName reports what keeps a text from being the display name of a
// sender.
func CheckSenderName(field, name string) error {
	if isBlank(name) {
		return Problem(field, "is empty; give the name that recipients shall see")
	}
	all := TextProblems(field, name)
	if strings.ContainsAny(name, SenderNameMarks+SenderNameLookalikes) {
		all = append(all, Problem(field, "holds one of %s or what looks like it, which can end or fake an address; remove it", SenderNameMarks))
	}
	if len(name) > MaxSenderName {
		all = append(all, tooLong(field, MaxSenderName))
	}
	return errors.Join(all...)
}

// CheckSubject reports what keeps a text from being a subject. It may be as
// long as a line of a message, so a program that sends it folds the header.
func CheckSubject(field, subject string) error {
	if isBlank(subject) {
		return Problem(field, "is empty; give the text that recipients shall see")
	}
	all := TextProblems(field, subject)
	if len(subject) > MaxSubject {
		all = append(all, tooLong(field, MaxSubject))
	}
	return errors.Join(all...)
}

// TextProblems reports what no field may hold, because it ends a header, hides
// or reorders what a reader sees, or is decoded to something else on arrival.
func TextProblems(field, text string) []error {
	var all []error
	if !utf8.ValidString(text) {
		all = append(all, Problem(field, "is not valid UTF-8; remove the broken bytes"))
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
			all = append(all, Problem(field, "holds %s (%U); remove it", kind.name, r))
		}
	}
	if encodedWord.MatchString(text) {
		all = append(all, Problem(field, "holds an encoded word (=?…?…?…?=); write the text itself"))
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
	return Problem(field, "is longer than %d bytes; shorten it", limit)
}

// Problem is an error of a field: its name, then what is wrong and what to do.
func Problem(field, format string, args ...any) error {
	return errors.New(field + ": " + fmt.Sprintf(format, args...))
}
