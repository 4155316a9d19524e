package salesforce_test

import (
	"errors"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/toolbelt/salesforce"
)

func TestQuote(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                           `''`,
		"Acme":                       `'Acme'`,
		"O'Brien":                    `'O\'Brien'`,
		`' OR Name != '`:             `'\' OR Name != \''`,
		`\' OR Id != \'`:             `'\\\' OR Id != \\\''`,
		`\`:                          `'\\'`,
		`say "hi"`:                   `'say \"hi\"'`,
		"a\nb\r\tc":                  `'a\nb\r\tc'`,
		"\x00\x07\b\f\x1b\x7f\u0085": `'\u0000\u0007\u0008\u000c\u001b\u007f\u0085'`,
		"\u2028\u2029":               `'\u2028\u2029'`,
		`\u0027`:                     `'\\u0027'`,
		"Söhne 退款 😀 ’":               `'Söhne 退款 😀 ’'`,
		"100%_":                      `'100%_'`,
		"a\xff'b":                    "'a\ufffd\\'b'",
	} {
		assert.Equal(t, want, salesforce.Quote(text))
	}
}

func TestQuoteLike(t *testing.T) {
	t.Parallel()
	for _, test := range [][4]string{
		{"", "Acme", "%", `'Acme%'`},
		{"%", `50%_\'`, "_", `'%50\%\_\\\'_'`},
		{"it's", "", "", `'it\'s'`},
		{"%", "\n%", "%", `'%\n\%%'`},
	} {
		assert.Equal(t, test[3], salesforce.QuoteLike(test[0], test[1], test[2]))
	}
}

// readString reads a string of SOQL from the front of a query, by the table of
// escape sequences that Salesforce documents. What is behind it is the rest.
// In a pattern, the wildcards come out as '*' for % and '?' for _, if like is
// set; without it their escapes are errors.
func readString(soql string, like bool) (text, rest string, err error) {
	if !strings.HasPrefix(soql, "'") {
		return "", "", errors.New("no quote at the front")
	}
	var b strings.Builder
	for i := 1; i < len(soql); i++ {
		switch c := soql[i]; {
		case c == '\'':
			return b.String(), soql[i+1:], nil
		case c < ' ':
			return "", "", errors.New("a control character within quotes")
		case like && (c == '%' || c == '_'):
			b.WriteByte(map[byte]byte{'%': '*', '_': '?'}[c])
		case c != '\\':
			b.WriteByte(c)
		case i+1 == len(soql):
			return "", "", errors.New("a backslash at the end")
		default:
			i++
			switch e := soql[i]; {
			case strings.IndexByte("nNrRtTbBfF", e) >= 0:
				b.WriteByte(map[byte]byte{'n': '\n', 'r': '\r', 't': '\t', 'b': '\b', 'f': '\f'}[e|0x20])
			case e == '\'' || e == '"' || e == '\\' || like && (e == '%' || e == '_'):
				b.WriteByte(e)
			case e == 'u' && i+5 <= len(soql):
				code, err := strconv.ParseUint(soql[i+1:i+5], 16, 16)
				if err != nil {
					return "", "", err
				}
				b.WriteRune(rune(code))
				i += 4
			default:
				return "", "", errors.New("a backslash before something else")
			}
		}
	}
	return "", "", errors.New("no quote at the end")
}

// checkQuote checks that a text stays a value, and stays itself.
func checkQuote(t *testing.T, text string) {
	t.Helper()
	want := strings.ToValidUTF8(text, "\ufffd")
	if !utf8.ValidString(text) { // each broken byte is one
		want = string([]rune(text))
	}
	const rest = " AND Name != 'x'"
	quoted := salesforce.Quote(text)
	got, behind, err := readString(quoted+rest, false)
	require.NoError(t, err, "%q", text)
	assert.Equal(t, want, got)
	assert.Equal(t, rest, behind, "the text %q has changed the query", text)
	assert.False(t, strings.ContainsFunc(quoted, unicode.IsControl))
	assert.True(t, utf8.ValidString(quoted))

	got, behind, err = readString(salesforce.QuoteLike("%", text, "_")+rest, true)
	require.NoError(t, err, "%q", text)
	assert.Equal(t, "*"+want+"?", got)
	assert.Equal(t, rest, behind, "the text %q has changed the query", text)
}

func TestQuoteKeepsRandomTexts(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(5, 6))
	parts := []string{"'", `"`, `\`, "\n", "\r", "\t", "\b", "\f", "\x00", "\x1f", "\x7f", "\u0085", "\u2028", "u", "0027", "n", "%", "_", "a", "é", "😀", "\xff", "\xc3", "--", "/*", " OR "}
	for range 5_000 {
		var b strings.Builder
		for range random.IntN(12) {
			b.WriteString(parts[random.IntN(len(parts))])
		}
		checkQuote(t, b.String())
	}
	for r := rune(0); r <= 0x2fff; r++ {
		checkQuote(t, string(r))
	}
}

func FuzzQuote(f *testing.F) {
	for _, text := range []string{"", "Acme", `' OR Name != '`, `\`, `\'`, "a\nb", "\x00", "\xff", `\u0027`, "%_"} {
		f.Add(text)
	}
	f.Fuzz(checkQuote)
}
