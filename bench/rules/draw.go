package main

import (
	"os"
	"path/filepath"
	"slices"

	"github.com/afterword-go/afterword/bench/rules/internal/chart"
)

// draw draws a ladder into the folder for plots, if there is one.
func (b *bench) draw(l ladder, rotating, hot []step) error {
	if b.plots == "" {
		return nil
	}
	if err := os.MkdirAll(b.plots, 0o755); err != nil {
		return err
	}
	for _, drawn := range []struct {
		file, events string
		steps        []step
	}{{l.name + ".svg", "4,096 events in turn", rotating}, {l.name + "-hot.svg", "one event over and over", hot}} {
		if len(drawn.steps) == 0 {
			continue
		}
		picture := chart.Chart{Title: l.title, Subtitle: "The time of a decision against the number of rules, " + drawn.events, Lines: lines(drawn.steps)}
		if err := os.WriteFile(filepath.Join(b.plots, drawn.file), picture.SVG(), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// lines are the times of each engine by the number of rules.
func lines(steps []step) []chart.Line {
	var out []chart.Line
	for _, name := range names(steps) {
		line := chart.Line{Name: name}
		for _, s := range steps {
			if slices.Contains(s.names, name) {
				line.Points = append(line.Points, chart.Point{X: float64(s.size), Y: s.times.Nanoseconds(name)})
			}
		}
		out = append(out, line)
	}
	return out
}
