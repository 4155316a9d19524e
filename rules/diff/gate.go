package diff

import (
	"fmt"
	"strconv"
	"strings"
)

// A Gate says how much may differ. The zero value lets everything pass.
type Gate struct {
	// MaxAdded and MaxRemoved bound the outcomes that are added and removed.
	// Nil: as many as there are.
	MaxAdded, MaxRemoved *int
	// MaxErrorsGained bounds how often a rule fails where it did not before. Nil: as
	// often as it does.
	MaxErrorsGained *int
	// MaxChange bounds Diff.Share, from 0 to 1. Nil: all may differ.
	MaxChange *float64
}

// A Crossing is a bound of a gate that a diff crosses.
type Crossing struct {
	Bound Bound
	// Limit is what may be, and Got is what is: outcomes, of BoundErrors errors, and of
	// BoundChange a share from 0 to 1.
	Limit, Got float64
}

// A Bound is one of those that a gate has.
type Bound string

// The bounds.
const (
	BoundAdded   Bound = "added"
	BoundRemoved Bound = "removed"
	BoundErrors  Bound = "gained"
	BoundChange  Bound = "change"
)

// String says which bound is crossed, and by how much.
func (c Crossing) String() string { return c.Of("outcome") }

// Of is String with another noun, in the singular, for outcomes.
func (c Crossing) Of(noun string) string {
	if c.Bound == BoundChange {
		// It is told as it was given, but for the noise of dividing by 100.
		limit := strconv.FormatFloat(c.Limit*100, 'g', 12, 64) + "%"
		points := "points"
		more := strings.TrimSuffix(percent(c.Got-c.Limit), "%")
		if more == "1" {
			points = "point"
		}
		return fmt.Sprintf("%s of all %ss differ, and %s may: %s %s too many", percent(c.Got), noun, limit, more, points)
	}
	if c.Bound == BoundErrors {
		noun = "error"
	}
	return fmt.Sprintf("%s %s, and %s may be: %s too many", counted(int(c.Got), noun), c.Bound, number(c.Limit), number(c.Got-c.Limit))
}

func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

func number(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }

// percent is a share in per cent, with as many digits as it takes to see that it
// is not another one.
func percent(share float64) string {
	text := strconv.FormatFloat(share*100, 'f', 2, 64)
	if share > 0 && text == "0.00" {
		text = strconv.FormatFloat(share*100, 'g', 2, 64)
	}
	if strings.Contains(text, ".") && !strings.Contains(text, "e") {
		text = strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
	}
	return text + "%"
}

// A GateError says which bounds a diff crosses.
type GateError struct {
	Crossings []Crossing
}

// Error has a line for each bound.
func (e *GateError) Error() string {
	lines := make([]string, len(e.Crossings))
	for i, c := range e.Crossings {
		lines[i] = c.String()
	}
	return strings.Join(lines, "\n")
}

// Check is nil, or a *GateError with all bounds that the diff crosses.
func (g Gate) Check(d Diff) error {
	var all []Crossing
	count := func(bound Bound, most *int, got int) {
		if most != nil && got > *most {
			all = append(all, Crossing{bound, float64(*most), float64(got)})
		}
	}
	count(BoundAdded, g.MaxAdded, d.Added)
	count(BoundRemoved, g.MaxRemoved, d.Removed)
	count(BoundErrors, g.MaxErrorsGained, d.ErrorsGained)
	if g.MaxChange != nil && d.Share() > *g.MaxChange {
		all = append(all, Crossing{BoundChange, *g.MaxChange, d.Share()})
	}
	if len(all) == 0 {
		return nil
	}
	return &GateError{all}
}
