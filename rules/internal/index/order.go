package index

import (
	"math"
	"time"

	"github.com/afterword-go/afterword/rules/internal/logic"
)

// notANumber is the place of NaN, behind that of every number.
const notANumber = greatest

// placeOf is where a number with a fraction stands in the order of all of them.
// Between the places of two numbers that follow one another is none, and 0 and
// -0 have the same.
func placeOf(x float64) int64 {
	if math.IsNaN(x) {
		return notANumber
	}
	return logic.PlaceOf(x)
}

// placeOfTime is where a time stands in the order of all of them. Those that are
// too early or too late to be counted in nanoseconds share the first place and
// the last; own says that it is no other time's.
func placeOfTime(t time.Time) (place int64, own bool) {
	const far = math.MaxInt64 / int64(time.Second)
	seconds := t.Unix()
	switch {
	case -far < seconds && seconds < far:
		return seconds*int64(time.Second) + int64(t.Nanosecond()), true
	case t.Before(time.Unix(0, 0)):
		return least, false
	}
	return greatest, false
}
