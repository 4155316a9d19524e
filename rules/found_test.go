package rules_test

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules"
)

// TestFoundAgreesWithAll holds a set with an index to the same rules without
// it, for AFTERWORD_FOUND pairs of a rule and a payload: which rules fire, in
// which order, with which errors, and what those in shadow would have done.
func TestFoundAgreesWithAll(t *testing.T) {
	t.Parallel()
	n, seed := fromEnv(t, "AFTERWORD_FOUND", 200_000), fromEnv(t, "AFTERWORD_SEED", 1)
	counts, pairs := map[string]int{}, 0
	for batch := 0; pairs < n; batch++ {
		r := random(seed, 5000+batch)
		cfg := rules.Config{Vars: vars(), Functions: functions(), Hit: pick(r, []rules.Hit{rules.Collect, rules.Collect, rules.First})}
		list := indexable(t, r, cfg, 60+r.IntN(100))
		found, all := newSet(t, cfg, list), newSet(t, cfg, list)
		counts["sets"]++
		if !found.Indexed() {
			continue
		}
		counts["indexed"]++
		for i := range 24 {
			p := payloads{Rand: r}
			in, err := p.input(p.next())
			require.NoError(t, err)
			if i%8 == 7 {
				in = lengthened(r, in)
			}
			want := told(all.AllMatches(t.Context(), in), counts)
			require.Equal(t, want, told(found.Matches(t.Context(), in), counts), "seed %d, batch %d", seed, batch)
			pairs += len(list)
		}
		assert.Equal(t, slices.Collect(all.ShadowCounts()), slices.Collect(found.ShadowCounts()))
	}
	t.Logf("AFTERWORD_SEED=%d %v", seed, counts)
	assert.Greater(t, counts["indexed"]*10, counts["sets"]*9)
	assert.Greater(t, counts["fired"], n/100)
	assert.Greater(t, counts["failed"], n/5000)
}

// told are the rules that fired and those that failed, in order.
func told(matches iter.Seq2[rules.Match[In, int], error], counts map[string]int) []string {
	var out []string
	for m, err := range matches {
		if err != nil {
			counts["failed"]++
			out = append(out, err.Error())
			continue
		}
		counts["fired"]++
		out = append(out, fmt.Sprint(m.Name(), " ", m.Then()))
	}
	return out
}

// lookup is a condition that an index can look up.
func lookup(r *rand.Rand) string {
	const (
		wholes  = "csatRank total tiny short small level rank pin near.inside.size far.inside.depth"
		numbers = "price ratio coarse weight csatRank rank"
		times   = "timestamp until made near.inside.at far.idle.at"
		texts   = "title skillName agentName id channel origin near.code far.code"
	)
	word := pick(r, []string{"a", "Care", "care", "billing", "5", "äÖ", "Billing", "K", "K", "lorem", "none of these"})
	number := r.IntN(12) - 2
	field, whole := tests{r}.field(texts), tests{r}.field(wholes)
	op := func() string { return pick(r, []string{"==", "<", "<=", ">", ">="}) }
	fraction := func() string { return pick(r, []string{"-1.5", "0.0", "0.5", "1.0", "2.5", "2.4"}) }
	date := func() string {
		return pick(r, []string{`date("2026-01-31")`, `date("2026-01-31T17:00:00Z")`, `date("2025-12-01T07:30:00Z")`, `date("9999-12-31")`})
	}
	fractional, time := tests{r}.field(numbers), tests{r}.field(times)
	if r.IntN(3) == 0 {
		return pick(r, []string{
			fmt.Sprintf("%s %s %s", fractional, op(), fraction()), fmt.Sprintf("not (%s %s %s) and %s < %s", fractional, op(), fraction(), fractional, fraction()),
			fmt.Sprintf("%s in [%s, %s, 3]", fractional, fraction(), fraction()), fmt.Sprintf("%s %s %s", time, op(), date()),
			fmt.Sprintf("%s >= %s and %s < %s", time, date(), time, date()), fmt.Sprintf("%s in [%s, %s]", time, date(), date()),
			fmt.Sprintf("any(items, .question == %q) and %s == %q", word, field, word), fmt.Sprintf("none(links, .answer contains %q or .score > %d) and %s == %d", word, number, whole, number),
			fmt.Sprintf("%q in tags and %s == %q", word, field, word), fmt.Sprintf("count(holes, # > %d) > 1 and %s %s %s", number, fractional, op(), fraction()),
		})
	}
	return pick(r, []string{
		fmt.Sprintf("%s == %q", field, word), fmt.Sprintf("%s in [%q, \"x\", \"y\"]", field, word), fmt.Sprintf("folded(%s, %q)", field, word),
		fmt.Sprintf("%s matches \"(?i)%s\"", field, word), fmt.Sprintf("%s matches \"^%s|%s$\"", field, word, word),
		fmt.Sprintf("%s contains %q", field, word), fmt.Sprintf("%s startsWith %q", field, word), fmt.Sprintf("%s endsWith %q", field, word),
		fmt.Sprintf("%s == %d", whole, number), fmt.Sprintf("%s in %d..%d", whole, number, number+1),
		fmt.Sprintf("%s > %d and %s <= %d", whole, number, whole, number+2), fmt.Sprintf("%s in [%d, %d]", whole, number, number+3),
	})
}

// indexable are rules of which most can be looked up.
func indexable(t *testing.T, r *rand.Rand, cfg rules.Config, n int) []rules.Rule[In, int] {
	t.Helper()
	var list []rules.Rule[In, int]
	for len(list) < n {
		text := lookup(r)
		switch r.IntN(12) {
		case 0:
			text = (&expressions{Rand: r}).condition()
		case 1:
			text = tests{r}.condition(1 + r.IntN(3))
		case 2:
			text = tests{r}.test() + " and " + text
		case 3, 4, 5:
			text += " and " + tests{r}.test()
		case 6, 7:
			text = "(" + text + " or " + lookup(r) + ") and " + tests{r}.condition(1)
		case 8:
			text += " or " + lookup(r)
		}
		rule := rules.Rule[In, int]{
			Name: fmt.Sprintf("rule-%d", len(list)), When: rules.When[In](text), Then: len(list),
			Mode: pick(r, []rules.Mode{rules.Enforce, rules.Enforce, rules.Enforce, rules.Shadow, rules.Off}),
		}
		if _, err := rules.New(cfg, rule); err == nil { // some are refused
			list = append(list, rule)
		}
	}
	return list
}

func newSet(t *testing.T, cfg rules.Config, list []rules.Rule[In, int]) *rules.Set[In, int] {
	t.Helper()
	set, err := rules.New(cfg, list...)
	require.NoError(t, err)
	return set
}
