package rules

import (
	"cmp"
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/afterword-go/afterword/internal/nearest"
	"github.com/afterword-go/afterword/rules/internal/yamlfile"
)

// findings are all that were found and are not silenced, in file order.
func (l *linter) findings() []Finding {
	place := map[string]int{}
	silent := newSilencer(l.found)
	for i, f := range l.files {
		place[f.name] = i
		for _, c := range f.ignores {
			l.ignore(&f, c, silent)
		}
	}
	var out []Finding
	once := false
	for i, f := range l.found {
		if i < len(silent.silenced) && silent.silenced[i] {
			continue
		}
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

// A silencer knows which findings a comment may speak of.
type silencer struct {
	at       map[silencerKey][]int // findings by what they are about
	silenced []bool
}

// A silencerKey is a finding's ID and its file, with one of its lines or the
// rule that it is of.
type silencerKey struct {
	id, file, rule string
	line           int
}

func newSilencer(all []found) *silencer {
	s := &silencer{at: map[silencerKey][]int{}, silenced: make([]bool, len(all))}
	for i, f := range all {
		for _, line := range f.lines {
			key := silencerKey{id: f.ID, file: f.File, line: line}
			s.at[key] = append(s.at[key], i)
		}
		if f.of != "" {
			key := silencerKey{id: f.ID, file: f.File, rule: f.of}
			s.at[key] = append(s.at[key], i)
		}
	}
	return s
}

// silence silences the findings with a key that are not silent yet, and tells
// whether there are any.
func (s *silencer) silence(key silencerKey) bool {
	any := false
	for _, i := range s.at[key] {
		any = any || !s.silenced[i]
		s.silenced[i] = true
	}
	delete(s.at, key)
	return any
}

// ignore does what a comment asks for, and reports it if it is no good.
func (l *linter) ignore(f *lintFile, c yamlfile.Comment, silent *silencer) {
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
	done := silent.silence(silencerKey{id: id, file: f.name, line: c.Line})
	if c.Above > 0 {
		done = silent.silence(silencerKey{id: id, file: f.name, line: c.Above}) || done
	}
	if rule := f.ruleOf(c); rule != "" {
		done = silent.silence(silencerKey{id: id, file: f.name, rule: rule}) || done
	}
	if !done && l.work > 0 {
		bad("there is nothing that this comment silences: remove it")
	}
}

// ruleOf is the rule that a comment stands in or directly above, if any.
func (f *lintFile) ruleOf(c yamlfile.Comment) string {
	last := max(c.Line, c.Above)
	behind := sort.Search(len(f.rules), func(i int) bool { return f.rules[i].Line > last })
	if behind == 0 {
		return ""
	}
	return f.rules[behind-1].name
}
