package secrets

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"time"

	"filippo.io/age"
	"github.com/go-json-experiment/json"
)

const (
	fileName = "secrets.age"
	format   = 1 // of what is in the file
	// maxFile bounds the file, in bytes. A full vault of control characters, of
	// six bytes each in JSON, is smaller.
	maxFile = 64 << 20
)

// A content is what the file has, before it is encrypted.
type content struct {
	Format  int     `json:"format"`
	Secrets []entry `json:"secrets"`
}

// An entry is a secret in the file.
type entry struct {
	Info
	Value string `json:"value"`
}

// seal makes the file, which unseal can read.
func seal(all map[string]secret, identity Identity) ([]byte, error) {
	plain, err := encode(all)
	if err != nil {
		return nil, err
	}
	var sealed bytes.Buffer
	w, err := age.Encrypt(&sealed, identity.keys()[0].recipient)
	if err != nil {
		return nil, fmt.Errorf("encrypt: %w", err)
	}
	if _, err := w.Write(plain); err != nil {
		return nil, fmt.Errorf("encrypt: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("encrypt: %w", err)
	}
	return sealed.Bytes(), nil
}

// unseal reads the file. The error quotes nothing of it.
func unseal(data []byte, identity Identity) (map[string]secret, error) {
	var identities []age.Identity
	for _, key := range identity.keys() {
		identities = append(identities, key.identity)
	}
	r, err := age.Decrypt(bytes.NewReader(data), identities...)
	if other := (*age.NoIdentityMatchError)(nil); errors.As(err, &other) {
		return nil, errors.New("is encrypted for another identity, or damaged: give the identity that it was written with, or put back a copy of it")
	}
	var plain []byte
	if err == nil {
		plain, err = io.ReadAll(r)
	}
	if err != nil {
		return nil, errors.New("is damaged, or no file of age: put back a copy of it")
	}
	return decode(plain)
}

func encode(all map[string]secret) ([]byte, error) {
	c := content{Format: format, Secrets: []entry{}}
	for _, info := range infos(all) {
		c.Secrets = append(c.Secrets, entry{info, all[info.Key].value.Reveal()})
	}
	data, err := json.Marshal(c)
	if err != nil {
		return nil, errors.New("cannot be written as JSON: set the clock to a year of four digits")
	}
	return data, nil
}

// errContent is for a file that was encrypted well, and by something else.
var errContent = errors.New("holds something else than the secrets of a vault: put back a copy of it")

// decode reads what was in the file. It takes what encode makes, and else only
// other blanks and another order of members.
func decode(plain []byte) (map[string]secret, error) {
	var head struct {
		Format int `json:"format"`
	}
	if err := json.Unmarshal(plain, &head); err != nil {
		return nil, errContent
	}
	if head.Format != format {
		return nil, fmt.Errorf("has format %d, and this version reads %d: open it with the version that wrote it", head.Format, format)
	}
	var c content
	if err := json.Unmarshal(plain, &c, json.RejectUnknownMembers(true)); err != nil {
		return nil, errContent
	}
	if len(c.Secrets) > maxSecrets {
		return nil, errContent
	}
	all, last := make(map[string]secret, len(c.Secrets)), ""
	for _, s := range c.Secrets {
		s.UpdatedAt = s.UpdatedAt.UTC()
		if check(s.Key, s.Type, s.Value) != nil || s.Key <= last || !isTime(s.UpdatedAt) {
			return nil, errContent
		}
		all[s.Key], last = secret{s.Info, valueOf(s.Value)}, s.Key
	}
	return all, nil
}

// isTime tells whether a time is there, and can be written again.
func isTime(t time.Time) bool { return !t.IsZero() && t.Year() >= 1 && t.Year() <= 9999 }
