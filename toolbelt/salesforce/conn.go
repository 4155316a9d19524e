package salesforce

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"unicode"
)

// The longest answers, in bytes.
const (
	maxTokenAnswer = 64 << 10
	maxErrorAnswer = 64 << 10
	maxPageAnswer  = 10 << 20
)

// maxToken is how long a token is at most, in bytes: servers take headers of 8
// KiB or little more.
const maxToken = 8000

// The calls, by their names in errors.
const (
	callToken = "token"
	callQuery = "query"
	callPage  = "page"
)

// A Conn is a connection to one Salesforce organization. Connect makes one. It
// may be used by several goroutines at once, and there is nothing to close.
type Conn struct {
	config  Config // complete
	client  *http.Client
	address *url.URL

	session atomic.Pointer[session]
	signing chan struct{} // holds one while somebody gets a token
}

// A session is a token, and where it counts. It never changes.
type session struct {
	token    string
	instance *url.URL
}

// Connect gets a token, so that wrong credentials show at once. The error tells
// all that is wrong with the config, one problem a line, or is an *Error.
func Connect(ctx context.Context, config Config) (*Conn, error) {
	address, err := config.complete()
	if err != nil {
		return nil, err
	}
	client := *config.Client
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	c := &Conn{config: config, client: &client, address: address, signing: make(chan struct{}, 1)}
	if _, err := c.signIn(ctx, nil); err != nil {
		return nil, err
	}
	return c, nil
}

// signIn gets a new session in the place of one that does not count any more,
// unless somebody else has done so.
func (c *Conn) signIn(ctx context.Context, stale *session) (*session, error) {
	select {
	case c.signing <- struct{}{}:
		defer func() { <-c.signing }()
	case <-ctx.Done():
		return nil, &Error{Call: callToken, Err: ctx.Err()}
	}
	if held := c.session.Load(); held != stale {
		return held, nil
	}
	fresh, err := c.fetchToken(ctx)
	if err != nil {
		return nil, err
	}
	c.session.Store(fresh)
	return fresh, nil
}

// fetchToken asks for a token.
func (c *Conn) fetchToken(ctx context.Context) (*session, error) {
	secret, err := c.askSecret(ctx)
	if err != nil {
		return nil, &Error{Call: callToken, Err: err}
	}
	form := url.Values{
		"grant_type":    {"client_credentials"},
		"client_id":     {c.config.ClientID},
		"client_secret": {secret},
	}
	address := c.address.JoinPath("/services/oauth2/token")
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address.String(), strings.NewReader(form.Encode()))
	if err != nil {
		return nil, &Error{Call: callToken, Err: notRead("no request", err, []string{secret})}
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	body, err := c.send(request, callToken, maxTokenAnswer, secret)
	if err != nil {
		return nil, err
	}
	fresh, err := readToken(body, c.address)
	if err != nil {
		return nil, &Error{Call: callToken, Status: http.StatusOK, Err: err}
	}
	return fresh, nil
}

func (c *Conn) askSecret(ctx context.Context) (string, error) {
	secret, err := c.config.ClientSecret(ctx)
	switch {
	case err != nil:
		return "", &secretError{err}
	case secret == "":
		return "", errors.New("client secret: is empty; give the consumer secret of the app")
	case strings.TrimFunc(secret, unicode.IsSpace) != secret:
		return "", errors.New("client secret: has white space at an end; remove it")
	}
	return secret, nil
}

// secretError is an error of Config.ClientSecret.
type secretError struct{ err error }

func (s *secretError) Error() string { return "client secret: " + s.err.Error() }
func (s *secretError) Unwrap() error { return s.err }

// get asks the instance for a path, and once more with another token if this
// one does not count any more.
func (c *Conn) get(ctx context.Context, call string, path *url.URL) ([]byte, error) {
	s := c.session.Load()
	body, err := c.getWith(ctx, s, call, path)
	if e, ok := errors.AsType[*Error](err); !ok || e.Status != http.StatusUnauthorized {
		return body, err
	}
	if s, err = c.signIn(ctx, s); err != nil {
		return nil, err
	}
	return c.getWith(ctx, s, call, path)
}

func (c *Conn) getWith(ctx context.Context, s *session, call string, path *url.URL) ([]byte, error) {
	address := *path
	address.Scheme, address.Host = s.instance.Scheme, s.instance.Host
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address.String(), nil)
	if err != nil {
		return nil, &Error{Call: call, Err: notRead("no request", err, []string{s.token})}
	}
	request.Header.Set("Authorization", "Bearer "+s.token)
	return c.send(request, call, maxPageAnswer, s.token)
}

// send sends a request, and gives the answer if its status is 200.
func (c *Conn) send(request *http.Request, call string, limit int64, hidden ...string) ([]byte, error) {
	hidden = append(hidden, request.URL.Query().Get("q"))
	request.Header.Set("Accept", "application/json")
	answer, err := c.client.Do(request)
	if err != nil {
		return nil, &Error{Call: call, Err: notRead("no answer", err, hidden)}
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		limit = maxErrorAnswer
	}
	body, err := io.ReadAll(io.LimitReader(answer.Body, limit+1))
	switch {
	case answer.StatusCode != http.StatusOK:
		// The status tells more than what was wrong with reading the rest.
		return nil, readFault(call, answer.StatusCode, body, hidden)
	case err != nil:
		return nil, &Error{Call: call, Status: answer.StatusCode, Err: notRead("the answer is cut off", err, hidden)}
	case int64(len(body)) > limit:
		return nil, &Error{Call: call, Status: answer.StatusCode, Err: tooLarge(limit)}
	}
	return body, nil
}
