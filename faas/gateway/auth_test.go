package gateway_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/faas"
	"github.com/afterword-go/afterword/faas/gateway"
)

// The keys of the tests.
var (
	secret = []byte("0123456789abcdef0123456789abcdef")
	rsaKey = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })
	ecKey  = sync.OnceValues(func() (*ecdsa.PrivateKey, error) { return ecdsa.GenerateKey(elliptic.P256(), rand.Reader) })
)

func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		require.NoError(t, err)
		return v
	}
}

// keys are one of each algorithm.
func keys(t testing.TB) []gateway.Key {
	t.Helper()
	private, curve := must[*rsa.PrivateKey](t)(rsaKey()), must[*ecdsa.PrivateKey](t)(ecKey())
	return []gateway.Key{
		must[gateway.Key](t)(gateway.SecretKey("hs", secret)),
		must[gateway.Key](t)(gateway.PublicKey("rs", &private.PublicKey)),
		must[gateway.Key](t)(gateway.PublicKey("es", &curve.PublicKey)),
	}
}

func guarded(t testing.TB) *gateway.Handler {
	t.Helper()
	rt := runtime(t, faas.On(command, "echo", echo))
	return handler(t, rt, gateway.Config{Auth: &gateway.Auth{Keys: keys(t), Issuer: "Sentinel"}})
}

// claims are those of a token that may invoke, with changes. A nil value takes a
// claim away.
func claims(changes ...any) jwt.MapClaims {
	c := jwt.MapClaims{
		"aud": account, "sub": "chat", "scope": "x faas.lambda.invoke", "iss": "Sentinel",
		"iat": time.Now().Unix(), "exp": time.Now().Add(time.Hour).Unix(),
	}
	for i := 0; i < len(changes); i += 2 {
		c[changes[i].(string)] = changes[i+1]
		if changes[i+1] == nil {
			delete(c, changes[i].(string))
		}
	}
	return c
}

// signed is a token; an empty kid is left out.
func signed(t testing.TB, method jwt.SigningMethod, kid string, key any, c jwt.MapClaims, header ...string) string {
	t.Helper()
	token := jwt.NewWithClaims(method, c)
	if kid != "" {
		token.Header["kid"] = kid
	}
	for i := 0; i < len(header); i += 2 {
		token.Header[header[i]] = []string{header[i+1]}
	}
	return must[string](t)(token.SignedString(key))
}

func hs(t testing.TB, changes ...any) string {
	t.Helper()
	return signed(t, jwt.SigningMethodHS256, "hs", secret, claims(changes...))
}

// Tokens that count.
func TestTokensThatCount(t *testing.T) {
	t.Parallel()
	h := guarded(t)
	private, curve := must[*rsa.PrivateKey](t)(rsaKey()), must[*ecdsa.PrivateKey](t)(ecKey())
	now := time.Now()
	for name, token := range map[string]string{
		"HS256":              hs(t),
		"RS256":              signed(t, jwt.SigningMethodRS256, "rs", private, claims()),
		"ES256":              signed(t, jwt.SigningMethodES256, "es", curve, claims()),
		"without kid":        signed(t, jwt.SigningMethodES256, "", curve, claims()),
		"list of audiences":  hs(t, "aud", []string{"other", account}),
		"just expired":       hs(t, "exp", now.Add(-10*time.Second).Unix()),
		"just not yet":       hs(t, "nbf", now.Add(10*time.Second).Unix()),
		"list of scopes":     hs(t, "scope", []string{"faas.lambda.invoke"}),
		"role":               hs(t, "scope", nil, "roles", "FaaS-Invocation"),
		"one of some roles":  hs(t, "scope", "", "roles", []any{1, "x", "FaaS-Developer"}),
		"no name, no matter": hs(t, "sub", nil),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, scheme := range []string{"Bearer ", "bearer "} {
				w := ask(h, "POST", base+"/events/conversational_command/invoke", envelope, "Authorization", scheme+token)
				assert.Equal(t, 200, w.Code, w.Body.String())
			}
		})
	}
}

// TestClocksThatAreOff has the clock of those who issue tokens be off by as much
// as may be, and by a second more.
func TestClocksThatAreOff(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h, now := guarded(t), time.Now()
		for _, c := range []struct {
			claim string
			at    time.Duration
			code  int
		}{
			{"exp", -29 * time.Second, 200},
			{"exp", -31 * time.Second, 401},
			{"nbf", 30 * time.Second, 200},
			{"nbf", 31 * time.Second, 401},
			{"iat", 30 * time.Second, 200},
			{"iat", 31 * time.Second, 401},
		} {
			w := ask(h, "POST", base+"/events/conversational_command/invoke", envelope, "Authorization", "Bearer "+hs(t, c.claim, now.Add(c.at).Unix()))
			assert.Equal(t, c.code, w.Code, "%s: %v: %s", c.claim, c.at, w.Body)
		}
	})
}

// Tokens that do not count, and why.
func TestTokensThatDoNotCount(t *testing.T) {
	t.Parallel()
	h := guarded(t)
	private, curve := must[*rsa.PrivateKey](t)(rsaKey()), must[*ecdsa.PrivateKey](t)(ecKey())
	other := must[*ecdsa.PrivateKey](t)(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	public := must[[]byte](t)(x509.MarshalPKIXPublicKey(&private.PublicKey))
	unsigned := signed(t, jwt.SigningMethodNone, "hs", jwt.UnsafeAllowNoneSignatureType, claims())
	good := hs(t)
	head, rest, _ := strings.Cut(good, ".")
	body, signature, _ := strings.Cut(rest, ".")
	forged := base64.RawURLEncoding.EncodeToString(must[[]byte](t)(json.Marshal(claims("aud", account, "roles", "FaaS-Developer"))))
	now := time.Now()
	const (
		noToken, noKey, badSignature = "it is not a JSON Web Token", "no key here goes with it", "its signature or algorithm is wrong"
	)
	for name, c := range map[string]struct{ token, reason string }{
		"none":                     {unsigned, badSignature},
		"none in capitals":         {strings.Replace(unsigned, strings.Split(unsigned, ".")[0], base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"NONE"}`)), 1), noKey},
		"none with signature":      {unsigned + signature, badSignature},
		"no signature":             {head + "." + body + ".", badSignature},
		"tampered":                 {head + "." + forged + "." + signature, badSignature},
		"signature cut":            {good[:len(good)-3], badSignature},
		"signature with more":      {good + "AAAA", badSignature},
		"four parts":               {good + ".x", noToken},
		"no token":                 {"secret", noToken},
		"nothing":                  {"", noToken},
		"public key as secret":     {signed(t, jwt.SigningMethodHS256, "rs", public, claims()), noKey},
		"modulus as secret":        {signed(t, jwt.SigningMethodHS256, "rs", private.N.Bytes(), claims()), noKey},
		"public key, other kid":    {signed(t, jwt.SigningMethodHS256, "hs", public, claims()), badSignature},
		"public key, no kid":       {signed(t, jwt.SigningMethodHS256, "", public, claims()), badSignature},
		"other algorithm, RSA":     {signed(t, jwt.SigningMethodRS512, "rs", private, claims()), badSignature},
		"PSS":                      {signed(t, jwt.SigningMethodPS256, "rs", private, claims()), badSignature},
		"other algorithm, secret":  {signed(t, jwt.SigningMethodHS512, "hs", secret, claims()), badSignature},
		"key of another algorithm": {signed(t, jwt.SigningMethodES256, "rs", curve, claims()), noKey},
		"unknown kid":              {signed(t, jwt.SigningMethodHS256, "secret", secret, claims()), noKey},
		"somebody else's key":      {signed(t, jwt.SigningMethodES256, "es", other, claims()), badSignature},
		"critical":                 {signed(t, jwt.SigningMethodHS256, "hs", secret, claims(), "crit", "exp"), noKey},
		"expired":                  {hs(t, "exp", now.Add(-time.Minute).Unix()), "it has expired"},
		"without end":              {hs(t, "exp", nil), "a claim is missing"},
		"end is text":              {hs(t, "exp", "tomorrow"), "it cannot be read"},
		"not yet":                  {hs(t, "nbf", now.Add(2*time.Minute).Unix()), "its time has not come yet"},
		"of the future":            {hs(t, "iat", now.Add(2*time.Minute).Unix()), "its time has not come yet"},
		"other account":            {hs(t, "aud", "87654321"), "it is for another account"},
		"no audience":              {hs(t, "aud", nil), "a claim is missing"},
		"other issuer":             {hs(t, "iss", "secret"), "it is of another issuer"},
		"no issuer":                {hs(t, "iss", nil), "a claim is missing"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := ask(h, "POST", base+"/events/conversational_command/invoke", envelope, "Authorization", "Bearer "+c.token)
			checkError(t, w, false, 401, "", "the token does not count: "+c.reason)
			assert.Equal(t, `Bearer error="invalid_token"`, w.Header().Get("WWW-Authenticate"))
		})
	}
	for name, header := range map[string]string{
		"basic": "Basic " + good, "DPoP": "DPoP " + good, "bare": good, "long": "Bearer " + strings.Repeat("a", 8<<10+1),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := ask(h, "GET", base+"/lambdas?v=1", "", "Authorization", header)
			checkError(t, w, true, 401, "", "the header Authorization must be one bearer token of at most 8 KiB")
			assert.Equal(t, "Bearer", w.Header().Get("WWW-Authenticate"))
		})
	}
	r := newRequest(t, "GET", base+"/functions")
	r.Header["Authorization"] = []string{"Bearer " + good, "Bearer " + good}
	checkError(t, serve(h, r), false, 401, "", "the header Authorization must be one bearer token of at most 8 KiB")
	w := ask(h, "GET", base+"/lambdas", "")
	checkError(t, w, true, 401, "", "the header Authorization is missing: send a bearer token")
	assert.Equal(t, "Bearer", w.Header().Get("WWW-Authenticate"))
}

// Two keys of one algorithm make a token without a name of its key ambiguous.
func TestAmbiguousKey(t *testing.T) {
	t.Parallel()
	two := must[gateway.Key](t)(gateway.SecretKey("two", []byte(strings.Repeat("2", 32))))
	h := handler(t, runtime(t), gateway.Config{Auth: &gateway.Auth{Keys: append(keys(t), two)}})
	token := signed(t, jwt.SigningMethodHS256, "", secret, claims())
	assert.Equal(t, 401, ask(h, "GET", base+"/functions", "", "Authorization", "Bearer "+token).Code)
	assert.Equal(t, 200, ask(h, "GET", base+"/functions", "", "Authorization", "Bearer "+hs(t)).Code)
}

// What each role may do: A for Admin, D for Developer, I for Invocation. It is
// the same as the permission table of the platform's documentation.
func TestRoles(t *testing.T) {
	t.Parallel()
	h := guarded(t)
	may := map[string]string{
		"POST /lambdas/{uuid}/invoke":       "DI",
		"POST /events/{event}/invoke":       "DI",
		"GET /events/{event}/isImplemented": "DI",
		"GET /lambdas":                      "ADI",
		"GET /lambdas/{uuid}":               "ADI",
		"POST /lambdas":                     "D",
		"PUT /lambdas/{uuid}":               "D",
		"DELETE /lambdas/{uuid}":            "D",
		"GET /functions":                    "ADI",
		"GET /functions/count":              "ADI",
		"GET /functions/{uuid}":             "ADI",
		"POST /functions":                   "D",
		"PUT /functions/{uuid}":             "D",
		"PUT /functions/{uuid}/manifest":    "D",
		"DELETE /functions/{uuid}":          "D",
		"POST /functions/{uuid}/test":       "D",
		"GET /deployments":                  "ADI",
		"GET /deployments/count":            "ADI",
		"GET /deployments/{uuid}":           "ADI",
		"POST /deployments/{uuid}":          "D",
		"PATCH /deployments/{uuid}":         "D",
		"DELETE /deployments/{uuid}":        "D",
		"POST /deployments/{uuid}/rollback": "D",
		"GET /schedules":                    "ADI",
		"POST /schedules":                   "AD",
		"GET /schedules/{uuid}":             "ADI",
		"PUT /schedules/{uuid}":             "AD",
		"DELETE /schedules/{uuid}":          "AD",
		"GET /events":                       "ADI",
		"GET /runtimes":                     "ADI",
		"GET /logs/export":                  "D",
		"GET /functions/{uuid}/logs/export": "D",
		"GET /reports/invocations/{uuid}":   "ADI",
		"GET /reports/limitCounts":          "ADI",
		"GET /reports/lambdaCounts":         "ADI",
		"GET /reports/invocationCounts":     "ADI",
	}
	assert.ElementsMatch(t, gateway.RouteNames(), slices.Collect(maps.Keys(may)))
	roles := map[string]string{"A": "FaaS-Admin", "D": "FaaS-Developer", "I": "FaaS-Invocation", "-": "faas-developer"}
	for route, allowed := range may {
		method, path, _ := strings.Cut(route, " ")
		path = base + strings.NewReplacer("{uuid}", "x", "{event}", "x").Replace(path)
		assert.Equal(t, 401, ask(h, method, path, "{}").Code, route)
		for letter, role := range roles {
			w := ask(h, method, path, "{}", "Authorization", "Bearer "+hs(t, "scope", "faas.lambda.invoker", "roles", role))
			if strings.Contains(allowed, letter) {
				assert.NotContains(t, []int{401, 403}, w.Code, "%s as %s", route, role)
				continue
			}
			require.Equal(t, 403, w.Code, "%s as %s", route, role)
			assert.Equal(t, `Bearer error="insufficient_scope"`, w.Header().Get("WWW-Authenticate"))
			assert.Contains(t, w.Body.String(), "the token has no role or scope for this")
		}
		scope := ask(h, method, path, "{}", "Authorization", "Bearer "+hs(t)) // as the role Invocation
		assert.Equal(t, strings.Contains(allowed, "I"), scope.Code != 403, route)
		elsewhere := ask(h, method, strings.Replace(path, account, "87654321", 1), "{}", "Authorization", "Bearer "+hs(t, "roles", "FaaS-Developer"))
		assert.Equal(t, 403, elsewhere.Code, route)
	}
}

// Without authentication, no page in a browser can have the gateway for its own
// origin.
func TestHosts(t *testing.T) {
	t.Parallel()
	h := open(t)
	for host, status := range map[string]int{
		"localhost": 200, "LOCALHOST:80": 200, "127.0.0.1": 200, "127.0.0.1:80": 200, "[::1]": 200, "[::1]:80": 200, "10.1.2.3": 200, "": 200,
		"example.com": 403, "example.com:80": 403, "localhost.example.com": 403, "1.2.3.4.example.com": 403, "a:b:c": 403,
	} {
		r := newRequest(t, "GET", base+"/functions")
		r.Host = host
		w := serve(h, r)
		require.Equal(t, status, w.Code, host)
		if status == 403 {
			checkError(t, w, false, 403, "", "without authentication the host must be localhost or an IP address")
		}
	}
	r := newRequest(t, "GET", base+"/functions")
	r.Host = "example.com"
	r.Header.Set("Authorization", "Bearer "+hs(t))
	assert.Equal(t, 200, serve(guarded(t), r).Code)
}

// Roles may be in another claim, and records name who changed them.
func TestRolesClaimAndActor(t *testing.T) {
	t.Parallel()
	rt := runtime(t)
	var seen gateway.Exchange
	h := handler(t, rt, gateway.Config{
		Auth:    &gateway.Auth{Keys: keys(t), RolesClaim: "groups"},
		Observe: func(_ context.Context, e gateway.Exchange) { seen = e },
	})
	body := `{"name":"f","eventId":"conversational_command"}`
	refused := ask(h, "POST", base+"/functions", body, "Authorization", "Bearer "+hs(t, "roles", "FaaS-Developer"))
	assert.Equal(t, 403, refused.Code)
	for claim, who := range map[string]string{"sub": "ann", "azp": "bob", "client_id": "cat"} {
		token := hs(t, "sub", nil, "groups", []string{"FaaS-Developer"}, claim, who)
		w := ask(h, "POST", base+"/functions", strings.Replace(body, `"f"`, `"`+who+`"`, 1), "Authorization", "Bearer "+token)
		require.Equal(t, 200, w.Code, w.Body.String())
		assert.Contains(t, w.Body.String(), `"createdBy":"`+who+`"`)
		assert.Equal(t, who, seen.Caller)
	}
	assert.Equal(t, http.StatusOK, seen.Status)
}

// What a schedule gives its function may be personal: those who may not schedule
// do not see it.
func TestPayloadsOfSchedules(t *testing.T) {
	t.Parallel()
	h := guarded(t)
	as := func(role string) []string { return []string{"Authorization", "Bearer " + hs(t, "roles", role)} }
	var all []struct{ UUID string }
	require.NoError(t, json.Unmarshal(ask(h, "GET", base+"/functions", "", as("FaaS-Developer")...).Body.Bytes(), &all))
	w := ask(h, "POST", base+"/schedules", `{"functionUuid": "`+all[0].UUID+`", "cronExpression": "0 6 * * *", "invocationBody": {"headers": {"who": "Ann"}, "payload": {"conversationId": "4711"}}}`, as("FaaS-Admin")...)
	require.Equal(t, 200, w.Code, w.Body.String())
	var made struct{ ID string }
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &made))
	for _, path := range []string{"/schedules", "/schedules/" + made.ID} {
		for role, sees := range map[string]bool{"FaaS-Admin": true, "FaaS-Developer": true, "FaaS-Invocation": false} {
			body := ask(h, "GET", base+path, "", as(role)...).Body.String()
			assert.Contains(t, body, "0 6 * * *", role)
			for _, secret := range []string{"Ann", "4711", "invocationBody"} {
				assert.Equal(t, sees, strings.Contains(body, secret), "%s as %s", path, role)
			}
		}
	}
}
