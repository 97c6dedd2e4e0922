package entity

import "strings"

// maxName is the longest name of an entity, in characters.
const maxName = 256

// Name is the full name of an action or, with Package empty, of a package, trigger or rule.
type Name struct {
	Namespace, Package, Name string
}

// Path is the namespace of the document: "guest", or "guest/pkg" in a package.
func (n Name) Path() string {
	if n.Package == "" {
		return n.Namespace
	}
	return n.Namespace + "/" + n.Package
}

// String is the full name without a leading slash.
func (n Name) String() string { return n.Path() + "/" + n.Name }

// InPackage is the name of the package that n lies in; only meaningful when n.Package is set.
func (n Name) InPackage() Name { return Name{Namespace: n.Namespace, Name: n.Package} }

// Check says what is wrong with the name. Parts that are not set are not looked at.
func (n Name) Check() error {
	for _, part := range []string{n.Package, n.Name} {
		if part == "" {
			continue
		}
		if err := CheckName(part); err != nil {
			return err
		}
	}
	return nil
}

// CheckName says what is wrong with one segment of a name: it starts with a word character, goes on with word
// characters, spaces and @ . - &, and does not end with a space.
func CheckName(s string) error {
	// "segement" is how OpenWhisk spells it.
	return check(s, "Name segement", "The name of the entity contains illegal characters.")
}

// CheckNamespace says what is wrong with the name of a namespace, for which the same holds.
func CheckNamespace(s string) error {
	return check(s, "Namespace", "The namespace contains illegal characters.")
}

func check(s, what, illegally string) error {
	if len(s) > maxName {
		return Faultf(Malformed, "%s longer than allowed: %d > %d.", what, len(s), maxName)
	}
	illegal := func(r rune) bool { return !wordRune(r) && !strings.ContainsRune(" @.-&", r) }
	if s == "" || !wordRune(rune(s[0])) || s[len(s)-1] == ' ' || strings.ContainsFunc(s, illegal) {
		return Faultf(Malformed, "%s", illegally)
	}
	return nil
}

func wordRune(r rune) bool {
	return r == '_' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
}

// ParseName reads "/namespace/[package/]name"; the leading slash may be missing, and _ stands for namespace.
func ParseName(s, namespace string) (Name, error) {
	parts := strings.Split(strings.TrimPrefix(s, "/"), "/")
	if len(parts) < 2 || len(parts) > 3 {
		return Name{}, Faultf(Malformed,
			"The fully qualified name of the entity must contain at least the namespace and the name of the entity.")
	}
	for _, p := range parts {
		if err := CheckName(p); err != nil {
			return Name{}, err
		}
	}
	if parts[0] == "_" {
		parts[0] = namespace
	}
	n := Name{Namespace: parts[0], Name: parts[len(parts)-1]}
	if len(parts) == 3 {
		n.Package = parts[1]
	}
	return n, nil
}

// ResolveName reads a name as an action gives it: /namespace/[package/]name in full, or [package/]name of its own
// namespace.
func ResolveName(s, namespace string) (Name, error) {
	if !strings.HasPrefix(s, "/") {
		s = "/" + namespace + "/" + s
	}
	return ParseName(s, namespace)
}
