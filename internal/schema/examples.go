package schema

import (
	"encoding/json"
	"maps"
	"slices"
)

// Fill gives the fields that have no example the values that they have in a
// sample, as encoding/json decodes it with UseNumber.
func (b *Builder) Fill(s *Schema, sample any) {
	of := b.Resolve(s)
	switch sample := sample.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(sample)) {
			if property := of.Properties.Find(name); property != nil {
				b.Fill(property, sample[name])
			}
		}
	case []any:
		if of.Items == nil {
			return
		}
		if b.Resolve(of.Items).Properties == nil {
			s.exemplify(sample, len(sample) > 0)
			return
		}
		for _, item := range sample {
			b.Fill(of.Items, item)
		}
	case string, json.Number, bool:
		s.exemplify(sample, sample != "")
	}
}

func (s *Schema) exemplify(value any, good bool) {
	if len(s.Examples) == 0 && good {
		s.Examples = []any{value}
	}
}
