package main

import (
	"io"
	"testing"
)

// BenchmarkValidateScenarios checks the folder of ready scenarios. The bar: less than 100 ms.
func BenchmarkValidateScenarios(b *testing.B) {
	m := Machine{Out: io.Discard, Err: io.Discard, Env: func(string) string { return "" }}
	for b.Loop() {
		if code := Main(b.Context(), []string{"validate", "../../scenarios"}, m); code != exitMet {
			b.Fatalf("exit code %d", code)
		}
	}
}
