package index

import (
	"slices"
	"strings"
)

// describe notes how each rule of the first level is found.
func (m *maker) describe(l *level) {
	single := make([]string, len(l.lookups))
	var all []int
	for i := 0; i < len(l.entries); {
		end := i
		all = all[:0]
		rule := l.entries[i].rule
		for ; end < len(l.entries) && l.entries[end].rule == rule; end++ {
			if l.choice[end] < 0 {
				continue
			}
			a := l.atom(end)
			at := a.field*int(ways) + int(a.way)
			if single[at] == "" {
				single[at] = m.fields[a.field].name + ": " + a.way.String()
			}
			if !slices.Contains(all, at) {
				all = append(all, at)
			}
		}
		switch {
		case len(all) == 1:
			m.ways.set(int(rule), single[all[0]])
		case len(all) > 1:
			m.ways.set(int(rule), several(single, all))
		case len(l.entries[i].atoms) > 0:
			m.ways.set(int(rule), "always: looking it up would not leave out much")
		}
		i = end
	}
}

// several joins ways to be found; of many only the first.
func several(single []string, all []int) string {
	const most = 3
	slices.Sort(all)
	var parts []string
	for _, at := range all[:min(len(all), most)] {
		parts = append(parts, single[at])
	}
	if len(all) > most {
		parts = append(parts, "…")
	}
	return strings.Join(parts, ", or ")
}

// String says what is looked up.
func (w way) String() string {
	switch w {
	case exact:
		return "the whole text"
	case folded:
		return "the whole text in any case"
	case holds:
		return "parts of the text"
	}
	return "the value"
}
