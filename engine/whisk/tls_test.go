package whisk

import (
	"encoding/pem"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestTheCertificateIsVerifiedAsTheAccessSays(t *testing.T) {
	both(t, theCertificateIsVerifiedAsTheAccessSays)
}

func theCertificateIsVerifiedAsTheAccessSays(t *testing.T, over HTTP) {
	server := httptest.NewTLSServer(answer(200, `{"invocationsPerMinute":60,"concurrentInvocations":30,"name":"hello"}`))
	t.Cleanup(server.Close)
	own := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}))
	for _, row := range []struct {
		says    string
		access  Access
		trusted bool
	}{
		{"the system does not know it", Access{}, false},
		{"nobody is asked", Access{Insecure: true}, true},
		{"its own authority is trusted", Access{CA: own}, true},
	} {
		row.access.Host, row.access.Auth = server.URL, "user:key"
		client, err := New(row.access, 1, Over(over))
		if err != nil {
			t.Fatal(err)
		}
		limits, err := client.Limits(t.Context())
		if (err == nil) != row.trusted || row.trusted && limits.PerMinute != 60 {
			t.Errorf("%s: limits %+v, error %v", row.says, limits, err)
		}
		_, err = client.PutAction(t.Context(), Action{Name: "hello"})
		if (err == nil) != row.trusted {
			t.Errorf("%s: entities: %v", row.says, err)
		}
		got := client.Invoke(t.Context(), client.Prepare("hello", ForResult, []byte("{}")), "t")
		if (got.Class == OK) != row.trusted || !row.trusted && !strings.Contains(got.Error, "certificate") {
			t.Errorf("%s: the call is %s: %s", row.says, got.Class, got.Error)
		}
		client.Close()
	}
}

func TestAuthoritiesWithoutACertificateAreRefused(t *testing.T) {
	if _, err := New(Access{Host: "https://h", Auth: "user:key", CA: "no certificate"}, 1); err == nil ||
		!strings.Contains(err.Error(), "no certificate in PEM form") {
		t.Errorf("got %v", err)
	}
}
