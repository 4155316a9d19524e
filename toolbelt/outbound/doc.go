// Package outbound makes HTTP clients for functions: clients that call the
// domains of a list and nothing else, whatever URL they are given.
//
// # Usage
//
// Whoever connects a function gives it its client when it is built:
//
//	client, err := outbound.New(outbound.Config{
//		Domains: []string{"api.example.com", "*.example.org"},
//	})
//	…
//	defer client.CloseIdleConnections()
//	function := newFunction(client) // func newFunction(client *http.Client) faas.Function
//
// The function uses it like any other *http.Client. Give each function a client
// of its own, for the rate is counted by client.
//
// The client guards a function against URLs that come out of payloads, settings
// and answers, redirects among them. It cannot guard against a function in Go
// that dials by itself, or that changes the fields of its client: let it change
// none, Transport least of all. One who puts Transport into a client of his own
// keeps everything but the limit of time.
//
// # Domains
//
// Names are compared without regard to case and to a dot at the end. A wildcard
// is the whole first label and stands for exactly one, as in certificates:
// *.example.org is a.example.org, and neither example.org nor a.b.example.org.
// (The platform has one wildcard at most, and does not say for how many labels.)
// International names are in their xn-- form, in the list and in URLs. Addresses
// and names of one label cannot be listed.
//
// Every hop of a redirect must be listed. The names are looked up as they are,
// without the search domains of the machine, and what is not listed is not
// looked up at all.
//
// # Addresses
//
// A name may lead anywhere, and tomorrow elsewhere. So the address is checked
// when the connection is made, for each one that a name has: only addresses of
// the public internet are called. Refused are those of this machine, of private
// and provider networks, of links, groups and documents, those that IANA keeps
// for special use, IPv6 addresses with an IPv4 address within (mapped, NAT64,
// 6to4, Teredo), and where clouds keep the data of their machines. A connection
// that is used again is one that was checked.
//
// No check can know public addresses that are private by custom, or a NAT64
// prefix of one's own: name them in Config.Refuse.
//
// There is no proxy, whatever the environment says, for a proxy would choose
// the address. There are no cookies.
//
// # Limits
//
// A client sends 20 requests in any second, as on the platform, each redirect
// being one more; those that are refused do not count. One too many is an error
// and does not wait: the platform answers 429 at once, and waiting would use up
// the function's own time.
//
// A request may take 10 seconds, with all its redirects and the reading of the
// body. A body may have 10 MiB, either way; that of a response is counted after
// the client has unpacked it. (One who sets Accept-Encoding gets the body as it
// came, and has to bound what he unpacks.) A response may have 64 KiB of
// headers and five redirects before it. From https there is no way to http.
//
// Config has other values for those of DefaultRate, DefaultTimeout, DefaultMaxBody
// and DefaultMaxRedirects.
//
// Credentials do not go to another host in a redirect: net/http leaves out
// Authorization and Cookie, unless it is a subdomain of the first. Other headers
// go along, and so does the body with status 307 and 308; both reach listed hosts
// only. Referer, which would quote the URL before, is left out.
//
// # Errors
//
// What the client returns is an *url.Error, as ever. Within, a *RefusedError
// says that a request was not sent, and errors.Is finds why:
//
//	resp, err := client.Do(request)
//	switch {
//	case errors.Is(err, outbound.ErrTooManyRequests):
//		…
//	case err != nil:
//		return nil, outbound.Redact(err)
//	}
//
// An *url.Error quotes the URL, and errors of a function reach its callers.
// Redact makes an error that quotes nothing.
//
// # Concurrency
//
// A client may be used by several goroutines at once. It keeps up to 20 connections
// open for half a minute, with a goroutine or two each; whoever made the client calls
// CloseIdleConnections when the function is gone.
//
// # Testing
//
// A test serves with net/http/httptest, and calls it with a client that has
// Config.AllowLoopback, which need list nothing. For a server with TLS, put its
// certificate in Config.RootCAs.
package outbound
