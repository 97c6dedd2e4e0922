package dsl

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wsk-scenario/dsl/diag"
)

// profilePicture reads a profile and draws what is wrong with it, in a text whose secrets are starred.
func profilePicture(t *testing.T, file string) (*Profile, string) {
	t.Helper()
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	drawn := source
	profile, diags := ReadProfile(file, source, ProfileOptions{Secret: func(text string) {
		drawn = bytes.ReplaceAll(drawn, []byte(text), bytes.Repeat([]byte("*"), len(text)))
	}})
	var out bytes.Buffer
	if err := (diag.Printer{Out: &out, Sources: diag.Sources{file: drawn}}).Text(diags); err != nil {
		t.Fatal(err)
	}
	if len(diags) > 0 {
		out.WriteString(diag.Summary(diags) + "\n")
	}
	return profile, out.String()
}

func TestGoodProfilesAreSilent(t *testing.T) {
	files, err := filepath.Glob("testdata/profile/ok/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no profiles to read: %v", err)
	}
	for _, file := range files {
		if profile, out := profilePicture(t, file); out != "" || profile == nil {
			t.Errorf("%s gives %v and is not silent:\n%s", file, profile, out)
		}
	}
}

// Each file of testdata/profile/err has faults of one sort; its .out is all that the user sees. Wherever credentials
// stand in one of them, they hold the word hunter.
func TestFaultsOfProfilesAreShownAsExpected(t *testing.T) {
	files, err := filepath.Glob("testdata/profile/err/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no profiles to read: %v", err)
	}
	for _, file := range files {
		profile, out := profilePicture(t, file)
		if profile != nil {
			t.Errorf("%s gives a profile", file)
		}
		if strings.Contains(out, "hunter") {
			t.Errorf("%s: credentials are shown:\n%s", file, out)
		}
		golden := strings.TrimSuffix(file, ".yaml") + ".out"
		if *update {
			if err := os.WriteFile(golden, []byte(out), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), out); diff != "" {
			t.Errorf("%s (-want +got):\n%s", file, diff)
		}
	}
}

func TestAProfileIsKnownByItsKey(t *testing.T) {
	for source, want := range map[string]bool{
		"cluster: x\n":                         true,
		"# about\n\"cluster\" : x":             true,
		"{cluster: x}":                         true,
		"cluster: [broken":                     true,
		"name: x\nvars: {cluster: 1}":          false,
		"name: x\nvars:\n  cluster: 1":         false,
		"name: cluster\n":                      false,
		"# cluster: x is said elsewhere\na: b": false,
		"clusters: x":                          false,
		"":                                     false,
	} {
		if got := IsProfile([]byte(source)); got != want {
			t.Errorf("%q is a profile: %t; want %t", source, got, want)
		}
	}
}

// profile reads a profile that must be free of faults.
func profile(t *testing.T, text string) *Profile {
	t.Helper()
	p, diags := ReadProfile("clusters/here.yaml", []byte(text), ProfileOptions{})
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	return p
}

func TestVariablesFollowTheProfileAndThenTheOverrides(t *testing.T) {
	p := profile(t, "{cluster: x, vars: {loops: 7, words: [x], elsewhere: 1}}")
	s, diags := Read("testdata/ok/inline.yaml", []byte(swept), Options{Profile: p, Set: []Override{{"words", "[z]"}}})
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	want := []VarValue{{"loops", 7}, {"double", 14}, {"limit", "500ms"}, {"words", []any{"z"}}}
	if diff := cmp.Diff(want, s.VarValues()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAProfileServesManyScenariosUnlessAVariableLooksMisspelled(t *testing.T) {
	p := profile(t, "cluster: x\nvars: {lops: 7, limits: 1, limit: 3s}")
	_, diags := Read("testdata/ok/inline.yaml", []byte(swept), Options{Profile: p})
	if len(diags) != 1 || diags[0].Severity != diag.Warning || diags[0].Range.String() != "clusters/here.yaml:2:8" ||
		diags[0].Summary != `the scenario testdata/ok/inline.yaml has no variable "lops"` || diags[0].Hint != `did you mean "loops"?` {
		t.Errorf("got %+v", diags)
	}
}

func TestPathsOfAProfileAreRelativeToItsFolder(t *testing.T) {
	p := profile(t, "cluster: x")
	for path, want := range map[string]string{
		"": "", "ca.pem": "clusters/ca.pem", "../ca.pem": "ca.pem", "/etc/ca.pem": "/etc/ca.pem", "~/.wskprops": "~/.wskprops",
	} {
		if got := p.Path(path); got != want {
			t.Errorf("%q is %q; want %q", path, got, want)
		}
	}
}
