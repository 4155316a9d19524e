package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
)

// The bounds of tokens and of secrets, in bytes.
const (
	maxToken  = 8 << 10
	maxSecret = 4 << 10
)

// readSecret reads a token or a secret from a file.
func readSecret(name string, most int64) (text string, err error) {
	f, err := os.Open(name)
	if err != nil {
		return "", fmt.Errorf("%s: %w", name, reason(err))
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	data, err := readBounded(f, most+2) // for the end of the line
	if err != nil {
		return "", fmt.Errorf("%s: %w", name, reason(err))
	}
	text, err = secretOf(name, string(data), most)
	if err == nil && text == "" {
		err = fmt.Errorf("%s: is empty", name)
	}
	return text, err
}

// secretOf is a token or a secret without the end of its line. The error says
// nothing of what is in it.
func secretOf(name, text string, most int64) (string, error) {
	text = strings.TrimRight(text, "\r\n")
	switch {
	case int64(len(text)) > most:
		return "", fmt.Errorf("%s: is longer than %d KiB", name, most>>10)
	case strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' }):
		return "", fmt.Errorf("%s: must be one line of visible ASCII characters, without blanks", name)
	}
	return text, nil
}

// login fetches a token for a client with its secret.
func (c *client) login(ctx context.Context, id, secretFile string) error {
	secret, err := readSecret(secretFile, maxSecret)
	if err != nil {
		return err
	}
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {id}, "client_secret": {secret}}
	target := c.server + "/sentinel/api/account/" + url.PathEscape(c.account) + "/app/token?v=2.0"
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, target, strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	c.token = secret // so that an error does not repeat it
	data, err := c.roundTrip(req)
	if err != nil {
		return fmt.Errorf("fetch a token: %w", err)
	}
	var answer struct {
		Token string `json:"access_token"`
	}
	if err := c.read(data, &answer); err != nil {
		return fmt.Errorf("fetch a token: %w", err)
	}
	c.token, err = secretOf("the token that "+c.server+" gave", answer.Token, maxToken)
	if err == nil && c.token == "" {
		err = fmt.Errorf("fetch a token: %s gave none", c.server)
	}
	return err
}
