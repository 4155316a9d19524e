package replay_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules"
	"github.com/afterword-go/afterword/rules/decisionlog"
	"github.com/afterword-go/afterword/rules/replay"
)

type then = replay.Then[any]

func TestDifferences(t *testing.T) {
	t.Parallel()
	infos := []rules.RuleInfo{{Name: "a"}, {Name: "b"}, {Name: "c"}, {Name: "dark", Mode: rules.Shadow}}
	audits := func(outcomes ...rules.Outcome) []rules.RuleAudit {
		out := make([]rules.RuleAudit, len(infos))
		for i, o := range outcomes {
			out[i].Outcome = o
		}
		return out
	}
	now := audits(rules.Fired, rules.Skipped, rules.NotFired, rules.Fired)
	failing := audits(rules.Fired, rules.Failed, rules.NotFired, rules.Failed)
	for _, c := range []struct {
		then     then
		outcomes int
		now      []rules.RuleAudit
		want     []string
	}{
		{then{Fired: []string{"a"}, Count: 2}, 2, now, nil},
		{then{Fired: []string{"a"}, Count: 2}, 1, now, []string{"the same rules fired, but they led to 2 then, and to 1 now"}},
		{then{Fired: []string{"b"}, Count: 1}, 1, now, []string{"rule b fired then, not now", "rule a fired now, not then"}},
		{then{Fired: []string{"gone", "a"}, Count: 1}, 2, now, []string{"rule gone fired then, not now"}},
		{then{Fired: []string{"a"}, Failed: []string{"b"}}, 2, now, []string{"rule b failed then, not now"}},
		{then{Fired: []string{"a"}, Failed: []string{"dark"}, Count: 2}, 2, now, nil},
		{then{Fired: []string{"a", "dark"}, Count: 2}, 2, now, []string{"rule dark fired then, not now"}},
		{then{Fired: []string{"a"}, Count: 1}, 1, failing, []string{"rule b failed now, not then"}},
		{then{Fired: []string{"a"}, Failed: []string{"b"}, Count: 1}, 2, failing, nil},
	} {
		assert.Equal(t, c.want, c.then.Differences(infos, replay.Decision[any]{Outcomes: make([]replay.Outcome[any], c.outcomes), Rules: c.now}, nil), "%+v", c)
	}
}

// TestDifferencesOfOutcomes compares texts by their first letters, as if the
// recording had no more.
func TestDifferencesOfOutcomes(t *testing.T) {
	t.Parallel()
	infos := []rules.RuleInfo{{Name: "a"}, {Name: "b"}}
	differ := func(then, now string) []string {
		if then[0] == now[0] {
			return nil
		}
		return []string{"begins with " + now[:1] + " now", "not with " + then[:1]}
	}
	type outcome = decisionlog.Outcome[string]
	was := func(rule, value string) outcome { return outcome{Rule: rule, Value: value} }
	type is = replay.Outcome[string]
	for name, c := range map[string]struct {
		then []outcome
		now  []is
		want []string
	}{
		"alike":                {[]outcome{was("a", "x"), was("b", "y")}, []is{{0, "xx"}, {1, "yy"}}, nil},
		"another order":        {[]outcome{was("a", "x"), was("a", "y")}, []is{{0, "yy"}, {0, "xx"}}, nil},
		"handed over":          {[]outcome{was("a", "x"), was("b", "y")}, []is{{1, "xx"}, {0, "yy"}}, nil},
		"one of two":           {[]outcome{was("a", "x"), was("a", "y")}, []is{{0, "zz"}, {0, "xx"}}, []string{"rule a: begins with z now, not with y"}},
		"of its rule":          {[]outcome{was("a", "x"), was("b", "y")}, []is{{1, "v"}, {0, "w"}}, []string{"rule a: begins with w now, not with x", "rule b: begins with v now, not with y"}},
		"of another rule":      {[]outcome{was("a", "x"), was("a", "x")}, []is{{0, "x"}, {1, "z"}}, []string{"rule b: begins with z now, not with x"}},
		"twice then":           {[]outcome{was("a", "x"), was("a", "x")}, []is{{0, "x"}, {0, "z"}}, []string{"rule a: begins with z now, not with x"}},
		"not told":             {nil, []is{{0, "x"}, {1, "z"}}, nil},
		"told in part":         {[]outcome{was("a", "v")}, []is{{0, "x"}, {1, "z"}}, nil},
		"told beyond the rule": {[]outcome{was("", "x"), was("", "y")}, []is{{0, "y"}, {1, "x"}}, nil},
	} {
		then := replay.Then[string]{Fired: []string{"a", "b"}, Count: 2, Outcomes: c.then}
		today := replay.Decision[string]{Outcomes: c.now, Rules: []rules.RuleAudit{{Outcome: rules.Fired}, {Outcome: rules.Fired}}}
		assert.Equal(t, c.want, then.Differences(infos, today, differ), name)
		assert.Nil(t, then.Differences(infos, today, nil), name)
	}
}

// A record is a form with what was decided for it.
type record struct {
	Form  *form
	Fired *[]string
	Sent  int
}

func TestRecordsAreCompared(t *testing.T) {
	t.Parallel()
	set := formSet(t, rules.Config{},
		formRule{Name: "a", When: rules.When[form]("total > 1"), Then: to("a@a")},
		formRule{Name: "b", When: rules.When[form]("1 / total > 0 and total > 2"), Then: append(to("b@a"), to("b@b")...)},
	)
	cfg := replay.Config[record, any]{
		Reading: replay.Reading[record]{Decode: func(line []byte) (*record, error) {
			r := new(record)
			if err := json.Unmarshal(line, r); err != nil {
				return nil, errors.New("is no record")
			}
			if r.Form == nil {
				return nil, fmt.Errorf("the record %w", replay.ErrNoEvent)
			}
			return r, nil
		}},
		Then: func(r *record) *then {
			if r.Fired == nil {
				return nil
			}
			return &then{Fired: *r.Fired, Count: r.Sent}
		},
		KeepErrors: 2,
	}
	of := replay.Through(replay.Of(set, rules.Tester[form, []answer]{}), func(r *record) *form { return r.Form })
	lines := strings.Join([]string{
		`{"Form": {"total": 2}, "Fired": ["a"], "Sent": 1}`,
		`{"Form": {"total": 3}, "Fired": ["a", "b"], "Sent": 3}`,
		`{"Form": {"total": 3}}`,
		`{"Fired": ["a"]}`,
		`{"Form": {"total": 3}, "Fired": [], "Sent": 0}`,
		`{"Form": {"total": 3}, "Fired": ["a", "b"], "Sent": 1}`,
		`{"Form": {"total": 0}, "Fired": [], "Sent": 0}`,
		`[]`,
	}, "\n")
	for _, withhold := range []bool{false, true} {
		cfg.Withhold = withhold
		got, err := replay.Run(t.Context(), strings.NewReader(lines), of, cfg)
		require.NoError(t, err)
		assert.Equal(t, []int{6, 1, 1, 1, 2, 3}, []int{got.Events, got.NoEvent, got.Unreadable, got.Failing, got.Alike, got.Differing})
		assert.Equal(t, []replay.LineError{
			{Line: 5, Message: "rule a fired now, not then; rule b fired now, not then"},
			{Line: 6, Message: "the same rules fired, but they led to 1 then, and to 3 now"},
		}, got.Differences)
		assert.Equal(t, "total > 1", got.Rules[0].Parts[0].Text)
		assert.Equal(t, 13, got.Outcomes)
	}
}

// TestWithhold drops the outcomes of events for which a rule that counts fails.
func TestWithhold(t *testing.T) {
	t.Parallel()
	set := formSet(t, rules.Config{},
		formRule{Name: "a", When: rules.When[form]("total >= 0"), Then: to("a@a")},
		formRule{Name: "b", When: rules.When[form]("1 / total > 2"), Then: to("b@a")},
		formRule{Name: "dark", Mode: rules.Shadow, When: rules.When[form]("1 / (total - 1) > 2")},
	)
	for withhold, want := range map[bool]int{false: 3, true: 2} {
		got, err := replay.Run(t.Context(), strings.NewReader(`{"total":0}`+"\n"+`{"total":1}`+"\n"+`{"total":2}`), replay.Of(set, rules.Tester[form, []answer]{}), replay.Config[form, any]{Withhold: withhold, Group: domain})
		require.NoError(t, err)
		assert.Equal(t, 1, got.Failing)
		assert.Equal(t, want, got.Outcomes)
		assert.Equal(t, map[string]int{"a": want}, got.Groups.Counts)
	}
}
