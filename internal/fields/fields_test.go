package fields_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/internal/fields"
)

type base struct {
	Shared string `json:"shared"`
	Deep   *int   `json:"deep"`
}

type Left struct{ Twice int }

type Right struct{ Twice int }

type sample struct {
	base
	Left
	*Right
	Plain  string
	Named  int     `json:"named"`
	Empty  string  `json:"empty,omitempty"`
	Zero   float64 `json:"zero,omitzero"`
	Hidden string  `json:"-"`
	Dash   string  `json:"-,"` //lint:ignore SA5008 this is how a field is named "-"
	Shared bool    `json:"shared"`
}

func TestFieldsFollowEncodingJSON(t *testing.T) {
	got := map[string]fields.Field{}
	var order []string
	for _, f := range fields.Of(reflect.TypeFor[sample]()) {
		got[f.Name] = f
		order = append(order, f.Name)
	}
	assert.Equal(t, []string{"deep", "Plain", "named", "empty", "zero", "-", "shared"}, order)

	one := 1
	text, err := json.Marshal(sample{base: base{Deep: &one}, Right: &Right{}, Empty: "x", Zero: 1})
	require.NoError(t, err)
	var wire map[string]any
	require.NoError(t, json.Unmarshal(text, &wire))
	assert.Len(t, wire, len(got))
	for name := range wire {
		assert.Contains(t, got, name)
	}

	assert.Equal(t, reflect.Bool, got["shared"].Type.Kind(), "the shallowest field of a name wins")
	assert.Equal(t, []int{0, 1}, got["deep"].Index)
	for name, optional := range map[string]bool{"deep": true, "empty": true, "zero": true, "named": false, "Plain": false, "shared": false} {
		assert.Equal(t, optional, got[name].Optional, name)
	}
}

type recursive struct {
	*recursive //lint:ignore U1000 read by reflection
	Name       string
}

func TestAnEmbeddedTypeMayEmbedItself(t *testing.T) {
	require.Len(t, fields.Of(reflect.TypeFor[recursive]()), 1)
}
