package dsl

import (
	"regexp"
	"slices"
	"strings"

	"wsk-scenario/dsl/diag"
	"wsk-scenario/dsl/syntax"
)

// ProfileOptions are what is said beside a profile's file.
type ProfileOptions struct {
	// Secret is told what looks like credentials in the file, where none may stand, so that no picture of the file and no
	// copy of it shows them. It may be nil.
	Secret func(text string)
}

// profileKey is the key by which a profile is known.
var profileKey = regexp.MustCompile(`(?m)^(\{\s*)?["']?cluster["']?\s*:`)

// IsProfile reports whether source is a cluster profile rather than a scenario: it has a key cluster of its own.
func IsProfile(source []byte) bool { return profileKey.Match(source) }

// ReadProfile reads a cluster profile and makes every check that needs neither the cluster nor the environment. Paths in
// it are relative to the folder of name. The profile is nil when there is an error.
func ReadProfile(name string, source []byte, opts ProfileOptions) (*Profile, diag.List) {
	e := exposed{tell: opts.Secret}
	e.shaped(source)
	root, diags := syntax.Parse(name, source)
	if root == nil {
		return nil, diags
	}
	profile := &Profile{File: name}
	c := &profileChecker{Profile: profile, root: root, diags: diags}
	e.host(root.Get("openwhisk").Get("apihost"))
	c.diags = append(c.diags, e.auth(root.Get("openwhisk"))...)
	refused := syntax.Compile(root, refuse("a %s holds no placeholders", "profile", "write the value out; a scenario's variables may be computed from it"))
	c.diags = append(c.diags, refused...)
	c.diags = append(c.diags, syntax.Decode(root, profile, "the profile")...)
	if root.Kind == syntax.Map {
		c.check()
	}
	c.diags.Sort()
	if c.diags.HasErrors() {
		return nil, bounded(c.diags, name)
	}
	return profile, bounded(c.diags, name)
}

// exposed finds credentials that stand in a profile, before anything can quote them.
type exposed struct{ tell func(string) }

var (
	// issued is the form of the credentials that OpenWhisk issues.
	issued = regexp.MustCompile(`[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}:[A-Za-z0-9]{8,}`)
	// credentials is what may be some: no path and no name of a variable looks so.
	credentials = regexp.MustCompile(`^[^\s:/\\~.]+:[^\s:/\\]+$`)
	// userinfo is what stands before the host of an address.
	userinfo = regexp.MustCompile(`^[^/]*//([^/]*)@`)
)

func (e exposed) found(text string) {
	if e.tell != nil && text != "" {
		e.tell(text)
	}
}

// shaped finds whatever has the form of issued credentials, in comments too.
func (e exposed) shaped(source []byte) {
	for _, text := range issued.FindAll(source, -1) {
		e.found(string(text))
	}
}

// host finds a password in an address.
func (e exposed) host(n *syntax.Node) {
	if n == nil {
		return
	}
	if m := userinfo.FindStringSubmatch(n.Text.Value); m != nil {
		_, password, _ := strings.Cut(m[1], ":")
		e.found(m[1])
		e.found(password)
	}
}

// auth takes the credentials themselves out of openwhisk.auth, so that the decoder cannot quote them, and says what to
// write instead.
func (e exposed) auth(section *syntax.Node) (diags diag.List) {
	auth := section.Get("auth")
	if auth == nil {
		return nil
	}
	if auth.Kind != syntax.Map {
		if auth.Kind != syntax.Null {
			e.all(auth)
			drop(section, "auth")
			itself(&diags, "openwhisk.auth", auth)
		}
		return diags
	}
	for _, f := range slices.Clone(auth.Fields) {
		text := f.Value.Text.Value
		switch known := slices.Contains([]string{"env", "file", "wskprops", "secret"}, f.Key.Value); {
		case !known:
			e.all(f.Value)
		case credentials.MatchString(text):
			e.found(text)
			drop(auth, f.Key.Value)
			itself(&diags, "openwhisk.auth."+f.Key.Value, f.Value)
		}
	}
	return diags
}

// harmless is what is no secret wherever it stands: the name of a variable, or what is too short to hide anything.
var harmless = regexp.MustCompile(`^([A-Z0-9_]*|[^:]{0,7}|[^:]{0,2}:[^:]{0,2})$`)

// all tells every text of a node.
func (e exposed) all(n *syntax.Node) {
	if text := strings.TrimSpace(n.Text.Value); !harmless.MatchString(text) {
		e.found(text)
	}
	for _, f := range n.Fields {
		e.all(f.Value)
	}
	for _, item := range n.Items {
		e.all(item)
	}
}

func itself(diags *diag.List, path string, n *syntax.Node) {
	d := diags.Errorf(n.Range, "%s must say where the credentials are, not what they are", path)
	d.Path, d.Hint = path, "write {env: WSK_AUTH}, {file: …} or {wskprops: ~/.wskprops}"
}

// drop removes a key of a mapping.
func drop(n *syntax.Node, key string) {
	n.Fields = slices.DeleteFunc(n.Fields, func(f syntax.Field) bool { return f.Key.Value == key })
}
