package outbound

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// hostileHosts are hosts that are not listed, however one reads them.
var hostileHosts = strings.Fields(`
127.0.0.1 127.0.0.2 127.1 127.0.1 127.255.255.255 2130706433 0x7f000001 0x7F.0.0.1 0x7f.1 017700000001 0177.0.0.1 0177.1
0177.0.0.01 127.0.0.01 00127.0.0.1 127.0.0.1. 127.0.0.1.. 127.000.000.001 1.0.0.127.in-addr.arpa
0 0.0.0.0 0.0 00000000 0x0 0x00000000 0.0.0.0. 000.000.000.000 0.1.2.3
10.0.0.1 10.255.255.255 10.1 0xa.0.0.1 012.0.0.1 167772161 172.16.0.1 172.31.255.255 2886729729 192.168.0.1 192.168.1 3232235521
169.254.169.254 169.254.0.1 2852039166 0xa9fea9fe 0xA9.0xFE.0xA9.0xFE 0251.0376.0251.0376 169.254.43518 169.16689662
100.64.0.1 100.100.100.200 100.127.255.255 192.0.0.1 192.0.0.170 192.0.0.192 192.0.2.1 198.18.0.1 198.19.255.255 198.51.100.1
203.0.113.9 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255 192.88.99.1 168.63.129.16 93.184.216.34 8.8.8.8
[::] [::1] [0:0:0:0:0:0:0:1] [0000:0000:0000:0000:0000:0000:0000:0001] [::0001] [0::1] [::127.0.0.1] [::7f00:1]
[::ffff:127.0.0.1] [::ffff:7f00:1] [0:0:0:0:0:ffff:7f00:1] [::ffff:0:127.0.0.1] [::ffff:10.0.0.1] [::ffff:a9fe:a9fe] [::FFFF:127.0.0.1]
[64:ff9b::7f00:1] [64:ff9b::127.0.0.1] [64:ff9b:1::7f00:1] [2002:7f00:1::] [2002:7f00:1::1] [2001:0:7f00:1::] [2001:db8::1]
[fe80::1] [fe80::1%25eth0] [fe80::1%25lo] [::1%25lo] [::1%251] [ff02::1] [fc00::1] [fd00::1] [fd00:ec2::254] [fd20:ce::254] [fec0::1]
[100::1] [2001:4860:4860::8888] [127.0.0.1] [localhost] [api.example.com] [] [::1 ::1 ::1] ::1] [::1]x [::1].example.org [::1]api.example.com
[v1.127.0.0.1] 127.0.0.1%00 127.0.0.1%2e 127%2e0%2e0%2e1 %31%32%37.0.0.1 127.0.0.1%20 127.0.0.1%23 %6cocalhost localhos%74
localhost LOCALHOST LocalHost localhost. localhost.. localhost.localdomain localhost6 ip6-localhost ip6-loopback localhost4
app.localhost localhost.example.net 127.0.0.1.nip.io 127.0.0.1.xip.io 127-0-0-1.sslip.io localtest.me lvh.me customer1.app.localhost.my.company.127.0.0.1.nip.io
metadata metadata.google.internal instance-data kubernetes.default.svc host.docker.internal router fritz.box intranet
api.example.com@127.0.0.1 api.example.com:80@127.0.0.1 api.example.com:pw@[::1] user:api.example.com@localhost a@b@127.0.0.1
api.example.com%40127.0.0.1 127.0.0.1\@api.example.com api.example.com\@127.0.0.1 api.example.com\.127.0.0.1 127.0.0.1\.example.org
api.example.com%00.127.0.0.1 127.0.0.1%00.api.example.com api.example.com%2f@127.0.0.1 api.example.com%09.evil.net api.example.com%0d%0aHost:127.0.0.1
127.0.0.1#@api.example.com 127.0.0.1?@api.example.com 127.0.0.1/@api.example.com 127.0.0.1;api.example.com 127.0.0.1,api.example.com
127。0。0。1 127．0．0．1 127｡0｡0｡1 １２７.0.0.1 ①②⑦.⓪.⓪.① 127.0.0.① ０x7f.1 ⅼocalhost ｌｏｃａｌｈｏｓｔ localhoﬆ loc𝐚lhost ʟocalhost [::ⅰ]
api。example。com api.example。com ａｐｉ.example.com api.example.ｃom аpi.example.com api.examplе.com api.еxample.com api.example.com。 bücher.example.org
api.example.com.. .api.example.com api..example.com api.example.com.evil.net evilapi.example.com xapi.example.com api.example.co api.example.comm
example.com www.example.com x.api.example.com example.org a.b.example.org .example.org -.example.org -a.example.org a-.example.org *.example.org
_.example.org a_b.example.org a%2eb.example.org a$.example.org xn--.b.example.org a.example.org.evil.net evilexample.org example.org.
api-example.com apiexample.com com org . .. ... - _ * @ : :: %00 %20 ~ (127.0.0.1) "localhost" 'localhost'
`)

// hostileURLs are URLs whose trick is not in the host alone. P is the port of
// the listener.
var hostileURLs = []string{
	"http://api.example.com:P@127.0.0.1:P/", "http://api.example.com@127.0.0.1:P/", "http://a:b@api.example.com@127.0.0.1:P/",
	"http://127.0.0.1:P\\@api.example.com/", "http://api.example.com\\@127.0.0.1:P/", "http:\\\\127.0.0.1:P/", "http:/\\127.0.0.1:P/",
	"http:///127.0.0.1:P/", "http:127.0.0.1:P", "http:/127.0.0.1:P", "//127.0.0.1:P/", "127.0.0.1:P", "/", "", "http://", "http://:P/", "http://:80",
	"http://127.0.0.1:P#@api.example.com/", "http://127.0.0.1:P?@api.example.com/", "http://127.0.0.1:P/@api.example.com/",
	"http://127.0.0.1:P%2f@api.example.com:81/", "http://127.0.0.1:P\t/", "http://127.0.0.1:P\r\n/", " http://127.0.0.1:P/",
	"http://api.example.com:P:80/", "http://api.example.com:80:P/", "http://127.0.0.1:80:P/", "http://api.example.com:-1/", "http://api.example.com:+80/",
	"http://api.example.com:0/", "http://api.example.com:65536/", "http://api.example.com:65616/", "http://api.example.com:4294967376/",
	"http://api.example.com:0x50/", "http://api.example.com:8 0/", "http://api.example.com:８０/", "http://api.example.com:http/",
	"http://api.example.com:22/", "http://api.example.com:25/", "http://api.example.com:6379/", "http://api.example.com:8080/", "http://api.example.com:2375/",
	"http://api.example.com:80%40127.0.0.1:P/", "http://api.example.com:80,127.0.0.1:P/",
	"ftp://api.example.com/", "file:///etc/passwd", "gopher://api.example.com:80/_x", "unix:///var/run/docker.sock", "http+unix://api.example.com/",
	"ws://api.example.com/", "wss://api.example.com/", "data:text/plain,x", "javascript:1", "jar:http://api.example.com/", "dict://127.0.0.1:P/", "ldap://127.0.0.1:P/",
	"httpx://api.example.com/", "https+insecure://api.example.com/", "http\x00://api.example.com/", "view-source:http://127.0.0.1:P/", "url:http://127.0.0.1:P/",
}

func TestHostileURLs(t *testing.T) {
	t.Parallel()
	bell, port := newDoorbell(t)
	s := newStage(t, Config{
		Domains: []string{"api.example.com", "*.example.org"}, Ports: []int{80, 443, port}, Rate: MaxRate,
	})
	s.lookup = always("93.184.216.34") // it would do for any name that were let pass

	var requests []*http.Request
	unparsed := 0
	add := func(raw string) {
		req, err := http.NewRequest(http.MethodGet, raw, nil)
		if err != nil {
			unparsed++
			return
		}
		requests = append(requests, req)
	}
	for _, host := range hostileHosts {
		// As text, and as a struct, which may have any bytes.
		add("http://" + host + "/")
		add(fmt.Sprintf("http://%s:%d/", host, port))
		add("https://" + host)
		for _, hostport := range []string{host, fmt.Sprintf("%s:%d", host, port), host + ":", host + "."} {
			if host == "example.org" || strings.HasSuffix(hostport, ":.") {
				continue
			}
			requests = append(requests, &http.Request{
				Method: http.MethodGet, URL: &url.URL{Scheme: "http", Host: hostport, Path: "/"}, Header: http.Header{},
			})
		}
	}
	for _, raw := range hostileURLs {
		add(strings.ReplaceAll(raw, "P", fmt.Sprint(port)))
	}
	require.GreaterOrEqual(t, len(hostileHosts)+len(hostileURLs), 200)
	require.Greater(t, len(requests), 1000)
	assert.Less(t, unparsed, len(requests), "most get as far as the client")

	for _, req := range requests {
		resp, err := s.client.Do(req)
		if !assert.Error(t, err, "%q", req.URL) {
			assert.NoError(t, resp.Body.Close())
		}
		assert.Empty(t, s.connections(), "%q", req.URL)
	}
	assert.Zero(t, s.queries.Load(), "not even a name was looked up")
	assert.Zero(t, bell.rung.Load())

	// The same client does connect to what is listed.
	for _, raw := range []string{
		"http://api.example.com", "https://api.example.com/", "http://API.Example.COM./x?y#z", "http://api.example.com:/",
		"https://u:p@api.example.com:443/", "http://a.example.org", "http://127.0.0.1:1;@api.example.com/", "http://xn--bcher-kva.example.org/", "https://127.example.org:80/",
		fmt.Sprintf("http://0x7f.example.org:%d", port),
	} {
		require.ErrorIs(t, s.get(raw), errReached, raw)
		require.NotEmpty(t, s.connections(), raw)
	}
}

// hostileAddresses are addresses that no listed name may lead to.
var hostileAddresses = strings.Fields(`
0.0.0.0 0.0.0.1 0.255.255.255 10.0.0.0 10.0.0.1 10.255.255.255 100.64.0.0 100.64.0.1 100.100.100.200 100.127.255.255
127.0.0.0 127.0.0.1 127.0.0.53 127.1.2.3 127.255.255.255 169.254.0.0 169.254.169.254 169.254.170.2 169.254.255.255
172.16.0.0 172.17.0.1 172.31.255.255 192.0.0.0 192.0.0.8 192.0.0.170 192.0.0.192 192.0.0.255 192.0.2.0 192.0.2.255
192.31.196.1 192.52.193.1 192.88.99.1 192.168.0.0 192.168.1.1 192.168.255.255 192.175.48.1 198.18.0.0 198.19.255.255
198.51.100.0 198.51.100.255 203.0.113.0 203.0.113.255 224.0.0.0 224.0.0.1 224.0.0.251 239.255.255.255 240.0.0.0 250.1.2.3
255.255.255.254 255.255.255.255 168.63.129.16 20.1.2.3
:: ::1 ::2 ::127.0.0.1 ::10.0.0.1 ::ffff:0:0 ::ffff:127.0.0.1 ::ffff:7f00:1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::ffff:0:127.0.0.1
64:ff9b:: 64:ff9b::127.0.0.1 64:ff9b::10.0.0.1 64:ff9b::8.8.8.8 64:ff9b:1:: 64:ff9b:1::7f00:1 100:: 100::1 100:0:0:1::1
2001:: 2001:0:7f00:1::1 2001:2::1 2001:3::1 2001:4:112::1 2001:10::1 2001:20::1 2001:30::1 2001:db8:: 2001:db8::1 2002:: 2002:7f00:1:: 2002:a00:1::1
2002:c0a8:101::1 2620:4f:8000::1 3fff:: 3fff:fff::1 4000::1 5f00::1 8000::1 fc00:: fc00::1 fd00:: fd00:ec2::254 fd20:ce::254
fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff fe80:: fe80::1 fe80::a9fe:a9fe febf::1 fec0::1 feff::1 ff00:: ff01::1 ff02::1 ff02::fb ff05::1 ff0e::1
2a00:beef::1 2a00:beef::7f00:1
`)

// ownNetworks are those that the tests refuse beside.
var ownNetworks = []netip.Prefix{netip.MustParsePrefix("20.1.2.0/24"), netip.MustParsePrefix("2a00:beef::/32")}

func TestHostileAddresses(t *testing.T) {
	t.Parallel()
	bell, port := newDoorbell(t)
	config := Config{Domains: []string{"api.example.com"}, Ports: []int{80, 443, port}, Rate: MaxRate, Refuse: ownNetworks}
	s := newStage(t, config)
	dialer := newDialer(ownNetworks, []int{80}, DefaultTimeout, false)
	for _, address := range hostileAddresses {
		s.lookup = always(address)
		for _, raw := range []string{"http://api.example.com/", "https://api.example.com/", fmt.Sprintf("http://api.example.com:%d/", port)} {
			err := s.get(raw)
			assert.Error(t, err, address)
			if netip.MustParseAddr(address).Is4() {
				var refused *RefusedError
				assert.ErrorIs(t, err, ErrAddress, address)
				assert.ErrorAs(t, err, &refused, address)
			}
		}
		// Also where this machine has no IPv6, and where one is not unmapped.
		network := map[bool]string{true: "tcp4", false: "tcp6"}[netip.MustParseAddr(address).Is4()]
		assert.Error(t, dialer.public.Control(network, net.JoinHostPort(address, "80"), nil), address)
	}
	assert.Error(t, dialer.public.Control("tcp6", "[fe80::1%lo]:80", nil))
	assert.Error(t, dialer.public.Control("tcp6", "[2606:4700::1111%lo]:80", nil))
	assert.Error(t, dialer.public.Control("udp4", "93.184.216.34:80", nil))
	assert.Error(t, dialer.public.Control("tcp4", "93.184.216.34:22", nil))
	assert.Error(t, dialer.public.Control("tcp4", "nonsense", nil))
	assert.Empty(t, s.connections())
	assert.Zero(t, bell.rung.Load())
	assert.NotZero(t, s.queries.Load(), "the names were looked up")

	for _, address := range strings.Fields(`1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 20.1.3.1 93.184.216.34 100.63.255.255 100.128.0.0
		126.255.255.255 128.0.0.0 168.63.129.15 172.15.255.255 172.32.0.0 192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0 223.255.255.255`) {
		s.lookup = always(address)
		assert.ErrorIs(t, s.get("http://api.example.com/"), errReached, address)
		assert.Equal(t, []string{address + ":80"}, s.connections())
	}
	for _, address := range strings.Fields("2606:4700::1111 2a00:1450:4001::1 2001:4860:4860::8888 2001:200::1") {
		assert.NoError(t, dialer.public.Control("tcp6", "["+address+"]:80", nil), address)
	}
}

// Without the guard the same names do lead to this machine: it is the guard that
// refuses, not the stage.
func TestHostileAddressesNeedTheGuard(t *testing.T) {
	t.Parallel()
	bell, port := newDoorbell(t)
	s := newStage(t, Config{Domains: []string{"api.example.com"}, Ports: []int{port}, Rate: MaxRate})
	raw := fmt.Sprintf("http://api.example.com:%d/", port)
	s.lookup = always("127.0.0.1")
	require.ErrorIs(t, s.get(raw), ErrAddress)
	require.Zero(t, bell.rung.Load())

	dialer := s.client.Transport.(*transport).dialer
	dialer.public.Control = nil
	require.Error(t, s.get(raw), "the listener hangs up")
	assert.NotZero(t, bell.rung.Load())

	dialer.public.Control = func(_, address string, _ syscall.RawConn) error { return s.note(address) }
	for _, address := range hostileAddresses {
		if netip.MustParseAddr(address).Is4() {
			s.lookup = always(address)
			require.ErrorIs(t, s.get(raw), errReached, address)
			assert.NotEmpty(t, s.connections(), address)
		}
	}
}

func TestRebinding(t *testing.T) {
	t.Parallel()
	bell, port := newDoorbell(t)
	s := newStage(t, Config{Domains: []string{"api.example.com"}, Ports: []int{port}})
	raw := fmt.Sprintf("http://api.example.com:%d/", port)
	s.lookup = always("93.184.216.34")
	require.ErrorIs(t, s.get(raw), errReached)
	require.Len(t, s.connections(), 1)

	s.lookup = always("127.0.0.1")
	require.ErrorIs(t, s.get(raw), ErrAddress)

	// All addresses are looked at, whichever comes first.
	s.lookup = always("127.0.0.1", "10.0.0.1", "169.254.169.254")
	require.ErrorIs(t, s.get(raw), ErrAddress)
	require.Empty(t, s.connections())
	s.lookup = always("127.0.0.1", "93.184.216.34", "10.0.0.1")
	require.Error(t, s.get(raw))
	assert.Equal(t, []string{fmt.Sprintf("93.184.216.34:%d", port)}, s.connections())
	assert.Zero(t, bell.rung.Load())
}

// The name is looked up as it is, whatever search domains the machine has.
func TestWholeNames(t *testing.T) {
	t.Parallel()
	s := newStage(t, Config{Domains: []string{"api.example.com"}})
	var asked string
	trace := &httptrace.ClientTrace{DNSStart: func(info httptrace.DNSStartInfo) { asked = info.Host }}
	req, err := http.NewRequestWithContext(httptrace.WithClientTrace(t.Context(), trace), http.MethodGet, "http://api.example.com/", nil)
	require.NoError(t, err)
	_, err = s.client.Do(req)
	var unresolved *net.DNSError
	require.ErrorAs(t, err, &unresolved)
	assert.Equal(t, "api.example.com.", asked)
}

func TestHostileRedirects(t *testing.T) {
	t.Parallel()
	bell, port := newDoorbell(t)
	var location atomic.Value
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Location"] = []string{location.Load().(string)}
		w.WriteHeader(http.StatusFound)
	}))
	defer server.Close()
	s := newStage(t, Config{Domains: []string{"api.example.com", "*.example.org"}, Ports: []int{80, 443, port}, Rate: MaxRate})
	s.serve("api.example.com:80", server)
	s.lookup = always("127.0.0.1")

	var targets []string
	for _, host := range hostileHosts {
		targets = append(targets, "http://"+host+"/", fmt.Sprintf("//%s:%d/", host, port))
	}
	for _, raw := range hostileURLs {
		if raw != "" && raw[0] != '/' { // those lead back to the server
			targets = append(targets, strings.ReplaceAll(raw, "P", fmt.Sprint(port)))
		}
	}
	targets = append(targets, fmt.Sprintf("http://a.example.org:%d/", port), "https://api.example.com/")
	for _, target := range targets {
		location.Store(target)
		assert.Error(t, s.get("http://api.example.com/"), target)
	}
	assert.Empty(t, s.connections())
	assert.Zero(t, bell.rung.Load())

	location.Store("https://b.example.org/")
	s.lookup = always("93.184.216.34")
	assert.ErrorIs(t, s.get("http://api.example.com/"), errReached)
	assert.Equal(t, []string{"93.184.216.34:443"}, s.connections())
}
