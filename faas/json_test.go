package faas_test

import (
	"context"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
)

// What cannot be encoded is the function's fault, whatever it is.
func TestResultsThatCannotBeTold(t *testing.T) {
	t.Parallel()
	loop := map[string]any{}
	loop["self"] = loop
	for name, c := range map[string]struct {
		result any
		code   faas.Code
	}{
		"a function":         {func() {}, faas.CodeBadResult},
		"a channel":          {make(chan int), faas.CodeBadResult},
		"not a number":       {math.NaN(), faas.CodeBadResult},
		"a circle":           {loop, faas.CodeBadResult},
		"deep":               {nest(events.MaxDepth + 1), faas.CodeBadResult},
		"far too deep":       {nest(5_000), faas.CodeBadResult},
		"huge":               {strings.Repeat("x", events.MaxSize), faas.CodeBadResult},
		"no JSON":            {json.RawMessage("{"), faas.CodeBadResult},
		"methods that panic": {rude{}, faas.CodeCrashed},
		"a typed nil":        {(*rude)(nil), ""},
		"nothing":            {nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := built(func(string, []byte) (body, error) {
				return func(context.Context, object) (any, error) { return c.result, nil }, nil
			})
			config.Functions = []faas.Function{faas.On(single, "in_go", func(context.Context, object) (any, error) { return c.result, nil })}
			rt := laboratory(t, config)
			deployed(t, rt, faas.Draft{Name: "built"})
			for _, event := range []string{"single", "tenfold"} {
				for range 100 {
					results, err := rt.Invoke(t.Context(), event, events.Envelope{})
					if c.code == "" {
						require.NoError(t, err)
						require.Equal(t, "null", string(results[0].Value))
						continue
					}
					require.Equal(t, c.code, codeOf(t, err))
					require.Empty(t, results)
					require.Less(t, len(err.Error()), 500)
				}
			}
		})
	}
}

// Rude is a type whose own JSON methods panic.
type rude struct {
	Name string `json:"name"`
}

func (rude) MarshalJSON() ([]byte, error) { panic(secret) }
func (*rude) UnmarshalJSON([]byte) error  { panic(secret) }

func TestTypesWhoseJSONMethodsPanic(t *testing.T) {
	t.Parallel()
	type object struct {
		Inner *rude `json:"inner"`
	}
	decodes := events.Define[object, events.Ignored](events.Spec{ID: "decodes", Limit: 1})
	encodes := events.Define[events.Object, object](events.Spec{ID: "encodes", Limit: 1})
	registry, err := events.NewRegistry(decodes, encodes)
	require.NoError(t, err)
	rt, err := faas.New(faas.Config{Registry: registry, Functions: []faas.Function{
		faas.On(decodes, "d", func(context.Context, events.Event[object]) (events.Ignored, error) {
			return events.Ignored{}, nil
		}),
		faas.On(encodes, "e", func(context.Context, events.Event[events.Object]) (object, error) {
			return object{Inner: &rude{}}, nil
		}),
	}})
	require.NoError(t, err)
	for _, id := range []string{"decodes", "encodes"} {
		_, err := rt.Invoke(t.Context(), id, envelopeOf(`{"inner": {"name": "x"}}`))
		assert.Equal(t, faas.CodeCrashed, failed(t, err).Code)
		assert.NotContains(t, err.Error(), secret)
	}
}
