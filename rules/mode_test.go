package rules_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules"
)

func TestModesAreSpelled(t *testing.T) {
	for mode, want := range map[rules.Mode]string{rules.Enforce: "enforce", rules.Shadow: "shadow", rules.Off: "off", 3: "Mode(3)", 255: "Mode(255)"} {
		assert.Equal(t, want, mode.String())
	}
	assert.Equal(t, "off", rules.SwitchedOff.String())
}

func inMode(mode rules.Mode, rule formRule) formRule {
	rule.Mode = mode
	return rule
}

func moded() []formRule {
	broken := func(context.Context, *Form) (bool, error) { return false, errBroken }
	panics := func(context.Context, *Form) (bool, error) { panic("a value") }
	return []formRule{
		inMode(rules.Shadow, exprRule("shadow fires", "csatRank <= 3")),
		inMode(rules.Shadow, exprRule("shadow is skipped", "csatRank != 5 and asked and agentName == nil")),
		inMode(rules.Shadow, exprRule("shadow does not fire", "csatRank > 3")),
		inMode(rules.Shadow, exprRule("shadow fails", "1 / (total - 7) > 1")),
		inMode(rules.Shadow, goRule("shadow breaks", broken)),
		inMode(rules.Shadow, goRule("shadow panics", panics)),
		inMode(rules.Off, exprRule("off fires", "true")),
		inMode(rules.Off, goRule("off breaks", broken)),
		exprRule("first", "csatRank <= 3"),
		inMode(rules.Shadow, exprRule("shadow behind", "true")),
		exprRule("second", "true"),
		inMode(rules.Off, exprRule("off behind", "true")),
	}
}

// modedSet is a set of rules in every mode.
func modedSet(t testing.TB, hit rules.Hit) *rules.Set[Form, rules.Text] {
	t.Helper()
	list := moded()
	for i := range list {
		list[i].Name = hyphened(list[i].Name)
	}
	set, err := rules.New(rules.Config{Hit: hit, Functions: formFunctions()}, list...)
	require.NoError(t, err)
	return set
}

func hyphened(words string) string {
	out := []byte(words)
	for i := range out {
		if out[i] == ' ' {
			out[i] = '-'
		}
	}
	return string(out)
}

func TestOnlyEnforcedRulesCount(t *testing.T) {
	for hit, want := range map[rules.Hit][]string{rules.Collect: {"first", "second"}, rules.First: {"first"}} {
		set := modedSet(t, hit)
		assert.Equal(t, want, outcomes(t.Context(), set, fullForm()))

		match, found, err := set.First(t.Context(), fullForm())
		require.NoError(t, err)
		assert.True(t, found)
		assert.Equal(t, "first", match.Name())

		var each []string
		require.NoError(t, set.Each(t.Context(), fullForm(), func(m rules.Match[Form, rules.Text]) error {
			each = append(each, m.Name())
			return nil
		}))
		assert.Equal(t, want, each)
		assert.Equal(t, 12, set.Len())
		assert.Len(t, ruleNames(set.Rules()), 12)
	}
}

func TestShadowCounts(t *testing.T) {
	for hit, behind := range map[rules.Hit]int64{rules.Collect: 6400, rules.First: 0} {
		set := modedSet(t, hit)
		var deciders sync.WaitGroup
		for range 64 {
			deciders.Go(func() {
				for range 100 {
					for _, err := range set.Matches(t.Context(), fullForm()) {
						assert.NoError(t, err)
					}
					for range set.ShadowCounts() {
						break
					}
				}
			})
		}
		deciders.Wait()
		want := []rules.ShadowCount{
			{Rule: "shadow-fires", Fired: 6400},
			{Rule: "shadow-is-skipped"},
			{Rule: "shadow-does-not-fire"},
			{Rule: "shadow-fails", Failed: 6400},
			{Rule: "shadow-breaks", Failed: 6400},
			{Rule: "shadow-panics", Failed: 6400},
			{Rule: "shadow-behind", Fired: behind},
		}
		assert.Equal(t, want, slices.Collect(set.ShadowCounts()))

		set.Explain(t.Context(), fullForm())
		assert.Equal(t, want, slices.Collect(set.ShadowCounts()), "explaining counts nothing")
	}
}

func TestAMatchThatEndsEarlyCountsNoRuleBehind(t *testing.T) {
	set := modedSet(t, rules.Collect)
	for range set.Matches(t.Context(), fullForm()) {
		break
	}
	_, _, err := set.First(t.Context(), fullForm())
	require.NoError(t, err)
	counts := slices.Collect(set.ShadowCounts())
	assert.Equal(t, rules.ShadowCount{Rule: "shadow-fires", Fired: 2}, counts[0])
	assert.Equal(t, rules.ShadowCount{Rule: "shadow-behind"}, counts[6])
}

func TestExplainShowsModes(t *testing.T) {
	for hit, behind := range map[rules.Hit][3]string{
		rules.Collect: {"in shadow: fired", "fired", "off"},
		rules.First:   {"in shadow: not reached", "not reached", "off"},
	} {
		trace := modedSet(t, hit).Explain(t.Context(), fullForm())
		var got []string
		var modes []rules.Mode
		for _, rule := range trace.Rules {
			got = append(got, rule.Name+": "+rule.Reason())
			modes = append(modes, rule.Mode)
		}
		assert.Equal(t, []string{
			"shadow-fires: in shadow: fired",
			"shadow-is-skipped: in shadow: not fired: asked is false (asked = false); agentName == nil is false (agentName = \"John Doe\")",
			"shadow-does-not-fire: in shadow: not fired: csatRank > 3 is false (csatRank = 2)",
			`shadow-fails: in shadow: failed: 1:1: rule "shadow-fails": divides by zero`,
			`shadow-breaks: in shadow: failed: rule "shadow-breaks": its Go function failed: the service is down`,
			`shadow-panics: in shadow: failed: rule "shadow-panics": panicked`,
			"off-fires: off",
			"off-breaks: off",
			"first: fired",
			"shadow-behind: " + behind[0],
			"second: " + behind[1],
			"off-behind: " + behind[2],
		}, got)
		assert.Equal(t, []rules.Mode{1, 1, 1, 1, 1, 1, 2, 2, 0, 1, 0, 2}, modes)
		assert.Equal(t, rules.Fired, trace.Rules[0].Outcome)
		assert.Equal(t, rules.Failed, trace.Rules[3].Outcome)
		assert.Equal(t, rules.SwitchedOff, trace.Rules[6].Outcome)
		assert.Empty(t, trace.Rules[6].Condition)
	}
	skipped := modedSet(t, rules.Collect).Explain(t.Context(), &Form{}).Rules[0]
	assert.Equal(t, rules.Skipped, skipped.Outcome)
	assert.Equal(t, "in shadow: skipped: csatRank is absent", skipped.Reason())
}

func TestExplainEachUsesShadowRules(t *testing.T) {
	set := modedSet(t, rules.First)
	var used []string
	trace := set.ExplainEach(t.Context(), fullForm(), func(m rules.Match[Form, rules.Text]) error {
		used = append(used, m.Mode().String()+" "+m.Name())
		if m.Mode() == rules.Shadow {
			return errors.New("no good")
		}
		return nil
	})
	assert.Equal(t, []string{"shadow shadow-fires", "enforce first"}, used)
	assert.Equal(t, `in shadow: failed: rule "shadow-fires": no good`, trace.Rules[0].Reason())
}

func TestModesOfRulesInGoAreChecked(t *testing.T) {
	_, err := rules.New(rules.Config{}, inMode(3, exprRule("a", "true")), inMode(rules.Off, exprRule("b", "tru")), inMode(rules.Shadow, exprRule("c", "csatRnk")))
	require.ErrorContains(t, err, `rule "a": its mode is none of Enforce, Shadow and Off`)
	require.ErrorContains(t, err, `rule "b": unknown name tru (did you mean true?)`)
	require.ErrorContains(t, err, `rule "c": unknown name csatRnk (did you mean csatRank?)`)
}

func TestModesInFiles(t *testing.T) {
	set, err := parseTests(`version: 1
event: survey
rules:
  - {name: a, mode: enforce, when: "true", then: {to: a, subject: b}}
  - {name: b, mode: shadow, when: "true", then: {to: a, subject: b}}
  - {name: c, mode: off, when: "true", then: {to: a, subject: b}}
  - {name: d, mode: "off", when: "true", then: {to: a, subject: b}}
  - {name: e, when: "true", then: {to: a, subject: b}}
`, "")
	require.NoError(t, err)
	var modes []string
	for _, rule := range set.Explain(t.Context(), &Form{}).Rules {
		modes = append(modes, rule.Mode.String())
	}
	assert.Equal(t, []string{"enforce", "shadow", "off", "off", "enforce"}, modes)

	_, err = parseTests(`version: 1
event: survey
rules:
  - {name: a, mode: of, when: "true", then: {to: a, subject: b}}
  - {name: b, mode: "Off", when: "true", then: {to: a, subject: b}}
  - {name: c, mode: false, when: "true", then: {to: a, subject: b}}
  - name: d
    mode:
    when: "true"
    then: {to: a, subject: b}
  - {name: e, mode: off, when: csatRnk, then: {to: a, subject: "${nte}"}}
`, "")
	assert.EqualError(t, err, `x.rules.yaml:4:21: rule "a": mode is enforce (the rule counts), shadow (it is traced and counted, nothing follows) or off
x.rules.yaml:5:21: rule "b": mode is enforce (the rule counts), shadow (it is traced and counted, nothing follows) or off
x.rules.yaml:6:21: rule "c": rules[2].mode must be a text, and YAML reads this as true or false: put it in quotes
x.rules.yaml:8:10: rule "d": rules[3].mode is empty: give it a value, or leave its key out
x.rules.yaml:11:32: rule "e": unknown name csatRnk (did you mean csatRank?)
x.rules.yaml:11:67: rule "e": unknown name nte (did you mean note?)`)
}

// TestAuditsCountShadows wants an auditor to count what rules in shadow would
// have done, as decisions do.
func TestAuditsCountShadows(t *testing.T) {
	t.Parallel()
	for _, hit := range []rules.Hit{rules.Collect, rules.First} {
		decided, audited := modedSet(t, hit), modedSet(t, hit)
		auditor := audited.Auditor()
		for _, in := range []*Form{fullForm(), holedForm(), {}} {
			for range 2 {
				// Some rules fail, which is counted.
				_ = decided.Each(t.Context(), in, func(rules.Match[Form, rules.Text]) error { return nil })
				auditor.Audit(t.Context(), in, func(rules.Match[Form, rules.Text]) error { return errBroken })
			}
		}
		want := slices.Collect(decided.ShadowCounts())
		assert.NotZero(t, want[0].Fired)
		if hit == rules.Collect {
			assert.Equal(t, want, slices.Collect(audited.ShadowCounts()))
		}
	}
}
