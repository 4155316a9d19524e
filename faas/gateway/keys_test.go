package gateway_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/faas/gateway"
)

func b64(data []byte) string { return base64.RawURLEncoding.EncodeToString(data) }

// keySet is a set with one key of each kind, and some that are for others.
func keySet(t testing.TB) string {
	t.Helper()
	private, curve := must[*rsa.PrivateKey](t)(rsaKey()), must[*ecdsa.PrivateKey](t)(ecKey())
	point := must[[]byte](t)(curve.PublicKey.Bytes())
	return fmt.Sprintf(`{"keys":[
		{"kty":"oct","kid":"hs","alg":"HS256","k":%q},
		{"kty":"RSA","kid":"rs","use":"sig","n":%q,"e":"AQAB"},
		{"kty":"EC","kid":"es","crv":"P-256","x":%q,"y":%q,"unknown":1},
		{"kty":"OKP","crv":"Ed25519","x":"AA"}, {"kty":"RSA","use":"enc"}, {"kty":"RSA","alg":"RS512"}, {"kty":"EC","crv":"P-384"}
	]}`, b64(secret), b64(private.N.Bytes()), b64(point[1:33]), b64(point[33:]))
}

// A key set verifies what its keys sign.
func TestParseKeys(t *testing.T) {
	t.Parallel()
	parsed, err := gateway.ParseKeys([]byte(keySet(t)))
	require.NoError(t, err)
	require.Len(t, parsed, 3)
	h := handler(t, runtime(t), gateway.Config{Auth: &gateway.Auth{Keys: parsed}})
	private, curve := must[*rsa.PrivateKey](t)(rsaKey()), must[*ecdsa.PrivateKey](t)(ecKey())
	for _, token := range []string{
		hs(t), signed(t, jwt.SigningMethodRS256, "rs", private, claims()), signed(t, jwt.SigningMethodES256, "es", curve, claims()),
	} {
		assert.Equal(t, 200, ask(h, "GET", base+"/functions", "", "Authorization", "Bearer "+token).Code)
	}
	// The public key is no secret.
	forged := signed(t, jwt.SigningMethodHS256, "rs", private.N.Bytes(), claims())
	assert.Equal(t, 401, ask(h, "GET", base+"/functions", "", "Authorization", "Bearer "+forged).Code)
}

func TestParseKeysRefuses(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("A", 2048)
	for set, want := range map[string]string{
		``:                         `key set: is no JSON of the form {"keys": […]}`,
		`{"keys":{}}`:              `key set: is no JSON of the form {"keys": […]}`,
		`{}`:                       "key set: has no key for HS256, RS256 or ES256 signatures",
		`{"keys":[{"kty":"OKP"}]}`: "key set: has no key for HS256, RS256 or ES256 signatures",
		`{"keys":[{"kty":"oct","alg":"HS512","k":"AA"}]}`:                                           "key set: has no key for HS256, RS256 or ES256 signatures",
		`{"keys":[{"kty":"oct","kid":"a","k":"AAAA"}]}`:                                             `key set: key 1: key "a": the secret must have at least 32 bytes`,
		`{"keys":[{"kty":"oct","k":"!"}]}`:                                                          "key set: key 1: a part is missing, or not in base64url",
		`{"keys":[{"kty":"OKP"},{"kty":"RSA"}]}`:                                                    "key set: key 2: a part is missing, or not in base64url\na part is missing, or not in base64url",
		`{"keys":[{"kty":"RSA","n":"` + long + `","e":"AQABAQAB"}]}`:                                "key set: key 1: the modulus or the exponent is too large",
		`{"keys":[{"kty":"RSA","n":"` + long + `","e":"AQAB"}]}`:                                    "key set: key 1: the modulus or the exponent is too large",
		`{"keys":[{"kty":"RSA","n":"AAAA","e":"AQAB"}]}`:                                            `key set: key 1: key "": an RSA key must have 2048 to 8192 bits, and an odd exponent from 3`,
		`{"keys":[{"kty":"EC","crv":"P-256","x":"AA"}]}`:                                            "key set: key 1: a part is missing, or not in base64url",
		`{"keys":[{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}]}`:                                   "key set: key 1: a coordinate of P-256 must have 32 bytes",
		`{"keys":[{"kty":"EC","crv":"P-256","x":"` + b64(secret) + `","y":"` + b64(secret) + `"}]}`: "key set: key 1: is no point of P-256",
		`{"keys":[` + strings.Repeat(`{},`, 100) + `{}]}`:                                           "key set: has more than 100 keys",
		strings.Repeat(" ", 256<<10+1):                                                              "key set: is larger than 256 KiB",
	} {
		_, err := gateway.ParseKeys([]byte(set))
		require.EqualError(t, err, want)
	}
}

func TestKeysRefuse(t *testing.T) {
	t.Parallel()
	private, curve := must[*rsa.PrivateKey](t)(rsaKey()), must[*ecdsa.PrivateKey](t)(ecKey())
	wide := must[*ecdsa.PrivateKey](t)(ecdsa.GenerateKey(elliptic.P384(), rand.Reader))
	_, edwards, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	even := &rsa.PublicKey{N: private.N, E: 4}
	short := &rsa.PublicKey{N: big.NewInt(1<<62 + 1), E: 3}
	const badRSA = `key "k": an RSA key must have 2048 to 8192 bits, and an odd exponent from 3`
	for _, c := range []struct {
		key  crypto.PublicKey
		want string
	}{
		{even, badRSA},
		{short, badRSA},
		{(*rsa.PublicKey)(nil), badRSA},
		{&rsa.PublicKey{}, badRSA},
		{&wide.PublicKey, `key "k": an elliptic key must lie on P-256`},
		{(*ecdsa.PublicKey)(nil), `key "k": an elliptic key must lie on P-256`},
		{edwards.Public(), `key "k": must be an *rsa.PublicKey or an *ecdsa.PublicKey`},
		{secret, `key "k": must be an *rsa.PublicKey or an *ecdsa.PublicKey`},
		{nil, `key "k": must be an *rsa.PublicKey or an *ecdsa.PublicKey`},
	} {
		_, err := gateway.PublicKey("k", c.key)
		require.EqualError(t, err, c.want)
	}
	for _, key := range []crypto.Signer{edwards, nil, (*rsa.PrivateKey)(nil), (*ecdsa.PrivateKey)(nil)} {
		_, err := gateway.PrivateKey("k", key)
		require.EqualError(t, err, `key "k": must be an *rsa.PrivateKey or an *ecdsa.PrivateKey`)
	}
	_, err = gateway.PrivateKey("k", wide)
	require.EqualError(t, err, `key "k": an elliptic key must lie on P-256`)
	_, err = gateway.SecretKey("k", secret[:31])
	require.EqualError(t, err, `key "k": the secret must have at least 32 bytes`)
	_, err = gateway.PrivateKey("k", curve)
	require.NoError(t, err)
}

// A key that is printed tells nothing.
func TestKeysAreSilent(t *testing.T) {
	t.Parallel()
	key := must[gateway.Key](t)(gateway.SecretKey("hs", secret))
	for _, format := range []string{"%v", "%+v", "%#v", "%s"} {
		assert.Equal(t, `key "hs" (HS256)`, fmt.Sprintf(format, key))
	}
}

// A secret is copied.
func TestSecretIsCopied(t *testing.T) {
	t.Parallel()
	own := []byte(strings.Clone(string(secret)))
	h := handler(t, runtime(t), gateway.Config{Auth: &gateway.Auth{Keys: []gateway.Key{must[gateway.Key](t)(gateway.SecretKey("hs", own))}}})
	clear(own)
	assert.Equal(t, 200, ask(h, "GET", base+"/functions", "", "Authorization", "Bearer "+hs(t)).Code)
}

// What is wrong with a config is told at once.
func TestNewRefuses(t *testing.T) {
	t.Parallel()
	key := must[gateway.Key](t)(gateway.SecretKey("hs", secret))
	public := must[gateway.Key](t)(gateway.PublicKey("rs", &must[*rsa.PrivateKey](t)(rsaKey()).PublicKey))
	for name, c := range map[string]struct {
		config gateway.Config
		want   string
	}{
		"nothing":       {gateway.Config{}, "account: must be 1 to 50 letters, digits, hyphens and underscores\nauth: is nil; say how callers prove who they are, or set NoAuth if only this machine can reach the gateway"},
		"both":          {gateway.Config{Account: "a", NoAuth: true, Auth: &gateway.Auth{Keys: []gateway.Key{key}}}, "auth: goes not with NoAuth; drop one of them"},
		"bounds":        {gateway.Config{Account: "a/b", NoAuth: true, Timeout: -1, Retries: gateway.Retries{Bytes: -1}}, "account: must be 1 to 50 letters, digits, hyphens and underscores\ntimeout: -1ns is negative; zero is 35s\nretries: a bound is negative; zero is the usual one"},
		"no keys":       {gateway.Config{Account: "a", Auth: &gateway.Auth{}}, "auth: has no keys; add those that tokens are signed with"},
		"empty key":     {gateway.Config{Account: "a", Auth: &gateway.Auth{Keys: []gateway.Key{key, {}}}}, "auth: key 2 is empty; make it with SecretKey, PrivateKey, PublicKey or ParseKeys"},
		"one key twice": {gateway.Config{Account: "a", Auth: &gateway.Auth{Keys: []gateway.Key{key, key}}}, "auth: key 2 has the ID and the algorithm of another one; give each its own ID"},
		"clients": {gateway.Config{Account: "a", Auth: &gateway.Auth{Keys: []gateway.Key{key}, Signer: public, TokenLife: -1, Clients: []gateway.Client{
			chatClient(), chatClient(), {ID: "short", Secret: "123456789012345"}, {Secret: clientSecret},
		}}}, "auth: client 2 must have an ID of its own, and a secret of at least 16 bytes\nauth: client 3 must have an ID of its own, and a secret of at least 16 bytes\nauth: client 4 must have an ID of its own, and a secret of at least 16 bytes\nauth: clients need a Signer made with SecretKey or PrivateKey\nauth: the life of tokens is negative; zero is 1 hour"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h, err := gateway.New(runtime(t), c.config)
			require.EqualError(t, err, c.want)
			assert.Nil(t, h)
		})
	}
	_, err := gateway.New(nil, gateway.Config{Account: "a", NoAuth: true})
	require.EqualError(t, err, "runtime: is nil")
}
