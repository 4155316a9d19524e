package index

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules/internal/check"
	"github.com/afterword-go/afterword/rules/internal/eval"
	"github.com/afterword-go/afterword/rules/internal/kleene"
	"github.com/afterword-go/afterword/rules/internal/plain"
	"github.com/afterword-go/afterword/rules/internal/syntax"
	"github.com/afterword-go/afterword/rules/internal/tree"
)

// An input has a field of every sort that can be looked up, and of those that
// cannot.
type input struct {
	Rank   *int       `json:"csatRank" validate:"omitempty,min=1,max=5"`
	Total  int        `json:"total"`
	Tiny   uint8      `json:"tiny"`
	Huge   uint64     `json:"huge"`
	Price  float64    `json:"price"`
	Ratio  *float32   `json:"ratio"`
	On     bool       `json:"enabled"`
	Agreed *bool      `json:"consent"`
	Skill  string     `json:"skillName,omitempty"`
	Agent  *string    `json:"agentName"`
	Title  string     `json:"title"`
	Kind   name       `json:"kind"`
	When   time.Time  `json:"timestamp,omitzero"`
	Until  *time.Time `json:"until"`
	Share  float64    `json:"share,omitempty"`
	Tags   []string   `json:"tags"`
	Marks  []uint64   `json:"marks"`
	Holes  []*int     `json:"holes"`
	Flags  [3]bool    `json:"flags"`
	Asked  []asked    `json:"asked,omitempty"`
	Links  []*asked   `json:"links"`
	Group  *inner     `json:"group"`
	Near   inner      `json:"near"`
}

type name string

type inner struct {
	Code  string `json:"code,omitempty"`
	Depth *int   `json:"depth"`
	Deep  *inner `json:"deep"`
	Tags  []name `json:"tags"`
}

type asked struct {
	Question string   `json:"question"`
	Answer   *string  `json:"answer"`
	Score    *float64 `json:"score"`
	Count    uint     `json:"count"`
	At       inner    `json:"at"`
	Words    []string `json:"words"`
}

func pointer[T any](v T) *T { return &v }

// A workbench compiles rules over the input.
type workbench struct {
	tb  testing.TB
	env *check.Env
}

func newWorkbench(tb testing.TB) *workbench {
	tb.Helper()
	env := &check.Env{Input: tree.TypeOf(reflect.TypeFor[input]()), Functions: map[string]*tree.Function{}}
	text, boolean := tree.Of(tree.Text), tree.Of(tree.Bool)
	env.Functions["ieq"] = &tree.Function{Name: "ieq", Params: []*tree.Type{text, text}, Result: boolean, Go: reflect.ValueOf(strings.EqualFold)}
	env.Functions["odd"] = &tree.Function{Name: "odd", Params: []*tree.Type{text}, Result: boolean, MayFail: true, Go: reflect.ValueOf(odd)}
	return &workbench{tb, env}
}

// odd fails for some texts.
func odd(text string) (bool, error) {
	if strings.Contains(text, "a") {
		return false, errors.New("an a")
	}
	return len(text)%2 == 1, nil
}

// tree is the rewritten condition.
func (b *workbench) tree(condition string) *tree.Node {
	b.tb.Helper()
	n, ok := b.compiled(condition)
	require.True(b.tb, ok, condition)
	return n
}

func (b *workbench) compiled(condition string) (*tree.Node, bool) {
	b.tb.Helper()
	expr, problems := syntax.Parse(condition)
	require.Empty(b.tb, problems, condition)
	n, problems := check.Condition(expr, b.env)
	if len(problems) > 0 {
		return nil, false
	}
	n, err := kleene.True(n)
	require.NoError(b.tb, err, condition)
	return n, true
}

// index is the index of rules with one condition each.
func (b *workbench) index(conditions ...string) *Index {
	b.tb.Helper()
	var builder Builder
	for i, condition := range conditions {
		builder.Add(i, []*tree.Node{b.tree(condition)})
	}
	return builder.Build()
}

// decides runs conditions of one rule as the plain walk does.
func decides(f *plain.Frame, conditions []plain.Bool, in *input) (fires, fails bool) {
	f.Reset(context.Background(), in)
	f.Allow(1)
	for _, c := range conditions {
		holds, failure := c.Continue(f)
		if failure != nil {
			return false, true
		}
		if !holds {
			return false, false
		}
	}
	return true, false
}

// found are the candidates; nil, if the index declines.
func found(ix *Index, in *input, s *Scratch) []int {
	if !ix.Find(eval.PointerTo(in), s) {
		return nil
	}
	out := []int{}
	for {
		rule, ok := s.Next()
		if !ok {
			return out
		}
		out = append(out, rule)
	}
}
