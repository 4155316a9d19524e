package main

import (
	"bytes"
	_ "embed"
	"html/template"
	"strings"

	"github.com/afterword-go/afterword/rules"
	"github.com/afterword-go/afterword/rules/diff"
	"github.com/afterword-go/afterword/rules/replay"
)

//go:embed rulediff.html
var diffTemplate string

// A diffPageData is what the page shows.
type diffPageData struct {
	Old, New string
	Same     bool
	Changes  []pageChange
	Unknown  []string
	Events   *diff.Diff
	Summary  string
	Notes    []string
	Charts   []pageChart
	Examples []pageExample
	Bad      []replay.LineError
	Crossed  []string
}

type pageChange struct {
	rules.Change
	Place, Rule      string
	OnlyOld, OnlyNew string
	OldFrom, NewFrom string // made up, or from a test
	OldSays, NewSays string // what became of the rule for it
	Otherwise, Input string // an example of the order
}

// A pageChart has a bar for each rule or domain.
type pageChart struct {
	Title string
	Bars  []pageBar
}

// A pageBar is a bar of up to 300 units: what is added, removed and changed.
type pageBar struct {
	Label string
	diff.Tally
	AddedAt, RemovedAt, ChangedAt          int
	AddedWidth, RemovedWidth, ChangedWidth int
}

type pageExample struct {
	Rule string
	diff.Example
	Payload, Was, Is string
}

// The bounds of a page.
const (
	chartWidth   = 300
	mostBars     = 50
	mostExamples = 500
)

// diffPage is what differs, as a page that stands by itself.
func diffPage(result diffResult) ([]byte, error) {
	page, err := template.New("diff").Parse(diffTemplate)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = page.Execute(&out, pageOf(result))
	return []byte(printableLines(out.String())), err
}

func pageOf(result diffResult) diffPageData {
	page := diffPageData{Old: result.args[0], New: result.args[1], Same: result.comparison.Same(), Events: result.events}
	for _, change := range result.comparison.Changes {
		r := placed(change)
		one := pageChange{Change: change, Place: strings.TrimSuffix(placeOf(r.File, r.Line, r.Column), ": "), Rule: r.Name}
		if e := change.Effect; e != nil && e.OnlyOld != nil {
			one.OnlyOld, one.OldFrom, one.OldSays = eventText(e.OnlyOld), originOf(e.OldFromTest), capital(firesNoMore(*e))
		}
		if e := change.Effect; e != nil && e.OnlyNew != nil {
			one.OnlyNew, one.NewFrom, one.NewSays = eventText(e.OnlyNew), originOf(e.NewFromTest), capital(firesNow(*e))
		}
		if e := change.Example; e != nil {
			one.Otherwise, one.Input = decidedOtherwise(*e), eventText(e.Input)
		}
		page.Changes = append(page.Changes, one)
	}
	for _, r := range result.comparison.Unknown {
		page.Unknown = append(page.Unknown, r.Name)
	}
	for _, crossing := range result.crossed {
		page.Crossed = append(page.Crossed, crossing.Of("e-mail"))
	}
	if result.events != nil {
		page.events(*result.events)
	}
	if result.partial {
		page.Notes = append(page.Notes, partly)
	}
	return page
}

// capital begins a sentence.
func capital(text string) string { return strings.ToUpper(text[:1]) + text[1:] }

// events fills in what differs for recorded surveys.
func (p *diffPageData) events(d diff.Diff) {
	p.Summary, p.Notes, p.Bad = summaryOf(d), notesOf(d), d.UnreadableLines
	var byRule []diff.GroupDiff
	for _, r := range d.Rules {
		if r.Total() > 0 {
			byRule = append(byRule, diff.GroupDiff{Key: r.Name, Tally: r.Tally})
		}
		for _, e := range r.Examples {
			if len(p.Examples) < mostExamples {
				p.Examples = append(p.Examples, pageExample{r.Name, e, string(e.Event), string(e.Before), string(e.After)})
			}
		}
	}
	p.chart("E-mails by rule", diff.Grouped{Groups: byRule})
	for _, g := range d.Groups {
		p.chart("E-mails by "+g.Name, g)
	}
}

func (p *diffPageData) chart(title string, g diff.Grouped) {
	told := g.Groups[:min(len(g.Groups), mostBars)]
	groups := append([]diff.GroupDiff{}, told...)
	if rest := othersOf(g, len(told)); rest != nil {
		groups = append(groups, diff.GroupDiff{Key: "others", Tally: *rest})
	}
	if len(groups) == 0 {
		return
	}
	most := 1
	for _, group := range groups {
		most = max(most, group.Total())
	}
	chart := pageChart{Title: title}
	for _, group := range groups {
		chart.Bars = append(chart.Bars, barOf(group, most))
	}
	p.Charts = append(p.Charts, chart)
}

func barOf(group diff.GroupDiff, most int) pageBar {
	width := func(n int) int {
		if n == 0 {
			return 0
		}
		return max(1, n*chartWidth/most)
	}
	b := pageBar{Label: group.Key, Tally: group.Tally}
	b.AddedWidth, b.RemovedWidth, b.ChangedWidth = width(b.Added), width(b.Removed), width(b.Changed)
	b.RemovedAt = b.AddedWidth
	b.ChangedAt = b.RemovedAt + b.RemovedWidth
	return b
}
