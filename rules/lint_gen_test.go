package rules_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// A Tiny is an input with so few values that all of them can be tried.
type Tiny struct {
	Rank  *int   `json:"rank" validate:"omitempty,min=1,max=3"`
	Skill string `json:"skill,omitempty"`
	On    bool   `json:"on"`
	Opt   *bool  `json:"opt"`
	N     int    `json:"n" validate:"min=-1,max=2"`
	Xs    []int  `json:"xs"`
	Sub   *struct {
		Name string `json:"name,omitempty"`
	} `json:"sub"`
}

// maybe is absent for some numbers.
func maybe(in *Tiny, i int) (int, bool) { return in.N + i, in.N > 0 }

// tinies are all inputs that there are.
func tinies() []*Tiny {
	var all []*Tiny
	for _, rank := range []*int{nil, new(1), new(2), new(3)} {
		for _, skill := range []string{"", "a", "B", "ab"} {
			for _, opt := range []*bool{nil, new(false), new(true)} {
				for n := -1; n <= 2; n++ {
					for i, xs := range [][]int{nil, {1}, {0, 2}, {2, 1, 1}} {
						in := &Tiny{Rank: rank, Skill: skill, Opt: opt, N: n, Xs: xs, On: (i+n)%2 == 0}
						if n != 0 {
							in.Sub = &struct {
								Name string `json:"name,omitempty"`
							}{Name: []string{"", "a"}[(i+n+1)%2]}
						}
						all = append(all, in)
						other := *in
						other.On = !in.On
						all = append(all, &other)
					}
				}
			}
		}
	}
	return all
}

// A tinyGen makes random conditions about tiny inputs.
type tinyGen struct{ *rand.Rand }

func (g tinyGen) of(list ...string) string { return list[g.IntN(len(list))] }

func (g tinyGen) number() string { return g.of("-1", "0", "1", "2", "3", "4") }

func (g tinyGen) compare() string { return g.of("==", "!=", "<", "<=", ">", ">=") }

func (g tinyGen) text() string { return g.of(`"a"`, `"b"`, `"B"`, `"ab"`) }

// term is something that is a number.
func (g tinyGen) term() string {
	return g.of("rank", "rank", "n", "n", "(rank ?? 2)", "(rank ?? n)", "len(xs)", "len(skill)", "xs[0]", "xs[-1]", "maybe(1)", "maybe(2)", "n + 1",
		"count(xs, # > 1)", "(on ? rank : n)", "sum(xs)")
}

func (g tinyGen) atom() string {
	switch g.IntN(12) {
	case 0, 1, 2:
		return fmt.Sprintf("%s %s %s", g.term(), g.compare(), g.number())
	case 3:
		return fmt.Sprintf("%s %s %s", g.term(), g.compare(), g.term())
	case 4:
		return fmt.Sprintf("%s %s nil", g.of("rank", "skill", "opt", "xs[0]", "maybe(1)", "sub", "sub.name"), g.of("==", "!="))
	case 5:
		return fmt.Sprintf("%s in %s", g.of("rank", "n", "xs[0]"), g.of("[1, 2]", "[3]", "1..3", "-1..1", "[n, 2]"))
	case 6, 7:
		return fmt.Sprintf("%s %s %s", g.of("skill", "skill", "lower(skill)", "(skill ?? \"b\")", "sub.name"), g.of("==", "!=", "startsWith", "endsWith", "contains", "<", ">=", "matches"), g.text())
	case 8:
		return g.of(`skill in ["a", "b"]`, `skill not in ["a", "ab"]`, `skill matches "^a"`, `skill matches "b$"`, `ieq(skill, "b")`, `upper(skill) == "A"`)
	case 9:
		return g.of("on", "on", "opt", "(opt ?? true)", "(opt ?? on)", "opt == on", "true", "false")
	}
	return fmt.Sprintf("%s(xs, # %s %s)", g.of("any", "all", "none", "one"), g.compare(), g.of(g.number(), g.number(), "rank", "n"))
}

func (g tinyGen) condition(depth int) string {
	if depth == 0 {
		return g.atom()
	}
	side := func() string { return "(" + g.condition(g.IntN(depth)) + ")" }
	switch g.IntN(10) {
	case 0, 1, 2, 3:
		return side() + " and " + side()
	case 4, 5, 6:
		return side() + " or " + side()
	case 7:
		return "not " + side()
	case 8:
		return side() + " == " + side()
	}
	return side() + " ? " + side() + " : " + side()
}

// insert is a text with a value that may be absent.
func (g tinyGen) insert() string {
	return "x${" + strings.ReplaceAll(g.of("rank", "skill", "opt", "xs[0]", "xs[-1]", "xs[1]", "maybe(1)", "sub.name", "rank ?? 1", "rank ?? n", "rank != nil ? rank : 0",
		"on ? rank : n", "lower(skill)", "n", "rank + n", "skill == 'a' ? rank : 1"), "\"", "'") + "}"
}
