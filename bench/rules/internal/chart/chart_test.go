package chart

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// elements counts the elements of a picture, and fails if it is not XML.
func elements(t *testing.T, picture []byte) map[string]int {
	t.Helper()
	counts, d := map[string]int{}, xml.NewDecoder(strings.NewReader(string(picture)))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return counts
		}
		require.NoError(t, err)
		if start, ok := token.(xml.StartElement); ok {
			counts[start.Name.Local]++
		}
	}
}

func TestSVG(t *testing.T) {
	t.Parallel()
	picture := Chart{
		Title: `a < b && "c"`, Subtitle: "by number",
		Lines: []Line{{"ours", []Point{{10, 50}, {1000, 60}}}, {"theirs", []Point{{10, 500}, {100, 5000}, {1000, 50_000}}}, {"nobody", nil}},
	}.SVG()
	counts := elements(t, picture)
	assert.Equal(t, 2, counts["polyline"])
	assert.Equal(t, 5, counts["circle"])
	assert.Equal(t, 3+5, counts["line"], "10 to 1,000, and 10 to 100,000")
	assert.Equal(t, 2+8+2, counts["text"], "titles, numbers, names")
	assert.Contains(t, string(picture), ">100 µs<")
	assert.Contains(t, string(picture), "a &lt; b &amp;&amp; ")
}

func TestNothingToDraw(t *testing.T) {
	t.Parallel()
	counts := elements(t, Chart{Title: "nothing"}.SVG())
	assert.Zero(t, counts["polyline"]+counts["line"])
}

func TestAxis(t *testing.T) {
	t.Parallel()
	a := newAxis(100, 400)
	a.include(20)
	a.include(5000)
	assert.InDelta(t, 100, a.at(10), 1e-9)
	assert.InDelta(t, 200, a.at(100), 1e-9)
	assert.InDelta(t, 400, a.at(10_000), 1e-9)
	one := newAxis(0, 1)
	one.include(10)
	assert.InDelta(t, 0, one.at(10), 1e-9, "one power of ten alone still has a span")
}

func TestNames(t *testing.T) {
	t.Parallel()
	for power, want := range map[float64][2]string{
		-2: {"0.01", "0.01 ns"}, 0: {"1", "1 ns"}, 2: {"100", "100 ns"}, 3: {"1,000", "1 µs"}, 7: {"10,000,000", "10 ms"}, 13: {"10,000,000,000,000", "10,000 s"},
	} {
		assert.Equal(t, want, [2]string{numberName(power), timeName(power)})
	}
}

func TestLabelsDoNotLieOnEachOther(t *testing.T) {
	t.Parallel()
	labels := spread([]label{{y: 300}, {y: 100}, {y: 101}, {y: bottom0}, {y: bottom0}, {y: bottom0 - 1}})
	assert.InDelta(t, 100, labels[0].y, 0)
	for i := range labels[1:] {
		assert.GreaterOrEqual(t, labels[i+1].y-labels[i].y, float64(labelHeight))
	}
	assert.LessOrEqual(t, labels[len(labels)-1].y, float64(bottom0))
}
