package rules_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
)

// An expressions makes random well-typed conditions over In. It keeps to what
// the loader accepts: it asks for absence only of what may be absent, and
// compares no text with "" whose empty value is absent.
type expressions struct {
	*rand.Rand
	plain  bool // only what expr's own VM does with the same meaning
	around []made
}

// A made is a piece of an expression.
type made struct {
	text     string
	shape    *shape
	level    int  // how tightly its outermost operator binds
	optional bool // it may be absent
	constant bool // it reads nothing
}

// The rows of the operator table of docs/rules.md, loosest first.
const (
	bindChoice = iota
	bindOr
	bindAnd
	bindCompare
	bindRange
	bindAdd
	bindNot
	bindMultiply
	bindNegative
	bindDefault
	bindTight
)

var scalars = map[kind]*shape{
	boolean: {kind: boolean}, whole: {kind: whole}, number: {kind: number}, text: {kind: text}, moment: {kind: moment},
}

func listOf(elem *shape) *shape { return &shape{kind: list, elem: elem} }

// build joins pieces to a new one.
func build(s *shape, level int, format string, parts ...made) made {
	m := made{shape: s, level: level, constant: len(parts) > 0}
	args := make([]any, 0, len(parts))
	for _, part := range parts {
		args = append(args, part.text)
		m.optional = m.optional || part.optional
		m.constant = m.constant && part.constant
	}
	m.text = fmt.Sprintf(format, args...)
	return m
}

// in brackets a piece where the operator around it binds as tightly, and
// sometimes where there is no need to. A default is always in brackets.
func (g *expressions) in(level int, m made) made {
	if m.level <= level || m.level == bindDefault || g.IntN(8) == 0 && m.level < bindTight {
		m.text, m.level = "("+m.text+")", bindTight
	}
	return m
}

// A recipe makes one sort of expression. Its weight is how often.
type recipe struct {
	weight int
	make   func(depth int) made
}

func (g *expressions) choose(depth int, recipes []recipe) made {
	sum := 0
	for _, r := range recipes {
		sum += r.weight
	}
	at := g.IntN(sum)
	for _, r := range recipes {
		if at -= r.weight; at < 0 {
			return r.make(depth - 1)
		}
	}
	panic("unreachable")
}

// condition makes a whole condition.
func (g *expressions) condition() string { return g.boolean(1 + g.IntN(5)).text }

func (g *expressions) value(k kind, depth int) made {
	switch k {
	case boolean:
		return g.boolean(depth)
	case whole:
		return g.whole(depth)
	case number:
		return g.number(depth)
	case text:
		return g.text(depth)
	case moment:
		return g.moment(depth)
	}
	panic("no values of kind " + k)
}

// leaf is a field, or sometimes a constant.
func (g *expressions) leaf(k kind) made {
	if g.IntN(4) == 0 {
		return g.literal(k)
	}
	return g.field(k, "")
}

func (g *expressions) literal(k kind) made {
	m := made{shape: scalars[k], level: bindTight, constant: true}
	switch k {
	case boolean:
		m.text = pick(g.Rand, []string{"true", "false", "vars.strict"})
	case whole:
		m.text = pick(g.Rand, []string{"1", "2", "3", "5", "-1", "vars.limit", "vars.sender.rank"})
	case number:
		m.text = pick(g.Rand, []string{"0.5", "1.0", "2.5", "-1.5", "vars.factor", "1e1"})
	case text:
		m.text = pick(g.Rand, []string{`"Care"`, `'care'`, `"a"`, `"b"`, `"5"`, `"äÖ"`, "vars.sender.name"})
	case moment:
		m.text = pick(g.Rand, []string{
			`date("2026-01-31")`, `date("2026-01-31T18:00:00+01:00")`, `date("2025-12-31T23:59:59Z")`,
		})
	}
	if strings.HasPrefix(m.text, "-") {
		m.level = bindNegative
	}
	return m
}

// pair makes two pieces, at least one of which reads something.
func (g *expressions) pair(one, other func() made) (made, made) {
	a, b := one(), other()
	for a.constant && b.constant {
		a, b = one(), other()
	}
	return a, b
}

// field is a path to a field of a kind; elem is the kind of a list's elements.
func (g *expressions) field(k, elem kind) made {
	var found []made
	if len(g.around) > 0 && g.IntN(10) < 7 {
		element := g.around[len(g.around)-1]
		found = paths(nil, element, k, elem)
		if element.shape.kind == group && g.IntN(3) > 0 {
			for i := range found {
				found[i].text = strings.TrimPrefix(found[i].text, "#")
				if found[i].text == "" {
					found[i].text = "#"
				}
			}
		}
	}
	if len(found) == 0 {
		for _, f := range inShape.fields {
			found = paths(found, made{text: f.name, shape: f.shape, level: bindTight, optional: f.optional}, k, elem)
		}
	}
	return pick(g.Rand, found)
}

// paths lists what a piece and the groups in it have of a kind.
func paths(found []made, m made, k, elem kind) []made {
	if m.shape.kind == k && (elem == "" || m.shape.elem.kind == elem) {
		found = append(found, m)
	}
	if m.shape.kind == group {
		for _, f := range m.shape.fields {
			inner := made{text: m.text + "." + f.name, shape: f.shape, level: bindTight, optional: m.optional || f.optional}
			found = paths(found, inner, k, elem)
		}
	}
	return found
}

// through reads a field of an element of a list.
func (g *expressions) through(k kind) func(int) made {
	return func(depth int) made {
		var from made
		switch {
		case g.plain:
			from = build(inShape.find("items").elem, bindTight, pick(g.Rand, []string{"items[0]", "links[-1]"}))
		default:
			from = g.index(g.list(group, depth), depth)
		}
		found := paths(nil, from, k, "")
		if len(found) == 0 {
			return g.field(k, "")
		}
		return pick(g.Rand, found)
	}
}

func (s *shape) find(name string) *shape {
	for _, f := range s.fields {
		if f.name == name {
			return f.shape
		}
	}
	panic("no field " + name)
}

// index is an element of a list, near its ends or out of range.
func (g *expressions) index(from made, depth int) made {
	at := build(scalars[whole], bindTight, strconv.Itoa(g.IntN(7)-3))
	at.constant = true
	if g.IntN(3) == 0 {
		at = g.whole(depth)
	}
	m := build(from.shape.elem, bindTight, "%s[%s]", g.in(bindDefault, from), at)
	m.optional = true
	return m
}

// anyIndex is an element of any list of a kind.
func (g *expressions) anyIndex(k kind) func(int) made {
	return func(depth int) made {
		if g.plain {
			from := g.field(list, group)
			m := build(from.shape.elem, bindTight, "%s[0]", from)
			if found := paths(nil, m, k, ""); len(found) > 0 {
				return pick(g.Rand, found)
			}
			return g.field(k, "")
		}
		return g.index(g.list(k, depth), depth)
	}
}

// orDefault is `a ?? b`, where a may be absent.
func (g *expressions) orDefault(k kind) func(int) made {
	return func(depth int) made {
		left := g.maybe(k, depth)
		right := g.value(k, depth)
		if left.level != bindDefault || g.IntN(2) == 0 {
			left = g.in(bindDefault, left)
		}
		m := build(left.shape, bindDefault, "%s ?? %s", left, g.in(bindDefault, right))
		m.optional, m.constant = right.optional, false
		return m
	}
}

// maybe is a value that may be absent.
func (g *expressions) maybe(k kind, depth int) made {
	for range 4 {
		if m := g.value(k, depth); m.optional && !m.constant {
			return m
		}
	}
	for {
		if m := g.field(k, ""); m.optional {
			return m
		}
	}
}

// pickOf is `condition ? a : b`.
func (g *expressions) pickOf(k kind) func(int) made {
	return func(depth int) made {
		condition := g.boolean(depth)
		for condition.constant {
			condition = g.boolean(depth)
		}
		a, b := g.value(k, depth), g.value(k, depth)
		return build(a.shape, bindChoice, "%s ? %s : %s", g.in(bindChoice, condition), a, b)
	}
}

// within makes a piece inside a loop over a list.
func (g *expressions) within(over made, make func() made) made {
	g.around = append(g.around, made{
		text: "#", shape: over.shape.elem, level: bindTight, optional: over.shape.holes,
	})
	defer func() { g.around = g.around[:len(g.around)-1] }()
	return make()
}

// loop is `name(list, value)` or `list | name(value)`.
func (g *expressions) loop(name string, result *shape, over, body made) made {
	if g.IntN(4) == 0 {
		return build(result, bindTight, "(%s | "+name+"(%s))", g.in(bindDefault, over), body)
	}
	return build(result, bindTight, name+"(%s, %s)", over, body)
}

// list makes a list of elements of a kind.
func (g *expressions) list(k kind, depth int) made {
	hasField := k == group || k == text || k == whole || k == number
	if depth <= 0 && hasField {
		return g.field(list, k)
	}
	recipes := []recipe{{3, func(d int) made { return g.filtered(g.list(k, d), d) }}}
	if hasField {
		recipes = append(recipes, recipe{6, func(int) made { return g.field(list, k) }})
	}
	if depth <= 0 {
		recipes = nil
	}
	if k != group {
		recipes = append(recipes, recipe{3, func(d int) made { return g.mapped(k, d) }})
	}
	switch k {
	case text:
		recipes = append(recipes, recipe{3, g.listedTexts}, recipe{1, func(int) made {
			m := build(listOf(scalars[text]), bindDefault, "notes ?? %s", pick(g.Rand, []made{g.field(list, text), constantList("vars.skills", text)}))
			m.constant = false
			return m
		}})
	case boolean, moment:
		recipes = append(recipes, recipe{3, func(d int) made { return g.listed(k, d) }})
	case whole, number:
		recipes = append(recipes, recipe{3, func(d int) made { return g.listed(k, d) }}, recipe{1, func(int) made {
			return constantList(map[kind]string{whole: "vars.ranks", number: "vars.limits"}[k], k)
		}})
	}
	return g.choose(depth, recipes)
}

func constantList(name string, k kind) made {
	return made{text: name, shape: listOf(scalars[k]), level: bindTight, constant: true}
}

func (g *expressions) listedTexts(depth int) made {
	if !g.plain && g.IntN(2) == 0 {
		m := build(listOf(scalars[text]), bindTight, "answers(%s)", g.text(depth-1))
		m.optional, m.constant = true, false
		return m
	}
	return g.listed(text, depth)
}

// listed is a literal list.
func (g *expressions) listed(k kind, depth int) made {
	var items []made
	var holes []string
	for range 1 + g.IntN(3) {
		item := g.literal(k)
		if g.IntN(3) == 0 {
			item = g.value(k, depth-1)
		}
		items, holes = append(items, item), append(holes, "%s")
	}
	return build(listOf(scalars[k]), bindTight, "["+strings.Join(holes, ", ")+"]", items...)
}

func (g *expressions) filtered(over made, depth int) made {
	return g.loop("filter", over.shape, over, g.within(over, func() made { return g.boolean(depth) }))
}

func (g *expressions) mapped(k kind, depth int) made {
	over := g.list(pick(g.Rand, []kind{group, group, text, whole}), depth)
	return g.loop("map", listOf(scalars[k]), over, g.within(over, func() made { return g.value(k, depth) }))
}
