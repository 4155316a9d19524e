package chart

import (
	"cmp"
	"fmt"
	"html"
	"math"
	"slices"
	"strings"
)

// A Chart is lines under a title.
type Chart struct {
	Title, Subtitle string
	Lines           []Line
}

// A Line is the points of one name, from left to right.
type Line struct {
	Name   string
	Points []Point
}

// A Point is a number and a time in nanoseconds. Both are more than zero: they
// are drawn by their logarithms.
type Point struct{ X, Y float64 }

// The measures of the picture, in pixels. Names stand on the right.
const (
	width, height              = 860, 480
	left, right, top, bottom   = 80, 190, 70, 50
	right0, bottom0            = width - right, height - bottom
	labelHeight                = 15
	background, ink, faint     = "#ffffff", "#1f2328", "#d8dee4"
	font                       = "font-family=\"system-ui, sans-serif\""
	firstLineWidth, otherWidth = 3.5, 1.8
)

// colours can be told apart by those who do not see all colours (Okabe and
// Ito). The first line has the first one, and is bold.
func colours() []string {
	return []string{"#d55e00", "#000000", "#0072b2", "#009e73", "#cc79a7", "#8a6d00", "#56b4e9", "#7f7f7f"}
}

// SVG draws the chart. Without any points, there is nothing but the titles.
func (c Chart) SVG() []byte {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" %s font-size="13" role="img">`+"\n", width, height, width, height, font)
	fmt.Fprintf(&b, "<title>%s</title>\n", html.EscapeString(c.Title))
	fmt.Fprintf(&b, `<rect width="%d" height="%d" fill="%s"/>`+"\n", width, height, background)
	text(&b, left, 26, "start", ink, ` font-size="17" font-weight="600"`, c.Title)
	text(&b, left, 47, "start", "#59636e", "", c.Subtitle)
	if x, y, ok := c.axes(); ok {
		x.grid(&b, true)
		y.grid(&b, false)
		c.lines(&b, x, y)
	}
	b.WriteString("</svg>\n")
	return []byte(b.String())
}

func text(b *strings.Builder, x, y float64, anchor, fill, more, what string) {
	fmt.Fprintf(b, `<text x="%.1f" y="%.1f" text-anchor="%s" fill="%s"%s>%s</text>`+"\n", x, y, anchor, fill, more, html.EscapeString(what))
}

// axes span all points, to the next powers of ten.
func (c Chart) axes() (x, y axis, ok bool) {
	x, y = newAxis(left, right0), newAxis(bottom0, top)
	for _, line := range c.Lines {
		for _, p := range line.Points {
			x.include(p.X)
			y.include(p.Y)
			ok = true
		}
	}
	return x, y, ok
}

// lines draws the lines, the first one above all, and their names at their
// ends.
func (c Chart) lines(b *strings.Builder, x, y axis) {
	var labels []label
	for i := range c.Lines {
		i = len(c.Lines) - 1 - i
		line, colour, thick := c.Lines[i], colours()[i%len(colours())], otherWidth
		if i == 0 {
			thick = firstLineWidth
		}
		if len(line.Points) == 0 {
			continue
		}
		var path []string
		for _, p := range line.Points {
			px, py := x.at(p.X), y.at(p.Y)
			path = append(path, fmt.Sprintf("%.1f,%.1f", px, py))
			fmt.Fprintf(b, `<circle cx="%.1f" cy="%.1f" r="%.1f" fill="%s"/>`+"\n", px, py, thick+1, colour)
		}
		fmt.Fprintf(b, `<polyline points="%s" fill="none" stroke="%s" stroke-width="%.1f"/>`+"\n", strings.Join(path, " "), colour, thick)
		last := line.Points[len(line.Points)-1]
		labels = append(labels, label{line.Name, colour, y.at(last.Y), i == 0})
	}
	for _, l := range spread(labels) {
		weight := ""
		if l.bold {
			weight = ` font-weight="700"`
		}
		text(b, right0+14, l.y+4, "start", l.colour, weight, l.name)
	}
}

// A label is the name of a line, at the height of its end.
type label struct {
	name, colour string
	y            float64
	bold         bool
}

// spread moves labels apart that would lie on each other, and back up those
// that would leave the picture.
func spread(labels []label) []label {
	slices.SortFunc(labels, func(a, b label) int { return cmp.Compare(a.y, b.y) })
	for i := 1; i < len(labels); i++ {
		labels[i].y = max(labels[i].y, labels[i-1].y+labelHeight)
	}
	limit := float64(bottom0)
	for i := len(labels) - 1; i >= 0; i-- {
		labels[i].y = min(labels[i].y, limit)
		limit = labels[i].y - labelHeight
	}
	return labels
}

// An axis maps logarithms to pixels.
type axis struct {
	from, to  float64 // pixels
	low, high float64 // powers of ten
}

func newAxis(from, to float64) axis {
	return axis{from, to, math.Inf(1), math.Inf(-1)}
}

func (a *axis) include(value float64) {
	power := math.Log10(value)
	a.low, a.high = min(a.low, math.Floor(power)), max(a.high, math.Ceil(power))
	if a.low == a.high {
		a.high++
	}
}

func (a axis) at(value float64) float64 {
	return a.from + (a.to-a.from)*(math.Log10(value)-a.low)/(a.high-a.low)
}

// grid draws a line and a number at each power of ten.
func (a axis) grid(b *strings.Builder, upright bool) {
	for power := a.low; power <= a.high; power++ {
		at := a.at(math.Pow(10, power))
		if upright {
			fmt.Fprintf(b, `<line x1="%.1f" y1="%d" x2="%.1f" y2="%d" stroke="%s"/>`+"\n", at, top, at, bottom0, faint)
			text(b, at, bottom0+22, "middle", ink, "", numberName(power))
			continue
		}
		fmt.Fprintf(b, `<line x1="%d" y1="%.1f" x2="%d" y2="%.1f" stroke="%s"/>`+"\n", left, at, right0, at, faint)
		text(b, left-10, at+4, "end", ink, "", timeName(power))
	}
}

// numberName writes a power of ten out, with commas between thousands.
func numberName(power float64) string {
	if power < 0 {
		return fmt.Sprintf("%g", math.Pow(10, power))
	}
	name := "1" + strings.Repeat("0", int(power))
	for i := len(name) - 3; i > 0; i -= 3 {
		name = name[:i] + "," + name[i:]
	}
	return name
}

// timeName is a power of ten nanoseconds in the unit that fits.
func timeName(power float64) string {
	units := []string{"ns", "µs", "ms", "s"}
	unit := min(max(int(power)/3, 0), len(units)-1)
	return numberName(power-3*float64(unit)) + " " + units[unit]
}
