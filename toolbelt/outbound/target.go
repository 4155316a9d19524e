package outbound

import (
	"errors"
	"net"
	"net/netip"
	"strconv"
	"strings"
)

// A target is a host in canonical form and a port: a name in lower case without
// a dot at the end, or a loopback address.
type target struct {
	host string
	port int
}

var (
	errHost = errors.New("is no host")
	errPort = errors.New("is no port")
)

// parseTarget reads the host and port of a URL or of a Host header. Whatever is
// not plainly a name or a loopback address is no target: nothing is guessed,
// decoded or mended, so that there is nothing to disagree about with what
// connects later.
func parseTarget(scheme, hostport string) (target, error) {
	host, port := cutPort(hostport)
	t := target{port: defaultPort(scheme)}
	if port != "" {
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil {
			return target{}, errPort
		}
		t.port = int(n)
	}
	var err error
	t.host, err = parseHost(host)
	return t, err
}

// cutPort cuts at the first colon, or at the one after the brackets.
func cutPort(hostport string) (host, port string) {
	if strings.HasPrefix(hostport, "[") {
		if i := strings.LastIndex(hostport, "]:"); i >= 0 {
			return hostport[:i+1], hostport[i+2:]
		}
		return hostport, ""
	}
	host, port, _ = strings.Cut(hostport, ":")
	return host, port
}

func parseHost(host string) (string, error) {
	if inner, ok := strings.CutPrefix(host, "["); ok {
		inner, ok = strings.CutSuffix(inner, "]")
		addr, err := netip.ParseAddr(inner)
		if !ok || err != nil || !addr.Is6() || addr.Zone() != "" || !addr.IsLoopback() {
			return "", errHost
		}
		return addr.String(), nil
	}
	if strings.EqualFold(host, "localhost") {
		return "localhost", nil
	}
	if addr, err := netip.ParseAddr(host); err == nil && addr.Is4() && addr.IsLoopback() {
		return addr.String(), nil
	}
	name, err := parseName(strings.TrimSuffix(host, "."))
	if err != nil {
		return "", errHost
	}
	return name, nil
}

func defaultPort(scheme string) int {
	if scheme == "https" {
		return 443
	}
	return 80
}

// hostport is the target as a URL has it.
func (t target) hostport(scheme string) string {
	if t.port != defaultPort(scheme) {
		return net.JoinHostPort(t.host, strconv.Itoa(t.port))
	}
	if strings.Contains(t.host, ":") {
		return "[" + t.host + "]"
	}
	return t.host
}
