package salesforce

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"unicode/utf8"
)

// MaxQuery is how long a query is at most, in bytes, as it stands in the
// address: a space counts one byte, most signs three. Salesforce takes 16,384
// bytes of address and headers together.
const MaxQuery = 12_000

// TimeLayout is how Salesforce writes a date with a time, for time.Parse.
const TimeLayout = "2006-01-02T15:04:05.000-0700"

// Query runs a query in SOQL when it is iterated over, each time anew. It gives
// the records in the order of Salesforce, each decoded from JSON into a T by
// package encoding/json; fields that T lacks are left out. It asks for a page
// when the records before it have been taken, and for no more when the loop
// ends.
//
// An error comes last, with the zero T. It is an *Error, also if a record does
// not fit T. It wraps ErrTooMany if the query has more records than the config
// allows: mostly the first page tells, so that no record comes before it. COUNT()
// without a field gives no record: write COUNT(Id) and a name.
func Query[T any](ctx context.Context, conn *Conn, soql string) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		place := 0
		for records, err := range conn.pages(ctx, soql) {
			if err != nil {
				yield(none, err)
				return
			}
			for _, data := range records {
				place++
				var record T
				if err := json.Unmarshal(data, &record); err != nil {
					yield(none, &Error{Call: callQuery, Err: misfit(place, reflect.TypeFor[T](), err)})
					return
				}
				if !yield(record, nil) {
					return
				}
			}
		}
	}
}

// misfit tells that a record does not fit a Go type, without its values.
func misfit(place int, to reflect.Type, err error) error {
	text := fmt.Sprintf("record %d does not fit %v", place, to)
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok && wrong.Field != "" {
		kind, _, _ := strings.Cut(wrong.Value, " ") // a number has its digits after it
		text += fmt.Sprintf(": field %q is a JSON %s, which is no %v", wrong.Field, kind, wrong.Type)
	}
	return &unread{text: text, err: err}
}

// pages gives the records of a query, page by page.
func (c *Conn) pages(ctx context.Context, soql string) iter.Seq2[[]json.RawMessage, error] {
	return func(yield func([]json.RawMessage, error) bool) {
		call, records := callQuery, 0
		next, err := c.firstPage(soql)
		for asked := 0; err == nil && next != nil; asked++ {
			var p page
			if p, err = c.page(ctx, call, next, asked, records); err != nil {
				break
			}
			if !yield(p.records, nil) {
				return
			}
			records += len(p.records)
			call, next = callPage, p.next
		}
		if err != nil {
			yield(nil, err)
		}
	}
}

// firstPage gives the path of a query.
func (c *Conn) firstPage(soql string) (*url.URL, error) {
	q := "q=" + url.QueryEscape(soql)
	var problem string
	switch {
	case c == nil || c.client == nil:
		problem = "the connection is empty; make one with Connect"
	case strings.TrimSpace(soql) == "":
		problem = "is empty; write SELECT … FROM …"
	case !utf8.ValidString(soql):
		problem = "is not valid UTF-8; put values in with Quote"
	case len(q)-len("q=") > MaxQuery:
		problem = fmt.Sprintf("has more than %d bytes as it stands in the address; shorten it", MaxQuery)
	default:
		return &url.URL{Path: "/services/data/" + c.config.Version + "/query", RawQuery: q}, nil
	}
	return nil, &Error{Call: callQuery, Err: errors.New(problem)}
}

// page asks for a page, after so many pages and records.
func (c *Conn) page(ctx context.Context, call string, path *url.URL, asked, records int) (page, error) {
	if asked == c.config.MaxPages {
		return page{}, &Error{Call: call, Err: fmt.Errorf("the query has more than %d pages; write a LIMIT, or allow more: %w", c.config.MaxPages, ErrTooMany)}
	}
	body, err := c.get(ctx, call, path)
	if err != nil {
		return page{}, err
	}
	most := c.config.MaxRecords
	p, err := readPage(body, most-records)
	if errors.Is(err, ErrTooMany) || len(p.records) > 0 && p.total > most { // COUNT() has a total and no records
		err = fmt.Errorf("the query has more than %d records; write a LIMIT, or allow more: %w", most, ErrTooMany)
	}
	if err != nil {
		return page{}, &Error{Call: call, Status: http.StatusOK, Err: err}
	}
	return p, nil
}
