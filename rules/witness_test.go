package rules_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules"
)

// witnessed is a witness in lines.
func witnessed(w rules.Witness) []string {
	out := []string{w.Proof.String()}
	if w.Reason != "" {
		out = append(out, fmt.Sprintf("%d:%d: %s: %s", w.At.Line, w.At.Column, w.At.Text, w.Reason))
	}
	if w.Fires != nil {
		out = append(out, "fires "+string(w.Fires))
	}
	if w.Fails {
		out = append(out, "and fails")
	}
	for _, m := range w.Misses {
		out = append(out, fmt.Sprintf("%s is %s %s", m.Part.Text, m.Truth, m.Payload))
	}
	for _, n := range w.NoMisses {
		out = append(out, fmt.Sprintf("%d:%d: %s: no miss: %s", n.Part.Line, n.Part.Column, n.Part.Text, n.Reason))
	}
	for _, s := range w.Skips {
		out = append(out, fmt.Sprintf("without %v %s", s.Absent, s.Payload))
	}
	if w.NoSkips != "" {
		out = append(out, "no skips: "+w.NoSkips)
	}
	return out
}

// TestWitness wants what is told of rules to the letter. Every input of a Poll
// has a plan.
func TestWitness(t *testing.T) {
	t.Parallel()
	for condition, want := range map[string][]string{
		`csatRank <= 3 and ieq(skillName, "Care") and enabled`: {
			"can fire",
			`fires {"csatRank":1,"skillName":"Care","plan":"basic","enabled":true}`,
			`csatRank <= 3 is false {"csatRank":4,"skillName":"Care","plan":"basic","enabled":true}`,
			`ieq(skillName, "Care") is false {"csatRank":1,"skillName":"a","plan":"basic","enabled":true}`,
			`enabled is false {"csatRank":1,"skillName":"Care","plan":"basic","enabled":false}`,
			`without [csatRank] {"skillName":"Care","plan":"basic","enabled":true}`,
			`without [skillName] {"csatRank":1,"plan":"basic","enabled":true}`,
		},
		`answer("Why?") == "No" or csatRank == nil`: {
			"can fire",
			`fires {"plan":"basic"}`,
			`answer("Why?") == "No" or csatRank == nil is false {"csatRank":1,"plan":"basic","questionWithAnswers":[{"question":"Why?","answer":"a"}]}`,
			`without [answer("Why?")] {"csatRank":1,"plan":"basic"}`,
		},
		`csatRank != nil and asked`: {
			"can fire",
			`fires {"csatRank":1,"plan":"basic","asked":true}`,
			`csatRank != nil is false {"plan":"basic","asked":true}`,
			`asked is false {"csatRank":1,"plan":"basic","asked":false}`,
			`without [asked] {"csatRank":1,"plan":"basic"}`,
		},
		`idle.label == "x" and idle.time > 20`: {
			"can fire",
			`fires {"plan":"basic","idle":{"label":"x","time":21}}`,
			`idle.label == "x" is false {"plan":"basic","idle":{"label":"xa","time":21}}`,
			`idle.time > 20 is false {"plan":"basic","idle":{"label":"x","time":20}}`,
			`without [idle.label idle.time] {"plan":"basic"}`,
			`without [idle.label] {"plan":"basic","idle":{"time":21}}`,
		},
		`csatRank < 2 and total > 0 and csatRank > 3`: {
			"cannot fire",
			`1:32: csatRank > 3: csatRank > 3 contradicts csatRank < 2 (csatRank is 1 to 5)`,
		},
		`csatRank > 5`: {
			"cannot fire",
			`1:1: csatRank > 5: csatRank > 5 can never be true (csatRank is 1 to 5)`,
		},
		`csatRank * csatRank == 15`: {
			"cannot fire",
			`1:1: csatRank * csatRank == 15: csatRank * csatRank == 15 can never be true (csatRank is 1 to 5)`,
		},
		`csatRank != 4 and csatRank * csatRank == 16`: {
			"cannot fire",
			`1:19: csatRank * csatRank == 16: csatRank * csatRank == 16 contradicts what stands in front of it (csatRank is 1 to 5)`,
		},
		`answer("q") == "a" or csatRank * csatRank == 16`: {
			"can fire",
			`fires {"csatRank":4,"plan":"basic"}`,
			`answer("q") == "a" or csatRank * csatRank == 16 is false {"csatRank":5,"plan":"basic","questionWithAnswers":[{"question":"q","answer":"b"}]}`,
			`without [answer("q") csatRank] {"plan":"basic"}`,
		},
		`total > 2 and digest(agentName) == 123457`: {
			"not determined",
			`1:15: digest(agentName) == 123457: no input was found for which digest(agentName) == 123457 is true: what the function digest comes to cannot be worked out`,
		},
		`total > 2 and total * total * total == 7`: {
			"not determined",
			`1:15: total * total * total == 7: no input was found for which total * total * total == 7 is true, and none could be ruled out`,
		},
		`true`: {"can fire", `fires {"plan":"basic"}`, "1:1: true: no miss: it is always true", "no skips: nothing that it reads can be absent"},
		`enabled and total * 0 == 0 and (total > 2 or enabled)`: {
			"can fire",
			`fires {"plan":"basic","enabled":true}`,
			`enabled is false {"plan":"basic","total":3,"enabled":false}`,
			"1:13: total * 0 == 0: no miss: no input was found for which it alone is not true, and none could be ruled out",
			"1:33: total > 2 or enabled: no miss: it is true whenever the other parts are",
			"no skips: nothing that it reads can be absent",
		},
		`total >= 3 and digest(string(total)) != 123457`: {
			"can fire",
			`fires {"plan":"basic","total":3}`,
			`total >= 3 is false {"plan":"basic","total":2}`,
			"1:16: digest(string(total)) != 123457: no miss: no input was found for which it alone is not true: what the function digest comes to cannot be worked out",
			"no skips: nothing that it reads can be absent",
		},
		`csatRank != nil and csatRank * csatRank < 26`: {
			"can fire",
			`fires {"csatRank":1,"plan":"basic"}`,
			"1:1: csatRank != nil: no miss: it is true whenever the other parts are",
			"1:21: csatRank * csatRank < 26: no miss: it is true whenever the other parts are",
			"no skips: it is true or false whatever is absent",
		},
	} {
		t.Run(condition, func(t *testing.T) {
			t.Parallel()
			digest := rules.Func("digest", func(text string) int {
				sum := 0
				for _, r := range text {
					sum = (sum*31 + int(r)) % 1_000_003
				}
				return sum
			})
			set, err := rules.New(rules.Config{Functions: append(pollFunctions(), digest)},
				rules.Rule[Poll, rules.Text]{Name: "a", When: rules.When[Poll](condition), Then: "x"})
			require.NoError(t, err)
			w, ok := set.Witness(t.Context(), "a", rules.Tester[Poll, rules.Text]{})
			require.True(t, ok)
			assert.Equal(t, want, witnessed(w))
		})
	}
}

// TestWitnessOfOutcome wants an outcome without an error where there is one.
func TestWitnessOfOutcome(t *testing.T) {
	t.Parallel()
	for text, want := range map[rules.Text]string{
		"${agentName}":                          `fires {"csatRank":1,"agentName":"a","plan":"basic"}`,
		"${agentName ?? 'x'}":                   `fires {"csatRank":1,"plan":"basic"}`,
		"${skillName} ${answer('Who?')}":        `fires {"csatRank":1,"skillName":"a","plan":"basic","questionWithAnswers":[{"question":"Who?","answer":"a"}]}`,
		"${csatRank == 5 ? skillName : 'none'}": `fires {"csatRank":1,"plan":"basic"}`,
	} {
		set, err := rules.New(rules.Config{Functions: pollFunctions()},
			rules.Rule[Poll, rules.Text]{Name: "a", Mode: rules.Off, When: rules.When[Poll]("csatRank != nil"), Then: text})
		require.NoError(t, err)
		w, _ := set.Witness(t.Context(), "a", rules.Tester[Poll, rules.Text]{})
		assert.Equal(t, want, witnessed(w)[1], text)
		assert.Equal(t, rules.Off, w.Mode)
		assert.False(t, w.Fails)
	}
	// The outcome needs what the condition forbids.
	set, err := rules.New(rules.Config{}, rules.Rule[Poll, rules.Text]{Name: "a", When: rules.When[Poll]("csatRank == nil"), Then: "${csatRank}"})
	require.NoError(t, err)
	w, _ := set.Witness(t.Context(), "a", rules.Tester[Poll, rules.Text]{})
	assert.Equal(t, []string{
		"can fire", `fires {"plan":"basic"}`, "and fails", `csatRank == nil is false {"csatRank":1,"plan":"basic"}`,
		"no skips: it is true or false whatever is absent",
	}, witnessed(w))
}

// TestWitnessOfOddRules has no rule, one in Go, a search that is cut short, and
// an input that cannot be decoded.
func TestWitnessOfOddRules(t *testing.T) {
	t.Parallel()
	set, err := rules.New(rules.Config{},
		rules.Rule[Poll, rules.Text]{Name: "go", When: rules.WhenFunc(func(context.Context, *Poll) (bool, error) { return true, nil }), Then: "a"},
		rules.Rule[Poll, rules.Text]{Name: "plain", When: rules.When[Poll]("csatRank > 1"), Then: "a"})
	require.NoError(t, err)
	_, ok := set.Witness(t.Context(), "none", rules.Tester[Poll, rules.Text]{})
	assert.False(t, ok)
	all := set.Witnesses(t.Context(), rules.Tester[Poll, rules.Text]{})
	require.Len(t, all, 2)
	assert.Equal(t, []string{"not determined", "0:0: : its condition is a Go function, which cannot be looked into"}, witnessed(all[0]))
	assert.Equal(t, rules.CanFire, all[1].Proof)
	refuses := rules.Tester[Poll, rules.Text]{Decode: func([]byte) (*Poll, error) { return nil, errors.New("no") }}
	w, _ := set.Witness(t.Context(), "plain", refuses)
	assert.Equal(t, []string{"not determined", "1:1: csatRank > 1: no input was found for which csatRank > 1 is true, and none could be ruled out"}, witnessed(w))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	w, _ = set.Witness(ctx, "plain", rules.Tester[Poll, rules.Text]{})
	assert.Equal(t, []string{"not determined", "0:0: : the search was cut short"}, witnessed(w))
}

// TestWitnessSaysWhatLintSays wants the reasons of lint for rules that never
// fire.
func TestWitnessSaysWhatLintSays(t *testing.T) {
	t.Parallel()
	g, never := tinyGen{rand.New(rand.NewPCG(8, 9))}, 0
	for range 200 / patience {
		condition := g.condition(g.IntN(4))
		set, err := tinyOf(rules.Collect, tinyRule("a", condition, "a"))
		if err != nil {
			continue
		}
		for _, f := range set.Lint(t.Context(), rules.Tester[Tiny, rules.Text]{}) {
			if f.ID == "never-fires" {
				never++
				w, _ := set.Witness(t.Context(), "a", rules.Tester[Tiny, rules.Text]{})
				assert.Equal(t, rules.CannotFire, w.Proof, condition)
				assert.Equal(t, f.Message, "the rule never fires: "+w.Reason)
				assert.Equal(t, []int{f.Line, f.Column}, []int{w.At.Line, w.At.Column})
			}
		}
	}
	assert.GreaterOrEqual(t, never, 5/patience)
}

// TestWitnessHoldsWhatItSays decides all payloads of random rules. What cannot
// fire is tried with random inputs, and what they skip is to have a skip.
func TestWitnessHoldsWhatItSays(t *testing.T) {
	t.Parallel()
	var fires solved
	misses, parts, skips, skipped, unseen, overlooked := 0, 0, 0, 0, 0, 0
	for batch := range 4 / min(patience, 4) {
		random := random(99, batch)
		texts := make([]string, rulesInSet)
		for i := range texts {
			g := &expressions{Rand: random}
			texts[i] = g.condition()
			for range random.IntN(3) {
				texts[i] = "(" + texts[i] + ") and (" + g.boolean(1+random.IntN(3)).text + ")"
			}
		}
		kept, set, _ := accepted(texts)
		if set == nil {
			continue
		}
		for i, w := range set.Witnesses(t.Context(), rules.Tester[In, string]{}) {
			outcome := func(payload []byte) rules.RuleTrace {
				in, err := unmarshal[In](payload)
				require.NoError(t, err)
				return set.Explain(t.Context(), in).Rules[i]
			}
			switch w.Proof {
			case rules.NotDetermined:
				fires.open++
				if becomesAny(t, set, i, random, rules.Fired) {
					overlooked++
				}
				continue
			case rules.CannotFire:
				fires.none++
				for range 50 {
					p := payloads{Rand: random}
					in, err := p.input(p.next())
					require.NoError(t, err)
					assert.NotEqual(t, rules.Fired, set.Explain(t.Context(), in).Rules[i].Outcome, kept[i])
				}
				continue
			}
			fires.found++
			parts += len(set.Parts(i))
			assert.Equal(t, len(w.Skips) == 0, w.NoSkips != "", kept[i])
			if becomesAny(t, set, i, random, rules.Skipped) {
				skipped++
				if len(w.Skips) == 0 {
					unseen++
					assert.Contains(t, w.NoSkips, "none could be ruled out", kept[i])
				}
			}
			assert.Equal(t, rules.Fired, outcome(w.Fires).Outcome, "%s\n%s", kept[i], w.Fires)
			misses, skips = misses+len(w.Misses), skips+len(w.Skips)
			assertPayloads(t, set, i, w, outcome)
		}
	}
	t.Logf("%s, %d%%; %d misses of %d parts, %d skips; %d of %d that are skipped without one, %d overlooked", fires, fires.share(), misses, parts, skips, unseen, skipped, overlooked)
	assert.Positive(t, skips)
	assert.LessOrEqual(t, unseen*100, skipped)
	assert.LessOrEqual(t, overlooked*100, 2*fires.found)
	if patience == 1 { // otherwise too few to count
		assert.GreaterOrEqual(t, fires.share(), 90)
		assert.GreaterOrEqual(t, misses*100, parts*90)
	}
}

// assertPayloads wants what misses and skips to be as it says.
func assertPayloads(t *testing.T, set *rules.Set[In, string], rule int, w rules.Witness, outcome func([]byte) rules.RuleTrace) {
	t.Helper()
	for _, m := range w.Misses {
		assert.Contains(t, set.Parts(rule), m.Part)
		trace := outcome(m.Payload)
		assert.NotEqual(t, rules.Fired, trace.Outcome, "%s\n%s", w.Name, m.Payload)
		assertMiss(t, trace.Condition, m)
	}
	for _, s := range w.Skips {
		trace := outcome(s.Payload)
		assert.Equal(t, rules.Skipped, trace.Outcome, "%s\n%s", w.Name, s.Payload)
		assert.Equal(t, trace.Absent, s.Absent)
	}
}

// becomesAny tells whether an outcome comes of any of some random inputs.
func becomesAny(t *testing.T, set *rules.Set[In, string], rule int, random *rand.Rand, outcome rules.Outcome) bool {
	t.Helper()
	for range 50 {
		p := payloads{Rand: random}
		in, err := p.input(p.next())
		require.NoError(t, err)
		if set.Explain(t.Context(), in).Rules[rule].Outcome == outcome {
			return true
		}
	}
	return false
}

// assertMiss wants one part to be what the miss says, and all others true.
func assertMiss(t *testing.T, whole rules.Part, m rules.Miss) {
	t.Helper()
	if whole.Text == m.Part.Text {
		assert.Equal(t, m.Truth, whole.Truth)
		return
	}
	for _, p := range whole.Parts {
		want := rules.True
		if p.Line == m.Part.Line && p.Column == m.Part.Column {
			want = m.Truth
		}
		assert.Equal(t, want, p.Truth, "%s for %s", p.Text, m.Payload)
	}
}

// TestWitnessOfManyParts has one part and one read more than are looked at.
func TestWitnessOfManyParts(t *testing.T) {
	t.Parallel()
	for _, n := range []int{51, 100, 101} {
		all, either := make([]string, n), make([]string, n)
		for i := range n {
			all[i], either[i] = fmt.Sprintf("total != %d", i), fmt.Sprintf(`answer("%d") == "a"`, i)
		}
		set, err := rules.New(rules.Config{Functions: pollFunctions()},
			rules.Rule[Poll, rules.Text]{Name: "all", When: rules.When[Poll](strings.Join(all, " and ")), Then: "a"},
			rules.Rule[Poll, rules.Text]{Name: "either", When: rules.When[Poll](strings.Join(either[:min(n, 51)], " or ")), Then: "a"})
		require.NoError(t, err)
		w, _ := set.Witness(t.Context(), "all", rules.Tester[Poll, rules.Text]{})
		assert.Len(t, w.Misses, min(n, 100))
		if n > 51 {
			continue
		}
		w, _ = set.Witness(t.Context(), "either", rules.Tester[Poll, rules.Text]{})
		assert.Equal(t, rules.CanFire, w.Proof)
		assert.NotEmpty(t, w.Skips)
		assert.LessOrEqual(t, len(w.Skips), 50)
	}
}
