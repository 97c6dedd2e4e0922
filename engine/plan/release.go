package plan

import (
	"cmp"
	"os"
	"strings"

	"wsk-scenario/dsl"
	"wsk-scenario/dsl/diag"
	"wsk-scenario/dsl/syntax"
)

// kubernetes is what a profile says of a cluster; nil when it names none.
func kubernetes(p *dsl.Profile) *Kubernetes {
	if !p.OnKubernetes() {
		return nil
	}
	k := &Kubernetes{
		Context: literal(p.Kubernetes.Context), Kubeconfig: p.Path(literal(p.Kubernetes.Kubeconfig)),
		Release:   p.ReleaseName(),
		Namespace: cmp.Or(literal(p.OpenWhisk.Namespace), literal(p.Deployment.Namespace), dsl.UsualRelease),
		Secret:    literal(p.OpenWhisk.Auth.Secret), Image: literal(p.Kubernetes.Image),
	}
	for _, role := range p.Roles.Entries {
		if k.Roles == nil {
			k.Roles = map[string]map[string]string{}
		}
		labels := map[string]string{}
		for _, l := range role.Value.Nodes.Entries {
			labels[l.Key.Value] = literal(l.Value)
		}
		k.Roles[role.Key.Value] = labels
	}
	k.Releases = releases(p)
	if p.Deployment.Chart.Set() {
		b := &builder{} // a profile holds no placeholders
		k.Deployment = b.over(nil, p.Deployment, func(_ syntax.Val[string], path string) string { return p.Path(path) })
	}
	return k
}

// deployment is the release that a cell with these actions needs: what the scenario says over what the profile says; nil when
// neither does.
func (b *builder) deployment(actions []Action) *Deployment {
	written := b.scenario.Deployment
	place, says := firstOf(written)
	var below *Deployment
	var release Release
	if b.where != nil && b.where.Kubernetes != nil {
		release = b.where.Kubernetes.serving(actions)
		below = release.over(b.where.Kubernetes.Deployment)
	}
	switch {
	case !says:
		return below
	case b.where == nil || b.where.Kubernetes == nil:
		d := b.diags.Errorf(place, "deployment: nothing says on which Kubernetes cluster")
		d.Path, d.Hint = "deployment", "name a profile of one: --cluster FILE"
		return nil
	case written.Release.Set() || written.Namespace.Set():
		d := b.diags.Errorf(place, "deployment: the release and its namespace are the profile's")
		d.Path, d.Hint = "deployment", "write them in the profile, as openwhisk.release and openwhisk.namespace"
		return nil
	case below == nil && !written.Chart.Set():
		d := b.diags.Errorf(place, "deployment has no chart, and the profile has no deployment")
		d.Path, d.Hint = "deployment", "add chart: …"
		return nil
	}
	if below == nil {
		below = release.over(&Deployment{})
	}
	return b.over(below, written, dsl.PathOf)
}

// over is below with what is written laid over it. relative makes paths relative to the file that they stand in.
func (b *builder) over(below *Deployment, written dsl.Deployment, relative func(syntax.Val[string], string) string) *Deployment {
	d := &Deployment{}
	if below != nil {
		*d = *below
	}
	if written.Chart.Set() {
		d.Chart, d.Range = chartPath(read(b, written.Chart), func(path string) string { return relative(written.Chart, path) }), written.Chart.Range()
	}
	d.Version, d.Repository = or(b, written.Version, d.Version), or(b, written.Repository, d.Repository)
	d.Wait, d.Keep = or(b, written.Wait, d.Wait), or(b, written.Keep, d.Keep)
	files := d.Values[:len(d.Values):len(d.Values)]
	for _, v := range written.Values {
		files = append(files, relative(v, read(b, v)))
	}
	d.Values, d.Set = files, append(d.Set[:len(d.Set):len(d.Set)], b.set(written.Set)...)
	return d
}

// set are values of a chart.
func (b *builder) set(written syntax.Dict[*syntax.Node]) (list []Set) {
	for _, e := range written.Entries {
		value, diags := e.Value.Value(b.env)
		b.diags = append(b.diags, diags...)
		list = append(list, Set{Key: e.Key, Value: value})
	}
	return list
}

// chartPath makes the path of a chart relative to the file that names it, when there is one; any other is a name or an address.
func chartPath(chart string, relative func(string) string) string {
	path := relative(chart)
	if _, err := os.Stat(path); err == nil || strings.HasPrefix(chart, ".") {
		return path
	}
	return chart
}

// firstOf is where the first key of a deployment stands.
func firstOf(d dsl.Deployment) (diag.Range, bool) {
	parts := []dsl.Part{d.Release, d.Namespace, d.Chart, d.Version, d.Repository, steps(d.Values), d.Wait, d.Keep}
	for _, v := range parts {
		if v.Set() {
			return v.Range(), true
		}
	}
	if len(d.Set.Entries) > 0 {
		return d.Set.Entries[0].Key.Range, true
	}
	return diag.Range{}, false
}
