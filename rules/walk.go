package rules

import (
	"context"
	"iter"

	"github.com/afterword-go/afterword/rules/internal/eval"
	"github.com/afterword-go/afterword/rules/internal/index"
)

// muchWork is the work of a rule, in steps, after which the context is asked.
const muchWork = 10_000

// matches yields the rules that fire for the input and the errors of those that
// cannot be decided, in order. The compiler makes one loop of it and of the loop
// over it, since it is small and yields at one place only.
func (s *Set[In, Then]) matches(ctx context.Context, in *In, hit Hit) iter.Seq2[Match[In, Then], error] {
	return func(yield func(Match[In, Then], error) bool) {
		var w *walk[In, Then] // if there is more to look at than one rule
		rule, sure, err := s.atOnce(ctx, in)
		if !sure {
			w = &walk[In, Then]{}
			rule, err = w.begin(s, ctx, in)
		}
		for rule != nil || err != nil {
			if !yield(Match[In, Then]{rule: rule, in: in, ctx: ctx}, err) || w == nil || rule != nil && hit == First {
				break
			}
			rule, err = w.next()
		}
		if w != nil {
			w.end()
		}
	}
}

// atOnce decides where at most one rule can fire, and that has a direct form.
// Rule is that one if it fires. Sure says that it has come to something.
func (s *Set[In, Then]) atOnce(ctx context.Context, in *In) (rule *compiled[In, Then], sure bool, err error) {
	if in == nil {
		return nil, true, errNoInput
	}
	at := eval.PointerTo(in)
	if s.single != nil {
		if err := ctx.Err(); err != nil {
			return nil, true, err
		}
		rule, sure = s.come(0, s.single.Holds(at))
		return rule, sure, nil
	}
	if s.index == nil {
		return nil, false, nil
	}
	switch only := s.index.Only(at); {
	case only == index.Ask:
		return nil, false, nil
	case only < 0:
		return nil, true, ctx.Err()
	default:
		if err := ctx.Err(); err != nil {
			return nil, true, err
		}
		rule, sure = s.come(only, s.direct.Decide(at, only))
		return rule, sure, nil
	}
}

// come is what comes of a verdict.
func (s *Set[In, Then]) come(number int, fires eval.Verdict) (rule *compiled[In, Then], sure bool) {
	if fires == eval.Holds {
		rule = &s.rules[number]
	}
	return rule, fires != eval.Unsure
}

// A walk goes from one rule that fires for an input, or cannot be decided, to the
// next, in order.
type walk[In, Then any] struct {
	set   *Set[In, Then]
	ctx   context.Context
	in    *In
	left  left
	busy  bool           // the context is asked before the next rule
	turn  int            // how many rules were looked at
	frame *eval.Frame    // taken when a rule needs it
	found *index.Scratch // taken when the index is asked
}

// left are the rules that a walk has still to look at.
type left uint8

const (
	noneLeft  left = iota
	allLeft        // from turn on
	foundLeft      // those of found
)

// begin is the first rule that fires, or the first error; neither is at the end.
func (w *walk[In, Then]) begin(s *Set[In, Then], ctx context.Context, in *In) (*compiled[In, Then], error) {
	w.set, w.ctx, w.in = s, ctx, in
	if s.index != nil {
		w.found = s.looks.Get().(*index.Scratch)
		if s.index.Find(eval.PointerTo(in), w.found) {
			w.left = foundLeft
			return w.nextOfFound()
		}
	}
	w.left = allLeft
	return w.nextOfAll()
}

// next is what comes next, as begin tells it.
func (w *walk[In, Then]) next() (*compiled[In, Then], error) {
	switch w.left {
	case allLeft:
		return w.nextOfAll()
	case foundLeft:
		return w.nextOfFound()
	}
	return nil, nil
}

// nextOfAll looks at all rules, where the index has no answer.
func (w *walk[In, Then]) nextOfAll() (*compiled[In, Then], error) {
	s, at := w.set, eval.PointerTo(w.in)
	for i := w.turn; i < len(s.rules); i++ {
		if i%64 == 0 || w.busy {
			if err := w.ctx.Err(); err != nil {
				return w.ended(err)
			}
		}
		w.busy = false
		var fires eval.Verdict
		i, fires = s.direct.Next(at, i, min(i|63, len(s.rules)-1))
		if fires == eval.Fails {
			continue
		}
		r := &s.rules[i]
		if fires == eval.Unsure && r.Mode != Off {
			var err error
			if fires, err = w.ask(r); err != nil {
				w.turn = i + 1
				return w.failed(err)
			}
		}
		if fires == eval.Holds {
			w.turn = i + 1
			return r, nil
		}
	}
	return w.ended(nil)
}

// nextOfFound looks at the rules that the index has found, which comes to the
// same as to look at all.
func (w *walk[In, Then]) nextOfFound() (*compiled[In, Then], error) {
	s, at := w.set, eval.PointerTo(w.in)
	for {
		i, ok := w.found.Next()
		if w.turn%64 == 0 || w.busy {
			if err := w.ctx.Err(); err != nil {
				return w.ended(err)
			}
		}
		if !ok {
			return w.ended(nil)
		}
		w.turn++
		w.busy = false
		r := &s.rules[i]
		fires := s.direct.Decide(at, i)
		if fires == eval.Unsure {
			var err error
			if fires, err = w.ask(r); err != nil {
				return w.failed(err)
			}
		}
		if fires == eval.Holds {
			return r, nil
		}
	}
}

// ask decides a rule of whose direct form nothing came.
func (w *walk[In, Then]) ask(r *compiled[In, Then]) (eval.Verdict, error) {
	if r.inGo != nil { // it needs no frame, and may have taken any time
		w.busy = true
		return r.decide(w.ctx, nil, w.in)
	}
	if w.frame == nil {
		w.frame = w.set.frame(w.ctx, w.in)
	}
	fires, err := r.decide(w.ctx, w.frame, w.in)
	w.busy = w.frame.Spent() > muchWork
	return fires, err
}

// failed is the error of a rule, or the one of the context, which ends the walk.
func (w *walk[In, Then]) failed(err error) (*compiled[In, Then], error) {
	if ended := w.ctx.Err(); ended != nil {
		return w.ended(ended)
	}
	return nil, err
}

// ended says that nothing comes behind this.
func (w *walk[In, Then]) ended(err error) (*compiled[In, Then], error) {
	w.left = noneLeft
	return nil, err
}

// end gives back what the walk has taken.
func (w *walk[In, Then]) end() {
	if w.frame != nil {
		w.set.release(w.frame)
	}
	if w.found != nil {
		w.set.giveBack(w.found)
	}
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
	f.Begin()
	holds, err := r.allHold(f)
	f.End()
	return holds, err
}

// allHold decides the conditions.
func (r *compiled[In, Then]) allHold(f *eval.Frame) (bool, error) {
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
