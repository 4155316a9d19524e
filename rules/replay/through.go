package replay

import (
	"context"

	"github.com/afterword-go/afterword/rules"
)

// Through are the same rules, for inputs that hold those of the rules, such as
// events that were recorded with what was decided for them.
func Through[In, Inner, Out any](of Rules[Inner, Out], inner func(*In) *Inner) Rules[In, Out] {
	return through[In, Inner, Out]{of, inner}
}

type through[In, Inner, Out any] struct {
	of    Rules[Inner, Out]
	inner func(*In) *Inner
}

func (t through[In, Inner, Out]) Rules() []rules.RuleInfo { return t.of.Rules() }

func (t through[In, Inner, Out]) Parts(rule int) []rules.PartInfo { return t.of.Parts(rule) }

func (t through[In, Inner, Out]) Decider() Decider[In, Out] {
	return throughDecider[In, Inner, Out]{t.of.Decider(), t.inner}
}

type throughDecider[In, Inner, Out any] struct {
	of    Decider[Inner, Out]
	inner func(*In) *Inner
}

func (d throughDecider[In, Inner, Out]) Decide(ctx context.Context, in *In) Decision[Out] {
	return d.of.Decide(ctx, d.inner(in))
}
