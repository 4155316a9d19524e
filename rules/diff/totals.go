package diff

import (
	"cmp"
	"slices"

	"github.com/afterword-go/afterword/internal/callback"
	"github.com/afterword-go/afterword/rules/replay"
)

// Totals sum up what differs, line by line.
type totals struct {
	out        Diff
	rules      []ruleTotals
	groups     []groupTotals
	examples   int // of each kind of a rule
	mostGroups int
	kept       int // examples
	withValues bool
	values     int // bytes of their values
	progress   func(int)
	lines      int
}

type ruleTotals struct {
	RuleDiff
	seen map[Kind]int // examples
	last map[Kind]int // the line of the last one
}

type groupTotals struct {
	name   string
	byKey  map[string]*Tally
	others *Tally
}

func newTotals[In, Out any](names []string, opts Options[In, Out]) *totals {
	t := &totals{rules: make([]ruleTotals, len(names)), examples: opts.examples(), mostGroups: opts.mostGroups(), withValues: opts.Values, progress: opts.Progress}
	for i, name := range names {
		t.rules[i].Name = name
	}
	for _, g := range opts.Groupings {
		t.groups = append(t.groups, groupTotals{name: g.Name, byKey: map[string]*Tally{}})
	}
	return t
}

// everyLines is how often it is told how many lines there have been.
const everyLines = 256

// take adds what became of a line.
func (t *totals) take(line int, v verdict) error {
	switch {
	case v.noEvent:
		t.out.NoEvent++
	case v.bad != "":
		t.out.Unreadable++
		if len(t.out.UnreadableLines) < mostUnreadable {
			t.out.UnreadableLines = append(t.out.UnreadableLines, replay.LineError{Line: line, Message: v.bad})
		}
	default:
		t.decided(line, v)
	}
	if t.lines++; t.lines%everyLines == 0 {
		return t.tell()
	}
	return nil
}

// tell tells how many lines there have been.
func (t *totals) tell() error {
	if t.progress == nil {
		return nil
	}
	return callback.Call("Progress", func() error {
		t.progress(t.lines)
		return nil
	})
}

// decided adds what became of an event.
func (t *totals) decided(line int, v verdict) {
	t.out.Decided++
	if v.empty {
		if t.out.Empty++; t.out.Empty == 1 {
			t.out.FirstEmpty = line
		}
	}
	t.out.Old.add(v.old, v.oldFails)
	t.out.New.add(v.new, v.newFails)
	t.out.Kept += v.kept
	t.out.HandedOver += v.handedOver
	if v.reordered {
		t.out.Reordered++
	}
	if len(v.notes) > 0 {
		t.out.Differing++
	}
	for _, n := range v.notes {
		t.note(line, v, n)
	}
}

func (s *Side) add(outcomes int, failed bool) {
	s.Outcomes += outcomes
	if failed {
		s.Failed++
	}
}

// note adds one thing that differs.
func (t *totals) note(line int, v verdict, n note) {
	r := &t.rules[n.rule]
	switch n.Kind {
	case ErrorGained:
		r.ErrorsGained++
		t.out.ErrorsGained++
	case ErrorLost:
		r.ErrorsLost++
		t.out.ErrorsLost++
	default:
		r.count(n.Kind)
		t.out.count(n.Kind)
	}
	for i, change := range n.groups {
		t.group(&t.groups[i], change)
	}
	t.example(r, line, v, n)
}

// group counts an outcome that differs for its groups.
func (t *totals) group(g *groupTotals, change groupChange) {
	if change.before == change.after {
		t.inGroup(g, change.after, Changed)
		return
	}
	t.inGroup(g, change.before, Removed)
	t.inGroup(g, change.after, Added)
}

func (t *totals) inGroup(g *groupTotals, key string, k Kind) {
	if key == "" {
		return
	}
	tally := g.byKey[key]
	switch {
	case tally != nil:
	case len(g.byKey) < t.mostGroups && len(key) <= mostKey:
		tally = &Tally{}
		g.byKey[key] = tally
	default:
		if g.others == nil {
			g.others = &Tally{}
		}
		tally = g.others
	}
	tally.count(k)
}

// example keeps an example, if there is room for it.
func (t *totals) example(r *ruleTotals, line int, v verdict, n note) {
	switch {
	case r.seen[n.Kind] >= t.examples, !t.withValues && r.last[n.Kind] == line:
		return
	case t.kept >= mostExamples:
		t.out.ExamplesLeftOut = true
		return
	}
	e := Example{Line: line, Kind: n.Kind, Error: n.err}
	if size := len(v.event) + len(n.before) + len(n.after); t.values+size <= mostValues {
		e.Event, e.Before, e.After = v.event, n.before, n.after
		t.values += size
	} else {
		t.out.ExamplesLeftOut = true
	}
	if r.seen == nil {
		r.seen, r.last = map[Kind]int{}, map[Kind]int{}
	}
	r.seen[n.Kind]++
	r.last[n.Kind] = line
	t.kept++
	r.Examples = append(r.Examples, e)
}

// diff is what all lines come to.
func (t *totals) diff() Diff {
	t.out.Rules, t.out.Groups = []RuleDiff{}, []Grouped{}
	t.out.UnreadableLines = append([]replay.LineError{}, t.out.UnreadableLines...)
	for i := range t.rules {
		r := t.rules[i].RuleDiff
		if r.Total()+r.ErrorsGained+r.ErrorsLost > 0 {
			r.Examples = append([]Example{}, r.Examples...)
			t.out.Rules = append(t.out.Rules, r)
		}
	}
	for _, g := range t.groups {
		out := Grouped{Name: g.name, Groups: []GroupDiff{}, Others: g.others}
		for key, tally := range g.byKey {
			out.Groups = append(out.Groups, GroupDiff{key, *tally})
		}
		slices.SortFunc(out.Groups, func(a, b GroupDiff) int {
			return cmp.Or(b.Total()-a.Total(), cmp.Compare(a.Key, b.Key))
		})
		t.out.Groups = append(t.out.Groups, out)
	}
	return t.out
}
