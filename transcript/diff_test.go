package transcript_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/rules"
	"github.com/afterword-go/afterword/rules/decisionlog"
	"github.com/afterword-go/afterword/rules/diff"
	"github.com/afterword-go/afterword/transcript"
)

// diffFile is a rule file with the rules, an e-mail to an address each: "name:
// when: to".
func diffFile(name string, list ...string) transcript.File {
	var out strings.Builder
	out.WriteString("version: 1\nevent: denver_post_survey_email_transcript\nrules:\n")
	for _, rule := range list {
		parts := strings.Split(rule, ": ")
		out.WriteString("  - {name: " + parts[0] + ", when: '" + parts[1] + "', then: {targetEmail: '" + parts[2] + "', senderName: A, senderEmail: a@example.com, subject: s}}\n")
	}
	return transcript.File{Name: name, Data: []byte(out.String())}
}

func diffSet(t *testing.T, files []transcript.File, opts ...transcript.Option) *transcript.RuleSet {
	t.Helper()
	set, err := transcript.ParseFiles(files, append(opts, transcript.RecipientDomains("example.net"))...)
	require.NoError(t, err)
	return set
}

const recordedSurveys = `{"csatRank": 1, "agentEmail": "agent@example.net"}
{"timestamp": 1700000038000, "payload": {"csatRank": 2}}
no survey
{"csatRank": 3}
`

func TestDiff(t *testing.T) {
	t.Parallel()
	old := diffSet(t, []transcript.File{diffFile("o.rules.yaml", "low: csatRank == 1: leads@example.com", "gone: csatRank == 3: x@Example.org")})
	new := diffSet(t, []transcript.File{diffFile("n.rules.yaml", "low: csatRank <= 2: leads@example.com", "agent: csatRank == 1: ${skillName ?? \"agent\"}@example.net")})
	var told int
	d, err := new.Diff(t.Context(), old, strings.NewReader(recordedSurveys), transcript.DiffOptions{Progress: func(n int) { told = n }})
	require.NoError(t, err)
	assert.Equal(t, 4, told)
	assert.Equal(t, diff.Tally{Added: 2, Removed: 1}, d.Tally)
	assert.Equal(t, 1, d.Unreadable)
	assert.Equal(t, []diff.Grouped{
		{Name: transcript.ByRecipient, Groups: []diff.GroupDiff{
			{Key: "*@example.net", Tally: diff.Tally{Added: 1}},
			{Key: "leads@example.com", Tally: diff.Tally{Added: 1}},
			{Key: "x@Example.org", Tally: diff.Tally{Removed: 1}},
		}},
		{Name: transcript.ByDomain, Groups: []diff.GroupDiff{
			{Key: "example.com", Tally: diff.Tally{Added: 1}},
			{Key: "example.net", Tally: diff.Tally{Added: 1}},
			{Key: "example.org", Tally: diff.Tally{Removed: 1}},
		}},
	}, d.Groups)
	assert.Equal(t, []diff.Example{{Line: 2, Kind: diff.Added}}, d.Rules[0].Examples)

	d, err = new.Diff(t.Context(), old, strings.NewReader(recordedSurveys), transcript.DiffOptions{Payloads: true})
	require.NoError(t, err)
	assert.Equal(t, "agent@example.net", d.Groups[0].Groups[0].Key)
	assert.JSONEq(t, `{"timestamp": 1700000038000, "payload": {"csatRank": 2}}`, string(d.Rules[0].Examples[0].Event))
	assert.Contains(t, string(d.Rules[0].Examples[0].After), "leads@example.com")

	d, err = old.Diff(t.Context(), old, strings.NewReader(recordedSurveys), transcript.DiffOptions{})
	require.NoError(t, err)
	assert.Empty(t, d.Rules)
	assert.Equal(t, 2, d.Kept)
}

// The records of a decision log are recorded surveys as well.
func TestDiffOfADecisionLog(t *testing.T) {
	t.Parallel()
	old := diffSet(t, []transcript.File{diffFile("a.rules.yaml", "low: csatRank == 1: leads@example.com")})
	new := diffSet(t, []transcript.File{diffFile("a.rules.yaml", "low: csatRank <= 2: leads@example.com")})
	record := func(rest string) string { return fmt.Sprintf("{\"v\":%d,\"fired\":[]%s}\n", decisionlog.Form, rest) }
	d, err := new.Diff(t.Context(), old, strings.NewReader(record("")+record(`,"event":{"payload":{"csatRank":2}}`)), transcript.DiffOptions{})
	require.NoError(t, err)
	assert.Equal(t, 1, d.NoEvent)
	assert.Equal(t, diff.Tally{Added: 1}, d.Tally)
	assert.Equal(t, 2, d.Rules[0].Examples[0].Line)
}

func TestDiffWithholdsWhereARuleFails(t *testing.T) {
	t.Parallel()
	old := diffSet(t, []transcript.File{diffFile("a.rules.yaml", "low: csatRank == 1: leads@example.com")})
	new := diffSet(t, []transcript.File{diffFile("a.rules.yaml", "low: csatRank == 1: leads@example.com", "fails: csatRank % (csatRank - 1) == 0: x@example.com")})
	d, err := new.Diff(t.Context(), old, strings.NewReader(recordedSurveys), transcript.DiffOptions{})
	require.NoError(t, err)
	assert.Equal(t, 1, d.Removed)
	assert.Equal(t, 1, d.ErrorsGained)
	assert.Equal(t, diff.Side{Failed: 1, Outcomes: 1}, d.New)
}

func TestDiffCountsEmptySurveys(t *testing.T) {
	t.Parallel()
	set := parse(t, ruleFile("collect", `low | csatRank <= 2`))
	d, err := set.Diff(t.Context(), set, strings.NewReader("{\"csatRank\":1}\n{\"foo\":1}\n{}\n"), transcript.DiffOptions{})
	require.NoError(t, err)
	assert.Equal(t, []int{3, 2, 2}, []int{d.Decided, d.Empty, d.FirstEmpty})
}

func TestDomainOf(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"leads@Example.COM": "example.com", `"jane@home"@example.com`: "example.com", "jane": "", "jane@": "", "": "",
	} {
		assert.Equal(t, want, transcript.DomainOf(events.TranscriptEmail{TargetEmail: address}), address)
	}
}

func TestCompareFiles(t *testing.T) {
	t.Parallel()
	goRule := func(context.Context, events.Event[events.PostSurvey]) ([]events.TranscriptEmail, error) {
		return nil, nil
	}
	old := diffSet(t, []transcript.File{
		diffFile("old/a.rules.yaml", "one: csatRank == 1: a@example.com", "two: csatRank == 2: b@example.com"),
		diffFile("old/b.rules.yaml", "three: csatRank == 3: c@example.com"),
	}, transcript.Func("kept", goRule), transcript.Func("dropped", goRule))
	new := diffSet(t, []transcript.File{
		diffFile("new/a.rules.yaml", "one: csatRank <= 1: a@example.com"),
		diffFile("new/b.rules.yaml", "three: csatRank == 3: d@example.com", "two: csatRank == 2: b@example.com"),
	}, transcript.Func("kept", goRule), transcript.Func("made", goRule))
	c := new.Compare(t.Context(), old)
	var kinds []rules.ChangeKind
	for _, change := range c.Changes {
		kinds = append(kinds, change.Kind)
	}
	assert.Equal(t, []rules.ChangeKind{rules.ConditionChanged, rules.OutcomeChanged, rules.FileChanged, rules.RuleAdded, rules.RuleRemoved}, kinds)
	assert.Equal(t, rules.SameMeaning, c.Changes[0].Effect.Meaning, "a rank is at least 1")
	assert.Equal(t, "targetEmail", c.Changes[1].Field)
	assert.Equal(t, []rules.RuleInfo{{Name: "kept"}}, c.Unknown)
	assert.True(t, new.Compare(t.Context(), new).Same())
}

func TestCompareShowsSurveys(t *testing.T) {
	t.Parallel()
	old := diffSet(t, []transcript.File{diffFile("a.rules.yaml", "one: csatRank == 1: a@example.com")})
	new := diffSet(t, []transcript.File{diffFile("a.rules.yaml", `one: csatRank <= 2 and answer("Why?") == "No": a@example.com`)})
	c := new.Compare(t.Context(), old)
	require.Len(t, c.Changes, 1)
	e := c.Changes[0].Effect
	assert.Equal(t, rules.FiresForOthers, e.Meaning)
	for _, payload := range [][]byte{e.OnlyOld, e.OnlyNew} {
		event, err := transcript.DecodeEvent(payload)
		require.NoError(t, err)
		before, err := old.Decide(t.Context(), *event)
		require.NoError(t, err)
		after, err := new.Decide(t.Context(), *event)
		require.NoError(t, err)
		assert.NotEqual(t, before, after)
	}
}
