package index

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules/internal/plain"
	"github.com/afterword-go/afterword/rules/internal/tree"
)

// fromEnv reads how much a random test does, and with what seed.
func fromEnv(t *testing.T, name string, otherwise int) int {
	t.Helper()
	given := os.Getenv(name)
	if given == "" {
		return otherwise
	}
	n, err := strconv.Atoi(given)
	require.NoError(t, err, name)
	return n
}

// TestNothingIsMissed holds the index to the plain walk: whatever fires or
// fails is a candidate. AFTERWORD_RANDOM is the number of pairs of a rule and
// an input, AFTERWORD_SEED the first seed.
func TestNothingIsMissed(t *testing.T) {
	const enough = 500_000 // for some of everything
	pairs, seed := fromEnv(t, "AFTERWORD_RANDOM", enough), fromEnv(t, "AFTERWORD_SEED", 1)
	b := newWorkbench(t)
	const inputs = 30
	var s Scratch
	asked, looked, fired, failed, indexed, nested, declined := 0, 0, 0, 0, 0, 0, 0
	sorts := map[tree.Kind]int{}
	for set := 0; asked < pairs; set++ {
		g := generator{rand.New(rand.NewPCG(uint64(seed), uint64(set)))}
		rules := []int{20, 200, 800, 400}[set%4]
		texts, conditions, ix := g.rules(b, rules)
		if ix == nil {
			continue
		}
		indexed++
		nested += len(ix.nodes)
		g.count(ix, sorts)
		var f plain.Frame
		for range inputs {
			in := g.input()
			candidates := found(ix, in, &s)
			asked += len(conditions)
			if candidates == nil {
				declined++
				continue
			}
			require.True(t, slices.IsSorted(candidates))
			require.Len(t, slices.Compact(slices.Clone(candidates)), len(candidates))
			looked += len(candidates)
			for i, c := range conditions {
				if _, is := slices.BinarySearch(candidates, i); is {
					continue
				}
				fires, fails := decides(&f, c, in)
				if fires || fails {
					require.Failf(t, "missed", "seed %d,%d: %s\nfires %v, fails %v: %s", seed, set, texts[i], fires, fails, show(in))
				}
			}
			for _, i := range candidates[:min(len(candidates), 50)] {
				fires, fails := decides(&f, conditions[i], in)
				fired += count(fires)
				failed += count(fails)
			}
		}
	}
	t.Logf("%d sets, %d groups below others, %d pairs, %d declined, %d candidates, %d fired and %d failed of those tried, sets by what is looked up: %v",
		indexed, nested, asked, declined, looked, fired, failed, sorts)
	assert.Positive(t, fired)
	assert.Less(t, looked, asked*3/4, "most are left out")
	if pairs < enough {
		return // of too few sets
	}
	assert.Positive(t, nested)
	assert.Positive(t, failed)
	assert.Positive(t, declined)
	for _, kind := range []tree.Kind{tree.Bool, tree.Int, tree.Float, tree.Time, tree.Text} {
		assert.Greater(t, sorts[kind]*20, indexed, "%v", tree.Of(kind))
	}
}

// count counts the sets that look up fields of each kind.
func (generator) count(ix *Index, sorts map[tree.Kind]int) {
	kinds := map[tree.Kind]bool{}
	for rule := range len(ix.ways.of) {
		for part := range strings.SplitSeq(ix.Describe(rule), ", or ") {
			name, _, _ := strings.Cut(part, ":")
			kinds[kindOf(name)] = true
		}
	}
	for kind := range kinds {
		sorts[kind]++
	}
}

func kindOf(field string) tree.Kind {
	of := tree.TypeOf(reflect.TypeFor[input]())
	for name := range strings.SplitSeq(field, ".") {
		f, ok := of.Field(name)
		if !ok {
			return tree.Invalid
		}
		of = f.Type
	}
	return of.Kind
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}

func show(in *input) string {
	out := fmt.Sprintf("%+v", *in)
	for name, p := range map[string]any{"rank": in.Rank, "ratio": in.Ratio, "agreed": in.Agreed, "agent": in.Agent, "until": in.Until, "group": in.Group} {
		switch p := p.(type) {
		case *int:
			out += fmt.Sprintf(" %s=%v", name, deref(p))
		case *float32:
			out += fmt.Sprintf(" %s=%v", name, deref(p))
		case *string:
			out += fmt.Sprintf(" %s=%q", name, deref(p))
		case *inner:
			out += fmt.Sprintf(" %s=%+v", name, deref(p))
		}
	}
	return out
}

func deref[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}

// A generator makes random rules and inputs whose values meet often.
type generator struct{ *rand.Rand }

func (g generator) rules(b *workbench, n int) ([]string, [][]plain.Bool, *Index) {
	var texts []string
	var conditions [][]plain.Bool
	var builder Builder
	flavour := g.flavour()
	for len(texts) < n {
		var written []string
		var trees []*tree.Node
		for range 1 + max(0, g.IntN(5)-3) {
			text := flavour()
			if n, ok := b.compiled(text); ok {
				written, trees = append(written, text), append(trees, n)
			}
		}
		if len(trees) == 0 {
			continue
		}
		rule := len(texts)
		texts = append(texts, strings.Join(written, "; "))
		if g.IntN(50) == 0 {
			builder.Always(rule, "it is a Go function")
		} else {
			builder.Add(rule, trees)
		}
		var compiled []plain.Bool
		for _, n := range trees {
			compiled = append(compiled, plain.Compile(n))
		}
		conditions = append(conditions, compiled)
	}
	return texts, conditions, builder.Build()
}

// flavour chooses how the conditions of a set look: at random, or all in a few
// shapes, so that many share a way to be found.
func (g generator) flavour() func() string {
	switch g.IntN(10) {
	case 5:
		return g.alternatives
	case 7:
		return func() string {
			return g.numberField() + " " + g.order() + " " + g.fraction() + g.pick("", " and "+g.leaf())
		}
	case 8:
		return func() string { return g.between(g.pick("price", "ratio", "share", "timestamp", "until")) }
	case 9:
		return func() string {
			return g.loop() + " and " + g.pick("", "not ") + g.pick("(price > ", "(ratio <= ", "(total < ") + g.fraction() + ") and skillName == " + g.text()
		}
	case 6:
		return func() string {
			return fmt.Sprintf("(skillName == %s and 1 / price > 2 or kind == %s) and %s", g.text(), g.text(), g.leaf())
		}
	case 0:
		return func() string { return g.condition(1 + g.IntN(4)) }
	case 3:
		return func() string {
			return fmt.Sprintf("skillName == %q and (kind in [%s, %s] or %s) and %s", g.pick("Care", "Sales"), g.text(), g.text(), g.fails(), g.leaf())
		}
	case 1:
		return func() string {
			return fmt.Sprintf("csatRank == %d and skillName == %q and %s", g.IntN(7), g.pick("Care", "Sales", "b"), g.leaf())
		}
	case 2:
		return func() string {
			return fmt.Sprintf("skillName == %q and total == %d and (%s)", g.pick("Care", "Sales"), g.IntN(5), g.leaf())
		}
	}
	leaf := func() string {
		if g.IntN(8) == 0 {
			return g.fails()
		}
		return g.leaf()
	}
	return func() string {
		return strings.Join([]string{leaf(), leaf(), leaf()}[:1+g.IntN(3)], " "+g.pick("and", "and", "or")+" ")
	}
}

// alternatives are of one field, or of some that are of little use.
func (g generator) alternatives() string {
	field := g.pick("skillName", "title", "kind")
	part := func() string {
		return strings.NewReplacer("F", field, "T", g.text()).Replace(g.pick("F == T", "F == T", "F in [T, 'b']", "ieq(F, T)", "F contains T", "F matches '(?i)care'"))
	}
	return g.pick(part()+" or "+part(), part()+" or "+part()+" or "+part(), part()+" or enabled", part()+" or total == "+g.constant()+" or total == "+g.constant())
}

func (g generator) pick(from ...string) string { return from[g.IntN(len(from))] }

func (g generator) condition(depth int) string {
	if depth == 0 {
		if g.IntN(8) == 0 {
			return g.fails()
		}
		return g.leaf()
	}
	a, b := g.condition(depth-1), g.condition(depth-1)
	switch g.IntN(12) {
	case 0, 1, 2, 3:
		return a + " and (" + b + ")"
	case 4, 5, 6:
		return "(" + a + ") or (" + b + ")"
	case 7:
		return "not (" + a + ")"
	case 8:
		return "(" + a + ") ? (" + b + ") : (" + g.leaf() + ")"
	case 9:
		return "(" + a + ") == (" + b + ")"
	case 10:
		return "((" + a + ") ?? (" + b + "))"
	}
	return "(" + a + ") and not (" + b + ")"
}

// fails is a part that can fail.
func (g generator) fails() string {
	return g.pick(
		"1 / price > 2", "10 % total == 1", "total + 9223372036854775800 > 3", "-total < 3", "odd(title)", "odd(skillName)",
		`tags[0] == "a"`, "huge > 3", `skillName + title == "ab"`, `len(filter(tags, # != "b")) > 1`, "sum(map(tags, len(#))) > 3",
		"1 / price > 2 and csatRank == 3", `huge == 3 or skillName == "Care"`, "any(marks, # > 3)", "3 in marks", "any(asked, .count > 3)", "total in marks",
		"any(tags, odd(#))", "any(asked, 1 / .score > 1)", "total % 3 == 1", "price / 4 > 0.5", "1 > total % -1", "all(asked, any(.words, # == 'a'))", "any(asked, .question in tags)",
	)
}

// loop is a loop over a list that cannot fail.
func (g generator) loop() string {
	over := g.pick("any", "all", "none", "one")
	switch g.IntN(6) {
	case 0:
		return g.pick("", "not ") + "(" + g.pick(g.text(), "title", "skillName", "lower(title)") + g.pick(" in ", " not in ") + g.pick("tags", "near.tags", "group.deep.tags") + ")"
	case 1:
		return g.pick("2 in holes", "csatRank in holes", "price in holes", "true in flags", "consent in flags")
	case 2:
		return over + "(" + g.pick("tags", "near.tags", "group.tags") + ", " + g.ofText("#") + ")"
	case 3:
		return fmt.Sprintf("count(%s) %s %d", g.pick("holes, # > 2", "flags, #", "tags, # == 'a'", "holes, # == nil", "asked, .score > 1.5"), g.order(), g.IntN(3))
	}
	part := func() string {
		return g.pick(g.ofText(g.pick(".question", ".answer", ".at.code", "trim(.question)", `(.answer ?? .question)`)), ".score "+g.order()+" "+g.fraction(), ".answer == nil", ".at.depth < 3",
			"len(.words) > 1", ".at.deep.code == "+g.text(), ".question == title", "csatRank == 3", "skillName contains .question")
	}
	return over + "(" + g.pick("asked", "links") + ", " + part() + g.pick("", " and "+part(), " or "+part()) + ")"
}

// ofText asks something of a text.
func (g generator) ofText(field string) string {
	return field + g.pick(" == "+g.text(), " matches "+g.pattern(), " contains "+g.text(), " in ["+g.text()+", "+g.text()+"]", " < "+g.text())
}

// between is a field in a span, or outside.
func (g generator) between(field string) string {
	constant := g.fraction
	if field == "timestamp" || field == "until" {
		constant = g.date
	}
	from, to := field+g.pick(" > ", " >= ")+constant(), field+g.pick(" < ", " <= ")+constant()
	return g.pick(from+" and "+to, from+" and "+to, "not ("+from+") or not ("+to+")", "not ("+from+") and "+to, field+" in ["+constant()+", "+constant()+"]", constant()+" <= "+field)
}

var texts = []string{
	"a", "b", "Care", "care", "CARE", "Customer Care", "customercare", "Sales", "SALES", "sales team", " Sales ", "ſales", "ﬀ", "K", "k", "İ", "i", "ı", "I",
	"ß", "ẞ", "Straße", "STRASSE", "Σ", "σ", "ς", "é", "É", "e\u0301", "日本語", "日本", "\uFFFD", "", "x", "Billing and returns", "billing AND returns", "7", "-3",
	"John Doe", "john doe", "Jane", "12345678", "123456789", "Ⱥ", "ⱥ",
}

var patterns = []string{
	"(?i)care", "care", "^Care$", "(?i)^care$", "(?i)^(care|sales)$", "ca[rp]e", "(?i)customer.*care", `\bDoe\b`, "(?i)(john|jane)( doe)?", "", "a*", "x+y?", "[^a]",
	"(?i)ſ", "(?i)k", "(?i)s", "(?i)straße", "(?i)σ", "日.語", "(?s)a.b", "^a", "b$", "(?i)[k-m]", "(?m)^care$", "billing|returns", "(?i)billing|returns|sales",
	"(?:car){1,2}e", "[[:alpha:]]+", "(a|b|)c", "(?i)(?:C)(?:a)(?-i:RE)", "^$", "^(|Care)$", "12345678", "2345678", "(?i)é", "\uFFFD", "İ", "(?i)ı", "..", "a|日", "(?i)sal[eE]s?( team)?$", "^(?i)[ab]$",
}

func (g generator) text() string    { return strconv.Quote(g.pick(texts...)) }
func (g generator) pattern() string { return strconv.Quote(g.pick(patterns...)) }

func (g generator) textField() string {
	field := g.pick("skillName", "skillName", "agentName", "title", "kind", "near.code", "group.code", "group.deep.code", `(agentName ?? "Care")`, `(enabled ? title : skillName)`)
	switch g.IntN(8) {
	case 0:
		return "lower(" + field + ")"
	case 1:
		return "upper(" + field + ")"
	case 2:
		return "trim(" + g.pick(field, "lower("+field+")") + ")"
	}
	return field
}

func (g generator) whole() string {
	return g.pick("csatRank", "csatRank", "total", "total", "tiny", "near.depth", "group.depth", "(csatRank ?? 3)", "len(title)", "len(tags)", "int(title)")
}

func (g generator) number() string {
	return g.pick(g.numberField(), g.numberField(), "csatRank", "total", "-price", "price * 2.5", "float(title)")
}

func (g generator) numberField() string { return g.pick("price", "price", "ratio", "share") }
func (g generator) time() string        { return g.pick("timestamp", "until") }

func (g generator) constant() string {
	return g.pick("0", "1", "1", "2", "2", "3", "4", "5", "6", "-1", "100", "4611686018427387904", "9223372036854775807", "-9223372036854775807", "9007199254740993")
}

func (g generator) fraction() string {
	return g.pick("0.0", "0.5", "1.0", "1.5", "2.5", "3.0", "-1.5", "1e300", "9007199254740992.0", "9223372036854775807.0", "0.1", "5e-324", "-5e-324", "1.7976931348623157e308", "2", "0", "2.4999999999999996")
}

func (g generator) date() string {
	return `date("` + g.pick("2026-01-31", "2026-01-31T18:00:00Z", "2026-01-31T19:00:00+01:00", "2025-12-01", "0001-01-01", "9999-12-31", "1677-09-21T00:12:43Z", "2262-04-11T23:47:16Z", "2262-04-11T23:47:17Z", "1677-09-21T00:12:44Z") + `")`
}

func (g generator) order() string { return g.pick("==", "==", "<", "<=", ">", ">=", "!=") }

// leaf is a part that cannot fail.
func (g generator) leaf() string {
	switch g.IntN(23) {
	case 20:
		return g.loop()
	case 21, 22:
		return g.between(g.pick("price", "ratio", "share", "timestamp", "until"))
	case 0, 1:
		return g.textField() + " " + g.pick("==", "==", "==", "!=", "<", ">=") + " " + g.text()
	case 2:
		return g.text() + " == " + g.textField()
	case 3:
		return g.textField() + " in [" + g.text() + ", " + g.text() + ", " + g.text() + "]"
	case 4:
		return g.pick("ieq("+g.textField()+", "+g.text()+")", "ieq("+g.text()+", "+g.textField()+")", "ieq(title, skillName)")
	case 5, 6:
		return g.textField() + " " + g.pick("contains", "startsWith", "endsWith") + " " + g.pick(g.text(), g.text(), g.text(), "title")
	case 7, 8:
		return g.textField() + " matches " + g.pattern()
	case 9, 10:
		return g.whole() + " " + g.order() + " " + g.constant()
	case 11:
		return g.constant() + " " + g.order() + " " + g.whole()
	case 12:
		return g.whole() + " " + g.pick("in", "not in") + " " + g.pick("1..3", "2..2", "-5..0", "0..9223372036854775807", "[1, 2, 5]", "[3]", "[1, 2.5]")
	case 13:
		return g.number() + " " + g.order() + " " + g.fraction()
	case 14:
		return g.number() + " in [" + g.fraction() + ", " + g.constant() + "]"
	case 15:
		return g.time() + " " + g.order() + " " + g.date()
	case 16:
		return g.pick("enabled", "consent", "not enabled", "not consent", "enabled == consent", "enabled in [true]", "true", "false")
	case 17:
		return g.pick("skillName", "csatRank", "group", "group.depth", "consent", "until") + g.pick(" == nil", " != nil")
	case 18:
		return g.time() + " in [" + g.date() + ", " + g.date() + "]"
	}
	return g.textField() + " not in [" + g.text() + "]"
}

func (g generator) someText() string {
	text := g.pick(texts...)
	switch g.IntN(6) {
	case 0:
		text += g.pick(texts...)
	case 1:
		text = g.pick(texts...) + g.pick(" ", "\xff", "\xe6\x97", "\n", "\u2003") + text
	}
	return text
}

func (g generator) someNumber() float64 {
	x := []float64{0, math.Copysign(0, -1), 0.5, 1, 1.5, 2.5, 3, -1.5, math.NaN(), math.Inf(1), math.Inf(-1), 1 << 53, 1e300, 0.1, math.MaxFloat64}[g.IntN(15)]
	if g.IntN(4) == 0 {
		x = math.Nextafter(x, math.Inf(1-2*g.IntN(2)))
	}
	return x
}

func (g generator) someWhole() int {
	return []int{0, 1, 1, 2, 3, 3, 4, 5, 6, -1, 100, math.MaxInt64, math.MinInt64, 1<<53 + 1}[g.IntN(14)]
}

func (g generator) someTime() time.Time {
	t := []time.Time{
		{},
		time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC), time.Date(2026, 1, 31, 19, 0, 0, 0, time.FixedZone("", 3600)), time.Date(2026, 1, 31, 0, 0, 0, 500, time.UTC),
		time.Unix(0, math.MaxInt64), time.Unix(0, math.MinInt64), time.Unix(math.MaxInt64, 0), time.Unix(math.MinInt64, 5), time.Date(2025, 12, 1, 7, 30, 0, 500, time.UTC),
		time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC), time.Date(2262, 4, 11, 23, 47, 16, 0, time.UTC), time.Date(1677, 9, 21, 0, 12, 44, 0, time.UTC), time.Now(),
	}[g.IntN(13)]
	if g.IntN(4) == 0 && !t.IsZero() {
		t = t.Add(time.Duration(g.IntN(3)-1) * []time.Duration{1, time.Second}[g.IntN(2)])
	}
	return t
}

func (g generator) someGroup(depth int) inner {
	out := inner{Code: g.someText()}
	for range g.IntN(3) {
		out.Tags = append(out.Tags, name(g.someText()))
	}
	if g.IntN(2) == 0 {
		out.Depth = pointer(g.someWhole())
	}
	if depth > 0 && g.IntN(2) == 0 {
		out.Deep = pointer(g.someGroup(depth - 1))
	}
	return out
}

func (g generator) input() *input {
	in := &input{
		Total: g.someWhole(), Tiny: uint8(g.IntN(6)), Huge: []uint64{0, 3, math.MaxUint64}[g.IntN(3)], Price: g.someNumber(), On: g.IntN(2) == 0,
		Skill: g.someText(), Title: g.someText(), Kind: name(g.someText()), When: g.someTime(), Near: g.someGroup(1),
	}
	if g.IntN(3) > 0 {
		in.Rank, in.Agent = pointer(g.someWhole()), pointer(g.someText())
	}
	if g.IntN(3) > 0 {
		in.Ratio, in.Agreed, in.Until, in.Group = pointer(float32(g.someNumber())), pointer(g.IntN(2) == 0), pointer(g.someTime()), pointer(g.someGroup(1))
	}
	in.Share = g.someNumber() * float64(g.IntN(2))
	long := 0
	if g.IntN(100) == 0 {
		long = mostItems - 2
	}
	for range g.IntN(4) + long {
		in.Tags = append(in.Tags, g.someText())
	}
	for range g.IntN(3) {
		in.Marks = append(in.Marks, []uint64{0, 3, 5, math.MaxUint64}[g.IntN(4)])
		in.Holes = append(in.Holes, []*int{nil, pointer(g.someWhole())}[g.IntN(2)])
		in.Flags[g.IntN(3)] = true
		in.Asked = append(in.Asked, g.someQuestion())
		in.Links = append(in.Links, []*asked{nil, pointer(g.someQuestion())}[g.IntN(2)])
	}
	return in
}

func (g generator) someQuestion() asked {
	out := asked{Question: g.someText(), Count: []uint{0, 3, math.MaxUint}[g.IntN(3)], At: g.someGroup(1)}
	if g.IntN(3) > 0 {
		out.Answer, out.Score = pointer(g.someText()), pointer(g.someNumber())
	}
	for range g.IntN(3) {
		out.Words = append(out.Words, g.someText())
	}
	return out
}
