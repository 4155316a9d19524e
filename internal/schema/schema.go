// Package schema makes JSON Schemas (draft 2020-12) of Go types. The packages
// events and rules describe payloads and rule files with it.
package schema

import (
	"bytes"
	"encoding/json"
	"slices"
)

// Draft is the dialect of the schemas.
const Draft = "https://json-schema.org/draft/2020-12/schema"

// The types of JSON values.
const (
	Null    = "null"
	Boolean = "boolean"
	Integer = "integer"
	Number  = "number"
	String  = "string"
	Array   = "array"
	Object  = "object"
)

// A Schema describes JSON values. The zero value takes any.
type Schema struct {
	Draft            string     `json:"$schema,omitempty"`
	Title            string     `json:"title,omitempty"`
	Description      string     `json:"description,omitempty"`
	Ref              string     `json:"$ref,omitempty"`
	Type             Types      `json:"type,omitempty"`
	Const            any        `json:"const,omitempty"`
	Enum             []any      `json:"enum,omitempty"`
	EnumDescriptions []string   `json:"enumDescriptions,omitempty"` // what editors show
	Format           string     `json:"format,omitempty"`
	Pattern          string     `json:"pattern,omitempty"`
	PatternMessage   string     `json:"patternErrorMessage,omitempty"` // what editors say
	MinLength        *int       `json:"minLength,omitempty"`
	MaxLength        *int       `json:"maxLength,omitempty"`
	Minimum          *float64   `json:"minimum,omitempty"`
	Maximum          *float64   `json:"maximum,omitempty"`
	ExclusiveMinimum *float64   `json:"exclusiveMinimum,omitempty"`
	ExclusiveMaximum *float64   `json:"exclusiveMaximum,omitempty"`
	Items            *Schema    `json:"items,omitempty"`
	MinItems         *int       `json:"minItems,omitempty"`
	MaxItems         *int       `json:"maxItems,omitempty"`
	Properties       Properties `json:"properties,omitempty"`
	Patterns         Properties `json:"patternProperties,omitempty"`
	Names            *Schema    `json:"propertyNames,omitempty"`
	Others           *Schema    `json:"additionalProperties,omitempty"` // nil takes any
	MinProperties    *int       `json:"minProperties,omitempty"`
	MaxProperties    *int       `json:"maxProperties,omitempty"`
	Required         []string   `json:"required,omitempty"`
	AllOf            []*Schema  `json:"allOf,omitempty"`
	AnyOf            []*Schema  `json:"anyOf,omitempty"`
	Not              *Schema    `json:"not,omitempty"`
	If               *Schema    `json:"if,omitempty"`
	Then             *Schema    `json:"then,omitempty"`
	Else             *Schema    `json:"else,omitempty"`
	Default          any        `json:"default,omitempty"`
	Examples         []any      `json:"examples,omitempty"`
	Defs             Properties `json:"$defs,omitempty"`

	nothing bool
}

// Nothing is the schema that no value fits.
func Nothing() *Schema { return &Schema{nothing: true} }

// To bounds something.
func To[T int | float64](bound T) *T { return &bound }

// MarshalJSON writes false for Nothing.
func (s *Schema) MarshalJSON() ([]byte, error) {
	if s.nothing {
		return []byte("false"), nil
	}
	type plain Schema
	return encode((*plain)(s))
}

// Types are the types that a value may have; none is any.
type Types []string

// MarshalJSON writes a single type without a list.
func (t Types) MarshalJSON() ([]byte, error) {
	if len(t) == 1 {
		return json.Marshal(t[0])
	}
	return json.Marshal([]string(t))
}

// Properties are schemas by name, in order.
type Properties []Property

// A Property is a schema with its name.
type Property struct {
	Name   string
	Schema *Schema
}

// Find gives the schema of a name, or nil.
func (p Properties) Find(name string) *Schema {
	i := slices.IndexFunc(p, func(q Property) bool { return q.Name == name })
	if i < 0 {
		return nil
	}
	return p[i].Schema
}

// MarshalJSON writes an object in the order of the properties.
func (p Properties) MarshalJSON() ([]byte, error) {
	out := []byte{'{'}
	for i, property := range p {
		if i > 0 {
			out = append(out, ',')
		}
		name, err := encode(property.Name)
		if err != nil {
			return nil, err
		}
		value, err := encode(property.Schema)
		if err != nil {
			return nil, err
		}
		out = append(append(append(out, name...), ':'), value...)
	}
	return append(out, '}'), nil
}

// encode writes JSON in which < and & stand as they are.
func encode(v any) ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(v)
	return bytes.TrimSpace(out.Bytes()), err
}

// Text writes a schema for people: indented, with a line break at the end.
func (s *Schema) Text() ([]byte, error) {
	data, err := encode(s)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := json.Indent(&out, data, "", "  "); err != nil {
		return nil, err
	}
	out.WriteByte('\n')
	return out.Bytes(), nil
}
