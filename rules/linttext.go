package rules

import (
	"slices"

	"github.com/afterword-go/afterword/rules/internal/kleene"
	"github.com/afterword-go/afterword/rules/internal/logic"
	"github.com/afterword-go/afterword/rules/internal/syntax"
	"github.com/afterword-go/afterword/rules/internal/tree"
)

// texts looks for values in texts that may be absent when the rule fires.
func (s *ruleScan) texts(list []*template) {
	s.rule.ends = true
	for _, t := range list {
		for i := range t.parts {
			if part := &t.parts[i]; part.text != "" {
				s.insertion(t, part)
			}
		}
	}
}

func (s *ruleScan) insertion(t *template, part *templatePart) {
	expr, node, _ := readInsert(part.text, part.env) // it has loaded before
	s.useVars(expr)
	if part.fixed {
		return
	}
	s.rule.ends = s.rule.ends && !logic.MayFail(node)
	known, ok := s.formula(kleene.Known, node)
	if !ok || s.rule.holds == nil {
		s.rule.ends = false
		return
	}
	missing := logic.And(s.rule.holds, logic.Not(known))
	if s.impossible(missing) {
		return
	}
	s.rule.ends = false
	at, name, found := s.missed(missing, expr, node)
	if !found || s.rule.never {
		return
	}
	line, column := t.at(part.from + at)
	s.linter.report(s.rule, absentInText, line, column,
		"%s may be absent when the rule fires, and then the rule fails: write ${%[1]s ?? …} with a default, or ask for it in the condition", quoted(name))
}

// missed finds a way for the rule to fire without a value in a text, and names
// what is absent then. It is not found if the condition may rule it out in a
// way that is not understood.
func (s *ruleScan) missed(missing *logic.Formula, expr *syntax.Expr, node *tree.Node) (at int, name string, found bool) {
	limit := min(questionWork, s.budget)
	left := limit
	logic.Cubes(missing, &left, func(cube *logic.Cube) bool {
		read, inList := absentRead(cube, node)
		if found = clear(cube, read, inList); found {
			at, name = read.Span.From, expr.Text(read.Span)
		}
		return !found
	})
	s.budget -= limit - max(left, 0)
	return at, name, found
}

// absentRead is the outermost part of n that is absent in a cube, and whether
// it is an element of a list or lies in one.
func absentRead(cube *logic.Cube, n *tree.Node) (read *tree.Node, inList bool) {
	read = n
	done := false
	n.Walk(func(n *tree.Node) bool {
		if done {
			return false
		}
		key := logic.Key(n)
		if slices.ContainsFunc(cube.Lits, func(l logic.Lit) bool { return l.Absence && !l.True && l.Of == key }) {
			read, done = n, true
		}
		return !done
	})
	read.Walk(func(n *tree.Node) bool {
		inList = inList || n.Op == tree.Index
		return !inList
	})
	return read, inList
}

// clear tells whether nothing that the cube says, and that is not understood,
// depends on what the read depends on. A list may always have more elements,
// and so what holds for one of them says nothing of another one.
func clear(cube *logic.Cube, read *tree.Node, inList bool) bool {
	on := logic.Mentions(read)
	about := func(lit logic.Lit) bool {
		return slices.ContainsFunc(lit.Mentions, func(m string) bool { return slices.Contains(on, m) })
	}
	grows := inList && !slices.ContainsFunc(cube.Lits, func(lit logic.Lit) bool {
		return lit.Plain && !lit.Absence && about(lit) && cube.Below(lit)
	})
	for _, lit := range cube.Lits {
		switch {
		case lit.Plain && (lit.Absence || !dependsOnValues(read)):
			continue
		case lit.Absence && lit.Of == logic.Key(read), lit.Grows && lit.True && grows:
			continue
		case slices.Contains(lit.Mentions, logic.Everything), about(lit):
			return false
		}
	}
	return !entangled(cube.Lits)
}

// dependsOnValues tells of a read that is absent for some values of what it
// reads.
func dependsOnValues(read *tree.Node) bool {
	return read.Op == tree.Call || read.Op == tree.ToInt || read.Op == tree.ToFloat
}

// entangled tells whether two values that depend on the same thing are not
// known to go together: what the cube says may be impossible.
func entangled(lits []logic.Lit) bool {
	const most = 200 // nobody writes more by hand
	if len(lits) > most {
		return true
	}
	for i, a := range lits {
		for _, b := range lits[:i] {
			switch {
			case a.Absence || b.Absence || a.ID() == b.ID() || a.Plain && b.Plain:
			case a.Plain && b.Grows && b.True, b.Plain && a.Grows && a.True:
			case slices.ContainsFunc(a.Mentions, func(m string) bool { return slices.Contains(b.Mentions, m) }):
				return true
			}
		}
	}
	return false
}
