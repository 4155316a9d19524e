package salesforce

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
)

// ErrTooMany says that a query has more records or pages than its Config
// allows.
var ErrTooMany = errors.New("too many")

// An Error says why connecting or a query failed. It holds no secret and no
// token.
type Error struct {
	// Call is what failed: "token", "query" or "page" (the next one of a
	// query).
	Call string
	// Status is the status of the answer, such as 400. 0 means that there was
	// none.
	Status int
	// Code is Salesforce's code of what was wrong, such as MALFORMED_QUERY,
	// or with tokens that of OAuth, such as invalid_client. It is empty if
	// there was none.
	Code string
	// Message is what Salesforce says to it. It may quote the query, so keep
	// it out of logs that may not hold payloads; it is not in the text of the
	// error. Of several messages it is the first.
	Message string
	// Err is the cause, if it is not the status: it may wrap the error of the
	// context, of Config.ClientSecret, of the client, or ErrTooMany.
	Err error
}

// Error gives one line: the call, the status, the code and the cause, and not
// the message.
func (e *Error) Error() string {
	parts := []string{"salesforce", e.Call}
	if e.Status != 0 {
		parts = append(parts, fmt.Sprint("status ", e.Status))
	}
	if e.Code != "" {
		parts = append(parts, e.Code)
	}
	if e.Err != nil {
		parts = append(parts, strings.ReplaceAll(e.Err.Error(), "\n", "; "))
	}
	return strings.Join(parts, ": ")
}

// Unwrap gives Err.
func (e *Error) Unwrap() error { return e.Err }

// unread is an error of sending a request or reading its answer. Its text is
// safe to show.
type unread struct {
	text string
	err  error
}

func (u *unread) Error() string { return u.text }
func (u *unread) Unwrap() error { return u.err }

// quoting finds where the errors of net/http begin to quote the other side.
var quoting = regexp.MustCompile(`(?s)(?:: |net/http: HTTP/1\.x )?(?:transport connection broken|malformed|debug=|failed to parse Location).*`)

const maxCause = 300 // bytes

// notRead makes an error of the client fit to be shown, after what it means:
// without the address, which has the query in it, and without what the other
// side has sent.
func notRead(what string, err error, hidden []string) error {
	var outer *url.Error
	if errors.As(err, &outer) {
		err = outer.Err
	}
	text := hide(err.Error(), hidden)
	if cut := quoting.ReplaceAllString(text, ""); cut != text {
		text = strings.TrimPrefix(cut+": the answer cannot be read", ": ")
	}
	if len(text) > maxCause {
		text = text[:maxCause] + "…"
	}
	return &unread{text: what + ": " + strings.ToValidUTF8(text, "\ufffd"), err: err}
}

// hide takes secrets out of a text, as they are and as they stand in addresses
// and forms.
func hide(text string, hidden []string) string {
	for _, secret := range hidden {
		for _, form := range []string{secret, url.QueryEscape(secret), url.PathEscape(secret)} {
			if form != "" {
				text = strings.ReplaceAll(text, form, "[hidden]")
			}
		}
	}
	return text
}
