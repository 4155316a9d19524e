package rules

import (
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"

	"github.com/afterword-go/afterword/rules/internal/tree"
)

// patterns looks for patterns that find a name within a longer one.
func (s *ruleScan) patterns(conditions []condition) {
	for i := range s.conditions {
		c := &s.conditions[i]
		_, ieq := conditions[i].env.Functions["ieq"]
		c.node.Walk(func(n *tree.Node) bool {
			if n.Op == tree.Matches && isName(n.Kids[0]) && unanchored(n.Pattern.String()) {
				p := lintPart{n, c}
				field := p.under(n.Kids[0]).text()
				s.report(unanchoredPattern, p, "the pattern is also found in the middle of a longer %s: if that is not meant, write %s",
					n.Kids[0].Field.Name, exactly(field, n.Pattern.String(), ieq))
			}
			return true
		})
	}
}

// isName tells of a field that holds a name.
func isName(n *tree.Node) bool {
	return n.Op == tree.GetField && (n.Field.Name == "name" || strings.HasSuffix(n.Field.Name, "Name"))
}

// unanchored tells whether nothing in a pattern asks where in the text it is
// found.
func unanchored(pattern string) bool {
	re, err := syntax.Parse(pattern, syntax.Perl)
	return err == nil && !asksWhere(re)
}

func asksWhere(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpBeginLine, syntax.OpEndLine, syntax.OpBeginText, syntax.OpEndText, syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return true
	case syntax.OpStar: // .* says that anything may be around it
		return re.Sub[0].Op == syntax.OpAnyChar || re.Sub[0].Op == syntax.OpAnyCharNotNL
	}
	return slices.ContainsFunc(re.Sub, asksWhere)
}

// exactly is a condition for the whole name.
func exactly(field, pattern string, ieq bool) string {
	re, err := syntax.Parse(pattern, syntax.Perl)
	if err == nil && re.Op == syntax.OpLiteral {
		folds := re.Flags&syntax.FoldCase != 0
		text := string(re.Rune)
		if folds {
			text = strings.TrimPrefix(pattern, "(?i)")
		}
		switch {
		case !folds:
			return quoted(field + " == " + strconv.Quote(text))
		case ieq:
			return quoted("ieq(" + field + ", " + strconv.Quote(text) + ")")
		}
	}
	flags, rest := "", pattern
	if strings.HasPrefix(pattern, "(?i)") {
		flags, rest = "(?i)", pattern[len("(?i)"):]
	}
	if strings.Contains(rest, "|") {
		rest = "(" + rest + ")"
	}
	return quoted(field + " matches " + strconv.Quote(flags+"^"+rest+"$"))
}
