package rules_test

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules"
	"github.com/afterword-go/afterword/rules/internal/check"
	"github.com/afterword-go/afterword/rules/internal/eval"
	"github.com/afterword-go/afterword/rules/internal/kleene"
	"github.com/afterword-go/afterword/rules/internal/plain"
	"github.com/afterword-go/afterword/rules/internal/syntax"
	"github.com/afterword-go/afterword/rules/internal/tree"
)

// scalar is the checked read that text is.
func scalar(t *testing.T, text string, env *check.Env) *tree.Node {
	t.Helper()
	expr, problems := syntax.Parse(text)
	require.Empty(t, problems)
	n, problems := check.Insert(expr, env)
	require.Empty(t, problems)
	return n
}

// shownPlainly is what a person would be shown of a read, and whether it is
// there.
func shownPlainly(t *testing.T, n *tree.Node, in *In) (string, bool) {
	t.Helper()
	known, err := kleene.Known(n)
	require.NoError(t, err)
	value, err := kleene.Value(n)
	require.NoError(t, err)
	var f plain.Frame
	f.Reset(t.Context(), in)
	f.Allow(1)
	there, failure := plain.Compile(known).Continue(&f)
	require.Nil(t, failure)
	if !there {
		return "", false
	}
	text, failure := plain.Shown(value).Continue(&f)
	require.Nil(t, failure)
	return text, true
}

func TestReaders(t *testing.T) {
	env := plainEnv(t)
	texts := []string{"title", "skillName", "agentName", "id", "channel", "origin", "near.code", "far.code", "far.idle.label", "near.inside.label"}
	wholes := []string{"csatRank", "total", "tiny", "short", "wide", "unsigned", "small", "level", "rank", "pin", "near.inside.size", "far.inside.depth", "far.held"}
	seen := map[bool]int{}
	for i := range 300 {
		p := payloads{Rand: random(1, 5000+i)}
		in, err := p.input(p.next())
		require.NoError(t, err)
		at := eval.PointerTo(in)
		for _, text := range texts {
			n := scalar(t, text, env)
			read, ok := eval.ReadText(n)
			require.True(t, ok, text)
			want, wantThere := shownPlainly(t, n, in)
			got, there := read(at)
			assert.Equal(t, wantThere, there, text)
			assert.True(t, !there || want == got, text)
			seen[there]++
		}
		for _, text := range wholes {
			n := scalar(t, text, env)
			read, ok := eval.ReadInt(n)
			require.True(t, ok, text)
			want, wantThere := shownPlainly(t, n, in)
			got, there := read(at)
			assert.Equal(t, wantThere, there, text)
			assert.True(t, !there || want == eval.FormatFloat(float64(got)) || got > 1<<50 || got < -1<<50, text)
			seen[there]++
		}
	}
	assert.Greater(t, min(seen[true], seen[false]), 500)
	for _, text := range []string{"total", "lower(title)", "items[0].question", "price"} {
		_, ok := eval.ReadText(scalar(t, text, env))
		assert.False(t, ok, text)
	}
	for _, text := range []string{"title", "total + 1", "price", "marks[0]"} {
		_, ok := eval.ReadInt(scalar(t, text, env))
		assert.False(t, ok, text)
	}
	size, _ := tree.TypeOf(reflect.TypeFor[Form]()).Field("size")
	_, ok := eval.ReadInt(&tree.Node{Op: tree.GetField, Type: size.Type, Field: size})
	assert.False(t, ok, "a number that may be too large")
}

func numbered(conditions []string) []rules.Rule[Form, string] {
	list := make([]rules.Rule[Form, string], len(conditions))
	for i, text := range conditions {
		list[i] = rules.Rule[Form, string]{Name: fmt.Sprint("r", i), When: rules.When[Form](text)}
	}
	return list
}

// Rules of every sort, far beyond those between two looks at the context.
func TestManyRulesOfEverySort(t *testing.T) {
	conditions := []string{"csatRank == 2", "csatRank == 3", "any(marks, # == 2)", "not (csatRank == 2)", "size > 3 or csatRank == 3", "lower(note) == note"}
	var list []string
	var want []string
	for i := range 200 {
		c := i * 7 % len(conditions)
		list = append(list, conditions[c])
		if c == 0 || c == 2 || c == 4 {
			want = append(want, fmt.Sprint("r", i))
		}
	}
	var got []string
	set, err := rules.New(formConfig(), numbered(list)...)
	require.NoError(t, err)
	for match, err := range set.Matches(t.Context(), fullForm()) {
		require.NoError(t, err)
		got = append(got, match.Name())
	}
	assert.Equal(t, want, got)
}
