package rules

import (
	"cmp"
	"path"
	"slices"
)

// pair finds, for the rules and sets of one side, those of the other.
func (c *comparer[In, Then]) pair(old, new []*Set[In, Then]) {
	c.pairNames()
	c.pairSets(old, new)
	c.pairRenamed()
}

func (c *comparer[In, Then]) pairNames() {
	byName := make(map[string]*compared[In, Then], len(c.old))
	for _, r := range c.old {
		byName[r.Name] = r
	}
	for _, r := range c.new {
		if was := byName[r.Name]; was != nil {
			r.mate, was.mate = was, r
		}
	}
}

// A setPair is an old set and a new one, which may be the same.
type setPair struct {
	old, new int
	shared   int // rules of the same name
	alike    bool
}

// pairSets takes those sets for the same that share the most rules. It makes no
// difference which side is called old.
func (c *comparer[In, Then]) pairSets(old, new []*Set[In, Then]) {
	shared := map[[2]int]int{}
	for _, r := range c.new {
		if r.mate != nil {
			shared[[2]int{r.mate.in, r.in}]++
		}
	}
	var pairs []setPair
	for key, n := range shared {
		pairs = append(pairs, setPair{key[0], key[1], n, path.Base(old[key[0]].file()) == path.Base(new[key[1]].file())})
	}
	slices.SortFunc(pairs, func(a, b setPair) int {
		if a.alike != b.alike && a.shared == b.shared {
			return map[bool]int{true: -1, false: 1}[a.alike]
		}
		return cmp.Or(b.shared-a.shared, a.old+a.new-b.old-b.new, max(a.old, a.new)-max(b.old, b.new), a.old-b.old)
	})
	c.files = slices.Repeat([]int{-1}, len(new))
	taken := make([]bool, len(old))
	for _, p := range pairs {
		if c.files[p.new] < 0 && !taken[p.old] {
			c.files[p.new], taken[p.old] = p.old, true
		}
	}
	if len(old) == 1 && len(new) == 1 {
		c.files[0] = 0
	}
}

// pairRenamed finds rules that have another name, and are the same otherwise.
func (c *comparer[In, Then]) pairRenamed() {
	if !hasSingle(c.old) || !hasSingle(c.new) {
		return
	}
	type likeness struct{ condition, outcome string }
	key := func(r *compared[In, Then]) (likeness, bool) {
		then, opaque := r.outcomeKey()
		return likeness{c.reading(r).key, then}, r.inGo == nil && !opaque
	}
	single := map[likeness][]*compared[In, Then]{}
	for _, r := range c.old {
		if r.mate != nil {
			continue
		}
		if k, ok := key(r); ok {
			single[k] = append(single[k], r)
		}
	}
	for _, r := range c.new {
		if r.mate != nil {
			continue
		}
		if k, ok := key(r); ok && len(single[k]) > 0 {
			r.mate, single[k] = single[k][0], single[k][1:]
			r.mate.mate = r
		}
	}
}

// hasSingle tells whether a rule has no counterpart.
func hasSingle[In, Then any](list []*compared[In, Then]) bool {
	return slices.ContainsFunc(list, func(r *compared[In, Then]) bool { return r.mate == nil })
}
