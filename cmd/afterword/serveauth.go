package main

import (
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/afterword-go/afterword/faas/gateway"
	"github.com/afterword-go/afterword/internal/nearest"
)

// auth takes how callers prove who they are.
func (c *configFile) auth(s *settings) setter {
	return func(n *yaml.Node) {
		s.auth = &gateway.Auth{}
		signed := false
		c.group(map[string]setter{
			"keys": c.file(func(_ string, data []byte) (err error) {
				s.auth.Keys, err = gateway.ParseKeys(data)
				return err
			}),
			"issuer":     c.text(&s.auth.Issuer),
			"rolesClaim": c.text(&s.auth.RolesClaim),
			"tokenLife":  c.duration(&s.auth.TokenLife),
			"sign": func(n *yaml.Node) {
				signed = true
				c.signer(&s.auth.Signer)(n)
			},
			"clients": c.list(func(n *yaml.Node) { c.client(n, s) }),
		})(n)
		if len(s.auth.Clients) > 0 && !signed {
			key, err := ownKey()
			if err != nil {
				c.fault(n, "auth.sign: %v", err)
			}
			s.auth.Signer = key
		}
	}
}

// ownKey is a key that nobody else has: tokens signed with it end with the
// process.
func ownKey() (gateway.Key, error) {
	var secret [32]byte
	var id [8]byte
	_, _ = rand.Read(secret[:]) // it never fails
	_, _ = rand.Read(id[:])
	return gateway.SecretKey("process-"+hex.EncodeToString(id[:]), secret[:])
}

// signer takes the key that tokens of clients are signed with.
func (c *configFile) signer(to *gateway.Key) setter {
	return func(n *yaml.Node) {
		var id, secret string
		var private crypto.Signer
		before := len(c.problems)
		c.group(map[string]setter{
			"id": c.text(&id),
			"secretFile": c.secret(func(_, text string) error {
				secret = text
				return nil
			}),
			"keyFile": c.file(func(_ string, data []byte) (err error) {
				private, err = privateKey(data)
				return err
			}),
		})(n)
		var err error
		switch {
		case len(c.problems) > before:
			return
		case (secret == "") == (private == nil):
			err = errors.New("takes a secretFile (for HS256) or a keyFile (for RS256 or ES256)")
		case secret != "":
			*to, err = gateway.SecretKey(id, []byte(secret))
		default:
			*to, err = gateway.PrivateKey(id, private)
		}
		if err != nil {
			c.fault(n, "auth.sign: %v", err)
		}
	}
}

// privateKey reads a PEM file.
func privateKey(data []byte) (crypto.Signer, error) {
	block, _ := pem.Decode(data)
	if block == nil {
		return nil, errors.New("holds no private key in PEM")
	}
	for _, parse := range []func([]byte) (any, error){
		x509.ParsePKCS8PrivateKey,
		func(der []byte) (any, error) { return x509.ParsePKCS1PrivateKey(der) },
		func(der []byte) (any, error) { return x509.ParseECPrivateKey(der) },
	} {
		if key, err := parse(block.Bytes); err == nil {
			if signer, ok := key.(crypto.Signer); ok {
				return signer, nil
			}
		}
	}
	return nil, errors.New("holds no RSA or P-256 private key in PEM")
}

// client takes one who may fetch tokens.
func (c *configFile) client(n *yaml.Node, s *settings) {
	var one gateway.Client
	var inline, fromFile, file string
	before := len(c.problems)
	c.group(map[string]setter{
		"id":     c.text(&one.ID),
		"secret": c.text(&inline),
		"secretFile": c.secret(func(path, secret string) error {
			file, fromFile = path, secret
			return nil
		}),
		"roles": c.list(c.scalar(func(n *yaml.Node) error {
			role, err := roleOf(n.Value)
			one.Roles = append(one.Roles, role)
			return err
		})),
	})(n)
	if len(c.problems) > before {
		return
	}
	if one.Secret = inline + fromFile; (inline == "") == (fromFile == "") {
		c.fault(n, "a client takes a secretFile, or else a secret")
	}
	if one.ID == "" || len(one.Roles) == 0 {
		c.fault(n, "a client takes an id and roles")
	}
	if mayInvoke(one.Roles) {
		one.Scopes = []string{gateway.InvokeScope}
		if file != "" && s.guest.id == "" {
			s.guest = guest{one.ID, file}
		}
	}
	s.auth.Clients = append(s.auth.Clients, one)
}

var roles = [...]gateway.Role{gateway.Admin, gateway.Developer, gateway.Invocation}

func mayInvoke(has []gateway.Role) bool {
	return slices.Contains(has, gateway.Developer) || slices.Contains(has, gateway.Invocation)
}

// roleOf is the role with a name.
func roleOf(name string) (gateway.Role, error) {
	var names []string
	for _, r := range roles {
		if name == string(r) {
			return r, nil
		}
		names = append(names, string(r))
	}
	hint := "roles are " + strings.Join(names, ", ")
	if known, ok := nearest.To(name, slices.Values(names)); ok {
		hint = "did you mean " + known + "?"
	}
	return "", fmt.Errorf("unknown role %.60q (%s)", name, hint)
}
