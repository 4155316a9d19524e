package rules

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/afterword-go/afterword/rules/internal/eval"
	"github.com/afterword-go/afterword/rules/internal/tree"
)

// Absent names the absent fields that keep a rule from being decided, by the
// rule's number in the order of Rules: those of RuleTrace.Absent, each once and
// with its full path. Places in lists that the input itself chooses are named as
// they are written, so that no name holds a value of the input. It has none for a
// rule that is not skipped, nor for one whose condition is a Go function.
//
// It takes longer than deciding the rule: for the first thousand conditions
// that it is asked about it keeps what it has read, and for others it reads them
// each time.
func (s *Set[In, Then]) Absent(ctx context.Context, in *In, rule int) []string {
	if in == nil || ctx.Err() != nil {
		return nil
	}
	f := s.frame(ctx, in)
	defer s.release(f)
	f.Allow(explainBudget)
	var absent []string
	conditions := s.rules[rule].conditions
	for i := range conditions {
		names, out := s.absent.of(&conditions[i]).names(f)
		if out {
			return nil
		}
		for _, name := range names {
			if !slices.Contains(absent, name) {
				absent = append(absent, name)
			}
		}
	}
	return absent
}

// maxAbsences is how many conditions a set keeps absences of.
const maxAbsences = 1000

// absences are those of the conditions of a set, by their texts. It may be used
// by any number of goroutines at once.
type absences struct {
	known sync.Map
	n     atomic.Int64
}

func (a *absences) of(c *condition) *absence {
	if known, ok := a.known.Load(c.text); ok {
		return known.(*absence)
	}
	expr, node, _ := readCondition(c.text, c.env) // it has loaded before
	out := &absence{node: node, explainer: explainer{expr: expr, at: c.at, quiet: true}}
	if a.n.Load() >= maxAbsences {
		return out
	}
	known, loaded := a.known.LoadOrStore(c.text, out)
	if !loaded {
		a.n.Add(1)
	}
	return known.(*absence)
}

// An absence tells which absent fields make a condition unknown.
type absence struct {
	using     sync.Mutex
	node      *tree.Node
	explainer explainer // keeps what it has compiled
}

// names are the fields. Out says that the condition is false, whatever they are.
func (a *absence) names(f *eval.Frame) (names []string, out bool) {
	a.using.Lock()
	defer a.using.Unlock()
	x := &a.explainer
	x.frame, x.names, x.visits, x.elems = f, nil, 0, x.elems[:0]
	defer func() { x.frame = nil }()
	if no, err := x.holds(isFalse, a.node); no && err == nil {
		return nil, true
	}
	x.absent(a.node)
	return x.names, false
}
