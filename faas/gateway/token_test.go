package gateway_test

import (
	"crypto/ecdsa"
	"crypto/rsa"
	"encoding/json"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/faas"
	"github.com/afterword-go/afterword/faas/gateway"
)

const (
	tokenPath    = "/sentinel" + base + "/app/token"
	clientSecret = "a secret of the chat"
)

func chatClient() gateway.Client {
	return gateway.Client{ID: "chat", Secret: clientSecret, Scopes: []string{gateway.InvokeScope, "other"}}
}

// issuing makes a gateway that gives out tokens.
func issuing(t testing.TB, signer gateway.Key) *gateway.Handler {
	t.Helper()
	deployer := gateway.Client{ID: "deployer", Secret: "another secret here", Roles: []gateway.Role{gateway.Developer}}
	return handler(t, runtime(t, faas.On(command, "echo", echo)), gateway.Config{Auth: &gateway.Auth{
		Signer: signer, Keys: []gateway.Key{signer}, Clients: []gateway.Client{chatClient(), deployer}, Issuer: "here",
	}})
}

func fetch(h *gateway.Handler, form url.Values) *httptest.ResponseRecorder {
	return ask(h, "POST", tokenPath+"?v=2.0", form.Encode(), "Content-Type", "application/x-www-form-urlencoded")
}

func credentials(changes ...string) url.Values {
	form := url.Values{"grant_type": {"client_credentials"}, "scope": {""}, "client_id": {"chat"}, "client_secret": {clientSecret}}
	for i := 0; i < len(changes); i += 2 {
		form.Set(changes[i], changes[i+1])
	}
	return form
}

// A client fetches a token, as each of the platform's clients does, and may
// invoke with it, whatever it is signed with.
func TestFetchToken(t *testing.T) {
	t.Parallel()
	for name, signer := range map[string]gateway.Key{
		"HS256": must[gateway.Key](t)(gateway.SecretKey("", secret)),
		"RS256": must[gateway.Key](t)(gateway.PrivateKey("rs", must[*rsa.PrivateKey](t)(rsaKey()))),
		"ES256": must[gateway.Key](t)(gateway.PrivateKey("es", must[*ecdsa.PrivateKey](t)(ecKey()))),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := issuing(t, signer)
			inForm := fetch(h, credentials())
			inQuery := ask(h, "POST", tokenPath+"?v=2.0&"+credentials().Encode(), "", "Content-Type", "")
			for _, c := range []struct {
				w      *httptest.ResponseRecorder
				fields []string
			}{{inForm, []string{"access_token", "token_type", "expires_in"}}, {inQuery, []string{"access_token", "token_type"}}} {
				require.Equal(t, 200, c.w.Code, c.w.Body.String())
				assert.Equal(t, "no-store", c.w.Header().Get("Cache-Control"))
				var body map[string]any
				require.NoError(t, json.Unmarshal(c.w.Body.Bytes(), &body))
				var fields []string
				for field := range body {
					fields = append(fields, field)
				}
				assert.ElementsMatch(t, c.fields, fields)
				assert.Equal(t, "Bearer", body["token_type"])
				token := body["access_token"].(string)
				invoked := ask(h, "POST", base+"/events/conversational_command/invoke", envelope, "Authorization", "Bearer "+token)
				assert.Equal(t, 200, invoked.Code, invoked.Body.String())
				changed := ask(h, "POST", base+"/functions", "{}", "Authorization", "Bearer "+token)
				assert.Equal(t, 403, changed.Code)
			}
		})
	}
}

// What a token says, and how long it lasts.
func TestTokenContent(t *testing.T) {
	t.Parallel()
	signer := must[gateway.Key](t)(gateway.SecretKey("hs", secret))
	synctest.Test(t, func(t *testing.T) {
		h := issuing(t, signer)
		w := fetch(h, credentials("client_id", "deployer", "client_secret", "another secret here"))
		var body struct {
			Token     string `json:"access_token"`
			ExpiresIn int    `json:"expires_in"`
		}
		require.NoError(t, json.Unmarshal(w.Body.Bytes(), &body))
		assert.Equal(t, 3600, body.ExpiresIn)
		said := jwt.MapClaims{}
		parsed, _, err := jwt.NewParser().ParseUnverified(body.Token, said)
		require.NoError(t, err)
		assert.Equal(t, "hs", parsed.Header["kid"])
		assert.NotEmpty(t, said["jti"])
		delete(said, "jti")
		now := float64(time.Now().Unix())
		assert.Equal(t, jwt.MapClaims{
			"aud": account, "sub": "deployer", "azp": "deployer", "scope": "", "roles": []any{"FaaS-Developer"}, "iss": "here",
			"iat": now, "exp": now + 3600,
		}, said)
		list := func() int { return ask(h, "GET", base+"/functions", "", "Authorization", "Bearer "+body.Token).Code }
		assert.Equal(t, 200, list())
		time.Sleep(time.Hour + 29*time.Second)
		assert.Equal(t, 200, list())
		time.Sleep(2 * time.Second)
		assert.Equal(t, 401, list())
	})
}

// A client gets no scope that it does not have, and as few as it asks for.
func TestTokenScopes(t *testing.T) {
	t.Parallel()
	h := issuing(t, must[gateway.Key](t)(gateway.SecretKey("hs", secret)))
	w := fetch(h, credentials("scope", "other"))
	var body struct {
		Token string `json:"access_token"`
	}
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &body))
	assert.Equal(t, 403, ask(h, "GET", base+"/functions", "", "Authorization", "Bearer "+body.Token).Code)
}

// A client may have no more than it had when the gateway was made.
func TestClientsStay(t *testing.T) {
	t.Parallel()
	scopes := []string{"other"}
	signer := must[gateway.Key](t)(gateway.SecretKey("hs", secret))
	h := handler(t, runtime(t), gateway.Config{Auth: &gateway.Auth{
		Signer: signer, Clients: []gateway.Client{{ID: "chat", Secret: clientSecret, Scopes: scopes}},
	}})
	scopes[0] = gateway.InvokeScope
	assert.Equal(t, 400, fetch(h, credentials("scope", gateway.InvokeScope)).Code)
	assert.Equal(t, 200, fetch(h, credentials("scope", "other")).Code)
}

func TestNoToken(t *testing.T) {
	t.Parallel()
	h := issuing(t, must[gateway.Key](t)(gateway.SecretKey("hs", secret)))
	wrongClient := [3]string{"invalid_client", "the client_id or the client_secret is wrong", "Bearer"}
	twice := credentials()
	twice.Add("client_id", "deployer")
	for name, c := range map[string]struct {
		form   url.Values
		status int
		told   [3]string // the error, its description, and the challenge
	}{
		"wrong secret":      {credentials("client_secret", "another secret here"), 401, wrongClient},
		"no secret":         {credentials("client_secret", ""), 401, wrongClient},
		"unknown client":    {credentials("client_id", "nobody"), 401, wrongClient},
		"nobody":            {credentials("client_id", "", "client_secret", ""), 401, wrongClient},
		"other grant":       {credentials("grant_type", "password"), 400, [3]string{"unsupported_grant_type", "the grant_type must be client_credentials", ""}},
		"no grant":          {url.Values{"client_id": {"chat"}}, 400, [3]string{"unsupported_grant_type", "the grant_type must be client_credentials", ""}},
		"a scope too much":  {credentials("scope", "other secret"), 400, [3]string{"invalid_scope", "the client may not have all of these scopes", ""}},
		"two clients":       {twice, 400, [3]string{"invalid_request", "client_id is given twice; send it once", ""}},
		"secret of another": {credentials("client_id", "deployer"), 401, wrongClient},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inQuery := ask(h, "POST", tokenPath+"?"+c.form.Encode(), "", "Content-Type", "")
			for _, w := range []*httptest.ResponseRecorder{fetch(h, c.form), inQuery} {
				require.Equal(t, c.status, w.Code)
				var body map[string]string
				require.NoError(t, json.Unmarshal(w.Body.Bytes(), &body))
				assert.Equal(t, map[string]string{"error": c.told[0], "error_description": c.told[1]}, body)
				assert.Equal(t, c.told[2], w.Header().Get("WWW-Authenticate"))
			}
		})
	}
	asJSON := ask(h, "POST", tokenPath, `{"grant_type":"client_credentials"}`)
	assert.Equal(t, 400, asJSON.Code)
	assert.Contains(t, asJSON.Body.String(), "invalid_request")
	assert.Equal(t, 400, ask(h, "POST", tokenPath, "a=%zz", "Content-Type", "application/x-www-form-urlencoded").Code)
	assert.Equal(t, 413, ask(h, "POST", tokenPath, strings.Repeat("a", 4<<10+1), "Content-Type", "application/x-www-form-urlencoded").Code)
	assert.Equal(t, 405, ask(h, "GET", tokenPath, "").Code)
	for _, none := range []*gateway.Handler{open(t), guarded(t)} {
		checkError(t, fetch(none, credentials()), false, 404, "", "no tokens are given out here")
	}
	w := ask(h, "POST", strings.Replace(tokenPath, account, "1", 1), credentials().Encode(), "Content-Type", "application/x-www-form-urlencoded")
	assert.Equal(t, 404, w.Code)
}
