package layout

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// write is how a scalar is written in one line, in brackets or not, with or
// without a comment behind it.
func (t *scalar) write(flow, commented bool) string {
	switch {
	case t.bare && t.value == "" && flow:
		return "null"
	case t.bare:
		return t.value
	case plain(t.value, flow) && !t.needsQuotes(flow, commented):
		return t.value
	case !printable(t.value) || !strings.ContainsAny(t.value, `"\`):
		return Quoted(t.value)
	}
	return "'" + strings.ReplaceAll(t.value, "'", "''") + "'"
}

// needsQuotes tells whether a text that is plain means something else without
// its quotes. What loads with a comment behind its quotes is refused without
// them. In brackets, some readers of YAML stop at a question mark.
func (t *scalar) needsQuotes(flow, commented bool) bool {
	written := t.quoted || t.block != 0
	asks := flow && strings.Contains(t.value, "?")
	return written && (commented || asks) || (written || t.respaced) && doubtful.MatchString(t.value)
}

// doubtful matches texts that some reader of YAML takes for something else.
var doubtful = regexp.MustCompile(`^(?i:y|n|yes|no|on|off|true|false|null|~|=|<<|[-+]?\.(inf|nan)|[-+.]*[0-9][0-9a-fopx_,.:TZ+ -]*)$`)

// plain tells whether a text without quotes is read as a whole.
func plain(text string, flow bool) bool {
	if text == "" || !printable(text) || strings.Trim(text, " ") != text || strings.HasSuffix(text, ":") ||
		strings.Contains(text, ": ") || strings.Contains(text, " #") ||
		strings.HasPrefix(text, "---") || strings.HasPrefix(text, "...") {
		return false
	}
	if flow && strings.ContainsAny(text, ",[]{}") {
		return false
	}
	switch first := text[0]; {
	case strings.IndexByte("-?:", first) >= 0:
		if len(text) == 1 || strings.IndexByte(" -?:,[]{}#&*!|>'\"%@`", text[1]) >= 0 {
			return false
		}
	case strings.IndexByte(",[]{}#&*!|>'\"%@`", first) >= 0:
		return false
	}
	return true
}

// printable tells whether every character of a text may stand in a file as it
// is, in one line.
func printable(text string) bool {
	for _, c := range text {
		if escaped(c) {
			return false
		}
	}
	return true
}

// escaped tells of characters that are written as escapes.
func escaped(c rune) bool {
	return c < ' ' || 0x7F <= c && c <= 0x9F || c == 0x2028 || c == 0x2029 || c == 0xFEFF || c == 0xFFFE || c == 0xFFFF
}

// Quoted is a text in double quotes, on one line.
func Quoted(text string) string {
	var out strings.Builder
	out.WriteByte('"')
	for _, c := range text {
		switch {
		case c == '"' || c == '\\':
			out.WriteByte('\\')
			out.WriteRune(c)
		case c == '\n':
			out.WriteString(`\n`)
		case c == '\t':
			out.WriteString(`\t`)
		case c == '\r':
			out.WriteString(`\r`)
		case escaped(c) && c <= 0xFF:
			fmt.Fprintf(&out, `\x%02X`, c)
		case escaped(c):
			fmt.Fprintf(&out, `\u%04X`, c)
		default:
			out.WriteRune(c)
		}
	}
	out.WriteByte('"')
	return out.String()
}

// foldable tells whether a text may be written in its lines below a >-.
func (t *scalar) foldable() bool {
	if len(t.lines) < 2 || strings.Join(t.lines, " ") != t.value || !printable(t.value) {
		return false
	}
	for _, line := range t.lines {
		if line == "" || strings.Trim(line, " ") != line {
			return false
		}
	}
	return true
}

// width is the number of characters of a text.
func width(text string) int { return utf8.RuneCountInString(text) }
