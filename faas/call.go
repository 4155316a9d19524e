package faas

// A Call says of an invocation what its event does not. The zero Call is one
// without options.
type Call struct {
	// Skill is the wire ID of the conversation's skill. Empty is none.
	Skill string
	// RequestID tells one invocation from others in logs. It may be empty.
	RequestID string
}

// A CallOption sets a part of a Call. The zero CallOption sets nothing. Of two
// that set the same part the later one counts.
type CallOption struct{ set func(*Call) }

// ForSkill says which skill the conversation has, by its wire ID: then
// functions that name this skill serve the call too. Empty is none.
func ForSkill(skill string) CallOption {
	return CallOption{func(c *Call) { c.Skill = skill }}
}

// WithRequestID says by which ID logs and observers tell the invocation from
// others.
func WithRequestID(id string) CallOption {
	return CallOption{func(c *Call) { c.RequestID = id }}
}

// NewCall puts options together. It is for those who write an Invoker.
func NewCall(opts ...CallOption) Call {
	var call Call
	for _, opt := range opts {
		if opt.set != nil {
			opt.set(&call)
		}
	}
	return call
}
