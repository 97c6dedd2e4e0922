package dsl

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// FuzzReadProfile: no panic, every place inside the file, no message that is broken, and a profile exactly where there
// is no error.
func FuzzReadProfile(f *testing.F) {
	files, err := filepath.Glob("testdata/profile/*/*.yaml")
	if err != nil || len(files) == 0 {
		f.Fatalf("no seeds: %v", err)
	}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(source)
	}
	f.Add([]byte("cluster: x\nkinds: {\"a%d\": b}\nopenwhisk: {auth: {env: \"%s\"}}"))
	f.Fuzz(func(t *testing.T, source []byte) {
		profile, diags := ReadProfile("testdata/profile/ok/fuzz.yaml", source, ProfileOptions{Secret: func(text string) {
			if text == "" {
				t.Error("nothing is told for a secret")
			}
		}})
		lines := strings.Split(strings.TrimPrefix(string(source), "\ufeff"), "\n")
		for _, d := range diags {
			if d.Summary == "" || strings.Contains(d.Summary+d.Hint, "(MISSING)") {
				t.Errorf("a message is broken: %+v", d)
			}
			inFile(t, d.Range, lines)
		}
		if (profile == nil) != diags.HasErrors() {
			t.Errorf("the profile is %v, the faults are %v", profile, diags)
		}
	})
}
