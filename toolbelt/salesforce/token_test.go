package salesforce_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/toolbelt/salesforce"
)

func TestSecret(t *testing.T) {
	t.Parallel()
	f := newForce(t, 1, 1)
	locked := errors.New("the safe is locked")
	for _, test := range []struct {
		secret string
		err    error
		want   string
	}{
		{"", locked, "salesforce: token: client secret: the safe is locked"},
		{"", nil, "salesforce: token: client secret: is empty; give the consumer secret of the app"},
		{clientSecret + "\n", nil, "salesforce: token: client secret: has white space at an end; remove it"},
	} {
		config := f.config()
		config.ClientSecret = func(context.Context) (string, error) { return test.secret, test.err }
		_, err := salesforce.Connect(t.Context(), config)
		assert.EqualError(t, err, test.want)
		checkSafe(t, err)
		if test.err != nil {
			assert.ErrorIs(t, err, test.err)
		}
	}
	assert.Zero(t, f.issued)
}

func TestWrongCredentials(t *testing.T) {
	t.Parallel()
	f := newForce(t, 1, 1)
	f.onToken = says(400, `{"error":"invalid_client","error_description":"invalid client credentials `+clientSecret+`"}`)
	_, err := salesforce.Connect(t.Context(), f.config())
	assert.EqualError(t, err, "salesforce: token: status 400: invalid_client")
	checkSafe(t, err)
	e, _ := errors.AsType[*salesforce.Error](err)
	assert.Equal(t, &salesforce.Error{Call: "token", Status: 400, Code: "invalid_client", Message: "invalid client credentials [hidden]"}, e)
}

func TestTokenAnswers(t *testing.T) {
	t.Parallel()
	const (
		notToken = "salesforce: token: status 200: the answer is not the JSON of a token"
		noToken  = "salesforce: token: status 200: the answer has no token of 1 to 8000 printable ASCII characters"
		instance = "salesforce: token: status 200: the answer names an instance that the token must not be sent to; Config.URL must be the My Domain address"
	)
	token := func(token, instance string) string {
		return fmt.Sprintf(`{"access_token":%q,"instance_url":%q}`, token, instance)
	}
	f := newForce(t, 1, 1)
	port := f.URL[strings.LastIndex(f.URL, ":"):]
	for _, test := range []struct {
		name, body, want string
		status           int
	}{
		{"short type", token("t", f.URL), "", 200},
		{"with a slash", token("t", f.URL+"/"), "", 200},
		{"longest token", token(strings.Repeat("t", 8000), f.URL), "", 200},
		{"longer token", token(strings.Repeat("t", 8001), f.URL), noToken, 200},
		{"largest", token("t", f.URL) + strings.Repeat(" ", 64<<10-len(token("t", f.URL))), "", 200},
		{"larger", token("t", f.URL) + strings.Repeat(" ", 64<<10-len(token("t", f.URL))+1), "salesforce: token: status 200: the answer has more than 65536 bytes; select fewer fields", 200},
		{"not JSON", "<html>", notToken, 200},
		{"empty", "", notToken, 200},
		{"more after it", token("t", f.URL) + "{}", notToken, 200},
		{"broken UTF-8", token("t\xff", f.URL), notToken, 200},
		{"a list", "[]", notToken, 200},
		{"null", "null", noToken, 200},
		{"wrong type", `{"access_token":5}`, notToken, 200},
		{"no token", token("", f.URL), noToken, 200},
		{"a header in it", token("t\r\nX: y", f.URL), noToken, 200},
		{"a space in it", token("t t", f.URL), noToken, 200},
		{"another type", `{"access_token":"t","token_type":"mac","instance_url":"` + f.URL + `"}`, "salesforce: token: status 200: the answer has a token that is no bearer token", 200},
		{"no instance", token("t", ""), instance, 200},
		{"another host", token("t", "https://evil.example.com"), instance, 200},
		{"Salesforce, but not from here", token("t", "https://mine.my.salesforce.com"), instance, 200},
		{"another port", token("t", "http://127.0.0.1:1"), instance, 200},
		{"another name", token("t", "http://localhost"+port), instance, 200},
		{"another scheme", token("t", "https://127.0.0.1"+port), instance, 200},
		{"somebody's", token("t", "http://user@127.0.0.1"+port), instance, 200},
		{"a path", token("t", f.URL+"/x"), instance, 200},
		{"no content", "", "salesforce: token: status 202", 202},
		{"not JSON, status 500", "<html>" + clientSecret, "salesforce: token: status 500", 500},
		{"code is no code", `{"error":"what?","error_description":"` + strings.Repeat("é", 2000) + `"}`, "salesforce: token: status 400", 400},
		{"empty list", "[]", "salesforce: token: status 400", 400},
		{"large error", strings.Repeat("x", 1<<20), "salesforce: token: status 503", 503},
	} {
		f.onToken = says(test.status, test.body)
		_, err := salesforce.Connect(t.Context(), f.config())
		if test.want == "" {
			assert.NoError(t, err, test.name)
			continue
		}
		if assert.EqualError(t, err, test.want, test.name) {
			checkSafe(t, err)
			e, _ := errors.AsType[*salesforce.Error](err)
			assert.LessOrEqual(t, len(e.Message), 2010)
		}
	}
}

func TestTokenExpires(t *testing.T) {
	t.Parallel()
	f := newForce(t, 5, 2)
	conn := f.connect()
	seen := 0
	for _, err := range salesforce.Query[account](t.Context(), conn, soql) {
		require.NoError(t, err)
		if seen++; seen == 2 {
			f.valid = 2 // from now on
		}
	}
	assert.Equal(t, 5, seen)
	assert.Equal(t, 2, f.issued)
	assert.Equal(t, 3, f.pages)
	_, err := all[account](t, t.Context(), conn, soql)
	require.NoError(t, err)
	assert.Equal(t, 2, f.issued, "the new token is kept")
}

func TestTokenExpiresTwice(t *testing.T) {
	t.Parallel()
	f := newForce(t, 5, 2)
	conn := f.connect()
	f.valid = 9
	records, err := all[account](t, t.Context(), conn, soql)
	assert.Empty(t, records)
	assert.EqualError(t, err, "salesforce: query: status 401: INVALID_SESSION_ID")
	assert.Equal(t, 2, f.issued, "once more, and not again")
	assert.Zero(t, f.pages)

	f.onToken = says(400, `{"error":"invalid_client"}`)
	_, err = all[account](t, t.Context(), conn, soql)
	assert.EqualError(t, err, "salesforce: token: status 400: invalid_client")
	assert.Equal(t, 3, f.issued)

	f.onToken, f.valid = nil, 0
	_, err = all[account](t, t.Context(), conn, soql)
	assert.NoError(t, err, "the connection is of use again")
}

func TestConnIsShared(t *testing.T) {
	t.Parallel()
	f := newForce(t, 5, 2)
	var asking sync.Mutex
	conn := f.connect(func(c *salesforce.Config) {
		c.ClientSecret = func(context.Context) (string, error) {
			assert.True(t, asking.TryLock(), "asked twice at once")
			defer asking.Unlock()
			return clientSecret, nil
		}
	})
	for _, valid := range []int{2, 3} {
		f.valid = valid
		var together sync.WaitGroup
		for range 8 {
			together.Go(func() {
				records, err := all[account](t, t.Context(), conn, soql)
				assert.NoError(t, err)
				assert.Len(t, records, 5)
			})
		}
		together.Wait()
		assert.Equal(t, valid, f.issued, "one token for all")
	}
}

func TestWaitingForATokenEndsWithTheContext(t *testing.T) {
	t.Parallel()
	f := newForce(t, 1, 1)
	asked, free := make(chan struct{}), make(chan struct{})
	first := true
	conn := f.connect(func(c *salesforce.Config) {
		c.ClientSecret = func(context.Context) (string, error) {
			if !first {
				close(asked)
				<-free
			}
			first = false
			return clientSecret, nil
		}
	})
	f.valid = 2
	done := make(chan error)
	go func() {
		_, err := all[account](t, context.WithoutCancel(t.Context()), conn, soql)
		done <- err
	}()
	<-asked
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := all[account](t, ctx, conn, soql)
	assert.ErrorIs(t, err, context.DeadlineExceeded)
	close(free)
	assert.NoError(t, <-done)
}
