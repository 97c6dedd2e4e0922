package standalone_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"wsk-scenario/engine/standalone"
)

func TestMetricsTellWhatHappened(t *testing.T) {
	s := start(t, standalone.Config{PerMinute: 4})
	mustCall(t, s, "PUT", "/actions/a", `{"exec":{"kind":"nodejs:default","code":"function main(a) { return a }"},"limits":{"memory":128}}`)
	for _, body := range []string{`{}`, `{}`, `{"error":"mine"}`, `{}`, `{}`} {
		call(t, s, "POST", "/actions/a?blocking=true", body)
	}
	got := metricsOf(t, s)
	for _, line := range []string{
		`activations_total{status="success",start="cold"} 1`,
		`activations_total{status="success",start="warm"} 2`,
		`activations_total{status="application_error",start="warm"} 1`,
		`throttled_total{limit="invocations_per_minute"} 1`,
		`init_seconds_count{start="cold"} 1`,
		`run_seconds_count{start="warm"} 3`,
		`wait_seconds_bucket{start="warm",le="+Inf"} 3`,
		`container_memory_bytes{node="standalone"} 134217728`,
		`records 4`, `active 0`, `waiting{node="standalone"} 0`,
	} {
		if !strings.Contains(got, "\nopenwhisk_standalone_"+line+"\n") {
			t.Errorf("no line %s in\n%s", line, got)
		}
	}
}

// metricsOf reads the figures as Prometheus does.
func metricsOf(t *testing.T, s *standalone.Server) string {
	t.Helper()
	return open(t, s.URL()+"/metrics")
}

// open reads what needs no credentials.
func open(t *testing.T, url string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("GET %s: got %d (%v) %s", url, answer.StatusCode, err, text)
	}
	return string(text)
}
