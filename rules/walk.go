package rules

import (
	"context"

	"github.com/afterword-go/afterword/rules/internal/eval"
	"github.com/afterword-go/afterword/rules/internal/index"
)

// muchWork is the work of a rule, in steps, after which the context is asked.
const muchWork = 10_000

// walk decides the rules in order, until yield wants no more, or under the
// policy First one has fired.
func (s *Set[In, Then]) walk(ctx context.Context, in *In, hit Hit, yield func(Match[In, Then], error) bool) {
	if s.single != nil && in != nil {
		if err := ctx.Err(); err != nil {
			noMatch(yield, err)
			return
		}
		switch s.single.Holds(eval.PointerTo(in)) {
		case eval.Holds:
			yield(Match[In, Then]{rule: &s.rules[0], in: in, ctx: ctx}, nil)
			return
		case eval.Fails:
			return
		}
	}
	s.walkMany(ctx, in, hit, yield)
}

// walkMany is walk for sets that one direct form does not decide.
func (s *Set[In, Then]) walkMany(ctx context.Context, in *In, hit Hit, yield func(Match[In, Then], error) bool) {
	switch {
	case in == nil:
		noMatch(yield, errNoInput)
	case s.index == nil || !s.walkFound(ctx, in, hit, yield):
		s.walkAll(ctx, in, hit, yield)
	}
}

// walkAll looks at every rule.
func (s *Set[In, Then]) walkAll(ctx context.Context, in *In, hit Hit, yield func(Match[In, Then], error) bool) {
	var f *eval.Frame // taken when a rule needs it
	at, busy := eval.PointerTo(in), true
	for i := 0; i < len(s.rules); i++ {
		if i%64 == 0 || busy {
			if err := ctx.Err(); err != nil {
				noMatch(yield, err)
				break
			}
		}
		from, fires := i, eval.Unsure
		i, fires = s.direct.Next(at, i, min(i|63, len(s.rules)-1))
		if fires == eval.Fails {
			busy = false
			continue
		}
		r := &s.rules[i]
		busy = busy && i == from && fires == eval.Unsure
		if fires == eval.Unsure && r.Mode != Off {
			var ended bool
			if f, fires, ended = r.ask(ctx, f, in, yield); ended {
				break
			}
			busy = f.Spent() > muchWork
		}
		if fires == eval.Holds && (!yield(Match[In, Then]{rule: r, in: in, ctx: ctx}, nil) || hit == First) {
			break
		}
	}
	if f != nil {
		s.release(f)
	}
}

// walkFound looks at those rules alone that the index finds, which comes to the
// same. It does nothing if the index has no answer.
func (s *Set[In, Then]) walkFound(ctx context.Context, in *In, hit Hit, yield func(Match[In, Then], error) bool) bool {
	at := eval.PointerTo(in)
	if only := s.index.Only(at); only != index.Ask && s.walkOnly(ctx, in, only, yield) {
		return true
	}
	found := s.looks.Get().(*index.Scratch)
	if !s.index.Find(at, found) {
		s.giveBack(found)
		return false
	}
	var f *eval.Frame // taken when a rule needs it
	for n, busy := 0, true; ; n++ {
		i, ok := found.Next()
		if n%64 == 0 || busy {
			if err := ctx.Err(); err != nil {
				noMatch(yield, err)
				break
			}
		}
		if !ok {
			break
		}
		r := &s.rules[i]
		busy = false
		fires := s.direct.Decide(at, i)
		if fires == eval.Unsure {
			var ended bool
			if f, fires, ended = r.ask(ctx, f, in, yield); ended {
				break
			}
			busy = f.Spent() > muchWork
		}
		if fires == eval.Holds && (!yield(Match[In, Then]{rule: r, in: in, ctx: ctx}, nil) || hit == First) {
			break
		}
	}
	if f != nil {
		s.release(f)
	}
	s.giveBack(found)
	return true
}

// walkOnly looks at one rule, or at none if it is less than 0. It does nothing
// if the rule has no direct form that is sure.
func (s *Set[In, Then]) walkOnly(ctx context.Context, in *In, only int, yield func(Match[In, Then], error) bool) bool {
	if err := ctx.Err(); err != nil {
		noMatch(yield, err)
		return true
	}
	if only < 0 {
		return true
	}
	r := &s.rules[only]
	fires := s.direct.Decide(eval.PointerTo(in), only)
	if fires == eval.Holds {
		yield(Match[In, Then]{rule: r, in: in, ctx: ctx}, nil)
	}
	return fires != eval.Unsure
}

// noMatch yields an error. It keeps the room for an empty match out of walk.
//
//go:noinline
func noMatch[In, Then any](yield func(Match[In, Then], error) bool, err error) bool {
	return yield(Match[In, Then]{}, err)
}

// ask decides a rule of whose direct form nothing came, and yields its error.
// It takes a frame if there is none yet. Ended says that the walk is at its end.
func (r *compiled[In, Then]) ask(ctx context.Context, f *eval.Frame, in *In, yield func(Match[In, Then], error) bool) (_ *eval.Frame, fires eval.Verdict, ended bool) {
	if f == nil {
		f = r.set.frame(ctx, in)
	}
	fires, err := r.decide(ctx, f, in)
	switch {
	case err == nil:
		return f, fires, false
	case ctx.Err() != nil:
		noMatch(yield, ctx.Err())
		return f, fires, true
	}
	return f, fires, !noMatch(yield, err)
}

// decide decides a rule by its function or program. One that does not count
// never fires and never fails.
func (r *compiled[In, Then]) decide(ctx context.Context, f *eval.Frame, in *In) (eval.Verdict, error) {
	fires, err := r.holds(ctx, f, in)
	switch {
	case r.Mode == Shadow:
		r.shadow.count(fires, err)
		return eval.Fails, nil
	case fires:
		return eval.Holds, nil
	}
	return eval.Fails, err
}

// fires decides the rule with a number.
func (s *Set[In, Then]) fires(ctx context.Context, f *eval.Frame, in *In, number int) (bool, error) {
	f.Allow(1)
	if verdict := s.direct.Decide(eval.PointerTo(in), number); verdict != eval.Unsure {
		return verdict == eval.Holds, nil
	}
	return s.rules[number].holds(ctx, f, in)
}

// holds decides the rule by its function or program.
func (r *compiled[In, Then]) holds(ctx context.Context, f *eval.Frame, in *In) (bool, error) {
	if r.inGo != nil {
		return r.holdsInGo(ctx, in)
	}
	f.Allow(1) // for the whole rule
	for i := range r.conditions {
		c := &r.conditions[i]
		holds, failure := c.program(&r.set.late).Continue(f)
		if failure != nil {
			return false, r.ruleError(failure, c.at)
		}
		if !holds {
			return false, nil
		}
	}
	return true, nil
}

func (r *compiled[In, Then]) holdsInGo(ctx context.Context, in *In) (holds bool, err error) {
	defer func() {
		if p := recover(); p != nil {
			holds, err = false, r.ruleError(eval.Caught(p), nil)
		}
	}()
	holds, err = r.inGo(ctx, in)
	if err != nil {
		return false, r.ruleError(&eval.Failure{Message: "its Go function failed", Err: err}, nil)
	}
	return holds, nil
}

// frame takes a frame out of the pool.
func (s *Set[In, Then]) frame(ctx context.Context, in *In) *eval.Frame {
	f := s.frames.Get().(*eval.Frame)
	f.Reset(ctx, in)
	return f
}

// giveBack puts back what a look at the index has worked with.
func (s *Set[In, Then]) giveBack(found *index.Scratch) {
	found.Clear()
	s.looks.Put(found)
}

func (s *Set[In, Then]) release(f *eval.Frame) {
	f.Clear()
	s.frames.Put(f)
}
