package index

// A target is what a key leads to: a rule, a list of rules, a group of rules that
// is divided further, or nothing. A set has few enough rules for 30 bits.
type target uint32

const (
	nothing target = 1<<32 - 1
	isList  target = 1 << 30 // the rest is where it begins in lists
	isNode  target = 2 << 30 // the rest is its number
	kinds   target = 3 << 30
)

// lists holds lists of rules, each behind its length.
type lists []uint32

// add stores a list, in order and without doubles.
func (l *lists) add(rules []uint32) target {
	if len(rules) == 1 {
		return target(rules[0])
	}
	at := target(len(*l))
	*l = append(append(*l, uint32(len(rules))), rules...)
	return isList | at
}

// at is the list that begins there.
func (l lists) at(place uint32) []uint32 {
	end := place + 1 + l[place]
	return l[place+1 : end : end]
}
