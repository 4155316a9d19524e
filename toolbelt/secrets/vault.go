package secrets

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/afterword-go/afterword/internal/folder"
)

// A Vault keeps secrets: what an operator has. New and Open make one; the zero
// Vault is a closed one. It may be used by several goroutines at once.
//
// A Vault does not give values; who makes functions gives them a Client.
type Vault struct {
	files    *folder.Folder // nil: in memory
	identity Identity

	changing sync.Mutex // held by whoever changes the vault
	// held are the secrets by key. The map is replaced, and never changed. Nil:
	// the vault is closed.
	held atomic.Pointer[map[string]secret]
}

// A secret is what a vault keeps under a key.
type secret struct {
	Info
	value Value
}

func newSecret(key string, kind Type, value string) secret {
	return secret{Info{key, kind, time.Now().UTC().Round(0)}, valueOf(value)}
}

// New makes an empty vault in memory.
func New() *Vault {
	v := &Vault{}
	v.held.Store(&map[string]secret{})
	return v
}

// Open opens the vault in the folder at a path, which it makes with mode 0700 if
// it is missing; its parent must be there. Close the vault after use.
//
// The error says that another process uses the folder, or that the file of the
// folder is damaged or encrypted for another identity. Then the file is as it
// was.
func Open(path string, identity Identity) (*Vault, error) {
	if identity.keys == nil {
		return nil, errors.New("identity: is empty: read one with ReadIdentity")
	}
	files, err := folder.Open(path)
	if err != nil {
		return nil, err
	}
	held, err := load(files, identity)
	if err != nil {
		return nil, errors.Join(err, files.Close())
	}
	v := &Vault{files: files, identity: identity}
	v.held.Store(&held)
	return v, nil
}

func load(files *folder.Folder, identity Identity) (map[string]secret, error) {
	data, err := files.Read(fileName, maxFile)
	if errors.Is(err, fs.ErrNotExist) {
		return map[string]secret{}, nil
	}
	if err != nil {
		return nil, err
	}
	held, err := unseal(data, identity)
	if err != nil {
		return nil, files.Fault(fileName, err)
	}
	return held, nil
}

// Create makes a secret. The error tells all that is not valid, with ErrInvalid;
// or it is ErrExists, that of the context or os.ErrClosed, or says that the vault
// is full or the change could not be written.
func (v *Vault) Create(ctx context.Context, key string, kind Type, value string) error {
	if err := check(key, kind, value); err != nil {
		return err
	}
	return v.change(ctx, func(all map[string]secret) error {
		if _, ok := all[key]; ok {
			return about(key, ErrExists)
		}
		if len(all) == maxSecrets {
			return about(key, fmt.Errorf("the vault has %d secrets; remove one first", maxSecrets))
		}
		all[key] = newSecret(key, kind, value)
		return nil
	})
}

// Replace gives a secret another value, and a type that may be another one. The
// error is as that of Create, but ErrNotFound where there is no such secret.
func (v *Vault) Replace(ctx context.Context, key string, kind Type, value string) error {
	if err := check(key, kind, value); err != nil {
		return err
	}
	return v.change(ctx, func(all map[string]secret) error {
		if _, ok := all[key]; !ok {
			return missing(key, maps.Keys(all))
		}
		all[key] = newSecret(key, kind, value)
		return nil
	})
}

// Delete removes a secret for good. The error is as that of Replace.
func (v *Vault) Delete(ctx context.Context, key string) error {
	if err := checkKey(key); err != nil {
		return err
	}
	return v.change(ctx, func(all map[string]secret) error {
		if _, ok := all[key]; !ok {
			return missing(key, maps.Keys(all))
		}
		delete(all, key)
		return nil
	})
}

// List tells of all secrets, by key, without their values. The error is
// os.ErrClosed.
func (v *Vault) List() ([]Info, error) {
	held, err := v.ready(context.Background())
	if err != nil {
		return nil, err
	}
	return infos(held), nil
}

func infos(all map[string]secret) []Info {
	list := make([]Info, 0, len(all))
	for _, s := range all {
		list = append(list, s.Info)
	}
	slices.SortFunc(list, func(a, b Info) int { return strings.Compare(a.Key, b.Key) })
	return list
}

// Close gives the folder up, after the change under way. Calls after it fail with
// os.ErrClosed, but for Close, which does nothing.
func (v *Vault) Close() error {
	v.changing.Lock()
	defer v.changing.Unlock()
	v.held.Store(nil)
	if v.files == nil {
		return nil
	}
	return v.files.Close()
}

// ready gives what the vault holds, if it can be asked.
func (v *Vault) ready(ctx context.Context) (map[string]secret, error) {
	held := v.held.Load()
	if held == nil {
		return nil, fmt.Errorf("vault: %w", os.ErrClosed)
	}
	return *held, ctx.Err()
}

// change edits what the vault holds, and keeps it. What could not be kept does
// not count.
func (v *Vault) change(ctx context.Context, edit func(all map[string]secret) error) error {
	v.changing.Lock()
	defer v.changing.Unlock()
	held, err := v.ready(ctx)
	if err != nil {
		return err
	}
	next := maps.Clone(held)
	if err := edit(next); err != nil {
		return err
	}
	if v.files != nil {
		data, err := seal(next, v.identity)
		if err != nil {
			return v.files.Fault(fileName, err)
		}
		if err := v.files.Write(fileName, data); err != nil {
			return err
		}
	}
	v.held.Store(&next)
	return nil
}
