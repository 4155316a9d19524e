package events_test

import (
	"encoding/json"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
)

// marker is in every value that the leak test makes up.
const marker = "qzx77"

// spoil puts made-up values and keys into random places of a document.
func spoil(random *rand.Rand, v any) any {
	made := []any{
		marker, 7.7707e70,
		map[string]any{marker: marker},
		[]any{marker, map[string]any{marker: nil}},
		nil, true, json.Number("7770777"),
		json.RawMessage(`{"` + marker + `":1,"` + marker + `":"` + marker + `"}`), json.RawMessage(`"` + marker + `\ud800"`),
	}
	if random.IntN(5) == 0 {
		return made[random.IntN(len(made))]
	}
	switch v := v.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			v[key] = spoil(random, v[key])
		}
		if random.IntN(3) == 0 {
			v[marker] = marker
		}
	case []any:
		for i := range v {
			v[i] = spoil(random, v[i])
		}
	}
	return v
}

func TestErrorsNeverRepeatAValueOrAKey(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	failed := 0
	for kind := range events.Platform().All() {
		for range 300 {
			var document any
			require.NoError(t, json.Unmarshal(kind.Sample(), &document))
			data := asJSON(spoil(random, document))
			if random.IntN(10) == 0 {
				data = data[:random.IntN(len(data))+1]
			}
			env, err := events.DecodeEnvelope([]byte(data))
			if err != nil {
				failed++
				assert.NotContains(t, err.Error(), "qzx")
				assert.NotContains(t, err.Error(), "777")
				var whole struct{ Payload json.RawMessage }
				if json.Unmarshal([]byte(data), &whole) != nil {
					continue
				}
				env.Payload = whole.Payload
			}
			if _, err = kind.DecodeAny(env); err != nil {
				failed++
				assert.NotContains(t, err.Error(), "qzx")
				assert.NotContains(t, err.Error(), "777")
			}
		}
	}
	assert.Greater(t, failed, 2000)
}

// asJSON writes a document as it is, faults and all.
func asJSON(v any) string {
	switch v := v.(type) {
	case json.RawMessage:
		return string(v)
	case map[string]any:
		var parts []string
		for _, key := range slices.Sorted(maps.Keys(v)) {
			parts = append(parts, asJSON(key)+":"+asJSON(v[key]))
		}
		return "{" + strings.Join(parts, ",") + "}"
	case []any:
		var parts []string
		for _, inner := range v {
			parts = append(parts, asJSON(inner))
		}
		return "[" + strings.Join(parts, ",") + "]"
	}
	data, err := json.Marshal(v)
	if err != nil {
		return "null"
	}
	return string(data)
}
