package whisk

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"log"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// ownCertificate makes a certificate that signs itself, and its key, both as PEM.
func ownCertificate(t *testing.T) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		KeyUsage:    x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})),
		string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw}))
}

func TestAServerMayAskForACertificate(t *testing.T) {
	both(t, func(t *testing.T, over HTTP) {
		cert, key := ownCertificate(t)
		server := httptest.NewUnstartedServer(answer(200, `{}`))
		trusted := x509.NewCertPool()
		trusted.AppendCertsFromPEM([]byte(cert))
		server.TLS = &tls.Config{ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: trusted}
		server.Config.ErrorLog = log.New(io.Discard, "", 0) // it would tell of the call that it refuses
		server.StartTLS()
		t.Cleanup(server.Close)
		for _, row := range []struct {
			says      string
			cert, key string
			class     Class
		}{
			{"its certificate is shown", cert, key, OK},
			{"none is shown", "", "", Network},
		} {
			client, err := New(Access{Host: server.URL, Auth: auth, Insecure: true, Cert: row.cert, Key: row.key}, 1, Over(over))
			if err != nil {
				t.Fatal(err)
			}
			got := client.Invoke(t.Context(), client.Prepare("hello", ForResult, []byte("{}")), "t")
			if got.Class != row.class {
				t.Errorf("%s: the call is %s: %s, want %s", row.says, got.Class, got.Error, row.class)
			}
			client.Close()
		}
	})
}

func TestACertificateNeedsItsOwnKey(t *testing.T) {
	cert, _ := ownCertificate(t)
	_, other := ownCertificate(t)
	for _, a := range []Access{{Cert: cert}, {Key: other}, {Cert: cert, Key: other}, {Cert: "x", Key: other}} {
		a.Host, a.Auth = "https://h", auth
		if _, err := New(a, 1); err == nil || !strings.Contains(err.Error(), "our own certificate") {
			t.Errorf("got %v, want what is wrong with our own certificate", err)
		}
	}
}

func TestTLSSessionsAreTakenUpAgain(t *testing.T) {
	both(t, func(t *testing.T, over HTTP) {
		var resumed, made atomic.Int64
		server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			made.Add(1)
			if r.TLS.DidResume {
				resumed.Add(1)
			}
			w.Header().Set("Connection", "close") // each call needs a new connection
			_, _ = io.WriteString(w, "{}")
		}))
		server.StartTLS()
		t.Cleanup(server.Close)
		client, err := New(Access{Host: server.URL, Auth: auth, Insecure: true}, 1, Over(over))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(client.Close)
		call := client.Prepare("hello", ForResult, []byte("{}"))
		for range 5 {
			if got := client.Invoke(t.Context(), call, "t"); got.Class != OK {
				t.Fatalf("the call is %s: %s", got.Class, got.Error)
			}
		}
		if made.Load() != 5 || resumed.Load() != 4 {
			t.Errorf("got %d of %d connections with a session taken up again, want all but the first", resumed.Load(), made.Load())
		}
	})
}

func TestHTTP2IsSpokenWhenAsked(t *testing.T) {
	for name, secure := range map[string]bool{"over TLS": true, "in the clear": false} {
		t.Run(name, func(t *testing.T) {
			var major atomic.Int64
			server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				major.Store(int64(r.ProtoMajor))
				_, _ = io.WriteString(w, "{}")
			}))
			server.EnableHTTP2 = true
			server.Config.Protocols = new(http.Protocols)
			server.Config.Protocols.SetHTTP1(true)
			server.Config.Protocols.SetHTTP2(true)
			server.Config.Protocols.SetUnencryptedHTTP2(true)
			if secure {
				server.StartTLS()
			} else {
				server.Start()
			}
			t.Cleanup(server.Close)
			for over, want := range map[HTTP]int64{Plain: 1, Standard: 1, HTTP2: 2} {
				client, err := New(Access{Host: server.URL, Auth: auth, Insecure: true}, 1, Over(over))
				if err != nil {
					t.Fatal(err)
				}
				got := client.Invoke(t.Context(), client.Prepare("hello", ForResult, []byte("{}")), "t")
				if got.Class != OK || major.Load() != want || client.HTTP() != over {
					t.Errorf("%s: the call is %s (%s) over HTTP/%d as %s, want HTTP/%d", over, got.Class, got.Error, major.Load(), client.HTTP(), want)
				}
				client.Close()
			}
		})
	}
}

func TestBehindAProxyTheStandardLibrarySends(t *testing.T) {
	var proxied atomic.Int64
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Host == "openwhisk.example.org" { // a proxy gets the whole URL
			proxied.Add(1)
		}
		_, _ = io.WriteString(w, "{}")
	}))
	t.Cleanup(proxy.Close)
	address, err := url.Parse(proxy.URL)
	if err != nil {
		t.Fatal(err)
	}
	through := func(o *options) { o.proxy = http.ProxyURL(address) }
	client, err := New(Access{Host: "http://openwhisk.example.org", Auth: auth}, 1, through)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	got := client.Invoke(t.Context(), client.Prepare("hello", ForResult, []byte("{}")), "t")
	if got.Class != OK || proxied.Load() != 1 || client.HTTP() != Standard {
		t.Errorf("the call is %s: %s; %d calls came to the proxy by %s", got.Class, got.Error, proxied.Load(), client.HTTP())
	}
}

func TestConnectionsAreCounted(t *testing.T) {
	both(t, func(t *testing.T, over HTTP) {
		client := serve(t, answer(200, `{}`), Over(over))
		call := client.Prepare("hello", ForResult, []byte("{}"))
		for range 3 {
			if got := client.Invoke(t.Context(), call, "t"); got.Class != OK {
				t.Fatalf("the call is %s: %s", got.Class, got.Error)
			}
		}
		if got := client.Opened(); got != 1 {
			t.Errorf("got %d connections for three calls one after the other, want 1", got)
		}
	})
}
