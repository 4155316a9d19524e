package index

// A slab hands out small slices of one large one, since building an index makes
// very many.
type slab[T any] struct{ free []T }

// take is a new slice with items and no more room.
func (s *slab[T]) take(items ...T) []T {
	const large = 512
	if len(s.free) < len(items) {
		s.free = make([]T, max(large, len(items)))
	}
	out := s.free[:len(items):len(items)]
	s.free = s.free[len(items):]
	copy(out, items)
	return out
}
