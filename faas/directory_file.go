package faas

import (
	"bytes"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"
)

const (
	format  = 1        // of the files of a Directory
	maxFile = 16 << 20 // bytes of one of them
)

// A recordFile is what a file of a Directory holds.
type recordFile struct {
	Format   int    `json:"format"`
	Function Record `json:"function"`
}

// isID says whether an ID may be the name of a file: no other name of the same
// file may be one, whatever the file system takes for equal.
func isID(id string) bool {
	u, err := uuid.Parse(id)
	return err == nil && u.String() == id
}

// encodeRecord makes a file, which decodeRecord can read.
func encodeRecord(r Record) ([]byte, error) {
	data, err := json.Marshal(recordFile{format, r}, jsontext.WithIndent("  "))
	if err != nil {
		return nil, errors.New("cannot be written as JSON: keep to texts in UTF-8 and to years of four digits")
	}
	if data = append(data, '\n'); len(data) > maxFile {
		return nil, fmt.Errorf("would have %d bytes; keep the function to %d", len(data), maxFile)
	}
	return data, nil
}

// decodeRecord reads the record with an ID from a file. The error quotes
// nothing of the file.
func decodeRecord(file, id string, data []byte) (Record, error) {
	if len(data) > maxFile {
		return Record{}, fmt.Errorf("%s: has more than %d bytes: put back a copy of it, or move it elsewhere", file, maxFile)
	}
	var head struct {
		Format int `json:"format"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return Record{}, malformed(file, data, err)
	}
	if head.Format != format {
		return Record{}, fmt.Errorf("%s: has format %d, and this version reads %d: open it with the version that wrote it", file, head.Format, format)
	}
	var held recordFile
	if err := json.Unmarshal(data, &held, json.RejectUnknownMembers(true)); err != nil {
		return Record{}, malformed(file, data, err)
	}
	if held.Function.ID != id {
		return Record{}, fmt.Errorf("%s: holds another function than its name says: give it back its name", file)
	}
	if held.Function.Revision < 1 {
		return Record{}, fmt.Errorf("%s: has no revision from 1 on: put back a copy of it, or move it elsewhere", file)
	}
	return held.Function, nil
}

// malformed says where a file cannot be read.
func malformed(file string, data []byte, err error) error {
	what, offset := "is not JSON", int64(0)
	if broken := (*jsontext.SyntacticError)(nil); errors.As(err, &broken) {
		offset = broken.ByteOffset
	} else if other := (*json.SemanticError)(nil); errors.As(err, &other) {
		what, offset = "is not a function, or one of a later version", other.ByteOffset
	}
	before := data[:min(max(offset, 0), int64(len(data)))]
	line := bytes.Count(before, []byte("\n")) + 1
	column := utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:]) + 1
	return fmt.Errorf("%s:%d:%d: %s: put back a copy of it, or move it elsewhere", file, line, column, what)
}
