package gateway

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"

	"github.com/afterword-go/afterword/faas"
)

// A Client may fetch tokens with its secret.
type Client struct {
	ID     string
	Secret string   // at least 16 bytes; let it be random
	Scopes []string // that its tokens may have; see InvokeScope
	Roles  []Role   // that its tokens have
}

// The bounds of clients and tokens.
const (
	minClientSecret  = 16
	maxTokenBody     = 4 << 10
	defaultTokenLife = time.Hour
)

// An issuer gives out tokens.
type issuer struct {
	clients    map[string]Client
	signer     Key
	life       time.Duration
	name       string // the claim iss
	rolesClaim string
}

// newIssuer makes what gives out tokens: nil if there are no clients.
func newIssuer(auth Auth, rolesClaim string) (*issuer, error) {
	if len(auth.Clients) == 0 {
		return nil, nil
	}
	out := &issuer{clients: map[string]Client{}, signer: auth.Signer, life: auth.TokenLife, name: auth.Issuer, rolesClaim: rolesClaim}
	var faults []error
	for i, c := range auth.Clients {
		if _, twice := out.clients[c.ID]; twice || c.ID == "" || len(c.Secret) < minClientSecret {
			faults = append(faults, fmt.Errorf("auth: client %d must have an ID of its own, and a secret of at least %d bytes", i+1, minClientSecret))
		}
		c.Scopes, c.Roles = slices.Clone(c.Scopes), slices.Clone(c.Roles)
		out.clients[c.ID] = c
	}
	if out.signer.sign == nil {
		faults = append(faults, errors.New("auth: clients need a Signer made with SecretKey or PrivateKey"))
	}
	if out.life < 0 {
		faults = append(faults, errors.New("auth: the life of tokens is negative; zero is 1 hour"))
	}
	if out.life == 0 {
		out.life = defaultTokenLife
	}
	return out, errors.Join(faults...)
}

// A tokenBody is the answer with a token.
type tokenBody struct {
	AccessToken string `json:"access_token"`
	TokenType   string `json:"token_type"`
	ExpiresIn   int64  `json:"expires_in,omitempty"`
}

// token gives a token to a client (RFC 6749, section 4.4). One of the
// platform's clients sends a form, and the other one the same in the query,
// which takes no further fields in the answer than the first two.
func (h *Handler) token(req *request) (answer, error) {
	if h.auth == nil || h.auth.tokens == nil || req.PathValue("account") != h.account {
		return answer{}, &failure{status: http.StatusNotFound, message: "no tokens are given out here"}
	}
	form, queried, err := tokenForm(req)
	if err != nil {
		return answer{}, err
	}
	if form.Get("grant_type") != "client_credentials" {
		return answer{}, oauth(http.StatusBadRequest, "unsupported_grant_type", "the grant_type must be client_credentials")
	}
	client, ok := h.auth.tokens.client(form.Get("client_id"), form.Get("client_secret"))
	if !ok {
		return answer{}, oauth(http.StatusUnauthorized, "invalid_client", "the client_id or the client_secret is wrong")
	}
	req.caller.name = client.ID
	scopes, err := client.scopes(form.Get("scope"))
	if err != nil {
		return answer{}, err
	}
	body, err := h.auth.tokens.issue(client, scopes, h.account, time.Now())
	if err != nil {
		return answer{}, err
	}
	if queried {
		body.ExpiresIn = 0
	}
	return asJSON(http.StatusOK, body)
}

func oauth(status int, name, message string) *failure {
	f := &failure{status: status, code: faas.CodeBadInput, oauth: name, message: message}
	if status == http.StatusUnauthorized {
		f.header = challenge("Bearer")
	}
	return f
}

// tokenForm reads the fields of a request for a token: from the body, or from
// the query if the body is empty.
func tokenForm(req *request) (form url.Values, queried bool, err error) {
	body, err := req.read(maxTokenBody)
	if err != nil {
		return nil, false, err
	}
	form = maps.Clone(req.query)
	if len(body) > 0 {
		media, _, err := mime.ParseMediaType(req.Header.Get("Content-Type"))
		if err != nil || media != "application/x-www-form-urlencoded" {
			return nil, false, oauth(http.StatusBadRequest, "invalid_request", "the body must be application/x-www-form-urlencoded: say so in the header Content-Type")
		}
		if form, err = url.ParseQuery(string(body)); err != nil {
			return nil, false, oauth(http.StatusBadRequest, "invalid_request", "the body cannot be read: encode it as a form")
		}
	}
	for _, name := range []string{"grant_type", "client_id", "client_secret", "scope"} {
		if len(form[name]) > 1 {
			return nil, false, oauth(http.StatusBadRequest, "invalid_request", name+" is given twice; send it once")
		}
	}
	return form, len(body) == 0, nil
}

// client finds a client by its secret. How long it takes tells nothing of the
// secret, nor whether there is such a client.
func (t *issuer) client(id, secret string) (Client, bool) {
	client, known := t.clients[id]
	given, wanted := sha256.Sum256([]byte(secret)), sha256.Sum256([]byte(client.Secret))
	right := subtle.ConstantTimeCompare(given[:], wanted[:]) == 1
	return client, known && right
}

// scopes are those that a client asks for, or all that it may have.
func (c Client) scopes(wanted string) ([]string, error) {
	scopes := strings.Fields(wanted)
	if len(scopes) == 0 {
		return c.Scopes, nil
	}
	for _, s := range scopes {
		if !slices.Contains(c.Scopes, s) {
			return nil, oauth(http.StatusBadRequest, "invalid_scope", "the client may not have all of these scopes")
		}
	}
	return scopes, nil
}

// issue makes a token.
func (t *issuer) issue(client Client, scopes []string, account string, now time.Time) (tokenBody, error) {
	claims := jwt.MapClaims{
		"aud": account, "sub": client.ID, "azp": client.ID, "scope": strings.Join(scopes, " "), t.rolesClaim: client.Roles,
		"iat": now.Unix(), "exp": now.Add(t.life).Unix(), "jti": uuid.NewString(),
	}
	if t.name != "" {
		claims["iss"] = t.name
	}
	token := jwt.NewWithClaims(jwt.GetSigningMethod(t.signer.alg), claims)
	if t.signer.id != "" {
		token.Header["kid"] = t.signer.id
	}
	signed, err := token.SignedString(t.signer.sign)
	if err != nil {
		return tokenBody{}, err
	}
	return tokenBody{AccessToken: signed, TokenType: "Bearer", ExpiresIn: int64(t.life / time.Second)}, nil
}
