package dsl

import (
	"cmp"

	"wsk-scenario/dsl/diag"
)

// UsualRelease is the name of a release, and of its namespace, that a profile does not name.
const UsualRelease = "openwhisk"

// ByReleases reports whether each role has a release of its own.
func (p *Profile) ByReleases() bool {
	how, _ := p.Placement.Literal()
	return how == "releases"
}

// ReleaseName is the name of the release; where each role has one of its own, what their names begin with.
func (p *Profile) ReleaseName() string {
	release, _ := p.OpenWhisk.Release.Literal()
	deployed, _ := p.Deployment.Release.Literal()
	return cmp.Or(release, deployed, UsualRelease)
}

// ReleaseOf is the name of the release that serves a role, where each has its own.
func (p *Profile) ReleaseOf(role string) string {
	r, _ := p.Roles.Get(role)
	name, _ := r.Release.Literal()
	return cmp.Or(name, p.ReleaseName()+"-"+role)
}

// checkPlacement checks how actions get to the nodes of roles, and what is said of the releases of single roles.
func (c *profileChecker) checkPlacement() {
	if c.Placement.Set() && len(c.Roles.Entries) == 0 {
		c.fault(c.Placement, ": the profile binds no nodes to roles").
			Hint = "add them, such as roles: {edge: {nodes: {kubernetes.io/arch: arm64}}}, or remove placement"
		return
	}
	if !c.ByReleases() {
		c.checkOneRelease()
		return
	}
	if host := c.OpenWhisk.APIHost; host.Set() {
		d := c.fault(host, " is one address, and each role has a release with an address of its own")
		d.Hint, d.Related = "remove it: the addresses are found on the cluster", related(c.Placement.Range(), "this is the placement")
	}
	c.checkReleases()
}

// checkOneRelease refuses what only a release of its own could take.
func (c *profileChecker) checkOneRelease() {
	const hint = "add placement: releases to the profile, which gives each role a release, or remove it"
	for _, e := range c.Roles.Entries {
		if e.Value.Release.Set() {
			c.fault(e.Value.Release, ": all roles have one release").Hint = hint
		}
		if len(e.Value.Set.Entries) > 0 {
			d := c.diags.Errorf(e.Value.Set.Entries[0].Key.Range, "roles.%s.set: all roles have one release, whose values are deployment.set", e.Key.Value)
			d.Path, d.Hint = "roles."+e.Key.Value+".set", hint
		}
	}
}

// checkReleases checks that each role has a release with a name that Kubernetes takes and that no other has.
func (c *profileChecker) checkReleases() {
	first := map[string]diag.Range{}
	for _, e := range c.Roles.Entries {
		name, place, path := c.ReleaseOf(e.Key.Value), e.Key.Range, "roles."+e.Key.Value
		if e.Value.Release.Set() {
			place, path = e.Value.Release.Range(), e.Value.Release.Path()
		}
		if !clusterName.MatchString(name) {
			d := c.diags.Errorf(place, "%s: Kubernetes takes no name %q of a release", path, name)
			d.Path, d.Hint = path, "write lower-case letters, digits and -, at most 53 of them; release: … gives it another name"
		}
		if other, taken := first[name]; taken {
			d := c.diags.Errorf(place, "%s: the release %s serves another role already", path, name)
			d.Path, d.Hint, d.Related = path, "give each role a release of its own", related(other, "this is the other role")
		}
		first[name] = place
	}
}
