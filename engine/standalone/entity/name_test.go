package entity_test

import (
	"testing"

	"wsk-scenario/engine/standalone/entity"
)

func TestParseName(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       entity.Name
	}{
		{"a name of the own namespace", "/_/echo", entity.Name{Namespace: "guest", Name: "echo"}},
		{"a name of a namespace", "/guest/echo", entity.Name{Namespace: "guest", Name: "echo"}},
		{"a name without the leading slash", "guest/echo", entity.Name{Namespace: "guest", Name: "echo"}},
		{"a name in a package", "/_/pkg/echo", entity.Name{Namespace: "guest", Package: "pkg", Name: "echo"}},
	} {
		got, err := entity.ParseName(c.text, "guest")
		if err != nil || got != c.want {
			t.Errorf("%s: ParseName(%q) = %+v, %v; want %+v", c.name, c.text, got, err, c.want)
		}
	}
	for _, text := range []string{"", "/", "echo", "/_/a/b/c", "/_/", "//echo", "/_/-a", "/_/a ", "/_/a\n", "/_/ä"} {
		if got, err := entity.ParseName(text, "guest"); err == nil {
			t.Errorf("ParseName(%q) = %+v; want an error", text, got)
		}
	}
}

func TestNames(t *testing.T) {
	n := entity.Name{Namespace: "guest", Package: "pkg", Name: "echo"}
	for _, c := range []struct{ name, got, want string }{
		{"the full name", n.String(), "guest/pkg/echo"},
		{"the path is the namespace of the document", n.Path(), "guest/pkg"},
		{"the package", n.InPackage().String(), "guest/pkg"},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, c.got, c.want)
		}
	}
}
