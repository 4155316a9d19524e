package salesforce

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// FuzzAnswers reads answers in all three ways.
func FuzzAnswers(f *testing.F) {
	for _, answer := range []string{
		`{"access_token":"00D!x","instance_url":"https://mine.my.salesforce.com","token_type":"Bearer"}`,
		`{"access_token":"00D!x","instance_url":"https://evil.example.com"}`,
		`{"totalSize":1,"done":true,"records":[{"Id":"a"}]}`,
		`{"totalSize":2,"done":false,"nextRecordsUrl":"/services/data/v62.0/query/01g-1","records":[{"Id":"a"}]}`,
		`{"totalSize":2,"done":false,"nextRecordsUrl":"//evil.example.com/services/data/","records":[]}`,
		`{"totalSize":2,"done":false,"nextRecordsUrl":"/services/data/..","records":[{},{},{},{}]}`,
		`[{"message":"unexpected token","errorCode":"MALFORMED_QUERY","fields":["Id"]}]`,
		`{"error":"invalid_client","error_description":"no"}`, `{"error":"topsecret"}`, `[]`, `null`, `"`, "\xff", `{"records":[1]}`,
	} {
		f.Add([]byte(answer))
	}
	address := &url.URL{Scheme: "https", Host: "mine.my.salesforce.com"}
	f.Fuzz(func(t *testing.T, body []byte) {
		if s, err := readToken(body, address); err == nil {
			assert.NotEmpty(t, s.token)
			assert.True(t, strings.HasSuffix(s.instance.String(), ".salesforce.com"), s.instance)
			assert.True(t, strings.HasPrefix(s.instance.String(), "https://"), s.instance)
		}
		if p, err := readPage(body, 3); err == nil {
			assert.LessOrEqual(t, len(p.records), 3)
			for _, record := range p.records {
				var fields map[string]json.RawMessage
				assert.NoError(t, json.Unmarshal(record, &fields))
			}
			if p.next != nil {
				there := address.ResolveReference(p.next)
				assert.Equal(t, address.Host, there.Host)
				assert.True(t, strings.HasPrefix(there.Path, "/services/data/"), there)
			}
		}
		e := readFault(callQuery, 400, body, []string{"topsecret", "SELECT topsecret"})
		require.NotNil(t, e)
		assert.NotContains(t, e.Message+e.Error(), "topsecret")
		assert.LessOrEqual(t, len(e.Message), maxMessage+len("…")+2)
		assert.NotContains(t, e.Error(), "\n")
	})
}

func TestInstances(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		instance, address string
		want              bool
	}{
		{"https://mine.my.salesforce.com", "https://mine.my.salesforce.com", true},
		{"https://MINE.my.salesforce.com:443/", "https://mine.my.salesforce.com", true},
		{"https://na139.salesforce.com", "https://mine.my.salesforce.com", true},
		{"https://na139.salesforce.com:8443", "https://mine.my.salesforce.com", false},
		{"https://salesforce.com.example.com", "https://mine.my.salesforce.com", false},
		{"https://evilsalesforce.com", "https://mine.my.salesforce.com", false},
		{"https://mine.my.salesforce.com", "https://sfproxy.example.com", false},
		{"https://sfproxy.example.com", "https://sfproxy.example.com", true},
		{"https://other.example.com", "https://sfproxy.example.com", false},
		{"http://localhost", "http://localhost:80", true},
		{"https://localhost", "http://localhost", false},
		{"http://[::1]:99", "http://[::1]:99", true},
	} {
		instance, ok := parseAddress(test.instance)
		require.True(t, ok, test.instance)
		address, ok := parseAddress(test.address)
		require.True(t, ok, test.address)
		assert.Equal(t, test.want, isInstanceOf(instance, address), "%s for %s", test.instance, test.address)
	}
}
