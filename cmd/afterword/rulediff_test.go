package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/rules"
	"github.com/afterword-go/afterword/rules/diff"
	"github.com/afterword-go/afterword/rules/replay"
)

// everywhere is a result that says a text in every place it has for one.
func everywhere(text string) diffResult {
	tally := diff.Tally{Added: 1, Removed: 1, Changed: 1}
	info := rules.RuleInfo{Name: text, Description: text, File: text, Line: 1, Column: 1}
	payload := []byte(fmt.Sprintf("{%q: %q}", "agentName", text))
	return diffResult{
		args: []string{text, text},
		comparison: rules.Comparison{
			Changes: []rules.Change{{
				Kind: rules.ConditionChanged, Old: info, New: info, Field: text, Before: text + "a", After: text + "b",
				Example: &rules.DecisionExample{Input: payload, Before: []string{text}},
				Effect:  &rules.Effect{OnlyOld: payload, OnlyNew: payload, Reason: text, MayFail: true},
			}, {Kind: rules.ConditionChanged, New: info, Before: text, After: text, Constants: []rules.ConstantChange{{Name: text, Before: text + "a", After: text + "b"}}}},
			Unknown: []rules.RuleInfo{info},
		},
		events: &diff.Diff{
			Decided: 1, Tally: tally, ExamplesLeftOut: true,
			UnreadableLines: []replay.LineError{{Line: 1, Message: text}},
			Rules: []diff.RuleDiff{{Name: text, Tally: tally, Examples: []diff.Example{
				{Line: 1, Kind: diff.Kind(text), Error: text, Event: payload, Before: payload, After: payload},
			}}},
			Groups: []diff.Grouped{{Name: text, Groups: []diff.GroupDiff{{Key: text, Tally: tally}}, Others: &tally}},
		},
		crossed: []diff.Crossing{{Bound: diff.Bound(text), Limit: 1, Got: 2}},
	}
}

// TestDiffPageEscapes wants the page to have the same elements whatever the rules,
// domains and payloads are called.
func TestDiffPageEscapes(t *testing.T) {
	t.Parallel()
	tags := func(text string) ([]string, string) {
		page, err := diffPage(everywhere(text))
		require.NoError(t, err)
		return regexp.MustCompile(`<[^>]*>`).FindAllString(string(page), -1), string(page)
	}
	want, plain := tags("harmless")
	assert.Positive(t, strings.Count(plain, "harmless"))
	for _, hostile := range []string{
		`<script>alert(1)</script>`, `</title><script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `' onload='alert(1)`,
		`</svg><svg onload=alert(1)>`, `<!--`, `]]>`, `</style>`, `javascript:alert(1)`, `{{.Old}}`, "\x00\u202e<b>",
	} {
		got, page := tags(hostile)
		assert.Equal(t, want, got, hostile)
		assert.NotContains(t, page, "\u202e")
		if strings.Contains(hostile, "<") && strings.Contains(hostile, "alert") {
			assert.NotContains(t, page, hostile)
		}
	}
}

// TestDiffPageStandsByItself wants nothing from elsewhere.
func TestDiffPageStandsByItself(t *testing.T) {
	t.Parallel()
	page, err := diffPage(everywhere("x"))
	require.NoError(t, err)
	assert.NotRegexp(t, `(?i)<script|<link|<iframe|\bsrc=|\bhref=|url\(|@import|https?:`, string(page))
	assert.Contains(t, string(page), "prefers-color-scheme")
	assert.Equal(t, strings.Count(string(page), "<svg"), strings.Count(string(page), "<title>")-1)
}

func TestDiffPageLeavesOut(t *testing.T) {
	t.Parallel()
	result := everywhere("x")
	bars := func(n int) int {
		result.events.Groups[0].Groups, result.events.Groups[0].Others = nil, nil
		for i := range n {
			result.events.Groups[0].Groups = append(result.events.Groups[0].Groups, diff.GroupDiff{Key: fmt.Sprint(i), Tally: diff.Tally{Added: 1}})
		}
		return len(pageOf(result).Charts[1].Bars)
	}
	assert.Equal(t, mostBars, bars(mostBars))
	assert.Equal(t, mostBars+1, bars(mostBars+5))
	assert.Equal(t, pageBar{Label: "others", Tally: diff.Tally{Added: 5}, AddedWidth: chartWidth, RemovedAt: chartWidth, ChangedAt: chartWidth}, pageOf(result).Charts[1].Bars[mostBars])
	examples := func(n int) int {
		result.events.Rules[0].Examples = make([]diff.Example, n)
		return len(pageOf(result).Examples)
	}
	assert.Equal(t, mostExamples, examples(mostExamples))
	assert.Equal(t, mostExamples, examples(mostExamples+1))
}

func TestBarOf(t *testing.T) {
	t.Parallel()
	b := barOf(diff.GroupDiff{Tally: diff.Tally{Added: 1, Removed: 500_000, Changed: 499_999}}, 1_000_000)
	assert.Equal(t, []int{1, 150, 149}, []int{b.AddedWidth, b.RemovedWidth, b.ChangedWidth})
	assert.Equal(t, []int{1, 151}, []int{b.RemovedAt, b.ChangedAt})
}

// textOfDiff is what diff tells as text.
func textOfDiff(t *testing.T, result diffResult) string {
	t.Helper()
	var out bytes.Buffer
	c := &cli{out: bufio.NewWriter(&out)}
	require.NoError(t, c.tellDiff(asText, result))
	require.NoError(t, c.out.Flush())
	return out.String()
}

func TestDiffTextIsPrintable(t *testing.T) {
	t.Parallel()
	result := everywhere("\x1b[31m\u202e")
	result.payloads = true
	result.events.Rules[0].Examples[0].Kind = diff.ErrorGained
	result.events.Old.Failed, result.events.HandedOver, result.events.Reordered = 1, 1, 2
	result.events.Rules[0].ErrorsGained, result.events.Rules[0].ErrorsLost = 1, 2
	result.events.Unreadable = 3
	result.crossed = nil
	text := textOfDiff(t, result)
	assert.NotContains(t, text, "\x1b")
	assert.NotContains(t, text, "\u202e")
	for _, want := range []string{
		"it is written in Go, and may have changed", "one of the two may fail",
		"; fires now: no rule; for instance (made up): ", "rules failed for 1 survey before and for 0 now, and nothing is sent then", "1 e-mail as before, but of another rule",
		"2 surveys with e-mails in another order", "fails for 1 more, fails no more for 2", "error gained in line 1: ",
		"and 2 such lines more", "others", "some examples are left out",
	} {
		assert.Contains(t, text, want)
	}
}

func TestDiffTextLeavesOut(t *testing.T) {
	t.Parallel()
	result := everywhere("x")
	told := func(n int) string {
		result.events.Groups[0].Groups, result.events.Groups[0].Others = nil, nil
		for i := range n {
			result.events.Groups[0].Groups = append(result.events.Groups[0].Groups, diff.GroupDiff{Key: fmt.Sprint("group", i), Tally: diff.Tally{Removed: 1, Changed: 2}})
		}
		return textOfDiff(t, result)
	}
	assert.NotContains(t, told(mostGroupsTold), "others")
	assert.Contains(t, told(mostGroupsTold+2), "     +0     -2     ~4  others")
	result.events.Rules[0].Examples[0] = diff.Example{Line: 7, Kind: diff.Added}
	result.payloads = true
	assert.Contains(t, textOfDiff(t, result), "line 7: it is too long to show")
}

// TestDiffSaysWhereExamplesAreFrom wants "made up" of those that are, only.
func TestDiffSaysWhereExamplesAreFrom(t *testing.T) {
	t.Parallel()
	result := everywhere("x")
	for _, test := range []struct{ old, new bool }{{false, false}, {true, false}, {false, true}, {true, true}} {
		e := result.comparison.Changes[0].Effect
		e.OldFromTest, e.NewFromTest = test.old, test.new
		before, now := originOf(test.old), originOf(test.new)
		text := textOfDiff(t, result)
		assert.Contains(t, text, "fires no more, for instance ("+before+"): {")
		assert.Contains(t, text, "fires now, for instance ("+now+"): {")
		page, err := diffPage(result)
		require.NoError(t, err)
		assert.Contains(t, string(page), "Fires no more, for instance ("+before+"): <code>{")
		assert.Contains(t, string(page), "Fires now, for instance ("+now+"): <code>{")
		effect := diffResultOf(result).Rules.Changes[0].Effect
		assert.Equal(t, []bool{test.old, test.new}, []bool{effect.OldFromTest, effect.NewFromTest})
	}
	assert.Equal(t, "from a test", originOf(true))
}

// TestDiffReportIsPrivate wants a report with surveys in it to be for its owner
// only.
func TestDiffReportIsPrivate(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("files have no such modes there")
	}
	for _, payloads := range []bool{false, true} {
		for _, before := range []bool{false, true} {
			d := ruleDiff{report: filepath.Join(t.TempDir(), "report.html"), payloads: payloads}
			if before {
				require.NoError(t, os.WriteFile(d.report, bytes.Repeat([]byte("x"), 1<<20), 0o644))
			}
			require.NoError(t, d.write(everywhere("x")))
			info, err := os.Stat(d.report)
			require.NoError(t, err)
			if payloads {
				assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
			}
			assert.Less(t, info.Size(), int64(1<<20))
		}
	}
}

func TestDiffFlags(t *testing.T) {
	t.Parallel()
	var s share
	assert.Empty(t, s.String())
	for text, want := range map[string]float64{"5%": 0.05, "0.5%": 0.005, "100%": 1, "0%": 0} {
		require.NoError(t, s.Set(text))
		assert.InDelta(t, want, *s.of, 1e-12)
	}
	for _, text := range []string{"", "%", "-1%", "0.705", "0", "5 %", "100.1%", "NaN", "5%%"} {
		assert.Error(t, s.Set(text), text)
	}
	require.NoError(t, s.Set("12.5%"))
	assert.Equal(t, "12.5%", s.String())
	var n count
	assert.Empty(t, n.String())
	require.NoError(t, n.Set("0"))
	assert.Equal(t, "0", n.String())
	assert.Error(t, n.Set("-1"))
	assert.Error(t, n.Set("many"))
}

// A share that is exactly the bound is within it: no noise of the arithmetic counts.
func TestDiffSharesAreExact(t *testing.T) {
	t.Parallel()
	for n := 1; n <= 1000; n++ {
		for tenths := range 1001 {
			if n*tenths%1000 != 0 {
				continue
			}
			d := diff.Diff{Kept: n - n*tenths/1000, Tally: diff.Tally{Added: n * tenths / 1000}}
			for _, text := range []string{fmt.Sprintf("%d.%d%%", tenths/10, tenths%10), fmt.Sprintf("%de-1%%", tenths)} {
				var s share
				require.NoError(t, s.Set(text))
				require.NoError(t, diff.Gate{MaxChange: s.of}.Check(d), "%d of %d are %s", d.Added, n, text)
			}
		}
	}
}

func TestPercentOf(t *testing.T) {
	t.Parallel()
	for share, want := range map[float64]string{
		0: "0.0%", 0.0004: "less than 0.1%", 0.0005: "0.1%", 1.0 / 3: "33.3%", 0.9994: "99.9%", 0.9996: "more than 99.9%", 1: "100.0%",
	} {
		assert.Equal(t, want, percentOf(share), share)
	}
}

// Names of files and rules are no part of a page: there is none for rules that
// cannot be loaded.
func TestDiffPageOfUnsoundRules(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "a.rules.yaml")
	require.NoError(t, os.WriteFile(file, []byte("version: 1\nevent: denver_post_survey_email_transcript\nrules:\n"+
		"  - {name: '</script><img src=x>', when: csatRank == 1, then: {targetEmail: a@example.com, senderName: B, senderEmail: a@example.com, subject: s}}\n"), 0o600))
	var out, errs bytes.Buffer
	assert.Equal(t, exitFindings, run(t.Context(), []string{"diff", "-o", "html", file, file}, strings.NewReader(""), &out, &errs))
	assert.Empty(t, out.String())
	assert.Contains(t, errs.String(), "a name is made of letters, digits")
}

// A stoppingReader ends the context behind its first line, and then waits.
type stoppingReader struct {
	lines io.Reader
	stop  context.CancelFunc
	done  <-chan struct{}
}

func (r *stoppingReader) Read(p []byte) (int, error) {
	n, err := r.lines.Read(p)
	if err == nil {
		return n, nil
	}
	r.stop()
	<-r.done
	return 0, io.EOF
}

// An interrupt shows what there is so far.
func TestDiffInterrupted(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "a.rules.yaml")
	require.NoError(t, os.WriteFile(file, []byte("version: 1\nevent: denver_post_survey_email_transcript\nrules:\n"+
		"  - {name: low, when: csatRank == 1, then: {targetEmail: a@example.com, senderName: B, senderEmail: a@example.com, subject: s}}\n"), 0o600))
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var out, errs bytes.Buffer
	stdin := &stoppingReader{strings.NewReader(strings.Repeat("{\"csatRank\": 1}\n", 1000)), stop, ctx.Done()}
	assert.Equal(t, exitTrouble, run(ctx, []string{"diff", "--events", "-", file, file}, stdin, &out, &errs))
	assert.Equal(t, "afterword: interrupted\n", errs.String())
	assert.Regexp(t, `\d+ surveys, \d+ e-mails: no e-mail differs`, out.String())
}
