package rules

import "context"

// Seek looks for an input for which the rules fire, or do not.
func Seek[In, Then any](ctx context.Context, s *Set[In, Then], decode func([]byte) (*In, error), fires map[string]bool) ([]byte, bool) {
	var goals []goal
	for i := range s.rules {
		if want, ok := fires[s.rules[i].Name]; ok {
			goals = append(goals, goal{conditions: s.rules[i].conditions, fires: want})
		}
	}
	looked, ok := newSought[In](goals)
	if !ok {
		return nil, false
	}
	return looked.seek(ctx, decode)
}
