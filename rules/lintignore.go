package rules

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/afterword-go/afterword/internal/nearest"
	"github.com/afterword-go/afterword/rules/internal/yamlfile"
)

// findings are all that were found and are not silenced, in file order.
func (l *linter) findings() []Finding {
	place := map[string]int{}
	for i, f := range l.files {
		place[f.name] = i
		for _, c := range f.ignores {
			l.ignore(&f, c)
		}
	}
	var out []Finding
	once := false
	for _, f := range l.found {
		if !f.once || !once {
			out = append(out, f.Finding)
		}
		once = once || f.once
	}
	slices.SortStableFunc(out, func(a, b Finding) int {
		if a.File == "" && b.File == "" {
			return 0 // rules made in Go stay in their order
		}
		return cmp.Or(place[a.File]-place[b.File], a.Line-b.Line, a.Column-b.Column, strings.Compare(a.ID, b.ID))
	})
	return slices.Compact(out)
}

// ignore does what a comment asks for, and reports it if it is no good.
func (l *linter) ignore(f *lintFile, c yamlfile.Comment) {
	id, reason, _ := strings.Cut(strings.ReplaceAll(c.Text, "\t", " "), " ")
	bad := func(format string, args ...any) {
		l.found = append(l.found, found{Finding: Finding{
			ID: badIgnore, File: f.name, Line: c.Line, Column: c.Column, Message: inOneLine(fmt.Sprintf(format, args...)),
		}})
	}
	known := slices.Contains(lintIDs(), id) && id != badIgnore
	switch {
	case id == "":
		bad("say which finding is to be ignored, and why: # lint:ignore %s because …", untestedRule)
		return
	case !known:
		if near, ok := nearest.To(id, slices.Values(lintIDs())); ok {
			bad("there is no finding %s: did you mean %s?", quoted(id), near)
		} else {
			bad("there is no finding %s; there are %s", quoted(id), strings.Join(lintIDs()[:len(lintIDs())-1], ", "))
		}
		return
	case strings.TrimSpace(reason) == "":
		bad("say behind %s why it is ignored", id)
		return
	}
	before := len(l.found)
	rule := f.ruleOf(c)
	l.found = slices.DeleteFunc(l.found, func(x found) bool {
		if x.ID != id || x.File != f.name {
			return false
		}
		here := slices.Contains(x.lines, c.Line) || c.Above > 0 && slices.Contains(x.lines, c.Above)
		return here || x.of != "" && x.of == rule
	})
	if len(l.found) == before && l.work > 0 {
		bad("there is nothing that this comment silences: remove it")
	}
}

// ruleOf is the rule that a comment stands in or directly above, if any.
func (f *lintFile) ruleOf(c yamlfile.Comment) string {
	rule := ""
	for _, span := range f.rules {
		if span.Line > c.Line && (c.Above == 0 || span.Line != c.Above) {
			break
		}
		rule = span.name
	}
	return rule
}
