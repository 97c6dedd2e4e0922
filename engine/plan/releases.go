package plan

import (
	"fmt"
	"slices"

	"wsk-scenario/dsl"
	"wsk-scenario/dsl/diag"
)

// Release is the Helm release that serves one role, bound to its nodes by values of the chart.
type Release struct {
	Role string `json:"role"`
	Name string `json:"name"`
	Set  []Set  `json:"set,omitempty"` // chart values of this release alone
}

// releases are those of a profile in which each role has its own; none in any other.
func releases(p *dsl.Profile) (list []Release) {
	if !p.ByReleases() {
		return nil
	}
	b := &builder{} // a profile holds no placeholders
	for _, e := range p.Roles.Entries {
		list = append(list, Release{Role: e.Key.Value, Name: p.ReleaseOf(e.Key.Value), Set: b.set(e.Value.Set)})
	}
	return list
}

// over is a deployment as this release has it; nil of nil.
func (r Release) over(d *Deployment) *Deployment {
	if r.Name == "" || d == nil {
		return d
	}
	own := *d
	own.Release, own.Set = r.Name, slices.Concat(d.Set, r.Set)
	return &own
}

// As is the cluster with one of its releases alone: what is asked of Kubernetes for that release.
func (k Kubernetes) As(r Release) Kubernetes {
	k.Release, k.Deployment = r.Name, r.over(k.Deployment)
	return k
}

// Calls is the cluster with those of its releases that cells call: no other is needed for them.
func (k Kubernetes) Calls(cells []Cell) Kubernetes {
	called := map[string]bool{}
	for i := range cells {
		called[k.Serving(&cells[i]).Name] = true
	}
	k.Releases = slices.DeleteFunc(slices.Clone(k.Releases), func(r Release) bool { return !called[r.Name] })
	return k
}

// Serves is the role that the release of k is bound to; empty where one release serves all.
func (k Kubernetes) Serves() string { return k.one().Role }

// Own are the chart values of the release of k alone, where it serves one role.
func (k Kubernetes) Own() []Set { return k.one().Set }

func (k Kubernetes) one() Release {
	if i := slices.IndexFunc(k.Releases, func(r Release) bool { return r.Name == k.Release }); i >= 0 {
		return k.Releases[i]
	}
	return Release{}
}

// Serving is the release that a cell calls: that of the role of its actions, and the first where it places none. It is the zero
// value where one release serves all roles.
func (k Kubernetes) Serving(c *Cell) Release { return k.serving(c.Actions) }

func (k Kubernetes) serving(actions []Action) Release {
	if len(k.Releases) == 0 {
		return Release{}
	}
	for _, a := range actions {
		if i := slices.IndexFunc(k.Releases, func(r Release) bool { return r.Role == a.Role }); i >= 0 {
			return k.Releases[i]
		}
	}
	return k.Releases[0]
}

// oneRelease checks that no cell asks for two roles where each has a release of its own: a cell calls one of them.
func (b *builder) oneRelease(k *Kubernetes, cells []Cell) {
	if len(k.Releases) == 0 {
		return
	}
	told := map[diag.Range]bool{}
	for _, c := range cells {
		role, release := "", k.Serving(&c)
		for _, a := range c.Actions {
			switch {
			case a.Role == "" || told[a.RoleAt]:
			case role == "":
				role = a.Role
			case a.Role != role:
				told[a.RoleAt] = true
				d := b.diags.Errorf(a.RoleAt, "the roles %q and %q are asked for in one cell, and the profile has a release for each role", role, a.Role)
				d.Hint = fmt.Sprintf("a cell calls one release, here %s: place all of it on one role, or write placement: label in the profile", release.Name)
			}
		}
	}
}
