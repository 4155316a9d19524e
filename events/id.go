package events

import (
	"encoding/json"

	"github.com/go-json-experiment/json/jsontext"
)

// An ID is an identifier of the platform: of a session, a visitor, a campaign,
// a skill and so on.
//
// The wire sends identifiers as numbers or as text, and its documents do not
// agree which. An ID keeps every digit as it was written: 37607275.23 and a
// number of twenty digits lose nothing, and 1e3 stays "1e3". The number 5 and
// the text "5" are the same ID. It is encoded as text. The empty ID is absent.
type ID string

// UnmarshalJSON reads text or a number.
func (id *ID) UnmarshalJSON(data []byte) error {
	raw := jsontext.Value(data)
	switch raw.Kind() {
	case '"':
		var text string
		if err := json.Unmarshal(data, &text); err != nil {
			return err
		}
		*id = ID(text)
	case '0':
		*id = ID(data)
	case 'n':
	default:
		return mismatch("must be text or a number")
	}
	return nil
}
