package gateway

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// A Role is what a caller may do (platform documentation).
type Role string

// The roles. Each may read what functions there are.
const (
	Admin      Role = "FaaS-Admin"      // schedules functions
	Developer  Role = "FaaS-Developer"  // changes, deploys, tries, schedules and invokes functions, and reads their logs
	Invocation Role = "FaaS-Invocation" // invokes functions
)

// InvokeScope is the scope of a token that may invoke functions, as the role
// Invocation may.
const InvokeScope = "faas.lambda.invoke"

// Auth says how callers prove who they are: with a JSON Web Token as bearer,
// whose audience is the account, and which has an end.
type Auth struct {
	// Keys are those that tokens may be signed with. There may be none only if
	// there is a Signer. They stay as long as the Handler: for others make
	// another one.
	Keys []Key
	// Issuer, if it is not empty, is the one that tokens must name.
	Issuer string
	// RolesClaim is the claim of a token that lists its roles. Empty is "roles".
	RolesClaim string
	// Clients may fetch tokens from the gateway. None: it gives out no tokens.
	Clients []Client
	// Signer signs the tokens for Clients; tokens signed with it are taken too.
	Signer Key
	// TokenLife is how long tokens for Clients last. Zero is 1 hour. The
	// platform's Node client fetches a new one for every call if it is less than
	// 30 minutes.
	TokenLife time.Duration
}

// leeway is how far the clocks of those who issue tokens may be off.
const leeway = 30 * time.Second

// maxToken bounds a token, in bytes.
const maxToken = 8 << 10

// A permission is what a route needs.
type permission uint8

// The permissions.
const (
	nothing    permission = iota
	toRead                // what functions there are
	toInvoke              // functions in service
	toChange              // functions, and to read their logs
	toSchedule            // functions
)

// roles that have a permission (platform documentation).
func (p permission) roles() []Role {
	switch p {
	case toInvoke:
		return []Role{Developer, Invocation}
	case toChange:
		return []Role{Developer}
	case toSchedule:
		return []Role{Admin, Developer}
	default:
		return []Role{Admin, Developer, Invocation}
	}
}

// A caller is who a token speaks for.
type caller struct {
	name   string
	issuer string // of the name, or the token itself if it names nobody
	roles  []Role
}

func (c caller) may(p permission) bool {
	return slices.ContainsFunc(p.roles(), func(r Role) bool { return slices.Contains(c.roles, r) })
}

// permit finds out who calls, and whether they may.
func (h *Handler) permit(req *request, p permission) error {
	if h.auth == nil && !nameless(req.Host) {
		return &failure{status: http.StatusForbidden, message: "without authentication the host must be localhost or an IP address"}
	}
	if h.auth != nil {
		who, err := h.auth.prove(req.Header.Values("Authorization"))
		if err != nil {
			return err
		}
		req.caller = who
	}
	if req.PathValue("account") != h.account {
		return &failure{status: http.StatusForbidden, message: "the account in the path is not the one that is served here"}
	}
	if h.auth != nil && !req.caller.may(p) {
		return &failure{
			status: http.StatusForbidden, message: "the token has no role or scope for this",
			header: challenge(`Bearer error="insufficient_scope"`),
		}
	}
	return nil
}

// nameless says whether a host is one that nobody's name can come to point to:
// a page in a browser could otherwise have this machine for its own origin.
func nameless(host string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = strings.Trim(host, "[]")
	}
	return name == "" || strings.EqualFold(name, "localhost") || net.ParseIP(name) != nil
}

func challenge(text string) http.Header { return http.Header{"Www-Authenticate": {text}} }

// A verifier looks at tokens.
type verifier struct {
	keys    []Key
	parser  *jwt.Parser
	roles   string // the claim
	account string
	tokens  *issuer // nil: gives out none
}

func newVerifier(auth Auth, account string) (*verifier, error) {
	v := &verifier{keys: slices.Clone(auth.Keys), roles: auth.RolesClaim, account: account}
	if v.roles == "" {
		v.roles = "roles"
	}
	if auth.Signer.alg != "" && !slices.ContainsFunc(v.keys, auth.Signer.same) {
		v.keys = append(v.keys, auth.Signer)
	}
	tokens, err := newIssuer(auth, v.roles)
	faults := append(keyFaults(v.keys), err)
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	v.tokens = tokens
	options := []jwt.ParserOption{
		jwt.WithValidMethods([]string{algHS256, algRS256, algES256}), jwt.WithAudience(account),
		jwt.WithExpirationRequired(), jwt.WithLeeway(leeway), jwt.WithIssuedAt(), jwt.WithStrictDecoding(),
	}
	if auth.Issuer != "" {
		options = append(options, jwt.WithIssuer(auth.Issuer))
	}
	v.parser = jwt.NewParser(options...)
	return v, nil
}

// keyFaults lists what is wrong with keys as a set.
func keyFaults(keys []Key) []error {
	if len(keys) == 0 {
		return []error{errors.New("auth: has no keys; add those that tokens are signed with")}
	}
	var faults []error
	for i, k := range keys {
		if k.alg == "" {
			faults = append(faults, fmt.Errorf("auth: key %d is empty; make it with SecretKey, PrivateKey, PublicKey or ParseKeys", i+1))
			continue
		}
		if slices.ContainsFunc(keys[:i], func(other Key) bool { return other.id == k.id && other.alg == k.alg }) {
			faults = append(faults, fmt.Errorf("auth: key %d has the ID and the algorithm of another one; give each its own ID", i+1))
		}
	}
	return faults
}

// prove finds out who calls.
func (v *verifier) prove(headers []string) (caller, error) {
	if len(headers) == 0 {
		return caller{}, &failure{status: http.StatusUnauthorized, message: "the header Authorization is missing: send a bearer token", header: challenge("Bearer")}
	}
	scheme, token, _ := strings.Cut(headers[0], " ")
	if len(headers) > 1 || !strings.EqualFold(scheme, "Bearer") || len(token) > maxToken {
		return caller{}, &failure{status: http.StatusUnauthorized, message: "the header Authorization must be one bearer token of at most 8 KiB", header: challenge("Bearer")}
	}
	claims := jwt.MapClaims{}
	if _, err := v.parser.ParseWithClaims(strings.TrimSpace(token), claims, v.key); err != nil {
		return caller{}, &failure{
			status: http.StatusUnauthorized, message: "the token does not count: " + reason(err),
			header: challenge(`Bearer error="invalid_token"`), cause: err,
		}
	}
	who := v.caller(claims)
	if who.issuer, _ = claims["iss"].(string); who.name == "" {
		who.issuer = token
	}
	return who, nil
}

// key finds the key of a token. A key goes with one algorithm alone, so that a
// token cannot choose how it is looked at.
func (v *verifier) key(token *jwt.Token) (any, error) {
	if _, critical := token.Header["crit"]; critical {
		return nil, errors.New("the token asks for what is not known here")
	}
	id, named := token.Header["kid"].(string)
	var found []Key
	for _, k := range v.keys {
		if k.alg == token.Method.Alg() && (!named || k.id == id) {
			found = append(found, k)
		}
	}
	if len(found) != 1 {
		return nil, errors.New("no key for the token")
	}
	return found[0].verify, nil
}

// reason tells a caller what is wrong with a token, and nothing that is in it.
func reason(err error) string {
	for _, known := range []struct {
		err  error
		text string
	}{
		{jwt.ErrTokenMalformed, "it is not a JSON Web Token"},
		{jwt.ErrTokenUnverifiable, "no key here goes with it"},
		{jwt.ErrTokenSignatureInvalid, "its signature or algorithm is wrong"},
		{jwt.ErrTokenRequiredClaimMissing, "a claim is missing"},
		{jwt.ErrTokenExpired, "it has expired"},
		{jwt.ErrTokenNotValidYet, "its time has not come yet"},
		{jwt.ErrTokenUsedBeforeIssued, "its time has not come yet"},
		{jwt.ErrTokenInvalidAudience, "it is for another account"},
		{jwt.ErrTokenInvalidIssuer, "it is of another issuer"},
	} {
		if errors.Is(err, known.err) {
			return known.text
		}
	}
	return "it cannot be read"
}

// caller is who a token speaks for.
func (v *verifier) caller(claims jwt.MapClaims) caller {
	var who caller
	for _, claim := range []string{"sub", "azp", "client_id"} {
		if name, ok := claims[claim].(string); ok && who.name == "" {
			who.name = name
		}
	}
	for _, role := range words(claims[v.roles]) {
		who.roles = append(who.roles, Role(role))
	}
	if slices.Contains(words(claims["scope"]), InvokeScope) {
		who.roles = append(who.roles, Invocation)
	}
	return who
}

// words reads a claim with several words: one text with blanks, or a list.
func words(claim any) []string {
	switch claim := claim.(type) {
	case string:
		return strings.Fields(claim)
	case []any:
		var all []string
		for _, word := range claim {
			if text, ok := word.(string); ok {
				all = append(all, text)
			}
		}
		return all
	}
	return nil
}
