package diff_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/afterword-go/afterword/rules"
	"github.com/afterword-go/afterword/rules/diff"
	"github.com/afterword-go/afterword/rules/replay"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// An event says itself what the rules of each side make of it.
type event struct {
	Sides map[string]side `json:"sides"`
}

type side struct {
	Made  []made `json:"made"`
	Fails []int  `json:"fails"`
}

type made struct {
	Rule  int    `json:"rule"`
	Value string `json:"value"`
}

// Told are rules that do what events say of a side.
type told struct {
	side  string
	infos []rules.RuleInfo
}

func (r told) Rules() []rules.RuleInfo { return r.infos }

func (r told) Parts(int) []rules.PartInfo { return nil }

func (r told) Decider() replay.Decider[event, string] { return r }

func (r told) Decide(_ context.Context, in *event) replay.Decision[string] {
	out := replay.Decision[string]{Rules: make([]rules.RuleAudit, len(r.infos))}
	for _, m := range in.Sides[r.side].Made {
		out.Outcomes = append(out.Outcomes, replay.Outcome[string]{Rule: m.Rule, Value: m.Value})
	}
	for _, i := range in.Sides[r.side].Fails {
		out.Rules[i] = rules.RuleAudit{Outcome: rules.Failed, Err: errors.New("it fails")}
	}
	return out
}

func named(side string, names ...string) told {
	out := told{side: side}
	for _, name := range names {
		out.infos = append(out.infos, rules.RuleInfo{Name: name})
	}
	return out
}

var (
	before = named("old", "a", "b", "gone")
	after  = named("new", "new", "b", "a")
)

type options = diff.Options[event, string]

// initial groups texts by their first letter.
func initial() diff.Grouping[string] {
	return diff.Grouping[string]{Name: "initial", Of: func(text string) string { return text[:min(1, len(text))] }}
}

func run(t *testing.T, old, new told, events []event, opts options) diff.Diff {
	t.Helper()
	d, err := diff.Run(t.Context(), linesOf(t, events), old, new, opts)
	require.NoError(t, err)
	return d
}

func linesOf(t *testing.T, events []event) io.Reader {
	t.Helper()
	var out bytes.Buffer
	for _, e := range events {
		line, err := json.Marshal(e)
		require.NoError(t, err)
		out.Write(append(line, '\n'))
	}
	return &out
}

// one is an event for which outcomes are made, such as "0:x 1:y".
func one(old, new string) event {
	parse := func(text string) side {
		var s side
		for part := range strings.FieldsSeq(text) {
			var m made
			if n, _ := fmt.Sscanf(part, "%d:%s", &m.Rule, &m.Value); n == 2 {
				s.Made = append(s.Made, m)
			} else if n, _ := fmt.Sscanf(part, "%d!", &m.Rule); n == 1 {
				s.Fails = append(s.Fails, m.Rule)
			}
		}
		return s
	}
	return event{map[string]side{"old": parse(old), "new": parse(new)}}
}

func TestRun(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, old, new string
		want           diff.Tally
		kept, handed   int
		reordered      int
		gained, lost   int
		differing      int
	}{
		{name: "nothing"},
		{name: "kept", old: "0:x 1:y", new: "2:x 1:y", kept: 2},
		{name: "added", old: "0:x", new: "2:x 1:y", kept: 1, want: diff.Tally{Added: 1}, differing: 1},
		{name: "removed", old: "0:x 2:y", new: "2:x", kept: 1, want: diff.Tally{Removed: 1}, differing: 1},
		{name: "changed", old: "0:x", new: "2:y", want: diff.Tally{Changed: 1}, differing: 1},
		{name: "of another rule", old: "2:x", new: "0:x", kept: 1, handed: 1},
		{name: "another rule and value", old: "2:x", new: "0:y", want: diff.Tally{Added: 1, Removed: 1}, differing: 1},
		{name: "another order", old: "0:x 1:y", new: "1:y 2:x", kept: 2, reordered: 1},
		{name: "twice the same", old: "0:x 0:x", new: "2:x", kept: 1, want: diff.Tally{Removed: 1}, differing: 1},
		{name: "changed and added", old: "0:x", new: "2:y 2:z", want: diff.Tally{Changed: 1, Added: 1}, differing: 1},
		{name: "the same rule first", old: "0:x 1:x", new: "1:x 2:x", kept: 2, reordered: 1},
		{name: "error gained", old: "", new: "1!", gained: 1, differing: 1},
		{name: "error lost", old: "0! 1!", new: "1!", lost: 1, differing: 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			d := run(t, before, after, []event{one(test.old, test.new)}, options{})
			assert.Equal(t, test.want, d.Tally)
			assert.Equal(t, test.kept, d.Kept)
			assert.Equal(t, test.handed, d.HandedOver)
			assert.Equal(t, test.reordered, d.Reordered)
			assert.Equal(t, test.gained, d.ErrorsGained)
			assert.Equal(t, test.lost, d.ErrorsLost)
			assert.Equal(t, test.differing, d.Differing)
		})
	}
}

func TestRunTellsByRuleAndGroup(t *testing.T) {
	t.Parallel()
	events := []event{one("0:x 2:gone", "2:x"), one("0:x1", "2:x2"), one("0:x", "2:y 0:z"), one("", "1!")}
	d := run(t, before, after, events, options{Groupings: []diff.Grouping[string]{initial()}})
	assert.Equal(t, []diff.RuleDiff{
		{Name: "new", Tally: diff.Tally{Added: 1}, Examples: []diff.Example{{Line: 3, Kind: diff.Added}}},
		{Name: "b", ErrorsGained: 1, Examples: []diff.Example{{Line: 4, Kind: diff.ErrorGained, Error: "its Go code failed; what it says may quote the event, and is left out"}}},
		{Name: "a", Tally: diff.Tally{Changed: 2}, Examples: []diff.Example{{Line: 2, Kind: diff.Changed}, {Line: 3, Kind: diff.Changed}}},
		{Name: "gone", Tally: diff.Tally{Removed: 1}, Examples: []diff.Example{{Line: 1, Kind: diff.Removed}}},
	}, d.Rules)
	assert.Equal(t, []diff.Grouped{{Name: "initial", Groups: []diff.GroupDiff{
		{Key: "x", Tally: diff.Tally{Changed: 1, Removed: 1}},
		{Key: "g", Tally: diff.Tally{Removed: 1}},
		{Key: "y", Tally: diff.Tally{Added: 1}},
		{Key: "z", Tally: diff.Tally{Added: 1}},
	}}}, d.Groups)
	assert.Equal(t, diff.Side{Outcomes: 4}, d.Old)
	assert.Equal(t, diff.Side{Outcomes: 4, Failed: 1}, d.New)
	assert.InDelta(t, 4.0/5, d.Share(), 1e-9)
}

func TestRunWithholds(t *testing.T) {
	t.Parallel()
	events := []event{one("0:x", "2:x 1!")}
	assert.Equal(t, 1, run(t, before, after, events, options{}).Kept)
	d := run(t, before, after, events, options{Withhold: true})
	assert.Equal(t, diff.Tally{Removed: 1}, d.Tally)
	assert.Equal(t, 1, d.ErrorsGained)
	shadow := named("new", "new", "b", "a")
	shadow.infos[1].Mode = rules.Shadow
	d = run(t, before, shadow, events, options{Withhold: true})
	assert.Equal(t, 1, d.Kept)
	assert.Zero(t, d.ErrorsGained)
}

func TestRunCountsLinesThatAreNoEvents(t *testing.T) {
	t.Parallel()
	lines := strings.Repeat("no\n\n", 25) + `{"sides": {"new": {"made": [{"rule": 0, "value": "x"}]}}}`
	var told int
	d, err := diff.Run(t.Context(), strings.NewReader(lines), before, after, options{Progress: func(n int) { told = n }})
	require.NoError(t, err)
	assert.Equal(t, 25, d.Unreadable)
	assert.Equal(t, 1, d.Decided)
	assert.Len(t, d.UnreadableLines, 20)
	assert.Equal(t, 3, d.UnreadableLines[1].Line)
	assert.Equal(t, 51, d.Rules[0].Examples[0].Line)
	assert.Equal(t, 26, told)
}

func TestRunCountsLinesWithoutEvents(t *testing.T) {
	t.Parallel()
	decode := func([]byte) (*event, error) { return nil, fmt.Errorf("a note: %w", replay.ErrNoEvent) }
	d, err := diff.Run(t.Context(), strings.NewReader("{}\n{}\n"), before, after, options{Reading: replay.Reading[event]{Decode: decode}})
	require.NoError(t, err)
	assert.Equal(t, 2, d.NoEvent)
	assert.Zero(t, d.Unreadable+d.Decided)
}

// TestRunCountsEmptyEvents has many lines, so that the first is not that of the
// first batch that is done.
func TestRunCountsEmptyEvents(t *testing.T) {
	t.Parallel()
	lines := strings.Repeat(`{"sides": {}}`+"\n", 700) + strings.Repeat("{}\n", 1500)
	empty := func(e *event) bool { return e.Sides == nil }
	d, err := diff.Run(t.Context(), strings.NewReader(lines), before, after, options{Reading: replay.Reading[event]{Empty: empty}})
	require.NoError(t, err)
	assert.Equal(t, []int{2200, 1500, 701}, []int{d.Decided, d.Empty, d.FirstEmpty})
	d, err = diff.Run(t.Context(), strings.NewReader(lines), before, after, options{})
	require.NoError(t, err)
	assert.Equal(t, []int{2200, 0, 0}, []int{d.Decided, d.Empty, d.FirstEmpty})
}

func TestRunEndsEarly(t *testing.T) {
	t.Parallel()
	broken := io.MultiReader(strings.NewReader("{}\n{}\n"), iotest.ErrReader(io.ErrUnexpectedEOF))
	d, err := diff.Run(t.Context(), broken, before, after, options{})
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	assert.Equal(t, 2, d.Decided)
	ended, end := context.WithCancel(t.Context())
	end()
	d, err = diff.Run(ended, strings.NewReader("{}\n"), before, after, options{})
	require.ErrorIs(t, err, context.Canceled)
	assert.NotNil(t, d.Rules)
}

func TestRunKeepsSoManyGroups(t *testing.T) {
	t.Parallel()
	byText := diff.Grouping[string]{Name: "text", Of: func(text string) string { return text }}
	events := []event{one("0:x", ""), one("0:y", ""), one("0:z", ""), one("0:x", ""), one("0:w", "")}
	opts := options{Groupings: []diff.Grouping[string]{byText}, MostGroups: 4}
	assert.Nil(t, run(t, before, after, events, opts).Groups[0].Others)
	opts.MostGroups = 3
	d := run(t, before, after, events, opts)
	assert.Equal(t, &diff.Tally{Removed: 1}, d.Groups[0].Others)
	assert.Equal(t, []diff.GroupDiff{
		{Key: "x", Tally: diff.Tally{Removed: 2}}, {Key: "y", Tally: diff.Tally{Removed: 1}}, {Key: "z", Tally: diff.Tally{Removed: 1}},
	}, d.Groups[0].Groups)
	long := strings.Repeat("k", 320)
	d = run(t, before, after, []event{one("0:"+long, ""), one("0:"+long+"k", "")}, options{Groupings: opts.Groupings})
	assert.Len(t, d.Groups[0].Groups, 1)
	assert.Equal(t, &diff.Tally{Removed: 1}, d.Groups[0].Others)
}

func TestRunKeepsSoManyExamples(t *testing.T) {
	t.Parallel()
	events := []event{one("0:x", ""), one("0:y", "0:z"), one("0:z", ""), one("0:x", ""), one("0:w", "")}
	count := func(n int) int { return len(run(t, before, after, events, options{Examples: n}).Rules[1].Examples) }
	assert.Equal(t, 3, count(0))
	assert.Equal(t, 5, count(5))
	assert.Equal(t, 2, count(2))
	assert.Zero(t, count(-1))
	d := run(t, before, after, events[:2], options{})
	assert.Nil(t, d.Rules[0].Examples[0].Event)
}

func TestRunNamesALineOnce(t *testing.T) {
	t.Parallel()
	events := []event{one("0:x 0:y", ""), one("0:z 0:w", "")}
	lines := func(opts options) []int {
		var out []int
		for _, e := range run(t, before, after, events, opts).Rules[0].Examples {
			out = append(out, e.Line)
		}
		return out
	}
	assert.Equal(t, []int{1, 2}, lines(options{}))
	assert.Equal(t, []int{1, 1, 2}, lines(options{Values: true}))
}

func TestRunKeepsValues(t *testing.T) {
	t.Parallel()
	events := []event{one("0:x 1:y", "2:R&D"), one("0:"+strings.Repeat("v", 64<<10), "")}
	d := run(t, before, after, events, options{Values: true})
	require.Len(t, d.Rules, 2)
	examples := d.Rules[1].Examples
	require.Len(t, examples, 2)
	assert.JSONEq(t, `{"sides":{"old":{"made":[{"rule":0,"value":"x"},{"rule":1,"value":"y"}],"fails":null},"new":{"made":[{"rule":2,"value":"R&D"}],"fails":null}}}`, string(examples[0].Event))
	assert.Equal(t, `"x"`, string(examples[0].Before))
	assert.Equal(t, `"R&D"`, string(examples[0].After))
	assert.Nil(t, examples[1].Event, "it is too long")
	assert.Nil(t, examples[1].Before, "it is too long")
}

// TestErrorsQuoteNothing unless values are asked for.
func TestErrorsQuoteNothing(t *testing.T) {
	t.Parallel()
	const withheld = "its Go code failed; what it says may quote the event, and is left out"
	events := []event{one("0!", "1!")}
	said := func(before told, opts options) []string {
		var out []string
		for _, r := range run(t, before, after, events, opts).Rules {
			out = append(out, r.Examples[0].Error)
		}
		return out
	}
	fromFile := named("old", "a", "b", "gone")
	fromFile.infos[0].File = "a.rules.yaml"
	assert.Equal(t, []string{withheld, withheld}, said(before, options{}))
	assert.Equal(t, []string{"it fails", "it fails"}, said(before, options{Values: true}))
	assert.Equal(t, []string{withheld, "it fails"}, said(fromFile, options{}))
}

func TestRunBoundsValues(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("v", 60<<10)
	var events []event
	for range 150 {
		events = append(events, one("0:"+long, ""))
	}
	d := run(t, before, after, events, options{Values: true, Examples: 140})
	assert.True(t, d.ExamplesLeftOut)
	assert.Len(t, d.Rules[0].Examples, 140)
	assert.Nil(t, d.Rules[0].Examples[139].Event)
	assert.False(t, run(t, before, after, events[:100], options{Values: true, Examples: 140}).ExamplesLeftOut)
}

func TestRunBoundsExamples(t *testing.T) {
	t.Parallel()
	events := make([]event, 10_001)
	for i := range events {
		events[i] = one("0:x", "")
	}
	d := run(t, before, after, events[:10_000], options{Examples: 20_000})
	assert.False(t, d.ExamplesLeftOut)
	d = run(t, before, after, events, options{Examples: 20_000})
	assert.True(t, d.ExamplesLeftOut)
	assert.Len(t, d.Rules[0].Examples, 10_000)
	assert.Equal(t, 10_001, d.Removed)
}

// randomEvents make outcomes and errors at random.
func randomEvents(seed uint64, n int) []event {
	g := rand.New(rand.NewPCG(seed, 1))
	random := func() side {
		var s side
		for range g.IntN(4) {
			s.Made = append(s.Made, made{g.IntN(3), string(rune('x' + g.IntN(3)))})
		}
		if g.IntN(5) == 0 {
			s.Fails = append(s.Fails, g.IntN(3))
		}
		return s
	}
	out := make([]event, n)
	for i := range out {
		out[i] = event{map[string]side{"old": random(), "new": random()}}
	}
	return out
}

func TestRunOfTheSameRulesIsEmpty(t *testing.T) {
	t.Parallel()
	d := run(t, before, before, randomEvents(1, 500), options{Groupings: []diff.Grouping[string]{initial()}})
	assert.Empty(t, d.Rules)
	assert.Empty(t, d.Groups[0].Groups)
	assert.Zero(t, d.Differing+d.Reordered+d.HandedOver)
	assert.Equal(t, d.Old, d.New)
	assert.Positive(t, d.Kept)
}

func TestRunMirrors(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		events := randomEvents(seed, 50)
		opts := options{Groupings: []diff.Grouping[string]{initial()}}
		d, back := run(t, before, after, events, opts), run(t, after, before, events, opts)
		assert.Equal(t, turned(d.Tally), back.Tally)
		assert.Equal(t, []int{d.Kept, d.HandedOver, d.Reordered, d.Differing}, []int{back.Kept, back.HandedOver, back.Reordered, back.Differing})
		assert.Equal(t, []diff.Side{d.New, d.Old}, []diff.Side{back.Old, back.New})
		byName := map[string]diff.Tally{}
		for _, r := range back.Rules {
			byName[r.Name] = turned(r.Tally)
		}
		for _, r := range d.Rules {
			assert.Equal(t, r.Tally, byName[r.Name], r.Name)
		}
		byKey := map[string]diff.Tally{}
		for _, g := range back.Groups[0].Groups {
			byKey[g.Key] = turned(g.Tally)
		}
		for _, g := range d.Groups[0].Groups {
			assert.Equal(t, g.Tally, byKey[g.Key], g.Key)
		}
	}
}

func turned(t diff.Tally) diff.Tally {
	return diff.Tally{Added: t.Removed, Removed: t.Added, Changed: t.Changed}
}

// TestRunAgreesWithAPlainLoop counts once more, without pairing anything.
func TestRunAgreesWithAPlainLoop(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		events := randomEvents(seed, 100)
		d := run(t, before, after, events, options{Reading: replay.Reading[event]{Workers: 3}})
		alone := run(t, before, after, events, options{Reading: replay.Reading[event]{Workers: 1}})
		assert.Equal(t, alone, d)
		kept, old, new, perRule := 0, 0, 0, map[string]int{}
		for _, e := range events {
			counts := map[string][2]int{}
			for i, s := range []string{"old", "new"} {
				for _, m := range e.Sides[s].Made {
					c := counts[m.Value]
					c[i]++
					counts[m.Value] = c
					perRule[[]told{before, after}[i].infos[m.Rule].Name] += 2*i - 1
				}
			}
			old, new = old+len(e.Sides["old"].Made), new+len(e.Sides["new"].Made)
			for _, c := range counts {
				kept += min(c[0], c[1])
			}
		}
		assert.Equal(t, len(events), d.Decided)
		assert.Equal(t, kept, d.Kept)
		assert.Equal(t, []int{old, new}, []int{d.Old.Outcomes, d.New.Outcomes})
		assert.Equal(t, old, d.Kept+d.Removed+d.Changed)
		assert.Equal(t, new, d.Kept+d.Added+d.Changed)
		sum := diff.Tally{}
		for _, r := range d.Rules {
			sum.Added, sum.Removed, sum.Changed = sum.Added+r.Added, sum.Removed+r.Removed, sum.Changed+r.Changed
		}
		assert.Equal(t, d.Tally, sum)
	}
}
