package main

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/afterword-go/afterword/bench/rules/internal/engines"
	"github.com/afterword-go/afterword/bench/rules/internal/measure"
	"github.com/afterword-go/afterword/bench/rules/internal/workload"
)

// tiny is too short to tell anything, and long enough to run everything.
func tiny(t *testing.T) (*bench, *bytes.Buffer) {
	t.Helper()
	var out bytes.Buffer
	return &bench{
		settings: settings{Options: measure.Options{Rounds: 2, Sample: 10 * time.Microsecond}, quick: true, plots: t.TempDir()},
		out:      &out, reached: map[string]float64{},
	}, &out
}

func TestFlags(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"-h"}, good, "-tolerance"},
		{[]string{"-only", "singel"}, misused, `there is no case "singel": the cases are single, `},
		{[]string{"-check", "nothing"}, misused, `there is no case "nothing"`},
		{[]string{"-rounds", "-1"}, misused, "rounds and time must be more than zero"},
		{[]string{"-time", "-1s"}, misused, "rounds and time must be more than zero"},
		{[]string{"-tolerance", "-1"}, misused, "the tolerance not negative"},
		{[]string{"-tolerance", "NaN"}, misused, "the tolerance not negative"},
		{[]string{"more"}, misused, "takes flags alone"},
		{[]string{"-unknown"}, misused, "not defined"},
	} {
		var out, errs bytes.Buffer
		assert.Equal(t, c.code, run(c.args, &out, &errs), "%v", c.args)
		assert.Contains(t, errs.String(), c.says, "%v", c.args)
		assert.Empty(t, out.String())
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	var errs bytes.Buffer
	s, err := parse([]string{"-quick", "-only", "single,sum", "-check", "all", "-tolerance", "0.5"}, &errs)
	require.NoError(t, err)
	assert.Equal(t, settings{
		Options: measure.Options{Rounds: 5, Sample: time.Millisecond}, quick: true,
		only: []string{"single", "sum"}, check: []string{"all"}, tolerance: 0.5,
	}, s)
	s, err = parse([]string{"-rounds", "3"}, &errs)
	require.NoError(t, err)
	assert.Equal(t, measure.Options{Rounds: 3, Sample: 4 * time.Millisecond}, s.Options)
	assert.True(t, wants([]string{"all"}, "sum"))
	assert.False(t, wants(nil, "sum"))
}

// A run ends with the goals, and with 1 if one that is checked is missed. None
// can be missed by a tenth of a million times.
func TestRun(t *testing.T) {
	var out, errs bytes.Buffer
	args := []string{"-quick", "-rounds", "2", "-time", "10us", "-only", "single", "-tolerance"}
	require.Equal(t, good, run(append(args, "1e5", "-check", "single"), &out, &errs), "%s", errs.String())
	for _, want := range []string{"OPA v1.", "The reference rule", "× 1.00  Afterword", "≤ 1.3", "not measured  bytes to bytes", "of ours: takes four times"} {
		assert.Contains(t, out.String(), want)
	}
	require.Equal(t, failed, run(append(args, "1e5", "-check", "sum"), &out, &errs))
	assert.Contains(t, errs.String(), "case sum: it was to be checked, but no goal of it was measured")
}

func TestLadder(t *testing.T) {
	b, out := tiny(t)
	l := equalityLadder()
	l.quick = []int{10, 1010}
	l.engines = []rung{{engines.Afterword(), everySize}, {engines.Map(), everySize}, {engines.Expr(), 10}}
	require.NoError(t, b.ladder(l))
	for _, want := range []string{"4,096 events in turn", "one event over and over", "1,010", "Go, native map, of ours", "-  expr, of ours", "expr is left out above 10 rules"} {
		assert.Contains(t, out.String(), want)
	}
	for _, file := range []string{"equality.svg", "equality-hot.svg"} {
		picture, err := os.ReadFile(filepath.Join(b.plots, file))
		require.NoError(t, err)
		assert.Contains(t, string(picture), "Go, native map")
	}
	assert.Equal(t, 4, b.all)
}

// The goals of a ladder come from its sizes.
func TestLadderReachesGoals(t *testing.T) {
	t.Parallel()
	b, _ := tiny(t)
	times := measure.Times{engines.Ours: {50}, smaller: {40}, "OPA": {10_000}, "Go, native map": {25}, "expr": {1e6}, engines.Closures().Name: {40}}
	worse := measure.Times{engines.Ours: {100}, smaller: {90}, "OPA": {10_000}, "Go, native map": {25}, "expr": {1e6}, engines.Closures().Name: {40}}
	for _, l := range []ladder{equalityLadder(), patternLadder(), sumLadder()} {
		for _, size := range l.sizes {
			l.reach(b, size, "", worse)
			l.reach(b, size, "-hot", times)
		}
	}
	for name, want := range map[string]float64{
		"map-10000": 4, "map-100000": 4, "opa-10000": 100, "opa-100000": 100, "opa-10000-hot": 200, "opa-100000-hot": 200,
		"growth": 100.0 / 90, "growth-hot": 1.25, "patterns": 100, "patterns-hot": 50, "patterns-expr": 10_000, "sum": 2.5,
	} {
		assert.InDelta(t, want, b.reached[name], 1e-9, name)
	}
}

func TestOtherCases(t *testing.T) {
	defer goleak.VerifyNone(t)
	b, out := tiny(t)
	require.NoError(t, b.whole())
	require.NoError(t, b.parallel())
	for _, want := range []string{"strict decoding", "allocations", "transcript.Live.Decide", "The rules changed"} {
		assert.Contains(t, out.String(), want)
	}
	assert.Contains(t, b.reached, "whole")
	assert.Contains(t, b.reached, "parallel")
}

func TestLoads(t *testing.T) {
	b, out := tiny(t)
	quick := b.loads()
	b.quick = false
	all := b.loads()
	require.Len(t, all, 9)
	assert.Equal(t, 100_000, all[0].size, "the goals are about so many")
	for i := range all {
		assert.False(t, quick[i].goal, "fewer rules tell nothing about the goals")
		all[i].size = 20
	}
	require.NoError(t, b.loadAll(all))
	assert.Contains(t, out.String(), "Afterword, rules.Parse, equalities")
	assert.Positive(t, b.reached["load"])
	assert.Contains(t, b.reached, "memory")

	all[0].make = func(*workload.Set) (any, time.Duration, error) { return nil, 0, assert.AnError }
	require.ErrorIs(t, b.loadAll(all), assert.AnError)
}

// An engine that decides otherwise is noticed before anything is timed.
func TestDisagreementIsNoticed(t *testing.T) {
	t.Parallel()
	other := engines.Engine{Name: "other", Load: func(s *workload.Set) (engines.Loaded, error) {
		wrong := *s
		wrong.Rules = append([]workload.Rule{s.Rules[1]}, s.Rules[1:]...)
		return engines.Expr().Load(&wrong)
	}}
	_, err := newContest(workload.EqualitySet(4), []engines.Engine{engines.Afterword(), other})
	require.ErrorContains(t, err, "other does not decide as Go does: 4 rules, event {")
}

func TestGoals(t *testing.T) {
	t.Parallel()
	b, out := tiny(t)
	b.reach("sum", 1.5)
	b.reach("sum", 2.4)
	b.reach("sum", 1.1)
	b.reach("parallel", math.NaN())
	b.reach("opa-10000-hot", 200)
	b.reach("growth", 7)
	require.NoError(t, b.judge(), "nothing is to be checked")
	for _, want := range []string{"2.40        ", "MISSED  rules that no index helps", "too busy to tell", "met  10,000 rules, faster than OPA", "not measured  bytes to bytes"} {
		assert.Contains(t, out.String(), want)
	}
	assert.Regexp(t, `7\.00 +the same, rotating: what memory`, out.String(), "it is told without a goal")
	b.check = []string{"sum", "parallel", "equality"}
	require.EqualError(t, b.judge(), "missed: rules that no index helps, of a loop of closures: 2.40, and the goal is ≤ 2")
	b.tolerance = 0.25
	require.NoError(t, b.judge())
	b.check = []string{"whole"}
	require.EqualError(t, b.judge(), "case whole: it was to be checked, but no goal of it was measured")
}

func TestGoalsAreMet(t *testing.T) {
	t.Parallel()
	most, least := goal{bound: 2}, goal{bound: 150, atLeast: true}
	assert.True(t, most.met(2, 0))
	assert.False(t, most.met(2.01, 0))
	assert.True(t, most.met(2.2, 0.1))
	assert.False(t, most.met(2.3, 0.1))
	assert.True(t, least.met(150, 0))
	assert.False(t, least.met(149, 0))
	assert.True(t, least.met(100, 0.5))
	assert.False(t, least.met(99, 0.5))
	names := map[string]bool{}
	for _, g := range goals() {
		assert.NotEqual(t, g.bound > 0, g.boundText() == "")
		assert.Contains(t, caseNames(), g.ofCase)
		assert.False(t, names[g.name], g.name)
		names[g.name] = true
	}
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	for n, want := range map[float64]string{
		0: "0", 0.000067: "0.000067", 0.0123: "0.012", 0.25: "0.25", 5.678: "5.68", 56.78: "56.8", 567.8: "568", 1_234_567: "1,234,567", math.NaN(): "-",
	} {
		assert.Equal(t, want, digits(n))
	}
	assert.Equal(t, []string{"× 2.00", "-"}, []string{ratio(2), ratio(math.NaN())})
	for n, want := range map[float64]string{5.3: "5.30 ns", 1500: "1.50 µs", 2e7: "20.0 ms", 3e9: "3.00 s"} {
		assert.Equal(t, want, duration(n))
	}
	assert.Equal(t, []string{"≤ 1.3", "≥ 15,000", "≤ 500 ns"}, []string{
		goal{bound: 1.3}.boundText(), goal{bound: 15_000, atLeast: true}.boundText(), goal{bound: 500, unit: " ns"}.boundText(),
	})
}

func TestRestTellsOfABusyMachine(t *testing.T) {
	t.Parallel()
	b, _ := tiny(t)
	b.saw(measure.Times{"spin": {100, 100, 101}, "waited": {1}})
	assert.Equal(t, "The machine was at rest.\n", b.rest())
	b.saw(measure.Times{"spin": {100, 150, 160}, "waited": {1}})
	assert.Contains(t, b.rest(), "BUSY in 1 of 2 measurements: a loop that only counts took up to 1.50 times its best")
}
