package rules

import (
	"slices"

	"github.com/afterword-go/afterword/rules/internal/witness"
)

// Why no part alone keeps a rule from firing.
const (
	alwaysTrue     = "it is always true"
	impliedByOther = "it is true whenever the other parts are"
	noMissWasFound = "no input was found for which it alone is not true"
)

// misses looks for payloads that miss by one part, for one after the other.
func (w *witnessing[In, Then]) misses() {
	for i, part := range w.parts[:min(len(w.parts), mostMisses)] {
		miss, none := w.miss(i)
		switch {
		case miss != nil:
			w.out.Misses = append(w.out.Misses, *miss)
		case w.ctx.Err() != nil:
			w.noMiss(part, cutShort)
		case !none:
			w.noMiss(part, noMissWasFound+unknownOf(part.node))
		case w.always(part):
			w.noMiss(part, alwaysTrue)
		default:
			w.noMiss(part, impliedByOther)
		}
	}
}

func (w *witnessing[In, Then]) noMiss(part witnessPart, reason string) {
	w.out.NoMisses = append(w.out.NoMisses, NoMiss{part.PartInfo, reason})
}

// miss looks for a payload for which all parts are true but one. None says that
// there surely is no input for it.
func (w *witnessing[In, Then]) miss(i int) (miss *Miss, none bool) {
	others := slices.Delete(slices.Clone(w.parts), i, i+1)
	part := w.parts[i]
	none = true
	for _, truth := range []Truth{False, Unknown} {
		if w.ctx.Err() != nil {
			return nil, false
		}
		s := w.without(part, truth, others...)
		s.from, s.steps = w.fires, sideSteps
		if s.impossible() {
			continue
		}
		if found := w.search(s); found != nil {
			return &Miss{part.PartInfo, truth, found.JSON}, false
		}
		none = none && s.never(w.ctx, w.tester.decode)
	}
	return nil, none
}

// without is an input for which a part is false, or unknown, and others hold.
func (w *witnessing[In, Then]) without(part witnessPart, truth Truth, others ...witnessPart) *sought[In] {
	s := w.sought(others...)
	if truth == False {
		s.goals = append(s.goals, witness.Goal{Node: part.isFalse, Want: true})
	} else {
		s.goals = append(s.goals, witness.Goal{Node: part.isTrue}, witness.Goal{Node: part.isFalse})
	}
	return s
}

// always tells whether a part is surely true, whatever the others are.
func (w *witnessing[In, Then]) always(part witnessPart) bool {
	for _, truth := range []Truth{False, Unknown} {
		if s := w.without(part, truth); !s.impossible() && !s.never(w.ctx, w.tester.decode) {
			return false
		}
	}
	return true
}
