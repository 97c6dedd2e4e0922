package runtime

import (
	"fmt"
	"strings"
	"testing"
)

func TestKindsAreCalledAsTheReleaseCallsThem(t *testing.T) {
	machine := []Kind{
		newKind("nodejs", "22", nil), newKind("python", "3.13", nil), newKind("ruby", "", fmt.Errorf("install ruby")), newKind("native", "1", nil),
	}
	for _, c := range []struct {
		release Release
		want    string
	}{
		{Machine, "nodejs:22* python:3.13* ruby:default* native:1*"},
		{Master, "nodejs:18 nodejs:20* python:3.10* python:3.11 ruby:default* native:1*"},
		{Chart, "nodejs:14* nodejs:16 python:3* ruby:default* native:1*"},
	} {
		var got []string
		for _, k := range c.release.Rename(machine) {
			name := k.Name
			if k.Default {
				name += "*"
			}
			got = append(got, name)
			if k.Family == "nodejs" && (k.Version != "22" || k.Image != "standalone/nodejs:22") {
				t.Errorf("%s: %s says that it is version %s, image %s", c.release, k.Name, k.Version, k.Image)
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%q: got %s, want %s", c.release, got, c.want)
		}
	}
	if err := Release("2.0").Check(); err == nil || !strings.Contains(err.Error(), "master or chart") {
		t.Errorf("got %v, want the releases that there are", err)
	}
}
