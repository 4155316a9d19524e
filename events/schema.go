package events

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"

	"github.com/afterword-go/afterword/internal/schema"
)

// Schema is the JSON Schema (draft 2020-12) of the payloads of a kind: what
// Decode accepts. Both spellings of a name are in it, numbers that may come as
// text, null for what is absent, and the bounds of the tag "validate"; a tag
// "schema" takes the place of "validate" where Decode accepts more than may be
// encoded. Unknown fields are allowed, since payloads may grow.
//
// Descriptions come from the tag "doc" of the fields, examples from the tag
// "example" or else from the kind's sample. A type with a JSON form of its own
// tells what it takes with a method JSONTypes() []string, such as "string" and
// "number"; without one, the schema lets anything pass there. Numbers of 64
// bits have no bounds of their own in it, and that the two spellings of a name
// must not differ is left to Decode.
//
// The text is indented, always in the same order, and ends with a line break.
// The error of a kind with faults is Err's.
func Schema(kind AnyKind) ([]byte, error) {
	if kind == nil {
		return nil, errors.New("there is no kind to make a schema of")
	}
	if err := kind.Err(); err != nil {
		return nil, err
	}
	b := schema.Builder{Special: special}
	root := b.Of(kind.PayloadType(), schema.Payload)
	root.Draft, root.Title, root.Description = schema.Draft, kind.Name(), kind.Description()
	if len(b.Resolve(root).Required) > 0 {
		root.Type = schema.Types{schema.Object}
	} else {
		root.OrNull()
	}
	sample, err := samplePayload(kind)
	if err != nil {
		return nil, err
	}
	b.Fill(root, sample)
	root.Defs = b.Defs()
	return root.Text()
}

// samplePayload is the payload of a kind's sample, nil without one.
func samplePayload(kind AnyKind) (payload any, err error) {
	if kind.Sample() == nil {
		return nil, nil
	}
	env, err := DecodeEnvelope(kind.Sample())
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(orEmpty(env.Payload)))
	decoder.UseNumber()
	err = decoder.Decode(&payload)
	return payload, err
}

// special is the schema of a Threshold, whose fields may be swapped; see
// quirks.go.
func special(t reflect.Type, plain *schema.Schema) *schema.Schema {
	if t != reflect.TypeFor[Threshold]() {
		return nil
	}
	time, units := plain.Properties.Find("time"), plain.Properties.Find("timeUnits")
	typed := func(time, units schema.Types) schema.Properties {
		return schema.Properties{{Name: "time", Schema: &schema.Schema{Type: time}}, {Name: "timeUnits", Schema: &schema.Schema{Type: units}}}
	}
	plain.AnyOf = []*schema.Schema{
		{Properties: typed(time.Type, units.Type)},
		{
			Properties: typed(schema.Types{schema.String}, schema.Types{schema.Integer}),
			Required:   []string{"time", "timeUnits"},
		},
	}
	time.Type, units.Type = nil, nil
	return plain
}

// JSONTypes tells what an ID may come as; see Schema.
func (ID) JSONTypes() []string { return []string{schema.String, schema.Number} }
