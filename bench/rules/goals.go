package main

import (
	"errors"
	"fmt"
	"math"
)

// A goal is a bound on what a case measures. Without a bound, what was measured
// is told and no more.
type goal struct {
	name, ofCase string
	text         string
	bound        float64
	atLeast      bool // the bound is the least that will do, else the most
	unit         string
}

func goals() []goal {
	most := func(name, ofCase string, bound float64, unit, text string) goal {
		return goal{name: name, ofCase: ofCase, bound: bound, unit: unit, text: text}
	}
	least := func(name, ofCase string, bound float64, text string) goal {
		return goal{name: name, ofCase: ofCase, bound: bound, text: text, atLeast: true}
	}
	return []goal{
		most("reference", "single", 1.3, "", "the reference rule, of a fold search by hand"),
		least("reference-expr", "single", 15, "the reference rule, faster than expr"),
		most("equalities", "single", 1.4, "", "equalities, of Go with run-time constants"),
		most("map-10000", "equality", 3, "", "10,000 rules, of a native map, hot and rotating"),
		most("map-100000", "equality", 3, "", "100,000 rules, of a native map, hot and rotating"),
		least("opa-10000-hot", "equality", 150, "10,000 rules, faster than OPA, hot"),
		least("opa-10000", "equality", 150, "the same, rotating"),
		least("opa-100000-hot", "equality", 150, "100,000 rules, faster than OPA, hot"),
		least("opa-100000", "equality", 150, "the same, rotating"),
		most("growth-hot", "equality", 1.5, "", "100,000 rules, of the time for 1,000, hot"),
		most("growth", "equality", 0, "", "the same, rotating: what memory costs that no cache holds"),
		most("patterns-hot", "pattern", 500, " ns", "10,000 patterns, hot"),
		most("patterns", "pattern", 0, " ns", "the same, rotating"),
		least("patterns-expr", "pattern", 15_000, "10,000 patterns, faster than a loop of expr"),
		most("sum", "sum", 2, "", "rules that no index helps, of a loop of closures"),
		most("whole", "whole", 1.3, "", "bytes to bytes, of bare encoding/json"),
		least("parallel", "parallel", 1.9, "throughput of two goroutines, of one's, while rules change"),
		most("load", "loading", 15, " µs", "loading, a rule of 100,000"),
		most("memory", "loading", 400, " B", "memory, a rule of 100,000, beyond its text"),
	}
}

// reach notes what was measured. Of several figures for a goal the worst counts.
// Not a number says that it could not be measured.
func (b *bench) reach(name string, value float64) {
	before, ok := b.reached[name]
	if !ok {
		b.reached[name] = value
		return
	}
	for _, g := range goals() {
		switch {
		case g.name != name:
		case g.atLeast:
			b.reached[name] = min(before, value)
		default:
			b.reached[name] = max(before, value)
		}
	}
}

// met tells whether a value is within the goal, which may be missed by a share
// of it.
func (g goal) met(value, tolerance float64) bool {
	if g.atLeast {
		return value >= g.bound/(1+tolerance)
	}
	return value <= g.bound*(1+tolerance)
}

// judge prints the goals. The error names those that are to be checked and are
// missed by more than is tolerated, and cases to be checked that measured none.
func (b *bench) judge() error {
	b.title("The goals (hot: one event over and over; rotating: 4,096 in turn)")
	var errs []error
	var rows [][]string
	measured := map[string]bool{}
	for _, g := range goals() {
		value, ok := b.reached[g.name]
		rows = append(rows, []string{g.boundText(), g.valueText(value, ok), g.verdict(value, ok), g.text})
		measured[g.ofCase] = measured[g.ofCase] || ok
		if wants(b.check, g.ofCase) && ok && g.bound > 0 && !math.IsNaN(value) && !g.met(value, b.tolerance) {
			errs = append(errs, fmt.Errorf("missed: %s: %s, and the goal is %s", g.text, g.valueText(value, ok), g.boundText()))
		}
	}
	b.rows([]string{"goal", "measured", ""}, rows)
	for _, name := range b.check {
		if name != everything && !measured[name] {
			errs = append(errs, fmt.Errorf("case %s: it was to be checked, but no goal of it was measured", name))
		}
	}
	return errors.Join(errs...)
}

func (g goal) verdict(value float64, measured bool) string {
	switch {
	case !measured:
		return "not measured"
	case g.bound == 0:
		return ""
	case math.IsNaN(value):
		return "the machine is too busy to tell"
	case g.met(value, 0):
		return "met"
	}
	return "MISSED"
}

func (g goal) valueText(value float64, measured bool) string {
	if !measured || math.IsNaN(value) {
		return "-"
	}
	return digits(value) + g.unit
}

func (g goal) boundText() string {
	if g.bound == 0 {
		return ""
	}
	sign := "≤"
	if g.atLeast {
		sign = "≥"
	}
	return sign + " " + plain(g.bound) + g.unit
}

// plain shows a bound without digits that say nothing.
func plain(n float64) string {
	if n >= 1000 {
		return grouped(int(n))
	}
	return fmt.Sprint(n)
}
