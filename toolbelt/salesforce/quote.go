package salesforce

import (
	"fmt"
	"strings"
	"unicode"
)

// Quote writes a text as a string of SOQL, with the quotes around it, so that
// it is a value whatever is in it:
//
//	"SELECT Id FROM Account WHERE Name = " + salesforce.Quote(name)
//
// Quotes, backslashes, control characters, and the separators of lines and
// paragraphs are escaped, in the sequences that Salesforce documents. Broken
// UTF-8 becomes U+FFFD. After LIKE, where % and _ have a meaning, use QuoteLike.
func Quote(text string) string {
	var b strings.Builder
	b.WriteByte('\'')
	escape(&b, text)
	b.WriteByte('\'')
	return b.String()
}

// QuoteLike writes a pattern for LIKE: a text that stands for itself, between
// two patterns in which % stands for any characters and _ for one. Customers
// write the text, and never the patterns:
//
//	"SELECT Id FROM Account WHERE Name LIKE " + salesforce.QuoteLike("%", name, "%")
func QuoteLike(before, text, after string) string {
	var b, plain strings.Builder
	b.WriteByte('\'')
	escape(&b, before)
	escape(&plain, text)
	b.WriteString(strings.NewReplacer("%", `\%`, "_", `\_`).Replace(plain.String()))
	escape(&b, after)
	b.WriteByte('\'')
	return b.String()
}

// escape writes a text as it stands within quotes.
func escape(b *strings.Builder, text string) {
	for _, r := range text {
		switch {
		case r == '\'' || r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case unicode.IsControl(r) || r == '\u2028' || r == '\u2029':
			fmt.Fprintf(b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
}
