package rules

import (
	"github.com/expr-lang/expr/ast"

	"github.com/afterword-go/afterword/rules/internal/check"
	"github.com/afterword-go/afterword/rules/internal/syntax"
)

// untested reports the rules that no test sees fire, or none sees not fire.
func (l *linter) untested(tests bool, run func() Coverage) {
	if !tests {
		for _, r := range l.rules {
			if r.Mode != Off {
				l.report(&lintRule{RuleInfo: RuleInfo{File: r.File}}, untestedRule, r.Line, r.Column,
					"the file has no tests: write one for each rule that sees it fire, and one that does not")
				last := &l.found[len(l.found)-1]
				last.of, last.once = r.Name, true
			}
		}
		return
	}
	covered := map[string]RuleCoverage{}
	for _, c := range run().Rules {
		covered[c.Name] = c
	}
	for _, r := range l.rules {
		c, ok := covered[r.Name]
		if !ok || r.never || r.inGo {
			continue
		}
		fired, not := c.Fired > 0, c.NotFired+c.Skipped > 0 || r.fires
		switch {
		case !fired && !not:
			l.report(r, untestedRule, r.Line, r.Column, "no test reaches the rule: write one in which it fires, and one in which it does not")
		case !fired:
			l.report(r, untestedRule, r.Line, r.Column, "the rule fires in no test: write one in which it does")
		case !not:
			l.report(r, untestedRule, r.Line, r.Column, "the rule fires in every test that reaches it: write one in which it does not")
		}
	}
}

// useVars notes the constants that an expression names.
func (l *linter) useVars(e *syntax.Expr) {
	seen := map[ast.Node]bool{} // expr's parser puts some nodes into two places
	var walk func(ast.Node)
	walk = func(n ast.Node) {
		if seen[n] {
			return
		}
		seen[n] = true
		if path, ok := varPath(n); ok {
			l.usedVars[path] = true
		}
		for _, kid := range syntax.Kids(n) {
			walk(kid)
		}
	}
	walk(e.Root)
}

// varPath is the constant, or group of constants, that n names.
func varPath(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.IdentifierNode:
		return check.VarsName, n.Value == check.VarsName
	case *ast.MemberNode:
		if name, ok := n.Property.(*ast.StringNode); ok {
			path, ok := varPath(n.Node)
			return path + "." + name.Value, ok
		}
	}
	return "", false
}

// unused reports the constants and fixtures that nobody uses.
func (l *linter) unused() {
	for _, f := range l.files {
		l.unusedVars(f.name, f.vars, nil)
		for _, e := range f.fixtures {
			if !e.used {
				l.found = append(l.found, found{Finding: Finding{
					ID: unusedFixture, File: f.name, Line: e.Line, Column: e.Column,
					Message: inOneLine("no test begins with the fixture " + quoted(e.name) + ": remove it, or name it as the base of a test"),
				}, lines: []int{e.Line}})
			}
		}
	}
}

// unusedVars reports constants, or whole groups of them. Lines are those of
// the groups around them.
func (l *linter) unusedVars(file string, list []lintEntry, lines []int) {
	for _, e := range list {
		at := append(lines[:len(lines):len(lines)], e.Line)
		if l.usedVars[e.name] {
			l.unusedVars(file, e.kids, at)
			continue
		}
		what := "no rule uses the constant "
		if len(e.kids) > 0 {
			what = "no rule uses any constant of "
		}
		l.found = append(l.found, found{Finding: Finding{
			ID: unusedVar, File: file, Line: e.Line, Column: e.Column, Message: inOneLine(what + quoted(e.name) + ": remove it"),
		}, lines: at})
	}
}
