package salesforce

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"path"
	"regexp"
	"strings"
	"unicode/utf8"
)

// maxNext is how long the address of a next page is at most, in bytes.
const maxNext = 2048

func tooLarge(limit int64) error {
	return fmt.Errorf("the answer has more than %d bytes; select fewer fields", limit)
}

// readToken reads the answer that has a token for an address.
func readToken(body []byte, address *url.URL) (*session, error) {
	var answer struct {
		Token    string `json:"access_token"`
		Instance string `json:"instance_url"`
		Type     string `json:"token_type"`
	}
	if !utf8.Valid(body) || json.Unmarshal(body, &answer) != nil {
		return nil, errors.New("the answer is not the JSON of a token")
	}
	notPrintable := func(r rune) bool { return r <= ' ' || r >= 0x7F }
	if answer.Token == "" || len(answer.Token) > maxToken || strings.ContainsFunc(answer.Token, notPrintable) {
		return nil, fmt.Errorf("the answer has no token of 1 to %d printable ASCII characters", maxToken)
	}
	if answer.Type != "" && !strings.EqualFold(answer.Type, "Bearer") {
		return nil, errors.New("the answer has a token that is no bearer token")
	}
	instance, ok := parseAddress(answer.Instance)
	if !ok || !isInstanceOf(instance, address) {
		return nil, errors.New("the answer names an instance that the token must not be sent to; Config.URL must be the My Domain address")
	}
	return &session{token: answer.Token, instance: instance}, nil
}

// A page is some of the records of a query.
type page struct {
	total   int
	records []json.RawMessage // objects
	next    *url.URL          // a path of the instance; nil at the end
}

// readPage reads the answer that has a page, of no more records than there is
// room for.
func readPage(body []byte, room int) (page, error) {
	var answer struct {
		Total   int             `json:"totalSize"`
		Done    *bool           `json:"done"`
		Next    string          `json:"nextRecordsUrl"`
		Records json.RawMessage `json:"records"`
	}
	if !utf8.Valid(body) || json.Unmarshal(body, &answer) != nil || answer.Done == nil || answer.Total < 0 || !bytes.HasPrefix(answer.Records, []byte("[")) {
		return page{}, errors.New("the answer is not the JSON of a page of records")
	}
	records, err := splitRecords(answer.Records, room)
	if err != nil {
		return page{}, err
	}
	p := page{total: answer.Total, records: records}
	if *answer.Done {
		return p, nil
	}
	var ok bool
	if p.next, ok = parseNext(answer.Next); !ok {
		return page{}, errors.New("the answer names a next page that is no path of this instance; it is not asked for")
	}
	return p, nil
}

// splitRecords gives the records of an array, which is valid JSON.
func splitRecords(array []byte, room int) ([]json.RawMessage, error) {
	decoder := json.NewDecoder(bytes.NewReader(array))
	if _, err := decoder.Token(); err != nil {
		return nil, err
	}
	var records []json.RawMessage
	for decoder.More() {
		if len(records) == room {
			return nil, ErrTooMany
		}
		var record json.RawMessage
		if err := decoder.Decode(&record); err != nil {
			return nil, err
		}
		if !bytes.HasPrefix(record, []byte("{")) {
			return nil, fmt.Errorf("the answer has something that is no record at place %d", len(records)+1)
		}
		records = append(records, record)
	}
	return records, nil
}

// parseNext reads the path of a next page.
func parseNext(text string) (*url.URL, bool) {
	u, err := url.Parse(text)
	if err != nil || len(text) > maxNext || u.Scheme != "" || u.Host != "" || u.User != nil || u.Fragment != "" || strings.Contains(u.Path, `\`) {
		return nil, false
	}
	if !strings.HasPrefix(u.Path, "/services/data/") || path.Clean(u.Path) != u.Path {
		return nil, false
	}
	return &url.URL{Path: u.Path, RawPath: u.RawPath, RawQuery: u.RawQuery}, true
}

// codeForm is what the codes of Salesforce and of OAuth look like.
var codeForm = regexp.MustCompile(`^[A-Za-z_]{1,64}$`)

// maxMessage is how much is kept of a message, in bytes.
const maxMessage = 2000

// readFault makes an error of an answer that says what was wrong, in one of
// Salesforce's forms or in none.
func readFault(call string, status int, body []byte, hidden []string) *Error {
	type fault struct {
		Code         string `json:"errorCode"`
		Message      string `json:"message"`
		OAuthCode    string `json:"error"`
		OAuthMessage string `json:"error_description"`
	}
	e := &Error{Call: call, Status: status}
	if status >= 300 && status <= 399 {
		e.Err = errors.New("the answer is a redirect, which is not followed; Config.URL must be the My Domain address")
		return e
	}
	var first fault
	var all []fault
	if json.Unmarshal(body, &all) == nil && len(all) > 0 {
		first = all[0]
	} else if json.Unmarshal(body, &first) != nil {
		return e
	}
	if code := first.Code + first.OAuthCode; codeForm.MatchString(code) && hide(code, hidden) == code {
		e.Code = code
	}
	// The query stays in: Message may quote it. What comes first is the secret.
	message := hide(first.Message+first.OAuthMessage, hidden[:1])
	if len(message) > maxMessage {
		message = message[:maxMessage] + "…"
	}
	e.Message = strings.ToValidUTF8(message, "\ufffd")
	return e
}
