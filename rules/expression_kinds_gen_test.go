package rules_test

// What the generator makes of each kind.

func (g *expressions) boolean(depth int) made {
	if depth <= 0 {
		if g.IntN(3) > 0 {
			return g.compareNumbers(0)
		}
		return g.leaf(boolean)
	}
	return g.choose(depth, []recipe{
		{3, func(int) made { return g.leaf(boolean) }},
		{6, g.negated},
		{10, g.connected},
		{9, g.compareNumbers},
		{5, g.chained},
		{4, g.compareTexts},
		{3, g.compareMoments},
		{3, g.compareBooleans},
		{5, g.member},
		{4, g.inRange},
		{8, g.textTest},
		{6, g.absence},
		{3, g.pickOf(boolean)},
		{2, g.orDefault(boolean)},
		{9, g.quantified},
		{3, g.calledBoolean},
		{1, g.anyIndex(boolean)},
		{1, g.through(boolean)},
	})
}

func (g *expressions) negated(depth int) made {
	return build(scalars[boolean], bindNot, pick(g.Rand, []string{"not %s", "!%s"}), g.in(bindNot, g.boolean(depth)))
}

func (g *expressions) connected(depth int) made {
	operator, level := pick(g.Rand, []string{"and", "&&"}), bindAnd
	if g.IntN(2) == 0 {
		operator, level = pick(g.Rand, []string{"or", "||"}), bindOr
	}
	side := func() made { return g.boolean(depth) }
	a, b := g.pair(side, side)
	return build(scalars[boolean], level, "%s "+operator+" %s", g.in(level-g.IntN(2), a), g.in(level, b))
}

var orders = []string{"<", "<=", ">", ">="}

func (g *expressions) comparison(operators []string, one, other func() made) made {
	a, b := g.pair(one, other)
	return build(scalars[boolean], bindCompare, "%s "+pick(g.Rand, operators)+" %s", g.in(bindCompare, a), g.in(bindCompare, b))
}

var allOrders = []string{"==", "!=", "<", "<=", ">", ">="}

func (g *expressions) compareNumbers(depth int) made {
	side := func() made { return g.anyNumber(depth) }
	return g.comparison(allOrders, side, side)
}

func (g *expressions) anyNumber(depth int) made {
	if g.IntN(3) == 0 {
		return g.number(depth)
	}
	return g.whole(depth)
}

func (g *expressions) chained(depth int) made {
	m := g.anyNumber(depth)
	for m.constant {
		m = g.anyNumber(depth)
	}
	format := "%s " + pick(g.Rand, orders) + " %s " + pick(g.Rand, orders) + " %s"
	low, high := g.in(bindCompare, g.anyNumber(depth-2)), g.in(bindCompare, g.anyNumber(depth-2))
	return build(scalars[boolean], bindCompare, format, low, g.in(bindCompare, m), high)
}

func (g *expressions) compareTexts(depth int) made {
	if g.IntN(12) == 0 {
		return build(scalars[boolean], bindCompare, pick(g.Rand, []string{`title == ""`, `"" != otherId`}))
	}
	side := func() made { return g.text(depth) }
	return g.comparison(allOrders, side, side)
}

func (g *expressions) compareMoments(depth int) made {
	side := func() made { return g.moment(depth) }
	return g.comparison(allOrders, side, side)
}

func (g *expressions) compareBooleans(depth int) made {
	side := func() made { return g.boolean(depth) }
	return g.comparison([]string{"==", "!="}, side, side)
}

func (g *expressions) member(depth int) made {
	k := pick(g.Rand, []kind{text, text, text, whole, whole, number, boolean, moment})
	a, b := g.pair(func() made { return g.value(k, depth) }, func() made { return g.list(k, depth) })
	return build(scalars[boolean], bindCompare, "%s "+pick(g.Rand, []string{"in", "not in"})+" %s", g.in(bindCompare, a), g.in(bindCompare, b))
}

func (g *expressions) inRange(depth int) made {
	x := g.whole(depth)
	for x.constant {
		x = g.whole(depth)
	}
	format := "%s " + pick(g.Rand, []string{"in", "not in"}) + pick(g.Rand, []string{" %s..%s", " (%s..%s)"})
	low, high := g.bound(depth), g.bound(depth)
	if low.constant && high.constant { // an empty range would be refused
		low.text, high.text = pick(g.Rand, []string{"1", "-1", "(0)"}), pick(g.Rand, []string{"2", "vars.limit"})
		if !g.plain && g.IntN(4) == 0 {
			high.text = "9223372036854775807"
		}
	}
	return build(scalars[boolean], bindCompare, format, g.in(bindCompare, x), low, high)
}

// bound is an end of a range: a literal most often.
func (g *expressions) bound(depth int) made {
	if g.IntN(3) > 0 {
		return g.literal(whole)
	}
	return g.in(bindRange, g.whole(depth-1))
}

var patterns = []string{`"(?i)care"`, `"^[0-9.]+$"`, `'^a|b$'`, `"^$"`, `"[äü]Ö"`, "vars.pattern"}

func (g *expressions) textTest(depth int) made {
	not := pick(g.Rand, []string{"", "not "})
	read := func() made { return g.text(depth) }
	if g.IntN(2) == 0 {
		x, pattern := g.pair(read, func() made {
			return made{text: pick(g.Rand, patterns), shape: scalars[text], level: bindTight, constant: true}
		})
		return build(scalars[boolean], bindCompare, "%s "+not+"matches %s", g.in(bindCompare, x), pattern)
	}
	part := func() made {
		if g.IntN(2) == 0 {
			return made{text: pick(g.Rand, []string{`"a"`, `"are"`, `""`, `"Ca"`, `"Ö"`}), shape: scalars[text], level: bindTight, constant: true}
		}
		return g.text(depth - 1)
	}
	a, b := g.pair(read, part)
	operator := pick(g.Rand, []string{"contains", "startsWith", "endsWith"})
	return build(scalars[boolean], bindCompare, "%s "+not+operator+" %s", g.in(bindCompare, a), g.in(bindCompare, b))
}

// absence is `x == nil` and its relatives.
func (g *expressions) absence(depth int) made {
	var m made
	switch k := pick(g.Rand, []kind{boolean, whole, whole, number, text, text, moment, group, list}); k {
	case group:
		m = pick(g.Rand, []made{{text: "far"}, {text: "far.idle"}, {text: "near.idle"}, {text: "items[1]"}, {text: "links[0].meta"}})
		if g.plain && m.text == "items[1]" {
			m.text = "items[0]"
		}
		if len(g.around) > 0 {
			if e := g.around[len(g.around)-1]; e.optional {
				m = e
			}
		}
	case list:
		m = made{text: pick(g.Rand, []string{"notes", "notes", "answers(\"a\")", "far.idle.label"})}
		if g.plain {
			m.text = "notes"
		}
	default:
		m = g.maybe(k, depth)
	}
	if m.shape == nil {
		m.level = bindTight
	}
	format := pick(g.Rand, []string{"%s == nil", "%s != nil", "nil == %s", "nil != %s"})
	m = build(scalars[boolean], bindCompare, format, g.in(bindCompare, m))
	m.optional, m.constant = false, false
	return m
}

func (g *expressions) quantified(depth int) made {
	over := g.list(pick(g.Rand, []kind{group, group, group, text, whole, number}), depth)
	body := g.within(over, func() made { return g.boolean(depth) })
	return g.loop(pick(g.Rand, []string{"any", "all", "none", "one"}), scalars[boolean], over, body)
}

func (g *expressions) calledBoolean(depth int) made {
	if g.IntN(2) == 0 {
		return build(scalars[boolean], bindTight, "ieq(%s, %s)", g.text(depth), g.text(depth))
	}
	return build(scalars[boolean], bindTight, "alike(%s, %s)", g.anyNumber(depth), g.anyNumber(depth))
}

func (g *expressions) whole(depth int) made {
	if depth <= 0 {
		return g.leaf(whole)
	}
	recipes := []recipe{
		{8, func(int) made { return g.leaf(whole) }},
		{4, func(d int) made { return g.sum(whole, d) }},
		{2, func(d int) made { return g.product(whole, d) }},
		{2, g.remainder},
		{1, func(d int) made { return g.negative(whole, d) }},
		{3, g.length},
		{2, g.counted},
		{3, func(d int) made { return g.total(whole, d) }},
		{2, g.toWhole},
		{2, g.orDefault(whole)},
		{2, g.pickOf(whole)},
		{1, g.anyIndex(whole)},
		{2, g.through(whole)},
	}
	if !g.plain {
		recipes = append(recipes,
			recipe{1, func(d int) made { return build(scalars[whole], bindTight, "half(%s)", g.whole(d)) }},
			recipe{1, g.asked("points", whole)})
	}
	return g.choose(depth, recipes)
}

// asked is a function that reads the input and may be absent.
func (g *expressions) asked(name string, k kind) func(int) made {
	return func(depth int) made {
		m := build(scalars[k], bindTight, name+"(%s)", g.text(depth-1))
		m.optional, m.constant = true, false
		return m
	}
}

func (g *expressions) sum(k kind, depth int) made {
	one, other := g.value(k, depth), g.value(k, depth)
	for one.constant && other.constant {
		other = g.field(k, "")
	}
	return build(scalars[k], bindAdd, "%s "+pick(g.Rand, []string{"+", "-"})+" %s", g.in(bindAdd-1, one), g.in(bindAdd, other))
}

// product keeps to leaves where no overflow is wanted.
func (g *expressions) product(k kind, depth int) made {
	if g.plain {
		return build(scalars[k], bindMultiply, "%s * %s", g.in(bindMultiply-1, g.field(k, "")), g.in(bindMultiply, g.leaf(k)))
	}
	side := func() made { return g.value(k, depth) }
	a, b := g.pair(side, side)
	return build(scalars[k], bindMultiply, "%s * %s", g.in(bindMultiply-1, a), g.in(bindMultiply, b))
}

// divisor is zero only by what it reads.
func (g *expressions) divisor(k kind, depth int) made {
	if g.plain || g.IntN(2) == 0 {
		return g.literal(k)
	}
	m := g.value(k, depth)
	for m.constant {
		m = g.field(k, "")
	}
	return m
}

func (g *expressions) dividend(k kind, depth int) made {
	m := g.value(k, depth)
	for m.constant {
		m = g.field(k, "")
	}
	return m
}

func (g *expressions) remainder(depth int) made {
	return build(scalars[whole], bindMultiply, "%s %% %s", g.in(bindMultiply-1, g.dividend(whole, depth)), g.in(bindMultiply, g.divisor(whole, depth)))
}

func (g *expressions) negative(k kind, depth int) made {
	return build(scalars[k], bindNegative, "-%s", g.in(bindNegative, g.dividend(k, depth)))
}

func (g *expressions) length(depth int) made {
	over := g.text(depth)
	if g.IntN(2) == 0 {
		over = g.list(pick(g.Rand, []kind{group, text, whole}), depth)
	}
	if g.IntN(4) == 0 {
		return build(scalars[whole], bindTight, "(%s | len())", g.in(bindDefault, over))
	}
	return build(scalars[whole], bindTight, "len(%s)", over)
}

func (g *expressions) counted(depth int) made {
	over := g.list(pick(g.Rand, []kind{group, group, text, whole}), depth)
	return g.loop("count", scalars[whole], over, g.within(over, func() made { return g.boolean(depth) }))
}

func (g *expressions) total(k kind, depth int) made {
	if g.IntN(3) == 0 {
		return build(scalars[k], bindTight, "sum(%s)", g.list(k, depth))
	}
	over := g.list(pick(g.Rand, []kind{group, group, text, whole}), depth)
	return g.loop("sum", scalars[k], over, g.within(over, func() made { return g.value(k, depth) }))
}

func (g *expressions) toWhole(depth int) made {
	from := g.anyNumber(depth)
	if !g.plain && g.IntN(3) > 0 {
		from = g.text(depth)
	}
	m := build(scalars[whole], bindTight, "int(%s)", from)
	m.optional = m.optional || from.shape.kind == text && !from.constant
	return m
}

func (g *expressions) number(depth int) made {
	if depth <= 0 {
		return g.leaf(number)
	}
	return g.choose(depth, []recipe{
		{8, func(int) made { return g.leaf(number) }},
		{3, func(d int) made { return g.sum(number, d) }},
		{1, g.mixed},
		{2, func(d int) made { return g.product(number, d) }},
		{3, g.quotient},
		{1, func(d int) made { return g.negative(number, d) }},
		{2, func(d int) made { return g.total(number, d) }},
		{2, g.toNumber},
		{2, g.orDefault(number)},
		{2, g.pickOf(number)},
		{1, g.anyIndex(number)},
		{1, g.through(number)},
	})
}

// mixed is a sum of a whole number and a number.
func (g *expressions) mixed(depth int) made {
	a, b := g.pair(func() made { return g.whole(depth) }, func() made { return g.number(depth) })
	return build(scalars[number], bindAdd, "%s - %s", g.in(bindAdd-1, a), g.in(bindAdd, b))
}

func (g *expressions) quotient(depth int) made {
	k := pick(g.Rand, []kind{whole, number})
	return build(scalars[number], bindMultiply, "%s / %s", g.in(bindMultiply-1, g.dividend(k, depth)), g.in(bindMultiply, g.divisor(k, depth)))
}

func (g *expressions) toNumber(depth int) made {
	from := g.anyNumber(depth)
	if !g.plain && g.IntN(3) > 0 {
		from = g.text(depth)
	}
	m := build(scalars[number], bindTight, "float(%s)", from)
	m.optional = m.optional || from.shape.kind == text && !from.constant
	return m
}

func (g *expressions) text(depth int) made {
	if depth <= 0 {
		return g.leaf(text)
	}
	recipes := []recipe{
		{9, func(int) made { return g.leaf(text) }},
		{2, func(d int) made {
			side := func() made { return g.text(d) }
			a, b := g.pair(side, side)
			return build(scalars[text], bindAdd, "%s + %s", g.in(bindAdd-1, a), g.in(bindAdd, b))
		}},
		{3, func(d int) made {
			return build(scalars[text], bindTight, pick(g.Rand, []string{"lower(%s)", "upper(%s)", "trim(%s)"}), g.text(d))
		}},
		{2, g.shown},
		{2, g.joined},
		{2, g.orDefault(text)},
		{2, g.pickOf(text)},
		{1, g.anyIndex(text)},
		{2, g.through(text)},
	}
	if !g.plain {
		recipes = append(recipes, recipe{3, g.asked("answer", text)})
	}
	return g.choose(depth, recipes)
}

func (g *expressions) shown(depth int) made {
	kinds := []kind{whole, number, boolean, text, moment}
	if g.plain {
		kinds = []kind{whole, boolean, text}
	}
	return build(scalars[text], bindTight, "string(%s)", g.value(pick(g.Rand, kinds), depth))
}

func (g *expressions) joined(depth int) made {
	separator := pick(g.Rand, []string{`", "`, `""`, "title"})
	return build(scalars[text], bindTight, "join(%s, "+separator+")", g.list(text, depth))
}

func (g *expressions) moment(depth int) made {
	if depth <= 0 || g.IntN(2) == 0 {
		return g.leaf(moment)
	}
	return g.choose(depth, []recipe{
		{2, g.orDefault(moment)}, {2, g.pickOf(moment)}, {1, g.through(moment)}, {1, g.anyIndex(moment)},
	})
}
