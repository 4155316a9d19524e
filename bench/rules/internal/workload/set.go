package workload

// A Rule is a condition, and the same as a Go function made by hand.
type Rule struct {
	Name string
	When Condition
	// Native is a closure: what it compares with is known at run time only.
	Native func(*Event) bool
}

// A Set is rules with the events that they are to decide.
type Set struct {
	Name  string
	Rules []Rule
	// Events are a power of two in number.
	Events []Event
	// Absent says that fields of the events may be absent. If none is, engines
	// need not ask.
	Absent bool
}

// Hot is the set with one of its events alone, which a rule fires for.
func (s *Set) Hot() *Set {
	one := *s
	for i := range s.Events {
		if s.Marks(i) != 0 {
			one.Events = s.Events[i : i+1]
			return &one
		}
	}
	one.Events = s.Events[:1]
	return &one
}

// With is the set with other events.
func (s *Set) With(events []Event) *Set {
	other := *s
	other.Events = events
	return &other
}

// Mark stands for a rule that fired. Marks are added up, so that engines need
// not agree about the order.
func Mark(rule int) uint64 { return uint64(rule+1) * 0x9e3779b97f4a7c15 }

// Marks are those of all rules that fire for an event, by Condition.Holds.
func (s *Set) Marks(event int) uint64 {
	var sum uint64
	for i, r := range s.Rules {
		if r.When.Holds(&s.Events[event]) {
			sum += Mark(i)
		}
	}
	return sum
}
