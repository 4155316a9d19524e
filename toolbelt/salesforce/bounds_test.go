package salesforce_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/toolbelt/salesforce"
)

func TestRecordsAreBounded(t *testing.T) {
	t.Parallel()
	f := newForce(t, 5, 2)
	records, err := all[account](t, t.Context(), f.connect(func(c *salesforce.Config) { c.MaxRecords = 5 }), soql)
	require.NoError(t, err)
	assert.Len(t, records, 5)

	four := f.connect(func(c *salesforce.Config) { c.MaxRecords = 4 })
	records, err = all[account](t, t.Context(), four, soql)
	assert.ErrorIs(t, err, salesforce.ErrTooMany)
	assert.EqualError(t, err, "salesforce: query: status 200: the query has more than 4 records; write a LIMIT, or allow more: too many")
	assert.Empty(t, records, "the total tells before any record")

	// A total that lies changes nothing.
	f.onQuery = says(200, `{"totalSize":1,"done":false,"nextRecordsUrl":"/services/data/v62.0/query/01g-2","records":[{},{},{}]}`)
	f.onPage = says(200, `{"totalSize":1,"done":true,"records":[{},{}]}`)
	records, err = all[account](t, t.Context(), four, soql)
	assert.ErrorIs(t, err, salesforce.ErrTooMany)
	assert.ErrorContains(t, err, "salesforce: page:")
	assert.Len(t, records, 3)

	// COUNT() has no records to bound.
	f.onQuery = says(200, `{"totalSize":1000000,"done":true,"records":[]}`)
	records, err = all[account](t, t.Context(), four, soql)
	assert.NoError(t, err)
	assert.Empty(t, records)

	f.onQuery = says(200, `{"totalSize":1,"done":true,"records":[`+strings.Repeat("{},", 9999)+`{}]}`)
	records, err = all[account](t, t.Context(), f.connect(), soql)
	assert.NoError(t, err)
	assert.Len(t, records, salesforce.DefaultMaxRecords)
	f.onQuery = says(200, `{"totalSize":1,"done":true,"records":[`+strings.Repeat("{},", 10000)+`{}]}`)
	_, err = all[account](t, t.Context(), f.connect(), soql)
	assert.ErrorIs(t, err, salesforce.ErrTooMany)
}

func TestPagesAreBounded(t *testing.T) {
	t.Parallel()
	f := newForce(t, 6, 2)
	records, err := all[account](t, t.Context(), f.connect(func(c *salesforce.Config) { c.MaxPages = 3 }), soql)
	require.NoError(t, err)
	assert.Len(t, records, 6)
	f.pages = 0
	records, err = all[account](t, t.Context(), f.connect(func(c *salesforce.Config) { c.MaxPages = 2 }), soql)
	assert.ErrorIs(t, err, salesforce.ErrTooMany)
	assert.EqualError(t, err, "salesforce: page: the query has more than 2 pages; write a LIMIT, or allow more: too many")
	assert.Len(t, records, 4)
	assert.Equal(t, 2, f.pages)

	// Pages without records and without an end end as well.
	again := says(200, `{"totalSize":0,"done":false,"nextRecordsUrl":"/services/data/v62.0/query/01g-0","records":[]}`)
	f.onQuery, f.onPage, f.pages = again, again, 0
	_, err = all[account](t, t.Context(), f.connect(), soql)
	assert.ErrorIs(t, err, salesforce.ErrTooMany)
	assert.Equal(t, salesforce.DefaultMaxPages, f.pages)
}

func TestPagesAreBoundedInSize(t *testing.T) {
	t.Parallel()
	f := newForce(t, 1, 1)
	conn := f.connect()
	page := `{"totalSize":1,"done":true,"records":[{"Id":"a1"}]}`
	f.onQuery = says(200, page+strings.Repeat(" ", 10<<20-len(page)))
	records, err := all[account](t, t.Context(), conn, soql)
	require.NoError(t, err)
	assert.Len(t, records, 1)
	f.onQuery = says(200, page+strings.Repeat(" ", 10<<20-len(page)+1))
	_, err = all[account](t, t.Context(), conn, soql)
	assert.EqualError(t, err, "salesforce: query: status 200: the answer has more than 10485760 bytes; select fewer fields")
}

func TestQueriesAreBounded(t *testing.T) {
	t.Parallel()
	f := newForce(t, 1, 1)
	conn := f.connect()
	f.query = "SELECT Id FROM Account WHERE Name=''"
	// Each sign counts three bytes, each space one.
	f.query += strings.Repeat(" ", salesforce.MaxQuery-len(f.query)-2*strings.Count(f.query, "'")-2)
	_, err := all[account](t, t.Context(), conn, f.query)
	require.NoError(t, err)
	f.query += " "
	_, err = all[account](t, t.Context(), conn, f.query)
	assert.EqualError(t, err, "salesforce: query: has more than 12000 bytes as it stands in the address; shorten it")

	for _, test := range []struct {
		conn       *salesforce.Conn
		soql, want string
	}{
		{conn, "  ", "salesforce: query: is empty; write SELECT … FROM …"},
		{conn, "SELECT '\xff'", "salesforce: query: is not valid UTF-8; put values in with Quote"},
		{nil, soql, "salesforce: query: the connection is empty; make one with Connect"},
		{new(salesforce.Conn), soql, "salesforce: query: the connection is empty; make one with Connect"},
	} {
		_, err := all[account](t, t.Context(), test.conn, test.soql)
		assert.EqualError(t, err, test.want)
	}
	assert.Equal(t, 1, f.pages)
}
