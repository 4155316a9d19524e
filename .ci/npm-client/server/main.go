// Command server helps to drive a gateway with the platform's own client. It
// serves what rule files cannot be: functions that fail, crash, take too long,
// are for one skill, or count how often they have run.
//
//	server                serve, and print the address
//	server cert FOLDER    make a certificate for 127.0.0.1: cert.pem and key.pem
//
// A request whose X-Request-ID begins with "flaky" meets a bad line: the first
// time it is turned away with 429, and the second time it is done, but its
// answer is lost.
package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/afterword-go/afterword/events"
	"github.com/afterword-go/afterword/faas"
	"github.com/afterword-go/afterword/faas/gateway"
)

func main() {
	var err error
	switch {
	case len(os.Args) == 1:
		err = serve()
	case len(os.Args) == 3 && os.Args[1] == "cert":
		err = certificate(os.Args[2])
	default:
		err = errors.New("usage: server [cert FOLDER]")
	}
	if err != nil {
		log.Fatal(err)
	}
}

// serve serves until it is ended.
func serve() error {
	rt, err := runtime()
	if err != nil {
		return err
	}
	handler, err := gateway.New(rt, gateway.Config{Account: "12345678", NoAuth: true})
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Printf("serving at http://%s\n", listener.Addr())
	server := handler.Server()
	server.Handler = &badLine{next: handler, seen: map[string]int{}}
	return server.Serve(listener)
}

// event is an event of these tests.
func event(id string, skills bool) *events.Kind[events.Object, any] {
	return events.Define[events.Object, any](events.Spec{ID: id, Limit: 2, Skills: skills})
}

type object = events.Event[events.Object]

func runtime() (*faas.Runtime, error) {
	failing, crashing, slow := event("test_failing", false), event("test_crashing", false), event("test_slow", false)
	skilled, counting, idle := event("test_skilled", true), event("test_counting", false), event("test_idle", false)
	kinds, err := events.NewRegistry(failing, crashing, slow, skilled, counting, idle)
	if err != nil {
		return nil, err
	}
	var runs atomic.Int64
	return faas.New(faas.Config{
		Registry: kinds,
		Timeouts: map[string]time.Duration{slow.ID(): 200 * time.Millisecond},
		Functions: []faas.Function{
			faas.On(failing, "failing", func(context.Context, object) (any, error) { return nil, errors.New("no luck today") }),
			faas.On(crashing, "crashing", func(context.Context, object) (any, error) { panic("oh") }),
			faas.On(slow, "slow", func(ctx context.Context, _ object) (any, error) {
				<-ctx.Done()
				return nil, ctx.Err()
			}),
			faas.On(skilled, "skilled", func(context.Context, object) (any, error) { return "for the skill", nil }, faas.Skills("4711")),
			faas.On(counting, "counting", func(context.Context, object) (any, error) { return runs.Add(1), nil }),
		},
	})
}

// A badLine loses some requests, and some answers.
type badLine struct {
	next http.Handler
	mu   sync.Mutex
	seen map[string]int // by request ID
}

func (b *badLine) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id := r.Header.Get("X-Request-ID")
	if !strings.HasPrefix(id, "flaky") {
		b.next.ServeHTTP(w, r)
		return
	}
	b.mu.Lock()
	b.seen[id]++
	attempt := b.seen[id]
	b.mu.Unlock()
	switch attempt {
	case 1:
		http.Error(w, "{}", http.StatusTooManyRequests)
	case 2:
		b.next.ServeHTTP(httptest.NewRecorder(), r)
		http.Error(w, "{}", http.StatusBadGateway)
	default:
		b.next.ServeHTTP(w, r)
	}
}

// certificate makes a certificate for 127.0.0.1 that lasts an hour.
func certificate(folder string) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Minute), NotAfter: time.Now().Add(time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true, IsCA: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return err
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	return errors.Join(
		write(folder, "cert.pem", &pem.Block{Type: "CERTIFICATE", Bytes: der}),
		write(folder, "key.pem", &pem.Block{Type: "PRIVATE KEY", Bytes: private}),
	)
}

func write(folder, name string, block *pem.Block) error {
	return os.WriteFile(filepath.Join(folder, name), pem.EncodeToMemory(block), 0o600)
}
