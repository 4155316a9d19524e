package gateway

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
)

// The algorithms that tokens may be signed with.
const (
	algHS256 = "HS256"
	algRS256 = "RS256"
	algES256 = "ES256"
)

// The bounds of keys.
const (
	minSecret = 32   // bytes
	minRSA    = 2048 // bits
	maxRSA    = 8192
	maxKeys   = 100
	maxKeySet = 256 << 10 // bytes
)

// A Key is one that tokens are signed with, and goes with one algorithm alone.
// The zero Key is none. It tells nothing of itself when it is printed.
type Key struct {
	id, alg string
	verify  any // what package jwt takes
	sign    any // nil: it cannot sign
}

// String gives the ID and the algorithm.
func (k Key) String() string { return fmt.Sprintf("key %q (%s)", k.id, k.alg) }

// GoString is String: a key is not to be printed.
func (k Key) GoString() string { return k.String() }

// SecretKey is a key for HS256: a secret of at least 32 bytes, which both sides
// know. The ID is what tokens name in "kid"; it may be empty.
func SecretKey(id string, secret []byte) (Key, error) {
	if len(secret) < minSecret {
		return Key{}, fmt.Errorf("key %q: the secret must have at least %d bytes", id, minSecret)
	}
	secret = bytes.Clone(secret)
	return Key{id: id, alg: algHS256, verify: secret, sign: secret}, nil
}

// PublicKey is a key that tokens are verified with: an *rsa.PublicKey of 2,048
// to 8,192 bits for RS256, or an *ecdsa.PublicKey on P-256 for ES256.
func PublicKey(id string, key crypto.PublicKey) (Key, error) {
	switch key := key.(type) {
	case *rsa.PublicKey:
		if key == nil || key.N == nil || key.N.BitLen() < minRSA || key.N.BitLen() > maxRSA || key.E < 3 || key.E%2 == 0 {
			return Key{}, fmt.Errorf("key %q: an RSA key must have %d to %d bits, and an odd exponent from 3", id, minRSA, maxRSA)
		}
		return Key{id: id, alg: algRS256, verify: key}, nil
	case *ecdsa.PublicKey:
		if key == nil || key.Curve != elliptic.P256() {
			return Key{}, fmt.Errorf("key %q: an elliptic key must lie on P-256", id)
		}
		if _, err := key.ECDH(); err != nil {
			return Key{}, fmt.Errorf("key %q: is no point of P-256", id)
		}
		return Key{id: id, alg: algES256, verify: key}, nil
	}
	return Key{}, fmt.Errorf("key %q: must be an *rsa.PublicKey or an *ecdsa.PublicKey", id)
}

// PrivateKey is a key that tokens are signed and verified with: an
// *rsa.PrivateKey or an *ecdsa.PrivateKey, as PublicKey takes them.
func PrivateKey(id string, key crypto.Signer) (Key, error) {
	switch key := key.(type) {
	case *rsa.PrivateKey:
		if key != nil {
			return signing(key)(PublicKey(id, &key.PublicKey))
		}
	case *ecdsa.PrivateKey:
		if key != nil {
			return signing(key)(PublicKey(id, &key.PublicKey))
		}
	}
	return Key{}, fmt.Errorf("key %q: must be an *rsa.PrivateKey or an *ecdsa.PrivateKey", id)
}

func signing(with any) func(Key, error) (Key, error) {
	return func(k Key, err error) (Key, error) {
		if err != nil {
			return Key{}, err
		}
		k.sign = with
		return k, nil
	}
}

// same says whether two keys are one.
func (k Key) same(other Key) bool {
	public, ok := k.verify.(interface{ Equal(crypto.PublicKey) bool })
	if ok {
		return k.id == other.id && k.alg == other.alg && public.Equal(other.verify)
	}
	mine, _ := k.verify.([]byte)
	theirs, _ := other.verify.([]byte)
	return k.id == other.id && k.alg == other.alg && bytes.Equal(mine, theirs)
}

// A jwk is a key as a key set has it (RFC 7517).
type jwk struct {
	Type  string `json:"kty"`
	ID    string `json:"kid"`
	Alg   string `json:"alg"`
	Use   string `json:"use"`
	N     string `json:"n"`
	E     string `json:"e"`
	Curve string `json:"crv"`
	X     string `json:"x"`
	Y     string `json:"y"`
	K     string `json:"k"`
}

// ParseKeys reads a JSON Web Key Set (RFC 7517) of at most 100 keys. Keys for
// other algorithms than HS256, RS256 and ES256, and those for other uses than
// signatures, are left out; if none is left, that is an error. Private parts
// are not read.
func ParseKeys(set []byte) ([]Key, error) {
	if len(set) > maxKeySet {
		return nil, fmt.Errorf("key set: is larger than %d KiB", maxKeySet>>10)
	}
	var listed struct {
		Keys []jwk `json:"keys"`
	}
	if err := json.Unmarshal(set, &listed); err != nil {
		return nil, errors.New("key set: is no JSON of the form {\"keys\": […]}")
	}
	if len(listed.Keys) > maxKeys {
		return nil, fmt.Errorf("key set: has more than %d keys", maxKeys)
	}
	var keys []Key
	var faults []error
	for i, k := range listed.Keys {
		if !k.serves() {
			continue
		}
		key, err := k.key()
		if err != nil {
			faults = append(faults, fmt.Errorf("key set: key %d: %w", i+1, err))
			continue
		}
		keys = append(keys, key)
	}
	if len(keys) == 0 && len(faults) == 0 {
		faults = append(faults, errors.New("key set: has no key for HS256, RS256 or ES256 signatures"))
	}
	return keys, errors.Join(faults...)
}

// serves says whether a key is for tokens.
func (k jwk) serves() bool {
	if k.Use != "" && k.Use != "sig" {
		return false
	}
	switch k.Type {
	case "oct":
		return k.Alg == "" || k.Alg == algHS256
	case "RSA":
		return k.Alg == "" || k.Alg == algRS256
	case "EC":
		return (k.Alg == "" || k.Alg == algES256) && k.Curve == "P-256"
	}
	return false
}

func (k jwk) key() (Key, error) {
	switch k.Type {
	case "oct":
		secret, err := part(k.K)
		if err != nil {
			return Key{}, err
		}
		return SecretKey(k.ID, secret)
	case "RSA":
		return k.rsa()
	}
	x, errX := part(k.X)
	y, errY := part(k.Y)
	if err := errors.Join(errX, errY); err != nil {
		return Key{}, err
	}
	const size = 32 // of a coordinate of P-256
	if len(x) != size || len(y) != size {
		return Key{}, fmt.Errorf("a coordinate of P-256 must have %d bytes", size)
	}
	point, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), append(append([]byte{4}, x...), y...))
	if err != nil {
		return Key{}, errors.New("is no point of P-256")
	}
	return PublicKey(k.ID, point)
}

func (k jwk) rsa() (Key, error) {
	n, errN := part(k.N)
	e, errE := part(k.E)
	if err := errors.Join(errN, errE); err != nil {
		return Key{}, err
	}
	if len(e) > 4 || len(n) > maxRSA/8+1 {
		return Key{}, errors.New("the modulus or the exponent is too large")
	}
	exponent := new(big.Int).SetBytes(e).Int64()
	return PublicKey(k.ID, &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(exponent)})
}

// part reads a number or a secret of a key.
func part(text string) ([]byte, error) {
	data, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(data) == 0 {
		return nil, errors.New("a part is missing, or not in base64url")
	}
	return data, nil
}
