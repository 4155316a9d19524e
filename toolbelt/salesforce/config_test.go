package salesforce_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterword-go/afterword/toolbelt/salesforce"
)

func TestConnectTellsAllProblems(t *testing.T) {
	t.Parallel()
	_, err := salesforce.Connect(t.Context(), salesforce.Config{Version: "62", MaxRecords: -1, MaxPages: -1})
	assert.EqualError(t, err, strings.Join([]string{
		"Config.Client: is nil; give the client that may reach Salesforce",
		"Config.URL: is not the address of a server; give the My Domain address, such as https://mine.my.salesforce.com, with https and without a path",
		"Config.ClientID: is empty; give the consumer key of the app",
		"Config.ClientSecret: is nil; give a function that gives the consumer secret of the app",
		"Config.Version: is not a version; write it as v62.0",
		"Config.MaxRecords: is negative; give 1 or more, or 0 for the default",
		"Config.MaxPages: is negative; give 1 or more, or 0 for the default",
	}, "\n"))

	for _, url := range []string{
		"", "mine.my.salesforce.com", "http://mine.my.salesforce.com", "https://", "https://:443", "ftp://mine.my.salesforce.com",
		"https://user:pass@mine.my.salesforce.com", "https://mine.my.salesforce.com/services", "https://mine.my.salesforce.com?q",
		"https://mine.my.salesforce.com?", "https://mine.my.salesforce.com#x", "https://mine .com", "http://10.0.0.1", "http://localhost.example.com",
	} {
		_, err := salesforce.Connect(t.Context(), salesforce.Config{Client: http.DefaultClient, URL: url, ClientID: clientID, ClientSecret: giveSecret})
		require.Error(t, err, url)
		assert.True(t, strings.HasPrefix(err.Error(), "Config.URL: is not the address"), url)
		assert.NotContains(t, err.Error(), "pass")
	}
}

func TestConfigIsPrinted(t *testing.T) {
	t.Parallel()
	f := newForce(t, 1, 1)
	conn := f.connect()
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x"} {
		for _, value := range []any{conn, f.config()} {
			text := fmt.Sprintf(verb, value)
			assert.NotContains(t, text, "AQ.token_")
			assert.NotContains(t, text, "5ECRET")
		}
	}
}
