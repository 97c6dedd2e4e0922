package api_test

import (
	"bytes"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
)

// As in OpenWhisk a client may have its request noted where others are not.
func TestAClientMayAskForTheLogOfItsRequest(t *testing.T) {
	var noted bytes.Buffer
	s := defaults()
	s.log = slog.New(slog.NewTextHandler(&noted, nil)) // from info on
	f := serve(t, s)
	for wish, want := range map[string]bool{"": false, "off": false, "on": true, "ON": true} {
		noted.Reset()
		r := httptest.NewRequestWithContext(t.Context(), "GET", "/api/v1/namespaces/_/actions?limit=secret", nil)
		r.SetBasicAuth("user", "key")
		r.Header.Set("X-OW-EXTRA-LOGGING", wish)
		r.Header.Set("X-Request-ID", "mine")
		f.handler.ServeHTTP(httptest.NewRecorder(), r)
		if got := noted.String(); strings.Contains(got, "transaction=mine method=GET") != want || strings.Contains(got, "secret") {
			t.Errorf("with %q: noted %q", wish, got)
		}
	}
}
