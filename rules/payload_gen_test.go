package rules_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"reflect"
	"time"
)

// A payloads makes random payloads: small domains, so that comparisons go both
// ways, with a boundary value now and then.
type payloads struct {
	*rand.Rand
	full bool // everything present, no boundary values, no empty list
}

var zone = time.FixedZone("", 3600)

var (
	wholes  = []int64{-2, -1, 0, 1, 1, 2, 2, 3, 4, 5}
	floats  = []float64{-1.5, 0, math.Copysign(0, -1), 0.5, 1, 1, 2, 2.5, 2.5, 3}
	texts   = []string{"a", "b", "Care", "care", "billing", "5", "-2", "2.5", "äÖ", " Care "}
	moments = []time.Time{
		time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC), time.Date(2026, 1, 31, 1, 0, 0, 0, zone),
		time.Date(2026, 1, 31, 18, 0, 0, 0, zone), time.Date(2025, 12, 1, 7, 30, 0, 500, time.UTC),
	}
)

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

// next returns a payload as the reference reads it.
func (p payloads) next() map[string]any {
	return p.group(inShape, []float64{0.02, 0.2, 0.5}[p.IntN(3)])
}

func (p payloads) group(s *shape, gaps float64) map[string]any {
	values, embedded := map[string]any{}, map[string]bool{}
	for _, f := range s.fields {
		if _, tossed := embedded[f.embedded]; !tossed {
			embedded[f.embedded] = f.embedded == "" || p.full || p.Float64() >= gaps
		}
		if !embedded[f.embedded] || !f.required && !p.full && p.Float64() < gaps {
			continue
		}
		v := p.value(f.shape, gaps)
		if f.emptyIsOut && isEmpty(v) {
			continue
		}
		values[f.name] = v
	}
	return values
}

func isEmpty(v any) bool {
	items, isList := v.([]any)
	return v == "" || isList && len(items) == 0
}

func (p payloads) value(s *shape, gaps float64) any {
	switch s.kind {
	case boolean:
		return p.IntN(2) == 0
	case whole:
		return p.whole(s.goType)
	case number:
		if !p.full && s.goType.Bits() == 64 && p.IntN(40) == 0 {
			return 1e19
		}
		return pick(p.Rand, floats)
	case text:
		if !p.full && p.IntN(8) == 0 {
			return ""
		}
		return pick(p.Rand, texts)
	case moment:
		return pick(p.Rand, moments)
	case group:
		return p.group(s, gaps)
	}
	items := []any{}
	least := 0
	if p.full {
		least = 1
	}
	for range least + p.IntN(4) {
		if s.holes && !p.full && p.Float64() < gaps/2 {
			items = append(items, nil)
			continue
		}
		items = append(items, p.value(s.elem, gaps))
	}
	return items
}

func (p payloads) whole(t reflect.Type) int64 {
	signed := t.Kind() >= reflect.Int && t.Kind() <= reflect.Int64
	v := pick(p.Rand, wholes)
	if !p.full && p.IntN(12) == 0 {
		v = math.MaxInt64
		if t.Bits() < 64 {
			v = 1<<t.Bits() - 1
			if signed {
				v >>= 1
			}
		}
		if signed && p.IntN(2) == 0 {
			v = -v - 1
		}
	}
	if !signed && v < 0 {
		v = -v
	}
	return v
}

// input decodes a payload into the struct that the rules read. A missing field
// is sometimes written as null, or as empty where that means the same.
func (p payloads) input(payload map[string]any) (*In, error) {
	wire := map[string]any{}
	for _, f := range inShape.fields {
		v, ok := payload[f.name]
		if ok || f.embedded == "" && p.IntN(2) == 0 {
			wire[f.name] = v
		}
		if empty := map[kind]any{text: "", list: []any{}}[f.shape.kind]; !ok && f.emptyIsOut && f.embedded == "" && empty != nil && p.IntN(2) == 0 {
			wire[f.name] = empty
		}
	}
	encoded, err := json.Marshal(wire)
	if err != nil {
		return nil, err
	}
	in := new(In)
	return in, json.Unmarshal(encoded, in)
}

func random(seed, stream int) *rand.Rand {
	return rand.New(rand.NewPCG(uint64(seed), uint64(stream)))
}
