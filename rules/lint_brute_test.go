package rules_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules"
)

type tinySet = rules.Set[Tiny, rules.Text]

func tinyOf(hit rules.Hit, list ...rules.Rule[Tiny, rules.Text]) (*tinySet, error) {
	cfg := rules.Config{Hit: hit, Functions: []rules.Function{rules.Func("maybe", maybe), rules.Func("ieq", strings.EqualFold)}}
	return rules.New(cfg, list...)
}

func tinyRule(name, condition string, text rules.Text) rules.Rule[Tiny, rules.Text] {
	return rules.Rule[Tiny, rules.Text]{Name: name, When: rules.When[Tiny](condition), Then: text}
}

// A truthCount is for how many inputs a condition is what.
type truthCount struct{ yes, no, neither int }

// tried tries a condition with all inputs.
func tried(t *testing.T, condition string, inputs []*Tiny) truthCount {
	t.Helper()
	set, err := tinyOf(rules.Collect, tinyRule("yes", condition, "a"), tinyRule("no", "not ("+condition+")", "a"))
	require.NoError(t, err, condition)
	var out truthCount
	for _, in := range inputs {
		m, found, err := set.First(t.Context(), in)
		switch {
		case err != nil || !found:
			out.neither++
		case m.Name() == "yes":
			out.yes++
		default:
			out.no++
		}
	}
	return out
}

var (
	contradiction = regexp.MustCompile(`^(?:.*?: )(.*) contradicts (what stands in front of it|.*?)(?: \((?:[^()]* is |lower |upper )[^()]*\))?$`)
	never         = regexp.MustCompile(`^(?:.*?: )(.*) can never be true`)
	neitherSide   = regexp.MustCompile(`^(?:.*?: )no side of (.*) can be true`)
	always        = regexp.MustCompile(`^(.*) is always true`)
	whenever      = regexp.MustCompile(`^(.*) is true whenever `)
)

// TestLintAgreesWithEveryInput tries what lint says of random conditions with
// all inputs, and wants it to find most of what there is to find.
func TestLintAgreesWithEveryInput(t *testing.T) {
	t.Parallel()
	inputs := tinies()
	g := tinyGen{rand.New(rand.NewPCG(1, 2))}
	said, checked := map[string]int{}, 0
	constant, found := 0, 0
	for range 600 / patience {
		condition := g.condition(g.IntN(4))
		set, err := tinyOf(rules.Collect, tinyRule("a", condition, "a"))
		if err != nil {
			continue // the checker refuses it
		}
		checked++
		findings := set.Lint(t.Context(), rules.Tester[Tiny, rules.Text]{})
		for _, f := range findings {
			said[f.ID]++
			checkConstant(t, condition, f, inputs)
		}
		if whole := tried(t, condition, inputs); whole.yes == 0 || whole.yes == len(inputs) {
			constant++
			if len(findings) > 0 || condition == "true" {
				found++
			}
		}
	}
	t.Logf("%d conditions, %d of them constant for these inputs, %d of those found; said %v", checked, constant, found, said)
	if patience > 1 {
		return // too few conditions to count
	}
	assert.Greater(t, said["never-fires"], 20)
	assert.Greater(t, said["constant-part"], 20)
	assert.Greater(t, found*100, constant*40)
}

// checkConstant tries what a finding says of a part with all inputs.
func checkConstant(t *testing.T, condition string, f rules.Finding, inputs []*Tiny) {
	t.Helper()
	if f.ID == "never-fires" {
		assert.Zero(t, tried(t, condition, inputs).yes, "%s: %s", condition, f)
	}
	about := func(re *regexp.Regexp) (string, bool) {
		m := re.FindStringSubmatch(f.Message)
		if m == nil || strings.Contains(f.Message, "…") || strings.Contains(m[1], "#") && !strings.Contains(m[1], "(xs") {
			return "", false
		}
		return m[1], true
	}
	if part, ok := about(never); ok {
		assert.Zero(t, tried(t, part, inputs).yes, "%s: %s", condition, f)
	}
	if part, ok := about(neitherSide); ok {
		assert.Zero(t, tried(t, part, inputs).yes, "%s: %s", condition, f)
	}
	if part, ok := about(contradiction); ok {
		if other := contradiction.FindStringSubmatch(f.Message)[2]; !strings.HasPrefix(other, "what stands") {
			assert.Zero(t, tried(t, "("+part+") and ("+other+")", inputs).yes, "%s: %s", condition, f)
		}
	}
	if part, ok := about(always); ok {
		assert.Equal(t, len(inputs), tried(t, part, inputs).yes, "%s: %s", condition, f)
	}
	if part, ok := about(whenever); ok {
		assert.Zero(t, tried(t, part, inputs).no, "%s: %s", condition, f)
	}
}

// TestLintOfOrderAgreesWithEveryInput does the same for what it says of rules
// that are hidden and of texts that miss a value.
func TestLintOfOrderAgreesWithEveryInput(t *testing.T) {
	t.Parallel()
	inputs := tinies()
	g := tinyGen{rand.New(rand.NewPCG(3, 4))}
	var hidden, hiddenFound, missing, missingFound int
	for range 300 / patience {
		set, names := g.rules(t)
		said := map[string]bool{}
		for _, f := range set.first.Lint(t.Context(), rules.Tester[Tiny, rules.Text]{}) {
			said[f.ID+" "+f.Rule] = true
		}
		won, fired, misses := played(t, set, inputs)
		for name, is := range names {
			if said["unreachable "+name] {
				assert.Zero(t, won[name], "%s %s is reached: %v", name, is, names)
			}
			// What a function does with other arguments, nobody knows.
			if said["absent-in-text "+name] && fired[name] > 0 && strings.Count(is, "maybe") < 2 {
				assert.Positive(t, misses[name], "%s %s misses nothing", name, is)
			}
			if won[name] == 0 && fired[name] > 0 && misses[name] == 0 {
				hidden++
				if said["unreachable "+name] || said["duplicate-rule "+name] {
					hiddenFound++
				}
			}
			if misses[name] > 0 {
				missing++
				if said["absent-in-text "+name] {
					missingFound++
				}
			}
		}
	}
	t.Logf("%d hidden, %d found; %d miss a value, %d found", hidden, hiddenFound, missing, missingFound)
	if patience > 1 {
		return // too few rules to count
	}
	assert.Greater(t, hiddenFound*100, hidden*30)
	assert.Greater(t, missingFound*100, missing*70)
}

// A tinySets has the same rules under both policies.
type tinySets struct{ first, collect *tinySet }

// rules are sets with random rules: the conditions and texts of those that
// count, by name.
func (g tinyGen) rules(t *testing.T) (tinySets, map[string]string) {
	t.Helper()
	var list []rules.Rule[Tiny, rules.Text]
	names := map[string]string{}
	for i := range 2 + g.IntN(5) {
		name, condition := fmt.Sprint("r", i), g.condition(g.IntN(3))
		text := rules.Text("text")
		if g.IntN(3) == 0 {
			text = rules.Text(g.insert())
		}
		rule := tinyRule(name, condition, text)
		rule.Mode = []rules.Mode{rules.Enforce, rules.Enforce, rules.Enforce, rules.Enforce, rules.Shadow, rules.Off}[g.IntN(6)]
		if _, err := tinyOf(rules.First, rule); err != nil {
			continue // the checker refuses it
		}
		if rule.Mode == rules.Enforce {
			names[name] = condition + " -> " + string(text)
		}
		list = append(list, rule)
	}
	first, err := tinyOf(rules.First, list...)
	require.NoError(t, err)
	collect, err := tinyOf(rules.Collect, list...)
	require.NoError(t, err)
	return tinySets{first, collect}, names
}

// played counts, for all inputs, which rule ends the search, which ones fire,
// and which of these miss a value in their texts.
func played(t *testing.T, sets tinySets, inputs []*Tiny) (won, fired, misses map[string]int) {
	t.Helper()
	won, fired, misses = map[string]int{}, map[string]int{}, map[string]int{}
	for _, in := range inputs {
		_ = sets.first.Each(t.Context(), in, func(m rules.Match[Tiny, rules.Text]) error {
			won[m.Name()]++
			_, err := m.Render(m.Then())
			return err
		})
		_ = sets.collect.Each(t.Context(), in, func(m rules.Match[Tiny, rules.Text]) error {
			fired[m.Name()]++
			if _, err := m.Render(m.Then()); err != nil && strings.Contains(err.Error(), "absent") {
				misses[m.Name()]++
			}
			return nil
		})
	}
	return won, fired, misses
}
