package outbound

import (
	"net/netip"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestDomains(t *testing.T) {
	t.Parallel()
	longest := strings.Repeat(strings.Repeat("a", 63)+".", 3) + strings.Repeat("b", 61)
	require.Len(t, longest, 253)
	for _, good := range []string{
		"api.example.com", "API.Example.COM", "*.example.org", "a.b.c.d.example.com", "3m.com", "1.2.3.example", "x-y.example",
		"xn--bcher-kva.example", "example.xn--p1ai", "a--b.example", "0x7f.example", "example.x0", longest, "*." + longest[2:],
		strings.Repeat("a", 63) + ".example",
	} {
		_, err := New(Config{Domains: []string{good}})
		assert.NoError(t, err, good)
	}
	for bad, want := range map[string]string{
		"":                                   "is empty",
		".":                                  "ends in a dot",
		"*":                                  "has a wildcard that is not",
		"*.":                                 "right before the top-level",
		"*.com":                              "right before the top-level",
		"*.com.":                             "ends in a dot",
		"*.*.x.com":                          "has a wildcard that is not",
		"a.*.com":                            "has a wildcard that is not",
		"*a.example.com":                     "has a wildcard that is not",
		"a*.example.com":                     "has a wildcard that is not",
		"**.example.com":                     "has a wildcard that is not",
		"example.*":                          "has a wildcard that is not",
		"*example.com":                       "has a wildcard that is not",
		"*.127.0.0.1":                        "ends in a number",
		"example.com.":                       "ends in a dot",
		".example.com":                       "two dots in a row",
		"a..example.com":                     "two dots in a row",
		"localhost":                          "one label",
		"127.0.0.1":                          "ends in a number",
		"example.123":                        "ends in a number",
		"example.08":                         "ends in a number",
		"example.0x":                         "ends in a number",
		"example.0X7f":                       "ends in a number",
		"example.99999999999999999999999":    "ends in a number",
		"::1":                                "has a character",
		"[::1]":                              "has a character",
		"-a.example.com":                     "hyphen",
		"a-.example.com":                     "hyphen",
		"a.example.com-":                     "hyphen",
		"a_b.example.com":                    "has a character",
		"bücher.example":                     "xn-- form",
		"api。example.com":                    "has a character",
		"https://example.com":                "has a character",
		"example.com:80":                     "has a character",
		"example.com/x":                      "has a character",
		" example.com":                       "has a character",
		"example.com\n":                      "has a character",
		"example.com\x00":                    "has a character",
		"\u212Aelvin.example":                "has a character", // the Kelvin sign, whose lower case is k
		strings.Repeat("a", 64) + ".example": "label of 64",
		longest + "b":                        "has 254 characters",
		"*." + longest[1:]:                   "has 254 characters",
	} {
		_, err := New(Config{Domains: []string{bad}})
		require.Error(t, err, bad)
		assert.Contains(t, err.Error(), want, bad)
		assert.True(t, strings.HasPrefix(err.Error(), "Domains[0]"), bad)
		assert.NotContains(t, err.Error(), "\n", bad)
	}
}

func TestConfigFaultsComeAtOnce(t *testing.T) {
	t.Parallel()
	_, err := New(Config{
		Domains: []string{"api.example.com", "*.com", "API.EXAMPLE.com", "https://user:hunter2@example.com", "*.example.com", "*.Example.com"},
		Ports:   []int{0, 80, 65536},
		Refuse:  []netip.Prefix{{}, netip.MustParsePrefix("::ffff:10.0.0.0/104")},
		Rate:    -1, Timeout: -time.Second, MaxRequest: -1, MaxResponse: -2,
	})
	require.EqualError(t, err, strings.TrimPrefix(`
Domains[1] "*.com": has a wildcard right before the top-level domain: name the domain, as in *.example.org
Domains[2] "API.EXAMPLE.com": is Domains[0] again: leave one out
Domains[3]: has a character that is no letter, digit, hyphen or dot: write the name alone, without scheme, port and path, and international names in their xn-- form
Domains[5] "*.Example.com": is Domains[4] again: leave one out
Ports[0]: is 0: give a port from 1 to 65535
Ports[2]: is 65536: give a port from 1 to 65535
Refuse[0]: is no network: give one like 198.51.100.0/24
Refuse[1]: is an IPv4 network in IPv6: write it as IPv4
Rate: is -1: give 1 to 10000 requests a second, or 0 for 20
Timeout: is -1s: give a time above zero, or 0 for 10s
MaxRequest: is -1: give a number of bytes, or 0 for 10485760
MaxResponse: is -2: give a number of bytes, or 0 for 10485760`, "\n"))
	_, err = New(Config{Rate: MaxRate})
	require.NoError(t, err)
	_, err = New(Config{Rate: MaxRate + 1})
	require.Error(t, err)
}

func TestConfigIsCopied(t *testing.T) {
	t.Parallel()
	config := Config{
		Domains: []string{"api.example.com"}, Ports: []int{80},
		Refuse: append(make([]netip.Prefix, 0, 64), netip.MustParsePrefix("20.1.2.0/24")),
	}
	s := newStage(t, config)
	s.lookup = always("20.1.2.3")
	config.Domains[0], config.Ports[0], config.Refuse[0] = "x.example.com", 22, netip.MustParsePrefix("20.1.3.0/24")
	assert.ErrorIs(t, s.get("http://api.example.com/"), ErrAddress)
	assert.ErrorIs(t, s.get("http://api.example.com:22/"), ErrPort)
	assert.ErrorIs(t, s.get("http://x.example.com/"), ErrNotListed)
	assert.Equal(t, netip.Prefix{}, config.Refuse[:2][1], "the caller's array is left alone")
}

// wellFormed is RFC 1035, 2.3.1 in other words, with digits first.
var wellFormed = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)

func FuzzDomains(f *testing.F) {
	for _, entry := range []string{"api.example.com", "*.example.org", "*.com", "*", "a.*.com", "xn--a.b", "127.0.0.1", "A.B."} {
		for _, host := range []string{"api.example.com", "a.example.org", "a.b.example.org", "x.com", "[::1]", "a.b.", "localhost", "*.example.org"} {
			f.Add(entry, host)
		}
	}
	f.Fuzz(func(t *testing.T, entry, host string) {
		list, err := newDomains([]string{entry})
		if err != nil {
			require.Empty(t, list.names)
			require.Empty(t, list.parents)
			return
		}
		to, err := parseTarget("https", host)
		if err != nil || !list.has(to.host) {
			return
		}
		require.Regexp(t, wellFormed, to.host)
		require.LessOrEqual(t, len(to.host), 253)
		_, err = netip.ParseAddr(to.host)
		require.Error(t, err)
		again, err := parseTarget("https", to.hostport("https"))
		require.NoError(t, err)
		require.Equal(t, to, again)

		parent, wildcard := strings.CutPrefix(strings.ToLower(entry), "*.")
		if !wildcard {
			require.Equal(t, parent, to.host)
			return
		}
		label, found := strings.CutSuffix(to.host, "."+parent)
		require.True(t, found)
		require.NotEmpty(t, label)
		require.NotContains(t, label, ".")
		require.GreaterOrEqual(t, strings.Count(to.host, "."), 2)
	})
}
