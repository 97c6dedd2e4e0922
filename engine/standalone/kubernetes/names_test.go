package kubernetes

import (
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/util/validation"

	"wsk-scenario/engine/standalone/pool"
	"wsk-scenario/engine/standalone/runtime"
)

func TestNamesOfPods(t *testing.T) {
	long := strings.Repeat("long", 30)
	for _, row := range []struct{ name, namespace, path, want string }{
		{"a cold one", "guest", "guest/hello", "wsk0-12-guest-hello"},
		{"one in a package", "guest", "guest/pkg/hello", "wsk0-12-guest-hello"},
		{"what a name may not have", "Guest@home", "guest/My-Action_2.0", "wsk0-12-guesthome-myaction-20"},
		{"a long one", "guest", "guest/" + long, "wsk0-12-guest-" + long[:49]},
		{"one that would end with a dash", "guest", "guest/" + long[:48] + "_x", "wsk0-12-guest-" + long[:48]},
		{"a stem cell", "", "", "wsk0-12-prewarm-nodejs20"},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := podName("0", 12, runtime.Kind{Name: "nodejs:20"}, pool.Spec{Namespace: row.namespace, Path: row.path})
			if got != row.want {
				t.Errorf("got %s; want %s", got, row.want)
			}
			if faults := validation.IsDNS1123Label(got); len(faults) > 0 {
				t.Errorf("%s: %v", got, faults)
			}
		})
	}
}

func FuzzLabelsAreValid(f *testing.F) {
	for _, text := range []string{"hello", "an action", "-", strings.Repeat("x", 64), "ä", ""} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if faults := validation.IsValidLabelValue(labelOf(text)); len(faults) > 0 {
			t.Errorf("%q becomes %q: %v", text, labelOf(text), faults)
		}
	})
}
