package secrets

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"filippo.io/age"
)

// The bounds of an identity file.
const (
	maxIdentityFile = 64 << 10 // bytes
	maxFaults       = 5        // lines that are told of
)

// An Identity opens vaults, and makes the files of those that it has opened.
// ReadIdentity, ParseIdentity and NewIdentity give one; the zero Identity opens
// nothing. It shows nothing of its keys, and may be used by several goroutines at
// once.
type Identity struct {
	keys func() []key // a function for the reason that Value has one; not empty
}

// A key is one line of an identity file.
type key struct {
	identity  age.Identity
	recipient age.Recipient
}

// ReadIdentity reads an identity file, as age-keygen or NewIdentity makes it. On
// Unix, nobody but its owner may be able to read or write it. The error tells
// each line that is no identity, and quotes none. It quotes the path, unless that
// holds a secret key.
func ReadIdentity(path string) (identity Identity, err error) {
	if strings.Contains(strings.ToUpper(path), "AGE-SECRET-KEY-") {
		return Identity{}, errors.New("identity: is a secret key, and not the path of a file with one: put it into a file that nobody else may read")
	}
	f, err := os.Open(path)
	if err != nil {
		return Identity{}, fault(path, err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return Identity{}, fault(path, err)
	}
	if others := info.Mode().Perm() & 0o077; others != 0 && runtime.GOOS != "windows" && !info.IsDir() {
		return Identity{}, fmt.Errorf("%s: has mode %04o, which opens it to others: run chmod 600 %s", path, info.Mode().Perm(), path)
	}
	text, err := io.ReadAll(io.LimitReader(f, maxIdentityFile+1))
	if err != nil {
		return Identity{}, fault(path, err)
	}
	return parse(path, string(text))
}

// ParseIdentity reads the text of an identity file, for those who have it from
// somewhere else. The error is as that of ReadIdentity.
func ParseIdentity(text string) (Identity, error) { return parse("identity", text) }

// NewIdentity makes an identity, and a file at a path for it, with mode 0600. It
// refuses to replace a file. The identity is one of X25519, as age-keygen makes
// it.
func NewIdentity(path string) (Identity, error) {
	made, err := age.GenerateX25519Identity()
	if err != nil {
		return Identity{}, fmt.Errorf("make an identity: %w", err)
	}
	text := fmt.Sprintf("# created: %s\n# public key: %s\n%s\n", time.Now().UTC().Format(time.RFC3339), made.Recipient(), made)
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return Identity{}, fault(path, err)
	}
	_, err = io.WriteString(f, text)
	if err == nil {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = syncFolder(filepath.Dir(path))
	}
	if err != nil {
		return Identity{}, errors.Join(fault(path, err), os.Remove(path))
	}
	return ParseIdentity(text)
}

// syncFolder makes a new file of a folder last, where the system can do that: a
// power cut must not take the identity and leave what was encrypted for it.
func syncFolder(path string) error {
	if runtime.GOOS == "windows" || runtime.GOOS == "plan9" {
		return nil
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// fault is an error of a file, with its path once and in front.
func fault(path string, err error) error {
	if inner := (*os.PathError)(nil); errors.As(err, &inner) {
		err = inner.Err
	}
	return fmt.Errorf("%s: %w", path, err)
}

// parse reads the text of an identity file; the place is for errors.
func parse(place, text string) (Identity, error) {
	if len(text) > maxIdentityFile {
		return Identity{}, fmt.Errorf("%s: has more than %d KiB: it is no identity file", place, maxIdentityFile>>10)
	}
	switch start := strings.TrimSpace(text); {
	case strings.HasPrefix(start, "age-encryption.org/"), strings.HasPrefix(start, "-----BEGIN AGE"):
		return Identity{}, fmt.Errorf("%s: is encrypted: decrypt it first, for passphrases are not asked for here", place)
	case strings.HasPrefix(start, "-----BEGIN"):
		return Identity{}, fmt.Errorf("%s: is a key for something else, such as SSH: make an identity with age-keygen", place)
	}
	var keys []key
	var faults []error
	number := 0
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		k, err := parseKey(line)
		if err == nil {
			keys = append(keys, k)
			continue
		}
		faults = append(faults, fmt.Errorf("%s:%d: %w", place, number, err))
		if len(faults) == maxFaults {
			break
		}
	}
	if len(faults) > 0 {
		return Identity{}, errors.Join(faults...)
	}
	if len(keys) == 0 {
		return Identity{}, fmt.Errorf("%s: has no identity: make one with age-keygen", place)
	}
	return Identity{func() []key { return keys }}, nil
}

// parseKey reads a line. What age says of one is left out, for it may tell
// characters of the key.
func parseKey(line string) (key, error) {
	switch {
	case strings.HasPrefix(line, "AGE-SECRET-KEY-1"):
		if identity, err := age.ParseX25519Identity(line); err == nil {
			return key{identity, identity.Recipient()}, nil
		}
		return key{}, errors.New("is a secret key with a mistake in it: copy it again")
	case strings.HasPrefix(line, "AGE-SECRET-KEY-PQ-1"):
		if identity, err := age.ParseHybridIdentity(line); err == nil {
			return key{identity, identity.Recipient()}, nil
		}
		return key{}, errors.New("is a secret key with a mistake in it: copy it again")
	case strings.HasPrefix(line, "AGE-PLUGIN-"):
		return key{}, errors.New("is an identity of a plugin, which cannot be used here: make one with age-keygen")
	case strings.HasPrefix(line, "age1"):
		return key{}, errors.New("is a public key: give the file with the secret one, which begins with AGE-SECRET-KEY-")
	}
	return key{}, errors.New("is no identity of age, which begins with AGE-SECRET-KEY-")
}
