package secrets

import (
	"context"
	"fmt"
	"iter"

	"github.com/afterword-go/afterword/internal/nearest"
)

// A Client is what a function has of a vault: some secrets, to be read and
// updated, but neither made nor removed. Vault.For makes one. The zero Client may
// use no secret. It may be used by several goroutines at once.
type Client struct {
	vault *Vault
	keys  map[string]bool // those it may use
}

// For makes a client that may use the secrets with these keys and no others. They
// need not be there yet.
func (v *Vault) For(keys ...string) Client {
	c := Client{v, map[string]bool{}}
	for _, key := range keys {
		c.keys[key] = true
	}
	return c
}

// Read gives the value of a secret. The error is ErrInvalid for what is no key,
// ErrNotAllowed, ErrNotFound, that of the context or os.ErrClosed.
func (c Client) Read(ctx context.Context, key string) (Value, error) {
	if err := c.allow(key); err != nil {
		return Value{}, err
	}
	held, err := c.vault.ready(ctx)
	if err != nil {
		return Value{}, err
	}
	if _, ok := held[key]; !ok {
		return Value{}, missing(key, c.known(held))
	}
	return held[key].value, nil
}

// Update gives a secret another value, of the type that it has. The error is as
// that of Read; or ErrInvalid, if the value is too long or not of the type; or it
// says that the change could not be written, and the secret has its old value;
// if it says that this is not known, the next process may find the new one.
func (c Client) Update(ctx context.Context, key, value string) error {
	if err := c.allow(key); err != nil {
		return err
	}
	return c.vault.change(ctx, func(all map[string]secret) error {
		s, ok := all[key]
		if !ok {
			return missing(key, c.known(all))
		}
		if err := checkValue(key, s.Type, value); err != nil {
			return err
		}
		all[key] = newSecret(key, s.Type, value)
		return nil
	})
}

// allow tells whether the client may use a secret.
func (c Client) allow(key string) error {
	if err := checkKey(key); err != nil {
		return err
	}
	if !c.keys[key] {
		return about(key, ErrNotAllowed)
	}
	return nil
}

// known are the keys of secrets that the client may know of.
func (c Client) known(all map[string]secret) iter.Seq[string] {
	return func(yield func(string) bool) {
		for key := range c.keys {
			if _, ok := all[key]; ok && !yield(key) {
				return
			}
		}
	}
}

// missing says which key was probably meant by one that is unknown.
func missing(key string, among iter.Seq[string]) error {
	if meant, ok := nearest.To(key, among); ok {
		return about(key, fmt.Errorf("%w (did you mean %q?)", ErrNotFound, meant))
	}
	return about(key, ErrNotFound)
}
