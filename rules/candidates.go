package rules

import (
	"iter"

	"github.com/afterword-go/afterword/rules/internal/eval"
	"github.com/afterword-go/afterword/rules/internal/index"
)

// candidates yields the numbers of the rules that may fire or fail for an
// input, in order: those that the index finds, or else all.
func (s *Set[In, Then]) candidates(in *In) iter.Seq[int] {
	return func(yield func(int) bool) {
		if s.index != nil {
			found := s.looks.Get().(*index.Scratch)
			defer s.giveBack(found)
			if s.index.Find(eval.PointerTo(in), found) {
				for i, ok := found.Next(); ok && yield(i); i, ok = found.Next() {
				}
				return
			}
		}
		for i := range s.rules {
			if !yield(i) {
				return
			}
		}
	}
}
