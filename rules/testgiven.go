package rules

import (
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// A given value is an input of a test, or a part of one, with the place that it
// comes from.
type given struct {
	in    string     // the file that it is written in
	at    *yaml.Node // and where
	value any        // map[string]*given, []*given, a text, a number, a boolean, nil or absent
}

// absent removes what it is put in place of.
type absent struct{}

// placed finds the places of values that were read from a node of a file.
func placed(file string, n *yaml.Node, value any) *given {
	out := &given{file, n, value}
	switch value := value.(type) {
	case map[string]any:
		group := make(map[string]*given, len(value))
		for i := 0; i+1 < len(n.Content); i += 2 {
			name := n.Content[i].Value
			member, there := value[name]
			if _, twice := group[name]; there && !twice {
				group[name] = placed(file, n.Content[i+1], member)
			}
		}
		out.value = group
	case []any:
		list := make([]*given, len(value))
		for i, item := range value {
			list[i] = placed(file, n.Content[i], item)
		}
		out.value = list
	}
	return out
}

// swept is a copy without the list elements that were removed.
func (g *given) swept() *given {
	out := *g
	switch value := g.value.(type) {
	case map[string]*given:
		group := make(map[string]*given, len(value))
		for name, member := range value {
			group[name] = member.swept()
		}
		out.value = group
	case []*given:
		list := make([]*given, 0, len(value))
		for _, item := range value {
			if !item.removed() {
				list = append(list, item.swept())
			}
		}
		out.value = list
	}
	return &out
}

func (g *given) removed() bool { return g.value == (absent{}) }

// group is what there is of a group.
func (g *given) group() (map[string]*given, bool) {
	if g == nil {
		return nil, false
	}
	group, ok := g.value.(map[string]*given)
	return group, ok
}

// list is what there is of a list.
func (g *given) list() []*given {
	if g == nil {
		return nil
	}
	list, _ := g.value.([]*given)
	return list
}

// put is g with a value at the end of steps; groups and lists on the way are
// made where there are none.
func (all *tally) put(g *given, steps []any, value *given) *given {
	if len(steps) == 0 {
		return value
	}
	switch step := steps[0].(type) {
	case string:
		return all.putField(g, step, steps[1:], value)
	case int:
		return all.putElement(g, step, steps[1:], value)
	}
	return g
}

func (all *tally) putField(g *given, name string, steps []any, value *given) *given {
	group, ok := g.group()
	member, there := group[name]
	switch {
	case value.removed() && !there:
		return g
	case value.removed() && len(steps) == 0:
		delete(group, name)
		return g
	case !ok:
		g = &given{in: value.in, at: value.at}
	}
	if group == nil {
		group = map[string]*given{}
	}
	group[name] = all.put(member, steps, value)
	g.value = group
	return g
}

func (all *tally) putElement(g *given, place int, steps []any, value *given) *given {
	list := g.list()
	switch {
	case value.removed() && place >= len(list):
		return g
	case list == nil:
		g = &given{in: value.in, at: value.at}
	}
	for len(list) <= place && all.bytes <= maxInputs {
		list = append(list, filler(steps, value))
		all.bytes += len("null,")
	}
	if len(list) > place {
		list[place] = all.put(list[place], steps, value)
	}
	g.value = list
	return g
}

// filler stands in front of an element that a path makes: an empty group or
// list if that is one, or else null.
func filler(steps []any, value *given) *given {
	like := value.value
	if len(steps) > 0 {
		like = map[string]*given(nil)
		if _, place := steps[0].(int); place {
			like = []*given(nil)
		}
	}
	switch like.(type) {
	case map[string]*given:
		return &given{value.in, value.at, map[string]*given(nil)}
	case []*given:
		return &given{value.in, value.at, []*given(nil)}
	}
	return &given{value.in, value.at, nil}
}

// plain is the value as JSON would decode it.
func (g *given) plain() any {
	switch value := g.value.(type) {
	case map[string]*given:
		group := make(map[string]any, len(value))
		for name, member := range value {
			group[name] = member.plain()
		}
		return group
	case []*given:
		list := make([]any, len(value))
		for i, item := range value {
			list[i] = item.plain()
		}
		return list
	}
	return g.value
}

// find is what a path such as questions[0].answer leads to, or the last value on
// its way if it leads further than there is.
func (g *given) find(path string) *given {
	last := g
	for part := range strings.SplitSeq(path, ".") {
		name, indexes, indexed := strings.Cut(part, "[")
		group, _ := g.group()
		if g = group[name]; g == nil {
			return last
		}
		last = g
		for index := range strings.SplitSeq(indexes, "[") {
			if !indexed {
				break
			}
			i, err := strconv.Atoi(strings.TrimSuffix(index, "]"))
			list := g.list()
			if err != nil || i < 0 || i >= len(list) {
				return last
			}
			g = list[i]
			last = g
		}
	}
	return last
}
