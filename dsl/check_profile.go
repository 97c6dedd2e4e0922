package dsl

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"wsk-scenario/dsl/diag"
	"wsk-scenario/dsl/expr"
	"wsk-scenario/dsl/syntax"
)

// profileChecker makes the checks of a profile that need more than one value.
type profileChecker struct {
	*Profile
	root  *syntax.Node
	diags diag.List
}

// profileChecks are all of them; each adds its own diagnostics.
var profileChecks = []func(*profileChecker){
	(*profileChecker).checkNames,
	(*profileChecker).checkEmbedded,
	(*profileChecker).checkNodes,
	(*profileChecker).checkLimits,
	(*profileChecker).checkPrewarm,
	(*profileChecker).checkHost,
	(*profileChecker).checkAuth,
	(*profileChecker).checkTLS,
	(*profileChecker).checkKinds,
	(*profileChecker).checkImages,
	(*profileChecker).checkKubernetes,
	(*profileChecker).checkPlacement,
	(*profileChecker).checkServices,
}

func (c *profileChecker) check() {
	for _, f := range profileChecks {
		f(c)
	}
}

// fault adds an error at a scalar: its path, then the text.
func (c *profileChecker) fault(v scalar, format string, args ...any) *diag.Diagnostic {
	d := c.diags.Errorf(v.Range(), "%s", v.Path()+fmt.Sprintf(format, args...))
	d.Path = v.Path()
	return d
}

func (c *profileChecker) checkNames() {
	if name, ok := c.Cluster.Literal(); ok && !fileName.MatchString(name) {
		c.fault(c.Cluster, " must be letters, digits, - and _, not %q", name).Hint = "results are kept under it"
	}
	for _, k := range c.Vars.Keys() {
		if !expr.Word(k.Value) {
			d := c.diags.Errorf(k.Range, "vars.%s cannot be used in an expression", k.Value)
			d.Path, d.Hint = "vars", nameHint(k.Value)
		}
	}
}

// checkServices checks the addresses of services that are there.
func (c *profileChecker) checkServices() {
	for _, e := range c.Services.Entries {
		if host, ok := e.Value.Host.Literal(); ok && !hostName.MatchString(host) {
			c.fault(e.Value.Host, " must be a name or an address alone, not %q", host).Hint = "the port stands beside it, and what differs in values"
		}
		if port, ok := e.Value.Port.Literal(); ok && (port < 1 || port > 65535) {
			c.fault(e.Value.Port, " must be 1 to 65535")
		}
		if auth := e.Value.Auth; auth.Env.Set() && auth.File.Set() {
			c.fault(auth.File, ": the credentials are in %s already", auth.Env.Path()).Hint = "keep one of the two"
		}
		for _, v := range e.Value.Values.Entries {
			if at, ok := v.Value.Literal(); ok {
				if u, err := url.Parse(at); err == nil && u.User != nil {
					c.fault(v.Value, " holds credentials, and what stands in a profile is kept in results").Hint = "leave them out, and say in auth where they are"
				}
			}
		}
	}
}

// hostName is a name or an address of a machine.
var hostName = regexp.MustCompile(`^[A-Za-z0-9._-]+$|^[0-9A-Fa-f:]+$`)

// checkEmbedded checks the settings of the embedded server, and that it is the one that is meant.
func (c *profileChecker) checkEmbedded() {
	if size, ok := c.Memory.Literal(); ok && (size < syntax.MB || size%syntax.MB != 0) {
		c.fault(c.Memory, " must be a multiple of 1MB, not %s", size).Hint = "OpenWhisk counts in whole MB; write 2048MB for its 2048"
	}
	if d, ok := c.IdleTimeout.Literal(); ok && d <= 0 {
		c.fault(c.IdleTimeout, " must be longer than 0s")
	}
	if !c.OpenWhisk.APIHost.Set() {
		return
	}
	for _, key := range []string{"like", "limits", "memory", "idle_timeout", "prewarm", "nodes", "driver"} {
		n := c.root.Get(key)
		if n == nil || n.Kind == syntax.Null {
			continue
		}
		d := c.diags.Errorf(c.placeOf(key), "%s: only the embedded OpenWhisk takes this, and the profile names a running one", key)
		d.Path, d.Hint = key, "remove it: a running OpenWhisk has its own"
		d.Related = related(c.OpenWhisk.APIHost.Range(), "this is the running one")
	}
}

func (c *profileChecker) checkHost() {
	v := c.OpenWhisk.APIHost
	text, ok := v.Literal()
	if !ok {
		return
	}
	host, err := url.Parse(text)
	switch {
	case userinfo.MatchString(text):
		c.fault(v, " holds credentials").Hint = "write them as openwhisk.auth: {env: WSK_AUTH}"
	case err != nil || host.Host == "" || host.Scheme != "http" && host.Scheme != "https":
		c.fault(v, " must be an address with its scheme, not %q", text).Hint = "write it such as https://" + addressOf(text)
	case !port(host.Port()):
		c.fault(v, " has port %s", host.Port()).Hint = "the highest port is 65535"
	case strings.Trim(host.Path, "/") != "" || host.RawQuery != "" || host.Fragment != "":
		c.fault(v, " must be scheme, host and port alone, not %q", text).
			Hint = "write " + host.Scheme + "://" + host.Host + ", without the path"
	}
}

// addressOf is what was probably meant as the host and port.
func addressOf(text string) string {
	if plain := regexp.MustCompile(`^[A-Za-z0-9.-]+(:[0-9]+)?$`); plain.MatchString(text) {
		return text
	}
	return "openwhisk.example.org"
}

// variable is the name of a variable of the environment.
var variable = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

func (c *profileChecker) checkAuth() {
	n := c.root.Get("openwhisk").Get("auth")
	if n == nil || n.Kind != syntax.Map || len(n.Fields) == 0 && c.diags.HasErrors() {
		return
	}
	var written []scalar
	auth := c.OpenWhisk.Auth
	for _, v := range []syntax.Val[string]{auth.Env, auth.File, auth.Wskprops, auth.Secret} {
		if v.Set() {
			written = append(written, v)
		}
		if text, ok := v.Literal(); ok && text == "" {
			c.fault(v, " is empty")
		}
	}
	keys := "env, file, wskprops and secret"
	switch {
	case len(written) > 1:
		d := c.diags.Errorf(written[1].Range(), "openwhisk.auth has more than one of %s", keys)
		d.Path, d.Hint, d.Related = "openwhisk.auth", "keep one of them", related(written[0].Range(), "this is the first")
	case len(n.Fields) == 0:
		d := c.diags.Errorf(n.Range, "openwhisk.auth has none of %s", keys)
		d.Path, d.Hint = "openwhisk.auth", "write one of them, such as {env: WSK_AUTH}"
	}
	if name, ok := auth.Env.Literal(); ok && name != "" && !variable.MatchString(name) {
		c.fault(auth.Env, " must be the name of a variable").Hint = "write the name alone, such as WSK_AUTH, without $"
	}
	if len(written) > 0 && !c.OpenWhisk.APIHost.Set() && !c.OnKubernetes() {
		c.fault(written[0], ": there is no apihost beside openwhisk.auth").
			Hint = "add apihost: …; the embedded OpenWhisk has credentials of its own"
	}
}

func (c *profileChecker) checkTLS() {
	tls, host := c.OpenWhisk.TLS, c.OpenWhisk.APIHost
	address, known := host.Literal()
	for _, v := range []scalar{tls.Verify, tls.CA, tls.Cert, tls.Key} {
		switch {
		case !v.Set():
		case known && strings.HasPrefix(address, "http://"):
			d := c.fault(v, " is for https, and openwhisk.apihost is http")
			d.Hint, d.Related = "remove it, or write https", related(host.Range(), "this is the address")
			return
		case !host.Set() && !c.OnKubernetes():
			c.fault(v, ": there is no apihost beside openwhisk.tls").Hint = "add apihost: …, or remove tls"
			return
		}
	}
	if verify, ok := tls.Verify.Literal(); ok && !verify && tls.CA.Set() {
		d := c.fault(tls.CA, " is not used where verify is false")
		d.Hint, d.Related = "keep one of them", related(tls.Verify.Range(), "this is verify")
		return
	}
	for _, v := range []syntax.Val[string]{tls.CA, tls.Cert, tls.Key} {
		c.checkPEM(v)
	}
	switch {
	case tls.Cert.Set() && !tls.Key.Set():
		c.fault(tls.Cert, " needs its private key").Hint = "add key: …, the PEM file with it"
	case tls.Key.Set() && !tls.Cert.Set():
		c.fault(tls.Key, " needs its certificate").Hint = "add cert: …, the PEM file with it"
	}
}

func (c *profileChecker) checkPEM(v syntax.Val[string]) {
	path, ok := v.Literal()
	if !ok {
		return
	}
	full := c.Path(path)
	if info, err := os.Stat(full); err != nil {
		hint := missingHint(full)
		if !strings.HasPrefix(hint, "did you mean") {
			hint = "paths are relative to the profile's file"
		}
		c.fault(v, ": there is no file %s", path).Hint = hint
	} else if info.IsDir() {
		c.fault(v, ": %s is a folder", path).Hint = "name the PEM file in it"
	}
}

// Path makes a path of the profile relative to the profile's folder. One that begins with ~ is left to who knows the home.
func (p *Profile) Path(path string) string {
	if path == "" || filepath.IsAbs(path) || path == "~" || strings.HasPrefix(path, "~/") {
		return path
	}
	return filepath.Join(filepath.Dir(p.File), path)
}

func (c *profileChecker) checkKinds() {
	for _, e := range c.Kinds.Entries {
		kind, ok := e.Value.Literal()
		family, version, _ := strings.Cut(kind, ":")
		switch {
		case !ok:
		case !kindName.MatchString(kind) || version == "":
			c.fault(e.Value, ": %q is no kind", kind).Hint = "write a runtime and its version, such as nodejs:20"
		case version == "default":
			c.fault(e.Value, " says what default means by default itself").Hint = "write a version, such as " + family + ":20"
		case family != e.Key.Value:
			c.fault(e.Value, ": %s is of the family %s", kind, family).Hint = "write a kind that begins with " + e.Key.Value + ":"
		}
	}
}

// checkImages checks the images of kinds: only a Docker Engine uses them.
func (c *profileChecker) checkImages() {
	if driver, _ := c.Driver.Literal(); driver == "docker" && c.Like.Set() {
		d := c.fault(c.Like, " is for processes, whose kinds are what this machine has")
		d.Hint, d.Related = "remove it: containers are of OpenWhisk's own kinds", related(c.Driver.Range(), "this is the driver")
	}
	if driver, _ := c.Driver.Literal(); driver != "docker" && len(c.Images.Entries) > 0 {
		d := c.diags.Errorf(c.placeOf("images"), "images: only containers of a Docker Engine are made of them")
		d.Path, d.Hint = "images", "add driver: docker, or remove images"
		return
	}
	architectures := []string{"amd64", "arm64"}
	for _, family := range c.Images.Entries {
		for _, e := range family.Value.Entries {
			if !slices.Contains(architectures, e.Key.Value) {
				d := c.diags.Errorf(e.Key.Range, "images.%s: %q is no architecture of OpenWhisk", family.Key.Value, e.Key.Value)
				d.Path, d.Hint = "images."+family.Key.Value, diag.Suggest(e.Key.Value, architectures)
			}
			if image, ok := e.Value.Literal(); ok && strings.TrimSpace(image) == "" {
				c.fault(e.Value, " is empty")
			}
		}
	}
}

// placeOf is where the key at path stands.
func (c *profileChecker) placeOf(path string) diag.Range {
	n, place := c.root, c.root.Range
	for part := range strings.SplitSeq(path, ".") {
		for _, f := range n.Fields {
			if f.Key.Value == part {
				n, place = f.Value, f.Key.Range
				break
			}
		}
	}
	return place
}

// port reports whether text is a port's number; an address without a port has the usual one.
func port(text string) bool {
	number, err := strconv.ParseUint(text, 10, 16)
	return text == "" || err == nil && number > 0
}
