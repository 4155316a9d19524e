package syntax

// Insertion is what stands, in a text behind ${, before the } that closes it:
// one that is neither in quotes nor paired with a { of the expression.
func Insertion(text string) (string, bool) {
	depth := 0
	var quote byte
	for i := 0; i < len(text); i++ {
		switch b := text[i]; {
		case quote != 0:
			if b == '\\' && quote != '`' {
				i++
			} else if b == quote {
				quote = 0
			}
		case b == '"' || b == '\'' || b == '`':
			quote = b
		case b == '{':
			depth++
		case b == '}' && depth == 0:
			return text[:i], true
		case b == '}':
			depth--
		}
	}
	return "", false
}
