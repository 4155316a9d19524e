package rules

import (
	"context"
	"reflect"

	"github.com/afterword-go/afterword/rules/internal/eval"
	"github.com/afterword-go/afterword/rules/internal/kleene"
	"github.com/afterword-go/afterword/rules/internal/logic"
	"github.com/afterword-go/afterword/rules/internal/tree"
	"github.com/afterword-go/afterword/rules/internal/witness"
)

// A goal is a rule's conditions, all of which must hold for it to fire, and
// whether it is to fire. One that is not to fire may be false or unknown, but
// not fail.
type goal struct {
	conditions []condition
	nodes      []*tree.Node // conditions as they were checked, beside those
	fires      bool
}

// A sought is an input that is looked for: what its conditions, in two truth
// values, shall be.
type sought[In any] struct {
	input *tree.Type
	goals []witness.Goal
	also  func(*In) bool   // what else shall be so; nil: nothing
	from  *witness.Payload // that it shall be near to; nil: it shall be small
	steps int              // of the search; 0: as many as usual
	least bool             // it shall be the smallest, which takes longer
}

// newSought is not ok if the goals are too large.
func newSought[In any](goals []goal) (sought[In], bool) {
	s := sought[In]{input: tree.TypeOf(reflect.TypeFor[In]())}
	for _, g := range goals {
		nodes := g.nodes
		for i := range g.conditions {
			_, n, _ := readCondition(g.conditions[i].text, g.conditions[i].env) // it has loaded before
			nodes = append(nodes[:len(nodes):len(nodes)], n)
		}
		if !s.add(kleene.True, nodes, g.fires) {
			return s, false
		}
	}
	return s, true
}

// add takes in a rewrite of conditions, all of which shall hold, or not all.
func (s *sought[In]) add(rewrite func(*tree.Node) (*tree.Node, error), nodes []*tree.Node, want bool) bool {
	var whole *tree.Node
	for _, n := range nodes {
		rewritten, err := rewrite(n)
		if err != nil {
			return false
		}
		switch {
		case want:
			s.goals = append(s.goals, witness.Goal{Node: rewritten, Want: true})
		case whole == nil:
			whole = rewritten
		default:
			whole = &tree.Node{Op: tree.And, Type: tree.Of(tree.Bool), Kids: []*tree.Node{whole, rewritten}}
		}
	}
	if whole != nil {
		s.goals = append(s.goals, witness.Goal{Node: whole})
	}
	return true
}

// proofWork bounds the proof that there is no input, in parts looked at.
const proofWork = 100_000

// impossible tells whether there surely is no input.
func (s *sought[In]) impossible() bool {
	var space logic.Space
	all := make([]*logic.Formula, len(s.goals))
	for i, g := range s.goals {
		all[i] = space.Formula(g.Node)
		if !g.Want {
			all[i] = logic.Not(all[i])
		}
	}
	budget := proofWork
	return logic.Impossible(logic.And(all...), &budget)
}

func (s *sought[In]) seek(ctx context.Context, decode func([]byte) (*In, error)) (found []byte, none bool) {
	if s.impossible() {
		return nil, true
	}
	if p := s.search(ctx, decode); p != nil {
		return p.JSON, false
	}
	return nil, false
}

// search looks for an input without asking whether there is one.
func (s *sought[In]) search(ctx context.Context, decode func([]byte) (*In, error)) *witness.Payload {
	return witness.Solve(ctx, s.problem(ctx, decode))
}

// never tells whether there surely is no input, since all values of the fields
// have been tried.
func (s *sought[In]) never(ctx context.Context, decode func([]byte) (*In, error)) bool {
	return witness.None(ctx, s.problem(ctx, decode))
}

func (s *sought[In]) problem(ctx context.Context, decode func([]byte) (*In, error)) witness.Problem {
	j := judge{ctx: ctx}
	meets := j.meets
	if s.also != nil {
		meets = func(in any) bool { return j.meets(in) && s.also(in.(*In)) }
	}
	for _, g := range s.goals {
		j.asks = append(j.asks, ask{eval.Compile(g.Node), g.Want})
	}
	return witness.Problem{
		Input: s.input, Goals: s.goals, Steps: s.steps, From: s.from, Smallest: s.least, Meets: meets,
		Decode: func(payload []byte) (any, error) { return decode(payload) },
	}
}

// A judge decides by evaluating.
type judge struct {
	ctx   context.Context
	frame eval.Frame
	asks  []ask
}

type ask struct {
	holds eval.Bool
	want  bool
}

// meets tells whether all that is asked is as wanted, and nothing fails.
func (j *judge) meets(in any) bool {
	j.frame.Reset(j.ctx, in)
	j.frame.Allow(1)
	defer j.frame.Clear()
	for _, a := range j.asks {
		holds, failure := a.holds.Continue(&j.frame)
		if failure != nil || holds != a.want {
			return false
		}
	}
	return true
}
