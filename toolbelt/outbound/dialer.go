package outbound

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"syscall"
	"time"

	"code.dny.dev/ssrf"
)

// azureWire is where Azure has the agent of its machines, with their
// certificates and settings: the only such address of a cloud that looks
// public.
var azureWire = netip.MustParsePrefix("168.63.129.16/32")

var errAddress = errors.New("is not a loopback address")

// A dialer connects to public addresses. The net package asks before each
// connection, with the address that it is about to connect to.
type dialer struct {
	public   net.Dialer
	loopback *net.Dialer // for localhost and loopback addresses; nil if they are not allowed
}

func newDialer(refuse []netip.Prefix, ports []int, timeout time.Duration, loopback bool) *dialer {
	v4, v6 := []netip.Prefix{azureWire}, []netip.Prefix(nil)
	for _, prefix := range refuse {
		if prefix.Addr().Is4() {
			v4 = append(v4, prefix)
		} else {
			v6 = append(v6, prefix)
		}
	}
	var wire []uint16
	for _, port := range ports {
		wire = append(wire, uint16(port))
	}
	guardian := ssrf.New(
		ssrf.WithPorts(wire...),
		ssrf.WithDeniedV4Prefixes(v4...),
		ssrf.WithDeniedV6Prefixes(v6...),
	)
	d := &dialer{public: net.Dialer{Timeout: timeout, Control: guardian.Safe}}
	if loopback {
		d.loopback = &net.Dialer{Timeout: timeout, Control: onlyLoopback}
		d.public.Control = func(network, address string, conn syscall.RawConn) error {
			if onlyLoopback(network, address, conn) == nil {
				return nil
			}
			return guardian.Safe(network, address, conn)
		}
	}
	return d
}

// onlyLoopback refuses all addresses but those of this machine.
func onlyLoopback(_, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("read the address: %w", err)
	}
	if !to.Addr().IsLoopback() {
		return errAddress
	}
	return nil
}

// dial connects to a host that the transport has let pass, by its name in
// canonical form.
func (d *dialer) dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	var conn net.Conn
	if d.loopback != nil && isLoopback(host) {
		conn, err = d.loopback.DialContext(ctx, network, address)
	} else {
		// With the dot it is the whole name: no search domain is appended.
		conn, err = d.public.DialContext(ctx, network, net.JoinHostPort(host+".", port))
	}
	for _, refusal := range []error{errAddress, ssrf.ErrProhibitedIP, ssrf.ErrProhibitedNetwork, ssrf.ErrProhibitedPort, ssrf.ErrInvalidHostPort} {
		if errors.Is(err, refusal) {
			return nil, &RefusedError{Host: host, Reason: ErrAddress}
		}
	}
	return conn, err
}

// isLoopback tells whether a canonical host is this machine by its very name.
func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback()
}
