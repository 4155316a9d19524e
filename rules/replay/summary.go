package replay

import (
	"slices"

	"github.com/afterword-go/afterword/rules"
)

// MaxGroups bounds the groups that a Summary counts by name, for all outcomes and
// for those of each rule. They are those that come up first, in the order of the
// lines.
const MaxGroups = 1000

// maxGroup bounds the name of a group, in bytes. Outcomes of groups with longer
// names are counted without them.
const maxGroup = 320

// A Summary tells what came of all events.
type Summary struct {
	Events     int         // that were decided
	Unreadable int         // lines that are no events
	Lines      []LineError // the first of those
	NoEvent    int         // lines that hold no event: ErrNoEvent
	// Empty counts the events that have no field of an event, as Reading.Empty says,
	// and FirstEmpty is the line of the first of them; 0 if there is none.
	Empty, FirstEmpty int
	// Failing counts the events for which a rule failed, those in shadow not
	// counted.
	Failing  int
	Outcomes int // that follow from all events
	Groups   Groups
	Rules    []RuleSummary // in the order in which they decide
	// Of the events of which it is known what was decided then: how many are decided
	// alike, as far as the recording tells, and how many are not, with the first of
	// the differences.
	Alike, Differing int
	Differences      []LineError
}

// A LineError is what is wrong with a line. Its message is that of an error, and
// holds no value of the event, if the errors of Decode hold none: what Go
// functions say of an event is left out, as decisionlog.MessageOf does. Of rules
// of files, what the program says of their outcomes is told; it has to quote
// nothing.
type LineError struct {
	Line    int    `json:"line"` // from 1
	Message string `json:"error"`
}

// Groups count outcomes by what Config.Group says of them.
type Groups struct {
	Counts map[string]int // up to MaxGroups; nil if there are none
	Others int            // outcomes of further groups, and of those whose names are longer than 320 bytes

	// Of a batch: the names in the order in which they came, all of them. There are
	// no more than outcomes of its lines.
	came []string
}

// A RuleSummary tells what became of one rule.
type RuleSummary struct {
	rules.RuleInfo
	// For how many events the rule fired, did not, was skipped since a field is
	// absent, failed, and was not reached since an earlier rule ended the search.
	// For one in shadow, that is what would have been; one that is off has none.
	Fired, NotFired, Skipped, Failed, NotReached int
	// Outcomes are those that follow from the rule and from none before it.
	Outcomes int
	Groups   Groups
	Parts    []PartSummary
	Errors   []LineError // the first of those that failed
}

// A PartSummary tells for how many events a part alone kept its rule from firing.
type PartSummary struct {
	rules.PartInfo
	Missed int
}

// newSummary is an empty one for these rules.
func newSummary[In, Out any](of Rules[In, Out]) *Summary {
	out := &Summary{}
	for i, info := range of.Rules() {
		r := RuleSummary{RuleInfo: info}
		for _, p := range of.Parts(i) {
			r.Parts = append(r.Parts, PartSummary{PartInfo: p})
		}
		out.Rules = append(out.Rules, r)
	}
	return out
}

// empty is a summary of nothing, for the same rules.
func (s *Summary) empty() *Summary {
	out := &Summary{Rules: slices.Clone(s.Rules)}
	for i := range out.Rules {
		r := &out.Rules[i]
		*r = RuleSummary{RuleInfo: r.RuleInfo, Parts: slices.Clone(r.Parts)}
		for k := range r.Parts {
			r.Parts[k].Missed = 0
		}
	}
	return out
}

// take adds what the other one has, which tells of lines behind, and empties it.
func (s *Summary) take(from *Summary, keep int) {
	s.Events += from.Events
	s.Unreadable += from.Unreadable
	s.NoEvent += from.NoEvent
	if s.Empty += from.Empty; s.FirstEmpty == 0 {
		s.FirstEmpty = from.FirstEmpty
	}
	s.Failing += from.Failing
	s.Alike += from.Alike
	s.Differing += from.Differing
	s.Differences = taken(s.Differences, from.Differences, keep)
	s.Outcomes += from.Outcomes
	s.Lines = taken(s.Lines, from.Lines, keep)
	s.Groups.take(&from.Groups)
	for i := range s.Rules {
		s.Rules[i].take(&from.Rules[i], keep)
	}
	*from = Summary{Lines: from.Lines[:0], Differences: from.Differences[:0], Groups: from.Groups, Rules: from.Rules}
}

func (r *RuleSummary) take(from *RuleSummary, keep int) {
	r.Fired += from.Fired
	r.NotFired += from.NotFired
	r.Skipped += from.Skipped
	r.Failed += from.Failed
	r.NotReached += from.NotReached
	r.Outcomes += from.Outcomes
	r.Errors = taken(r.Errors, from.Errors, keep)
	r.Groups.take(&from.Groups)
	for i := range r.Parts {
		r.Parts[i].Missed += from.Parts[i].Missed
		from.Parts[i].Missed = 0
	}
	*from = RuleSummary{RuleInfo: from.RuleInfo, Parts: from.Parts, Errors: from.Errors[:0], Groups: from.Groups}
}

// taken appends errors, up to so many in all.
func taken(into, from []LineError, keep int) []LineError {
	return append(into, from[:min(len(from), keep-len(into))]...)
}

// note counts an outcome of a batch.
func (g *Groups) note(name string) {
	if len(name) > maxGroup {
		g.Others++
		return
	}
	if g.Counts == nil {
		g.Counts = map[string]int{}
	}
	if _, known := g.Counts[name]; !known {
		g.came = append(g.came, name)
	}
	g.Counts[name]++
}

// take adds the groups of a batch, and empties it.
func (g *Groups) take(from *Groups) {
	if len(from.came) > 0 && g.Counts == nil {
		g.Counts = map[string]int{}
	}
	for _, name := range from.came {
		if _, known := g.Counts[name]; known || len(g.Counts) < MaxGroups {
			g.Counts[name] += from.Counts[name]
		} else {
			g.Others += from.Counts[name]
		}
	}
	g.Others += from.Others
	if len(from.came) > MaxGroups { // maps and slices keep their room
		*from = Groups{}
		return
	}
	clear(from.Counts)
	clear(from.came)
	from.came, from.Others = from.came[:0], 0
}
