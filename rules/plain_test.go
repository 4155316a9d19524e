package rules_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules/internal/check"
	"github.com/afterword-go/afterword/rules/internal/eval"
	"github.com/afterword-go/afterword/rules/internal/kleene"
	"github.com/afterword-go/afterword/rules/internal/plain"
	"github.com/afterword-go/afterword/rules/internal/syntax"
	"github.com/afterword-go/afterword/rules/internal/tree"
)

// plainEnv is what conditions over In read and call.
func plainEnv(t testing.TB) *check.Env {
	t.Helper()
	constants, problems := check.NewVar(vars())
	require.Empty(t, problems)
	env := &check.Env{Input: tree.TypeOf(reflect.TypeFor[In]()), Vars: constants, Functions: map[string]*tree.Function{}}
	for name, fn := range map[string]any{
		"answer": answer, "answers": answers, "points": points, "half": half, "ieq": ieq, "alike": alike,
		"folded": strings.EqualFold, "long": func(text string) bool { return len(text) > 4 },
	} {
		v := reflect.ValueOf(fn)
		f := &tree.Function{Name: name, Go: v, Result: tree.TypeOf(v.Type().Out(0))}
		for i := range v.Type().NumIn() {
			if in := v.Type().In(i); in == reflect.TypeFor[*In]() {
				f.TakesInput = true
			} else {
				f.Params = append(f.Params, tree.TypeOf(in))
			}
		}
		if v.Type().NumOut() == 2 {
			f.MayBeAbsent = v.Type().Out(1).Kind() == reflect.Bool
			f.MayFail = !f.MayBeAbsent
		}
		if name == "answer" {
			f.OfText = func(in any, question string) (string, bool) { return answer(in.(*In), question) }
		}
		env.Functions[name] = f
	}
	return env
}

// rewrites are the trees that a condition comes to.
func rewrites(text string, env *check.Env) []*tree.Node {
	expr, problems := syntax.Parse(text)
	if len(problems) > 0 {
		return nil
	}
	node, problems := check.Condition(expr, env)
	if len(problems) > 0 {
		return nil
	}
	var all []*tree.Node
	for _, rewrite := range []func(*tree.Node) (*tree.Node, error){kleene.True, kleene.False, kleene.Known} {
		if rewritten, err := rewrite(node); err == nil {
			all = append(all, rewritten)
		}
	}
	return all
}

// A ran is what became of one evaluation.
type ran struct {
	Holds   bool
	Message string
	At      tree.Span
	Err     string
	Spent   int
}

func runPlain(t testing.TB, n *tree.Node, in *In) ran {
	var f plain.Frame
	f.Reset(t.Context(), in)
	f.Allow(1)
	holds, failure := plain.Compile(n).Continue(&f)
	out := ran{Holds: holds, Spent: f.Spent()}
	if failure != nil {
		out = ran{Message: failure.Message, At: failure.At, Err: fmt.Sprint(failure.Err)}
	}
	return out
}

func runLowered(t testing.TB, n *tree.Node, in *In) ran {
	var f eval.Frame
	f.Reset(t.Context(), in)
	f.Allow(1)
	holds, failure := eval.Compile(n).Continue(&f)
	out := ran{Holds: holds, Spent: f.Spent()}
	if failure != nil {
		out = ran{Message: failure.Message, At: failure.At, Err: fmt.Sprint(failure.Err)}
	}
	return out
}

// beat is after how many steps an evaluation asks its context.
const beat = 4096

// tests are conditions that most rules are made of.
type tests struct{ *rand.Rand }

func (r tests) field(names string) string { return pick(r.Rand, strings.Fields(names)) }

func (r tests) test() string {
	const (
		wholes   = "csatRank total tiny short wide unsigned small level rank pin near.inside.size near.inside.depth far.inside.size far.inside.depth far.idle.depth far.held near.idle.size"
		numbers  = "price ratio coarse weight csatRank tiny unsigned rank"
		texts    = "title skillName agentName id otherId channel origin near.code far.code near.inside.label far.idle.label"
		booleans = "consent enabled near.inside.flag far.idle.flag"
		times    = "timestamp until made near.inside.at far.idle.at"
		lists    = "tags notes ids marks holes weights items links"
	)
	op := pick(r.Rand, []string{"==", "!=", "<", "<=", ">", ">="})
	quoted := func() string {
		return `"` + pick(r.Rand, []string{"a", "Care", "care", "billing", "5", "äÖ", "", strings.Repeat("lorem ip", 20)}) + `"`
	}
	number := func() string {
		return pick(r.Rand, []string{"-9223372036854775807", "-1", "0", "1", "2", "3", "255", "9223372036854775807"})
	}
	switch r.IntN(17) {
	case 16:
		sum := r.field(wholes)
		for range 1 + r.IntN(3) {
			sum = "(" + sum + pick(r.Rand, []string{" + ", " - ", " * "}) + pick(r.Rand, []string{number(), r.field(wholes), "len(" + r.field(texts) + ")"}) + ")"
		}
		return sum + " " + op + " " + number()
	case 0, 1:
		return r.field(wholes) + " " + op + " " + number()
	case 2:
		return number() + " " + op + " " + r.field(wholes)
	case 3:
		return r.field(numbers) + " " + op + " " + pick(r.Rand, []string{"-1.5", "0.0", "0.5", "1.0", "2.5"})
	case 4, 5:
		return r.field(texts) + " " + op + " " + quoted()
	case 6:
		return r.field(texts) + pick(r.Rand, []string{" contains ", " startsWith ", " endsWith "}) + quoted()
	case 7, 8:
		return r.field(texts) + " matches `" + pick(r.Rand, []string{"(?i)care", "^Care$", "(?i)^(care|5)", "l+o", "[a-z]{60}{7}", "ing$", "."}) + "`"
	case 9:
		return r.field(texts) + ` in ["Care", "5", ` + quoted() + `]`
	case 10:
		return r.field(wholes) + pick(r.Rand, []string{" in [1, 2, 5]", " in vars.ranks", " in 1..3", " in [1,2,3,4,5,6,7,8,9,1,2]"})
	case 11:
		return r.field(booleans)
	case 12:
		return r.field(times) + " " + op + ` date("2026-01-31")`
	case 13:
		return "len(" + r.field(texts+" "+lists) + ") " + op + " " + pick(r.Rand, []string{"0", "1", "2", "5"})
	case 14:
		return r.field(wholes+" "+texts+" "+lists+" near.idle far far.inside "+times) + pick(r.Rand, []string{" == nil", " != nil"})
	}
	return pick(r.Rand, []string{
		"(" + r.field(wholes) + " ?? 2) " + op + " 2", `(` + r.field(texts) + ` ?? "Care") == ` + quoted(),
		"folded(" + r.field(texts) + ", " + quoted() + ")", "ieq(" + r.field(texts) + ", " + quoted() + ")", "long(" + r.field(texts) + ")",
		r.field(texts) + " == " + r.field(texts), "1 < 2", "true", r.field(texts) + ` in ["a","b","Care","care","billing","5","x","y","z","w"]`,
	})
}

func (r tests) condition(depth int) string {
	if depth == 0 || r.IntN(4) == 0 {
		return r.test()
	}
	a, b := r.condition(depth-1), r.condition(depth-1)
	switch r.IntN(6) {
	case 0:
		return "not (" + a + ")"
	case 1, 2:
		return "(" + a + " or " + b + ")"
	}
	return "(" + a + " and " + b + ")"
}

// lengthened is a payload some of whose texts are so long that bounds are met.
func lengthened(r *rand.Rand, in *In) *In {
	long := strings.Repeat("lorem ip", pick(r, []int{8, 16, 100, 600, 5_000, 40_000, 100_000}))
	for range 1 + r.IntN(3) {
		switch r.IntN(5) {
		case 0:
			in.Head = long
		case 1:
			in.Skill = long
		case 2:
			in.Agent = &long
		case 3:
			in.Ident = ID(long)
		case 4:
			in.Labels = append(in.Labels, strings.Fields(long)...)
		}
	}
	return in
}

// TestAgreesWithPlain holds the evaluator and the direct form to the plain one,
// steps and errors included, for AFTERWORD_PLAIN pairs of a condition and a
// payload.
func TestAgreesWithPlain(t *testing.T) {
	n, seed := fromEnv(t, "AFTERWORD_PLAIN", 150_000), fromEnv(t, "AFTERWORD_SEED", 1)
	env := plainEnv(t)
	counts, wrong := map[string]int{}, 0
	for batch := 0; counts["pairs"] < n && wrong < 20; batch++ {
		r := random(seed, 1000+batch)
		text := tests{r}.condition(1 + r.IntN(3))
		if batch%2 == 0 {
			text = (&expressions{Rand: r}).condition()
		}
		trees := rewrites(text, env)
		if len(trees) == 0 {
			continue
		}
		for i := range 4 {
			p := payloads{Rand: r}
			in, err := p.input(p.next())
			require.NoError(t, err)
			if i == 3 && r.IntN(4) == 0 {
				in = lengthened(r, in)
				counts["long"]++
			}
			for _, tree := range trees {
				if disagreed := comparePlain(t, tree, in, counts); disagreed != "" {
					wrong++
					t.Errorf("%s\n\tfor %.600s", disagreed, text)
				}
			}
		}
	}
	t.Logf("AFTERWORD_SEED=%d %v", seed, counts)
	for _, what := range []string{"direct", "unsure", "failed", "held", "long"} {
		assert.Greater(t, counts[what], n/5000, what)
	}
}

func comparePlain(t *testing.T, n *tree.Node, in *In, counts map[string]int) (wrong string) {
	counts["pairs"]++
	want, got := runPlain(t, n, in), runLowered(t, n, in)
	if want != got {
		return fmt.Sprintf("plain: %+v, lowered: %+v", want, got)
	}
	if want.Message != "" {
		counts["failed"]++
	}
	if want.Holds {
		counts["held"]++
	}
	direct, ok := eval.DirectOf(n)
	if !ok {
		return ""
	}
	counts["direct"]++
	switch verdict := direct.Holds(eval.PointerTo(in)); {
	case verdict == eval.Unsure:
		counts["unsure"]++
	case want.Message != "" || want.Holds != (verdict == eval.Holds) || want.Spent >= beat:
		return fmt.Sprintf("plain: %+v, direct: %v", want, verdict)
	}
	return ""
}
