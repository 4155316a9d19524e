package folder

import (
	"bytes"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"
)

// Format is the format of the files of records.
const Format = 1

const maxFile = 16 << 20 // bytes of a file of a record

// A Form says how records are written as JSON files:
//
//	{
//	  "format": 1,
//	  "<noun>": { the fields of the record }
//	}
//
// Another format will tell of another form. A file may have no fields but these,
// no field twice, and no more than 16 MiB.
type Form[T any] struct {
	// Noun says what a record is: "function", say. Errors use it.
	Noun string
	// Wrap gives what is written for a record, with Format.
	Wrap func(T) any
	// Unwrap reads what Wrap gave, with these options.
	Unwrap func([]byte, ...json.Options) (T, error)
	// Key gives the ID and the revision of a record.
	Key func(T) (id string, revision int64)
	// Clone gives a record that shares nothing with this one.
	Clone func(T) T
	// Conflict is the error of a change of another revision than there is.
	Conflict error
}

// revision is that of the record with an ID among those that are held: 0 if there
// is none.
func (f Form[T]) revision(held map[string]T, id string) int64 {
	record, ok := held[id]
	if !ok {
		return 0
	}
	_, revision := f.Key(record)
	return revision
}

// clones are copies of all records that are held, in any order.
func (f Form[T]) clones(held map[string]T) []T {
	all := make([]T, 0, len(held))
	for _, record := range held {
		all = append(all, f.Clone(record))
	}
	return all
}

// isID says whether an ID may be the name of a file: no other name of the same
// file may be one, whatever the file system takes for equal.
func isID(id string) bool {
	u, err := uuid.Parse(id)
	return err == nil && u.String() == id
}

// Encode makes a file, which Decode can read.
func (f Form[T]) Encode(record T) ([]byte, error) {
	data, err := json.Marshal(f.Wrap(record), jsontext.WithIndent("  "))
	if err != nil {
		return nil, errors.New("cannot be written as JSON: keep to texts in UTF-8 and to years of four digits")
	}
	if data = append(data, '\n'); len(data) > maxFile {
		return nil, fmt.Errorf("would have %d bytes; keep the %s to %d", len(data), f.Noun, maxFile)
	}
	return data, nil
}

// Decode reads the record with an ID from a file. The error quotes nothing of
// the file.
func (f Form[T]) Decode(file, id string, data []byte) (none T, err error) {
	var head struct {
		Format int `json:"format"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return none, f.malformed(file, data, err)
	}
	if head.Format != Format {
		return none, fmt.Errorf("%s: has format %d, and this version reads %d: open it with the version that wrote it", file, head.Format, Format)
	}
	record, err := f.Unwrap(data, json.RejectUnknownMembers(true))
	if err != nil {
		return none, f.malformed(file, data, err)
	}
	have, revision := f.Key(record)
	if have != id {
		return none, fmt.Errorf("%s: holds another %s than its name says: give it back its name", file, f.Noun)
	}
	if revision < 1 {
		return none, fmt.Errorf("%s: has no revision from 1 on: put back a copy of it, or move it elsewhere", file)
	}
	return record, nil
}

// malformed says where a file cannot be read.
func (f Form[T]) malformed(file string, data []byte, err error) error {
	what, offset := "is not JSON", int64(0)
	if broken := (*jsontext.SyntacticError)(nil); errors.As(err, &broken) {
		offset = broken.ByteOffset
	} else if other := (*json.SemanticError)(nil); errors.As(err, &other) {
		what, offset = "is not a "+f.Noun+", or one of a later version", other.ByteOffset
	}
	before := data[:min(max(offset, 0), int64(len(data)))]
	line := bytes.Count(before, []byte("\n")) + 1
	column := utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:]) + 1
	return fmt.Errorf("%s:%d:%d: %s: put back a copy of it, or move it elsewhere", file, line, column, what)
}
