package main

import (
	"fmt"
	"math"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/afterword-go/afterword/bench/rules/internal/engines"
	"github.com/afterword-go/afterword/bench/rules/internal/measure"
)

func (b *bench) title(title string) { b.printf("\n%s\n\n", title) }

// rows prints cells under heads, each row's name on the right.
func (b *bench) rows(heads []string, rows [][]string) {
	w := tabwriter.NewWriter(b.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, strings.Join(heads, "\t")+"\t")
	for _, row := range rows {
		last := len(row) - 1
		fmt.Fprintln(w, strings.Join(row[:last], "\t")+"\t  "+row[last])
	}
	_ = w.Flush() // out tells of its errors by itself, or not at all
}

// ratios prints who takes how many times as long as Afterword.
func (b *bench) ratios(times measure.Times, names []string) {
	var rows [][]string
	for _, name := range names {
		rows = append(rows, []string{duration(times.Nanoseconds(name)), ratio(times.Ratio(name, engines.Ours)), name})
	}
	b.rows([]string{"a decision", "of ours"}, rows)
}

// duration shows nanoseconds with three digits.
func duration(ns float64) string {
	for _, unit := range []struct {
		of   time.Duration
		name string
	}{{time.Second, "s"}, {time.Millisecond, "ms"}, {time.Microsecond, "µs"}} {
		if ns >= float64(unit.of) {
			return digits(ns/float64(unit.of)) + " " + unit.name
		}
	}
	return digits(ns) + " ns"
}

// ratio shows how many times as much something is.
func ratio(r float64) string {
	if math.IsNaN(r) {
		return "-"
	}
	return "× " + digits(r)
}

// digits shows about three digits of a number, two of one that is small, and
// groups those of large ones.
func digits(n float64) string {
	switch {
	case math.IsNaN(n):
		return "-"
	case n <= 0:
		return fmt.Sprint(n)
	case n < 0.1:
		return fmt.Sprintf("%.*f", 1-int(math.Floor(math.Log10(n))), n)
	case n < 10:
		return fmt.Sprintf("%.2f", n)
	case n < 100:
		return fmt.Sprintf("%.1f", n)
	}
	return grouped(int(n + 0.5))
}

// grouped writes a number with commas between thousands.
func grouped(n int) string {
	text := fmt.Sprint(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
