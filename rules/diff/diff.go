package diff

import (
	"encoding/json"

	"github.com/afterword-go/afterword/rules/replay"
)

// A Diff tells what differs between two decisions of the same events.
type Diff struct {
	// Decided is how many events were decided.
	Decided int `json:"decided"`
	// Unreadable is how many lines were no events, and UnreadableLines are the
	// first of them.
	Unreadable      int                `json:"unreadable"`
	UnreadableLines []replay.LineError `json:"unreadableLines"`
	// NoEvent is how many lines are sound and hold no event: their decoding is a
	// replay.ErrNoEvent.
	NoEvent int `json:"noEvent"`
	// Empty is how many of the events have no field of an event, as
	// replay.Reading.Empty says, and FirstEmpty is the line of the first of them; 0 if
	// there is none.
	Empty      int `json:"empty"`
	FirstEmpty int `json:"firstEmpty"`
	// Differing is how many events have outcomes or errors that differ.
	Differing int `json:"differing"`
	// Old and New are what there is on each side.
	Old Side `json:"old"`
	New Side `json:"new"`
	// Tally sums up what differs.
	Tally
	// Kept is how many outcomes follow before and after. HandedOver are those of
	// them that follow from another rule than before.
	Kept       int `json:"kept"`
	HandedOver int `json:"handedOver"`
	// Reordered is how many events have outcomes that are kept in another order.
	Reordered int `json:"reordered"`
	// ErrorsGained and ErrorsLost are how often a rule fails that did not, and
	// the other way around.
	ErrorsGained int `json:"errorsGained"`
	ErrorsLost   int `json:"errorsLost"`
	// Rules are the rules for which something differs, in the order of the new
	// ones, those behind that are gone.
	Rules []RuleDiff `json:"rules"`
	// Groups are in the order of the groupings.
	Groups []Grouped `json:"groups"`
	// ExamplesLeftOut says that some rules have fewer examples than were asked
	// for, since there are so many; or that some are without values.
	ExamplesLeftOut bool `json:"examplesLeftOut"`
}

// A Side is what one of the two rule sets comes to.
type Side struct {
	// Outcomes is how many outcomes follow.
	Outcomes int `json:"outcomes"`
	// Failed is how many events there are for which a rule failed.
	Failed int `json:"failed"`
}

// A Tally counts outcomes that differ.
type Tally struct {
	Added   int `json:"added"`
	Removed int `json:"removed"`
	Changed int `json:"changed"`
}

// Total is how many outcomes differ.
func (t Tally) Total() int { return t.Added + t.Removed + t.Changed }

func (t *Tally) count(k Kind) {
	switch k {
	case Added:
		t.Added++
	case Removed:
		t.Removed++
	case Changed:
		t.Changed++
	}
}

// Share is how much differs of all outcomes there are before or after, from 0 to
// 1. It is 0 if there are none.
func (d Diff) Share() float64 {
	if d.Total() == 0 {
		return 0
	}
	return float64(d.Total()) / float64(d.Total()+d.Kept)
}

// A RuleDiff is what differs for a rule.
type RuleDiff struct {
	Name string `json:"name"`
	Tally
	ErrorsGained int `json:"errorsGained"`
	ErrorsLost   int `json:"errorsLost"`
	// Examples are the first lines for which something differs, a few for each
	// kind, in the order of the lines. A line comes once for each kind, or with
	// Options.Values once for each outcome.
	Examples []Example `json:"examples"`
}

// A Kind says what differs.
type Kind string

// The kinds of differences.
const (
	Added       Kind = "added"        // an outcome follows that did not
	Removed     Kind = "removed"      // an outcome does not follow any more
	Changed     Kind = "changed"      // a rule has another outcome
	ErrorGained Kind = "error gained" // a rule fails that did not
	ErrorLost   Kind = "error lost"   // a rule fails no more
)

// An Example is an event for which something differs.
type Example struct {
	Line int  `json:"line"` // from 1
	Kind Kind `json:"kind"`
	// Error is that of a rule that fails, or failed; without Options.Values, without
	// what Go functions say of the event, as decisionlog.MessageOf leaves it out. Of
	// rules of files, what the program says of their outcomes is told; it has to
	// quote nothing.
	Error string `json:"error,omitempty"`
	// Event is the line, and Before and After are the outcome; with
	// Options.Values only. Nil where there is none, or where it is too long.
	Event  json.RawMessage `json:"event,omitempty"`
	Before json.RawMessage `json:"before,omitempty"`
	After  json.RawMessage `json:"after,omitempty"`
}

// Grouped is what differs by groups of one sort.
type Grouped struct {
	Name string `json:"name"`
	// Groups are those for which something differs, the largest first.
	Groups []GroupDiff `json:"groups"`
	// Others sums up groups that came up when there were as many as are kept, and
	// keys that are too long. Nil if there are none.
	Others *Tally `json:"others,omitempty"`
}

// A GroupDiff is what differs for outcomes of a group. An outcome that changes
// into one of another group is removed from the one and added to the other.
type GroupDiff struct {
	Key string `json:"key"`
	Tally
}

// Options say how events are read and compared. The zero value reads events as
// encoding/json does and compares outcomes as reflect.DeepEqual.
type Options[In, Out any] struct {
	replay.Reading[In]
	// Same tells whether two outcomes are the same. It is called by several
	// goroutines at once. Nil: reflect.DeepEqual.
	Same func(a, b Out) bool
	// Groupings are what outcomes are counted by beside rules.
	Groupings []Grouping[Out]
	// Withhold drops the outcomes of an event for which a rule fails, those in
	// shadow not counted: whoever runs the rules sends nothing then.
	Withhold bool
	// Examples is how many examples there are for each kind of a rule. 0 is 3;
	// less is none.
	Examples int
	// Values asks for examples with events and outcomes, and with all that errors
	// say: they quote what was recorded.
	Values bool
	// MostGroups is how many groups are kept of a sort, those that come up first.
	// 0 is 1000.
	MostGroups int
	// Progress is told now and then, by the goroutine that has called Run, how many
	// lines there have been. Nil: nobody is told.
	Progress func(lines int)
}

// A Grouping puts outcomes into groups.
type Grouping[Out any] struct {
	Name string
	// Of is the key of the outcome's group, empty for none. It is called by
	// several goroutines at once.
	Of func(Out) string
}

// The bounds of what a diff keeps.
const (
	defaultExamples = 3
	defaultGroups   = 1000
	mostUnreadable  = 20
	mostExamples    = 10_000   // of all rules
	mostKey         = 320      // bytes of a group's key
	mostValue       = 64 << 10 // bytes of an event or outcome
	mostValues      = 16 << 20 // of all examples
)

func (o Options[In, Out]) examples() int {
	switch {
	case o.Examples == 0:
		return defaultExamples
	case o.Examples < 0:
		return 0
	}
	return o.Examples
}

func (o Options[In, Out]) mostGroups() int {
	if o.MostGroups > 0 {
		return o.MostGroups
	}
	return defaultGroups
}
