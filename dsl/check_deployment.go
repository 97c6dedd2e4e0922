package dsl

import (
	"os"
	"regexp"
	"strings"

	"wsk-scenario/dsl/syntax"
)

// OnKubernetes reports whether the profile names an OpenWhisk on a Kubernetes cluster.
func (p *Profile) OnKubernetes() bool {
	d := p.Deployment
	for _, v := range []scalar{
		p.Kubernetes.Context, p.Kubernetes.Kubeconfig, p.OpenWhisk.Release, p.OpenWhisk.Namespace, p.OpenWhisk.Auth.Secret,
		d.Release, d.Namespace, d.Chart, d.Version, d.Repository, d.Wait, d.Keep,
	} {
		if v.Set() {
			return true
		}
	}
	return len(d.Values) > 0 || len(d.Set.Entries) > 0 || len(p.Roles.Entries) > 0
}

// clusterName is what Kubernetes takes as the name of a namespace, and Helm as that of a release.
var clusterName = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,51}[a-z0-9])?$`)

// checkKubernetes checks what is said of a cluster and of the release on it.
func (c *profileChecker) checkKubernetes() {
	if !c.OnKubernetes() {
		return
	}
	for _, key := range []string{"limits", "memory", "idle_timeout", "prewarm", "nodes"} {
		n := c.root.Get(key)
		if n == nil || n.Kind == syntax.Null || c.OpenWhisk.APIHost.Set() {
			continue
		}
		d := c.diags.Errorf(c.placeOf(key), "%s: only the embedded OpenWhisk takes this, and the profile names one on Kubernetes", key)
		d.Path, d.Hint = key, "remove it: limits of a release are values of its chart"
	}
	c.agree(c.OpenWhisk.Release, c.Deployment.Release)
	c.agree(c.OpenWhisk.Namespace, c.Deployment.Namespace)
	for _, v := range []syntax.Val[string]{c.OpenWhisk.Release, c.OpenWhisk.Namespace, c.Deployment.Release, c.Deployment.Namespace} {
		if name, ok := v.Literal(); ok && !clusterName.MatchString(name) {
			c.fault(v, ": Kubernetes takes no name %q", name).Hint = "write lower-case letters, digits and -, at most 53 of them"
		}
	}
	if name, ok := c.OpenWhisk.Auth.Secret.Literal(); ok && !regexp.MustCompile(`^[^/]+/[^/]+$`).MatchString(name) {
		c.fault(c.OpenWhisk.Auth.Secret, " must be the name of a secret and a key in it, not %q", name).Hint = "write it such as owdev-whisk.auth/guest"
	}
	c.checkRelease()
	for _, e := range c.Roles.Entries {
		if len(e.Value.Nodes.Entries) == 0 {
			d := c.diags.Errorf(e.Key.Range, "roles.%s binds no nodes", e.Key.Value)
			d.Path, d.Hint = "roles", "write the labels that its nodes have, such as nodes: {kubernetes.io/arch: arm64}"
		}
	}
}

// agree checks that two keys which mean the same do not say different things.
func (c *profileChecker) agree(one, other syntax.Val[string]) {
	a, okA := one.Literal()
	b, okB := other.Literal()
	if okA && okB && a != b {
		d := c.fault(other, " is %q, and %s is %q", b, one.Path(), a)
		d.Hint, d.Related = "write it once", related(one.Range(), "this is the other")
	}
}

// checkRelease checks the deployment of the profile.
func (c *profileChecker) checkRelease() {
	d := c.Deployment
	written := c.root.Get("deployment")
	if written == nil || written.Kind == syntax.Null {
		return
	}
	if !d.Chart.Set() && written.Kind == syntax.Map {
		fault := c.diags.Errorf(c.placeOf("deployment"), "deployment has no chart")
		fault.Path, fault.Hint = "deployment", "add chart: …, a folder, an archive, oci://… or a name in a repository"
	}
	if chart, ok := d.Chart.Literal(); ok && d.Repository.Set() && strings.HasPrefix(chart, "oci://") {
		c.fault(d.Repository, " is not used where the chart is an oci:// address").Hint = "remove it"
	}
	for _, v := range d.Values {
		if path, ok := v.Literal(); ok {
			if _, err := os.Stat(c.Path(path)); err != nil {
				c.fault(v, ": there is no file %s", path).Hint = "paths are relative to the profile's file"
			}
		}
	}
	if wait, ok := d.Wait.Literal(); ok && wait <= 0 {
		c.fault(d.Wait, " must be longer than 0s")
	}
}
