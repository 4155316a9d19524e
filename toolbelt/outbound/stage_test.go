package outbound

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// errReached ends a connection that the dialer would have made, so that tests
// send nothing to the world.
var errReached = errors.New("would have connected")

// A stage is a client with a world of its own: names lead where a test says,
// and connections are noted instead of made.
type stage struct {
	client  *http.Client
	lookup  func(name string) []netip.Addr
	queries atomic.Int64

	mu      sync.Mutex
	reached []string          // addresses that the dialer let pass
	servers map[string]string // host:port to the address of a server that is there for it
}

func newStage(t *testing.T, config Config) *stage {
	t.Helper()
	client, err := New(config)
	require.NoError(t, err)
	t.Cleanup(client.CloseIdleConnections)
	s := &stage{client: client, servers: map[string]string{}}
	own := client.Transport.(*transport)
	own.dialer.public.Resolver = s.resolver()
	guard := own.dialer.public.Control
	own.dialer.public.Control = func(network, address string, conn syscall.RawConn) error {
		if err := guard(network, address, conn); err != nil {
			return err
		}
		return s.note(address)
	}
	dial := own.base.DialContext
	own.base.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		s.mu.Lock()
		server := s.servers[address]
		s.mu.Unlock()
		if server != "" {
			return (&net.Dialer{}).DialContext(ctx, network, server)
		}
		return dial(ctx, network, address)
	}
	return s
}

func (s *stage) note(address string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reached = append(s.reached, address)
	return errReached
}

// connections empties the notes.
func (s *stage) connections() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	notes := s.reached
	s.reached = nil
	return notes
}

// serve puts a server at a host and port.
func (s *stage) serve(hostport string, server *httptest.Server) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.servers[hostport] = server.Listener.Addr().String()
}

func (s *stage) get(url string) error {
	resp, err := s.client.Get(url)
	if err != nil {
		return err
	}
	return drain(resp)
}

func drain(resp *http.Response) error {
	_, err := io.Copy(io.Discard, resp.Body)
	return errors.Join(err, resp.Body.Close())
}

// resolver answers from lookup.
func (s *stage) resolver() *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		near, far := net.Pipe()
		go func() {
			defer far.Close()
			for s.answer(far) == nil {
			}
		}()
		return near, nil
	}}
}

// answer answers one question of RFC 1035, 4.2.2.
func (s *stage) answer(conn net.Conn) error {
	var size [2]byte
	if _, err := io.ReadFull(conn, size[:]); err != nil {
		return err
	}
	query := make([]byte, binary.BigEndian.Uint16(size[:]))
	if _, err := io.ReadFull(conn, query); err != nil {
		return err
	}
	s.queries.Add(1)
	end := 12
	var labels []string
	for query[end] != 0 {
		n := int(query[end])
		labels = append(labels, string(query[end+1:end+1+n]))
		end += 1 + n
	}
	kind := binary.BigEndian.Uint16(query[end+1:])
	question := query[12 : end+5]

	var answers []byte
	count := 0
	if s.lookup != nil {
		for _, addr := range s.lookup(strings.ToLower(strings.Join(labels, "."))) {
			if addr.Is4() != (kind == 1) || addr.Is6() != (kind == 28) {
				continue
			}
			count++
			answers = append(answers, 0xC0, 12, 0, byte(kind), 0, 1, 0, 0, 0, 0, 0, byte(addr.BitLen()/8))
			answers = append(answers, addr.AsSlice()...)
		}
	}
	reply := append([]byte{query[0], query[1], 0x81, 0x80, 0, 1, 0, byte(count), 0, 0, 0, 0}, question...)
	reply = append(reply, answers...)
	_, err := conn.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(reply))), reply...))
	return err
}

// always leads every name to the same addresses.
func always(addresses ...string) func(string) []netip.Addr {
	var addrs []netip.Addr
	for _, a := range addresses {
		addrs = append(addrs, netip.MustParseAddr(a))
	}
	return func(string) []netip.Addr { return addrs }
}

// doorbell is a listener on loopback that counts who connects.
type doorbell struct {
	net.Listener
	rung atomic.Int64
}

func newDoorbell(t *testing.T) (*doorbell, int) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	d := &doorbell{Listener: l}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			d.rung.Add(1)
			conn.Close()
		}
	}()
	t.Cleanup(func() { l.Close(); <-done })
	return d, l.Addr().(*net.TCPAddr).Port
}

func portOf(server *httptest.Server) int { return server.Listener.Addr().(*net.TCPAddr).Port }
