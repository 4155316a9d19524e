package workload

// An Event is what all rules read. Rules in Afterword and in Go read it as it
// is; the other engines get it in the form that costs them least, made before
// anything is timed.
type Event struct {
	CSATRank  *int   `json:"csatRank"` // 1 to 5; nil: absent
	SkillName string `json:"skillName,omitempty"`
	AgentName string `json:"agentName,omitempty"`
	Wait      *int   `json:"wait"` // seconds in the queue, more than 0; nil: absent
}

// Rotating is how many events a set takes turns with.
const Rotating = 4096

// A Number is a field that holds a whole number.
type Number string

// The numbers.
const (
	CSATRank Number = "csatRank"
	Wait     Number = "wait"
)

// of is the field's value; false if it is absent.
func (n Number) of(e *Event) (int, bool) {
	p := e.CSATRank
	if n == Wait {
		p = e.Wait
	}
	if p == nil {
		return 0, false
	}
	return *p, true
}

// A Text is a field that holds a text.
type Text string

// The texts.
const (
	SkillName Text = "skillName"
	AgentName Text = "agentName"
)

// of is the field's value; false if it is absent.
func (t Text) of(e *Event) (string, bool) {
	s := e.SkillName
	if t == AgentName {
		s = e.AgentName
	}
	return s, s != ""
}
