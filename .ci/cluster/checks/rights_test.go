package checks

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// rights gives the user those of the project's role, changed.
func (o *openwhisk) rights(t *testing.T, changes ...string) {
	t.Helper()
	text := o.role
	if changed := strings.NewReplacer(changes...).Replace(text); changed != text {
		text = changed
	} else if len(changes) > 0 {
		t.Fatalf("%v changes nothing in\n%s", changes, text)
	}
	shared.grant(t, text)
}

// grant applies rights. Some of them are one for all namespaces, and tests side by side would make them at once.
func (s *session) grant(t *testing.T, text string) {
	t.Helper()
	s.granting.Lock()
	defer s.granting.Unlock()
	s.kubectl(t, text, "apply", "-f", "-")
}

// may waits until the API server has read that the user has a right, or has it no more: it does so a moment after it is told.
func (o *openwhisk) may(t *testing.T, wanted bool, verb, resource string) {
	t.Helper()
	word := map[bool]string{true: "yes", false: "no"}[wanted]
	until(t, fmt.Sprintf("%s of %s is answered with %s", verb, resource, word), func() (string, bool) {
		out, err := shared.try(t, "", "auth", "can-i", verb, resource, "-n", o.namespace, "--as", "runner")
		words := strings.Fields(out) // there may be a warning before the answer
		return fmt.Sprint(out, err), slices.Contains(words, word)
	})
}

func TestWhatIsRefusedIsToldAndWhatCanGoOnGoesOn(t *testing.T) {
	o := newOpenWhisk(t, "refused", many)
	before := o.state(t)
	t.Cleanup(func() { o.rights(t) })

	o.rights(t, "resources: [nodes], verbs: [get, list, patch]", "resources: [nodes], verbs: [get, list]")
	o.may(t, false, "patch", "nodes")
	out := o.does(t, 3, "up", o.profile)
	for _, want := range []string{"label node", "forbidden", `cannot patch resource "nodes"`, "rbac.yaml holds the rights that suffice"} {
		if !strings.Contains(out, want) {
			t.Errorf("the output lacks %q:\n%s", want, out)
		}
	}
	o.rights(t)
	o.may(t, true, "patch", "nodes")
	o.does(t, 0, "down", o.profile)

	o.rights(t, "resources: [pods], verbs: [get, list, watch, create, delete]", "resources: [pods], verbs: [get, list, create, delete]")
	o.may(t, false, "watch", "pods")
	// Nothing but the API server is reached then, either: what a firewall leaves.
	o.profileSays(t, "set: {", "set: {whisk.ingress.type: ClusterIP, ")
	out = o.does(t, 1, "run", placedScenario(t, o, 3), "--cluster", o.profile)
	for _, want := range []string{
		"the pods may not be watched: on which node an activation ran cannot be proved",
		"the API is reached through the Kubernetes API server, which adds its own time to every call",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("the output lacks %q:\n%s", want, out)
		}
	}
	r := o.measured(t, "placed")
	for _, s := range r.Summaries {
		if ok := int(s.Counters["ok"]); ok == 0 || s.Unproved != ok {
			t.Errorf("phase %s of cell %d: %d ended well, %d are unproved; want all", s.Name, s.Cell, ok, s.Unproved)
		}
	}
	if after := o.state(t); after != before {
		t.Errorf("before\n%s\nafter\n%s", before, after)
	}
	if t.Failed() {
		t.Log(out)
	}
}
