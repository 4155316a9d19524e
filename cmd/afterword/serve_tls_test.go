//go:build !windows

package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Over TLS, what is printed trusts the certificate that is served, and no other
// protocol is spoken.
func TestServeOverTLS(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	trusting := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: selfSigned(t, dir)}, ForceAttemptHTTP2: true}}
	writeFiles(t, dir, map[string]string{"a.rules.yaml": ruleTo("a"), "serve.yaml": "rules: [a.rules.yaml]\ntls: {cert: cert.pem, key: none.pem}\nauth: {clients: [{id: a, secretFile: key.pem, roles: [FaaS-Invocation]}]}\n"})
	s := startServing(t, dir, "--no-auth", "--config", "serve.yaml", "--tls-key", "key.pem")
	require.True(t, strings.HasPrefix(s.url, "https://127.0.0.1:"), s.url)
	if _, err := exec.LookPath("curl"); err == nil {
		assert.Contains(t, s.shown(t), "a@example.com")
	}
	res, err := trusting.Post(s.url+surveyURL, "application/json", strings.NewReader(janeRoe))
	require.NoError(t, err)
	assert.NoError(t, res.Body.Close())
	assert.Equal(t, http.StatusOK, res.StatusCode)
	assert.Equal(t, 2, res.ProtoMajor)
	status, _ := s.call(t, "GET", strings.Replace(s.url, "https", "http", 1)+"/healthz", "")
	assert.Equal(t, http.StatusBadRequest, status)
	assert.Equal(t, exitGood, s.end(t, syscall.SIGTERM))
}

// selfSigned writes a certificate for 127.0.0.1 with its key, and gives what
// trusts it.
func selfSigned(t *testing.T, dir string) *x509.CertPool {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Minute), NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	private, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	cert := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	writeFiles(t, dir, map[string]string{
		"cert.pem": string(cert), "key.pem": string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})),
	})
	pool := x509.NewCertPool()
	require.True(t, pool.AppendCertsFromPEM(cert))
	return pool
}
