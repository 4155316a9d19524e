package main

import (
	"cmp"
	"fmt"
	"math/big"
	"regexp"
	"slices"
	"strings"

	"github.com/afterword-go/afterword/rules"
)

// A nearness tells how many parts hold of a condition whose parts must all
// hold.
type nearness struct {
	Hold int `json:"hold"`
	Of   int `json:"of"`
}

func (n nearness) String() string {
	verb := "hold"
	if n.Hold == 1 {
		verb = "holds"
	}
	return fmt.Sprintf("%d of %d parts %s", n.Hold, n.Of, verb)
}

// nearnessOf is how near a rule was that could have fired; nil if its
// condition is not of parts that must all hold.
func nearnessOf(t rules.RuleTrace) *nearness {
	parts := t.Condition.Parts
	if t.Outcome != rules.NotFired && t.Outcome != rules.Skipped || !isAnd(t.Condition) {
		return nil
	}
	near := nearness{Of: len(parts)}
	for _, p := range parts {
		if p.Truth == rules.True {
			near.Hold++
		}
	}
	return &near
}

// isAnd tells whether the parts of p must all hold: those of a list of
// conditions, which has no text, and those with an and between them.
func isAnd(p rules.Part) bool {
	if len(p.Parts) < 2 {
		return false
	}
	between := operator(p)
	return p.Text == "" || between == "and" || between == "&&"
}

// operator is what stands between the first two parts of p. The parts of a
// chain such as 1 <= x <= 3 share its middle, and both must hold.
func operator(p rules.Part) string {
	if len(p.Parts) < 2 {
		return ""
	}
	_, rest, _ := strings.Cut(p.Text, p.Parts[0].Text)
	between, _, apart := strings.Cut(rest, p.Parts[1].Text)
	if !apart {
		return "and"
	}
	return strings.Trim(between, " \t\r\n()")
}

// A wish is the truth of a part that would have brought the rule nearer to
// firing.
type wish uint8

const (
	wishNone wish = iota // it depends on other parts
	wishTrue
	wishFalse
)

// of is the wish for the parts of p, when w is the wish for p.
func (w wish) of(p rules.Part) wish {
	between := operator(p)
	switch {
	case p.Text == "" || slices.Contains([]string{"and", "&&", "or", "||"}, between):
		return w
	case negates(p):
		return [...]wish{wishNone, wishFalse, wishTrue}[w]
	}
	return wishNone
}

// negates tells whether p is a not in front of its only part.
func negates(p rules.Part) bool {
	if len(p.Parts) != 1 {
		return false
	}
	rest, ok := strings.CutPrefix(p.Text, "not")
	if !ok {
		rest, ok = strings.CutPrefix(p.Text, "!")
	}
	return ok && strings.Trim(rest, " \t\r\n()") == strings.Trim(p.Parts[0].Text, " \t\r\n()")
}

// miss says by how much a number that p read keeps p from what is wished;
// empty if nothing can be said.
func (w wish) miss(p rules.Part, r rules.Read) string {
	met := w == wishTrue && p.Truth != rules.False || w == wishFalse && p.Truth != rules.True
	x := number(r.Value)
	if w == wishNone || met || x == nil || len(p.Parts) > 0 {
		return ""
	}
	if m := rangeText.FindStringSubmatch(p.Text); m != nil && m[1] == r.Text && w == wishTrue {
		return cmp.Or(distance(x, ">=", number(m[2])), distance(x, "<=", number(m[3])))
	}
	m := comparisonText.FindStringSubmatch(p.Text)
	if m == nil {
		return ""
	}
	left, op, right := m[1], m[2], m[3]
	if right == r.Text {
		left, op, right = right, mirrored(op), left
	}
	if w == wishFalse {
		op = opposite(op)
	}
	if bound := valueOf(p, right); left == r.Text && bound != nil {
		return distance(x, op, bound)
	}
	return ""
}

var (
	comparisonText = regexp.MustCompile(`^(.+?)\s*(<=|>=|==|!=|<|>)\s*(.+)$`)
	rangeText      = regexp.MustCompile(`^(.+?)\s+in\s+(-?[0-9]{1,18})\s*\.\.\s*(-?[0-9]{1,18})$`)
	plainNumber    = regexp.MustCompile(`^-?[0-9]{1,18}(\.[0-9]{1,9})?$`)
)

// valueOf is the number that text stands for in p: itself, or what was read.
func valueOf(p rules.Part, text string) *big.Rat {
	for _, r := range p.Reads {
		if r.Text == text {
			text = r.Value
		}
	}
	return number(text)
}

// number is a number of ordinary size, or nil.
func number(text string) *big.Rat {
	if !plainNumber.MatchString(text) {
		return nil
	}
	n, _ := new(big.Rat).SetString(text)
	return n
}

// mirrored is the comparison with its sides swapped.
func mirrored(op string) string {
	return cmp.Or(map[string]string{"<=": ">=", "<": ">", ">=": "<=", ">": "<"}[op], op)
}

// opposite is the comparison that holds when op does not.
func opposite(op string) string {
	return map[string]string{"<=": ">", "<": ">=", ">=": "<", ">": "<=", "==": "!=", "!=": "=="}[op]
}

// distance says how far x has to go for "x op bound" to hold; empty if it does
// hold. Beyond a bound that is not included, whole numbers take one step more.
func distance(x *big.Rat, op string, bound *big.Rat) string {
	d := new(big.Rat).Sub(x, bound)
	step := new(big.Rat)
	if x.IsInt() && bound.IsInt() {
		step.SetInt64(1)
	}
	sign := d.Sign()
	switch {
	case op == "==" && sign != 0, op == "<=" && sign > 0, op == ">=" && sign < 0:
	case op == "<" && sign >= 0:
		d.Add(d, step)
		sign = 1
	case op == ">" && sign <= 0:
		d.Sub(d, step)
		sign = -1
	default:
		return ""
	}
	side := " too high"
	if sign < 0 {
		side = " too low"
	}
	if d.Sign() == 0 {
		return "just" + side
	}
	return decimal(d.Abs(d)) + side
}

// decimal writes a number of at most nine digits behind the point.
func decimal(n *big.Rat) string {
	if n.IsInt() {
		return n.Num().String()
	}
	return strings.TrimRight(n.FloatString(9), "0")
}
