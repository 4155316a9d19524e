package rules

import (
	"maps"
	"slices"
	"sync"

	"github.com/afterword-go/afterword/rules/internal/eval"
	"github.com/afterword-go/afterword/rules/internal/index"
	"github.com/afterword-go/afterword/rules/internal/tree"
)

// A lab is a copy of a set in which rules are replaced for a while. It decides
// every rule by its program. It is for one goroutine at a time.
type lab[In, Then any] struct {
	*mutation[In, Then]
	copy *Set[In, Then]
	read map[int][]*tree.Node // see nodes
}

// mostRead bounds the rules whose conditions a lab keeps.
const mostRead = 64

// nodes are the conditions of a rule as they were checked.
func (l *lab[In, Then]) nodes(i int) []*tree.Node {
	if known, ok := l.read[i]; ok {
		return known
	}
	if len(l.read) >= mostRead {
		l.read = map[int][]*tree.Node{}
	}
	l.read[i] = nodesOf(l.set.rules[i].conditions)
	return l.read[i]
}

// A sample is a test, and what becomes of the rules with its input, each by
// itself. Rules that are not there do not fire.
type sample[In any] struct {
	test Test
	in   *In
	base map[int]decided
}

// decided is what becomes of a rule by itself.
type decided struct {
	verdict
	fires    bool  // its conditions hold
	outcomes []any // what follows if it is enforced
}

// of is what becomes of a rule, if it is known.
func (s *sample[In]) of(i int) (decided, bool) {
	d, known := s.base[i]
	return d, known
}

func newLab[In, Then any](m *mutation[In, Then]) *lab[In, Then] {
	s := m.set
	out := &Set[In, Then]{hit: s.hit, rules: slices.Clone(s.rules), byName: slices.Clone(s.byName)}
	for i := range out.rules {
		out.rules[i] = s.rules[i].apart()
		out.rules[i].set = out
		out.direct.Append(nil)
	}
	out.frames.New = func() any { return new(eval.Frame) }
	out.looks = sync.Pool{New: func() any { return new(index.Scratch) }}
	return &lab[In, Then]{m, out, map[int][]*tree.Node{}}
}

// sample decides all rules for the input of a test, those in shadow too. It is
// nil if the input cannot be read.
func (l *lab[In, Then]) sample(test Test) *sample[In] {
	in, err := l.tester.input(test)
	if err != nil {
		return nil // the test has failed and said so
	}
	out := &sample[In]{test: test, in: in, base: map[int]decided{}}
	for i := range l.set.candidates(in) {
		if l.set.rules[i].Mode == Off {
			continue
		}
		if d := l.decide(i, &l.set.rules[i], in); d.outcome != NotFired {
			out.base[i] = d
		}
	}
	return out
}

// with replaces a rule while do runs.
func (l *lab[In, Then]) with(i int, rule *compiled[In, Then], do func(*compiled[In, Then])) {
	kept := l.copy.rules[i]
	defer func() { l.copy.rules[i] = kept }()
	l.copy.rules[i] = rule.apart()
	l.copy.rules[i].set = l.copy
	do(&l.copy.rules[i])
}

// decide decides a rule in the place of rule i, and makes what follows.
func (l *lab[In, Then]) decide(i int, rule *compiled[In, Then], in *In) decided {
	var out decided
	l.with(i, rule, func(placed *compiled[In, Then]) {
		placed.Mode = Enforce // to see what would follow
		run := testRun[In, Then]{set: l.copy, ctx: l.ctx, tester: l.tester, in: in}
		f := l.copy.frame(l.ctx, in)
		defer l.copy.release(f)
		fires, err := l.copy.fires(l.ctx, f, in, i)
		if err != nil {
			out.verdict = verdict{Failed, err}
			return
		}
		out.fires = fires
		out.outcome, out.err = run.decideOne(i, f)
		out.outcomes = run.outcomes
	})
	return out
}

// fires decides the conditions of a rule in the place of rule i.
func (l *lab[In, Then]) fires(i int, rule *compiled[In, Then], in *In) (fires bool, err error) {
	l.with(i, rule, func(*compiled[In, Then]) {
		f := l.copy.frame(l.ctx, in)
		defer l.copy.release(f)
		fires, err = l.copy.fires(l.ctx, f, in, i)
	})
	return fires, err
}

// killer is the first of the samples whose test fails with the change; nil if
// there is none.
func (l *lab[In, Then]) killer(c *change[In, Then], samples []*sample[In]) *sample[In] {
	for _, s := range samples {
		if !l.passes(c, s) {
			return s
		}
	}
	return nil
}

// passes runs a test with the change.
func (l *lab[In, Then]) passes(c *change[In, Then], s *sample[In]) bool {
	if c.rule == nil {
		return l.passesWhole(c, s)
	}
	base, known := s.base[c.number]
	_, asked := s.test.skipped[c.Rule.Name]
	var now decided
	if c.when && (!known || base.outcome != Failed) {
		fires, err := l.fires(c.number, c.rule, s.in)
		switch {
		case err != nil:
			now = decided{verdict: verdict{Failed, err}}
		case fires == base.fires && !asked:
			return true
		case fires == base.fires:
			now = base
		case fires:
			now = l.decide(c.number, c.rule, s.in)
		}
	} else if !known && l.set.rules[c.number].Mode != Off && !asked && !c.when {
		return true // it does not fire, whatever follows
	} else {
		now = l.decide(c.number, c.rule, s.in)
	}
	passed := false
	l.with(c.number, c.rule, func(*compiled[In, Then]) {
		passed = l.judge(c, s, func(i int) (decided, bool) {
			if i == c.number {
				return now, true
			}
			return s.of(i)
		}, c.number)
	})
	return passed
}

// judge judges a test, when rules are decided as base says. More are rules that
// the sample does not know.
func (l *lab[In, Then]) judge(c *change[In, Then], s *sample[In], base func(int) (decided, bool), more ...int) bool {
	run := testRun[In, Then]{set: l.copy, ctx: l.ctx, tester: l.tester, in: s.in, result: TestResult{Test: s.test}}
	l.copy.hit = c.hit
	defer func() { l.copy.hit = l.set.hit }()
	l.put(&run, c.hit, s, base, more)
	return l.holdsTest(c, &run)
}

// put puts together what a set does of what its rules do.
func (l *lab[In, Then]) put(run *testRun[In, Then], hit Hit, s *sample[In], base func(int) (decided, bool), more []int) {
	run.verdicts, run.last = map[int]verdict{}, len(l.copy.rules)
	run.outcomes, run.concerned = []any{}, map[int]bool{}
	for _, i := range slices.Compact(slices.Sorted(slices.Values(append(more, slices.Collect(maps.Keys(s.base))...)))) {
		d, known := base(i)
		if rule := &l.copy.rules[i]; !known || rule.Mode == Off || d.outcome == NotFired {
			continue
		}
		run.verdicts[i] = d.verdict
		if l.copy.rules[i].Mode != Enforce {
			continue
		}
		run.outcomes = append(run.outcomes, d.outcomes...)
		if hit == First && d.outcome == Fired {
			run.last = i
			return
		}
	}
}

// passesWhole runs a test with another policy, or with the rule of the change
// and the one in front of it exchanged.
func (l *lab[In, Then]) passesWhole(c *change[In, Then], s *sample[In]) bool {
	if !c.swaps {
		return l.judge(c, s, s.of)
	}
	a, b := c.number-1, c.number
	_, first := s.of(a)
	if _, second := s.of(b); !first && !second {
		return true // neither ends the search, so both are reached or none
	}
	l.exchange(a, b)
	defer l.exchange(a, b)
	return l.judge(c, s, func(i int) (decided, bool) {
		switch i {
		case a:
			return s.of(b)
		case b:
			return s.of(a)
		}
		return s.of(i)
	}, a, b)
}

// exchange lets two rules change places.
func (l *lab[In, Then]) exchange(a, b int) {
	s := l.copy
	first, _ := s.find(s.rules[a].Name)
	second, _ := s.find(s.rules[b].Name)
	i, j := slices.Index(s.byName, int32(first)), slices.Index(s.byName, int32(second))
	s.byName[i], s.byName[j] = s.byName[j], s.byName[i]
	s.rules[a], s.rules[b] = s.rules[b], s.rules[a]
}
