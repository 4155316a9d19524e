package main

import (
	"context"
	"strings"

	"github.com/afterword-go/afterword/rules"
)

// plan tells how rules run.
func (c *cli) plan(ctx context.Context, form string, l *loading, args []string, name string) error {
	loaded, err := l.load(ctx, args)
	if err != nil {
		return err
	}
	if loaded.set == nil {
		return onlyErrors(loaded)
	}
	if err := knownRule(loaded.set, name); err != nil {
		return err
	}
	var told []rules.RuleStats
	for _, r := range loaded.set.Stats() {
		if name == "" || r.Name == name {
			told = append(told, r)
		}
	}
	if form == asJSON {
		return c.printJSON(planned(told))
	}
	return c.printTable(func(row func(cells ...any)) {
		row("RULE", "RUNS AS", "FOUND BY", "PATTERNS")
		for _, r := range told {
			var patterns []string
			for _, p := range r.Patterns {
				patterns = append(patterns, p.How)
			}
			row(printable(r.Name), r.How, orDash(printable(r.Found)), orDash(printable(strings.Join(patterns, ", "))))
		}
	})
}

// The plan in JSON.
type (
	plannedRule struct {
		Name     string           `json:"name"`
		Runs     string           `json:"runs"`
		Found    string           `json:"found"`
		Patterns []plannedPattern `json:"patterns"`
	}
	plannedPattern struct {
		Pattern string `json:"pattern"`
		Runs    string `json:"runs"`
	}
)

func planned(all []rules.RuleStats) []plannedRule {
	out := make([]plannedRule, len(all))
	for i, r := range all {
		out[i] = plannedRule{r.Name, r.How, r.Found, make([]plannedPattern, len(r.Patterns))}
		for j, p := range r.Patterns {
			out[i].Patterns[j] = plannedPattern{p.Pattern, p.How}
		}
	}
	return out
}
