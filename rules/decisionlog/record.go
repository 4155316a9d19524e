package decisionlog

import (
	"encoding/json"
	"time"
)

// Form is the form of records, which each of them names. A change that readers
// of this form would misread gets another number; fields may be added without
// one.
const Form = 1

// A Record tells of one decision. As JSON, it is one line of the log.
type Record[Out any] struct {
	// V is the form of the record: Form.
	V int `json:"v"`
	// Time is when the decision was made, in UTC.
	Time time.Time `json:"time"`
	// ID is what the caller knows the event by; it may be empty.
	ID string `json:"id,omitzero"`
	// Rules say by which rules it was decided.
	Rules Rules `json:"rules"`
	// Fired are the names of the rules that fired and count, in order.
	Fired []string `json:"fired"`
	// Shadow are the names of the rules in shadow whose conditions were true.
	Shadow []string `json:"shadow,omitzero"`
	// Skipped are the rules that were skipped, since they read absent fields.
	Skipped []Skip `json:"skipped,omitzero"`
	// Errors tell of the rules that failed, and of whatever else went wrong.
	Errors []Failure `json:"errors,omitzero"`
	// Failed says that the decision as a whole was an error, as it is where a rule
	// failed that is not in shadow: whoever takes it as one uses none of the outcomes.
	// Records that were written before there was this field are without it.
	Failed bool `json:"failed,omitzero"`
	// Count is how many outcomes the decision had. Where there are more than in
	// Outcomes, these were left out.
	Count int `json:"count"`
	// Outcomes are what was decided, in order and masked.
	Outcomes []Outcome[Out] `json:"outcomes,omitzero"`
	// Took is how long the decision took; in JSON, in nanoseconds.
	Took time.Duration `json:"tookNs"`
	// Event is the event, as JSON. It is personal data, and there only if the log
	// is asked for it.
	Event json.RawMessage `json:"event,omitzero"`
}

// Rules name a rule set.
type Rules struct {
	// Hash is what its Hash says: two sets of one hash decide alike.
	Hash string `json:"hash,omitzero"`
	// Version is what people call it; it may be empty.
	Version string `json:"version,omitzero"`
}

// A Skip is a rule that was skipped.
type Skip struct {
	Rule string `json:"rule"`
	// Absent are the absent fields that kept the rule from being decided, with
	// their full paths. It is empty if they are not known.
	Absent []string `json:"absent,omitzero"`
}

// A Failure tells what went wrong, and never a value of the event.
type Failure struct {
	Rule    string `json:"rule,omitzero"`   // empty: no rule is to blame
	File    string `json:"file,omitzero"`   // empty for rules made in Go
	Line    int    `json:"line,omitzero"`   // from 1; 0 where there is no place to name
	Column  int    `json:"column,omitzero"` // from 1, in runes
	Message string `json:"message"`
}

// An Outcome is one thing that was decided.
type Outcome[Out any] struct {
	// Rule is the name of the rule that it follows from.
	Rule  string `json:"rule,omitzero"`
	Value Out    `json:"value"`
}
