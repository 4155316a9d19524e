package salesforce

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
)

// What counts if a Config does not say.
const (
	// DefaultVersion is the version of the REST API.
	DefaultVersion = "v62.0"
	// DefaultMaxRecords is how many records a query has at most.
	DefaultMaxRecords = 10_000
	// DefaultMaxPages is how many pages a query has at most. A page of
	// Salesforce has up to 2,000 records.
	DefaultMaxPages = 100
)

// A Config says how to connect.
type Config struct {
	// Client sends all requests; it is required. It is used with its
	// Transport, Timeout and Jar, but follows no redirects. The package does
	// not change it.
	Client *http.Client
	// URL is the My Domain address, such as https://mine.my.salesforce.com,
	// without a path. Client credentials do not work at login.salesforce.com.
	URL string
	// ClientID is the consumer key of the app.
	ClientID string
	// ClientSecret gives the consumer secret of the app; it is required. It is
	// called by Connect, and by queries when the token has expired, never
	// twice at once. It ends when its context ends. Its error is wrapped, so
	// that it must not quote the secret.
	ClientSecret func(context.Context) (string, error)
	// Version is the version of the REST API, such as v62.0. Empty means
	// DefaultVersion.
	Version string
	// MaxRecords is how many records a query has at most. 0 means
	// DefaultMaxRecords.
	MaxRecords int
	// MaxPages is how many pages a query has at most. 0 means DefaultMaxPages.
	MaxPages int
}

var versionForm = regexp.MustCompile(`^v[1-9][0-9]{0,2}\.0$`)

// complete fills in what a config does not say, and gives its address. The
// error tells all that is wrong, one problem a line.
func (c *Config) complete() (*url.URL, error) {
	var problems []error
	bad := func(text string) { problems = append(problems, errors.New(text)) }
	if c.Client == nil {
		bad("Config.Client: is nil; give the client that may reach Salesforce")
	}
	address, ok := parseAddress(c.URL)
	if !ok {
		bad("Config.URL: is not the address of a server; give the My Domain address, such as https://mine.my.salesforce.com, with https and without a path")
	}
	if c.ClientID == "" {
		bad("Config.ClientID: is empty; give the consumer key of the app")
	}
	if c.ClientSecret == nil {
		bad("Config.ClientSecret: is nil; give a function that gives the consumer secret of the app")
	}
	if c.Version == "" {
		c.Version = DefaultVersion
	}
	if !versionForm.MatchString(c.Version) {
		bad("Config.Version: is not a version; write it as " + DefaultVersion)
	}
	if c.MaxRecords < 0 {
		bad("Config.MaxRecords: is negative; give 1 or more, or 0 for the default")
	} else if c.MaxRecords == 0 {
		c.MaxRecords = DefaultMaxRecords
	}
	if c.MaxPages < 0 {
		bad("Config.MaxPages: is negative; give 1 or more, or 0 for the default")
	} else if c.MaxPages == 0 {
		c.MaxPages = DefaultMaxPages
	}
	return address, errors.Join(problems...)
}

// parseAddress reads the address of a server: https, a host, and no more. It may
// be http on this machine.
func parseAddress(text string) (*url.URL, bool) {
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || u.Path != "" && u.Path != "/" {
		return nil, false
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !isLoopback(u.Hostname())) {
		return nil, false
	}
	return &url.URL{Scheme: u.Scheme, Host: strings.ToLower(u.Host)}, true
}

func isLoopback(host string) bool {
	address, err := netip.ParseAddr(host)
	return strings.EqualFold(host, "localhost") || err == nil && address.IsLoopback()
}

// isInstanceOf tells whether a token for one address may be sent to another: to
// the same server, or within Salesforce.
func isInstanceOf(instance, address *url.URL) bool {
	if instance.Scheme == address.Scheme && instance.Hostname() == address.Hostname() && port(instance) == port(address) {
		return true
	}
	return isSalesforce(instance) && isSalesforce(address)
}

func isSalesforce(u *url.URL) bool {
	return u.Scheme == "https" && port(u) == "443" && strings.HasSuffix(u.Hostname(), ".salesforce.com")
}

func port(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case u.Scheme == "http":
		return "80"
	}
	return "443"
}
