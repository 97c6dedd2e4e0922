package cluster

import (
	"os"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"helm.sh/helm/v3/pkg/chart"

	"wsk-scenario/dsl/diag"
	"wsk-scenario/dsl/syntax"
	"wsk-scenario/engine/plan"
)

// Check finds what is wrong with the values of a deployment before anything is touched: keys that the chart does not know,
// at their lines, which Helm lets through in silence. A chart of this machine is read; one that would have to be fetched is
// checked when it is installed. Where a release serves one role, its chart must have a way to bind it to the nodes of the role.
func Check(k plan.Kubernetes, d plan.Deployment) (diag.List, diag.Sources) {
	var faults diag.List
	sources := diag.Sources{}
	if !Local(d) {
		if strings.HasPrefix(d.Chart, ".") || strings.HasPrefix(d.Chart, "/") {
			fault := faults.Errorf(d.Range, "deployment.chart: there is no chart %s", d.Chart)
			fault.Path, fault.Hint = "deployment.chart", "paths are relative to the file"
		}
		return faults, sources
	}
	c, err := load(d)
	if err != nil {
		faults.Errorf(d.Range, "deployment.chart: %v", err).Path = "deployment.chart"
		return faults, sources
	}
	faults, sources = checkValues(c, d)
	if faults.HasErrors() {
		return faults, sources
	}
	if _, err := bound(c, served(k, d), d); err != nil {
		faults.Errorf(d.Range, "deployment.chart: %v", err).Path = "deployment.chart"
	}
	return faults, sources
}

// checkValues looks at every key of the files and of set.
func checkValues(c *chart.Chart, d plan.Deployment) (diag.List, diag.Sources) {
	known := knownValues{chart: c, templates: templatesOf(c)}
	sources := diag.Sources{}
	for _, file := range d.Values {
		text, err := os.ReadFile(file)
		if err != nil {
			known.faults.Errorf(d.Range, "deployment.values: %v", err).Path = "deployment.values"
			continue
		}
		sources[file] = text
		root, diags := syntax.Parse(file, text)
		known.faults = append(known.faults, diags...)
		if root != nil {
			known.walk(root, c.Values, nil)
		}
	}
	for _, s := range d.Set {
		known.path(s.Key, splitPath(s.Key.Value))
	}
	known.faults.Sort()
	return known.faults, sources
}

// knownValues is what a chart knows: its own values.yaml, those of the charts in it, and what its templates ask for beside.
type knownValues struct {
	chart     *chart.Chart
	templates string
	faults    diag.List
}

// walk compares a mapping of a values file with the chart's defaults. Where these have no mapping, or an empty one, anything
// may stand.
func (k *knownValues) walk(n *syntax.Node, defaults map[string]any, path []string) {
	for _, f := range n.Fields {
		here := append(slices.Clone(path), f.Key.Value)
		value, ok := defaults[f.Key.Value]
		if !ok && !k.elsewhere(here) {
			k.unknown(f.Key.Range, here, keysOf(defaults))
			continue
		}
		if inner, ok := value.(map[string]any); ok && len(inner) > 0 && f.Value.Kind == syntax.Map {
			k.walk(f.Value, inner, here)
		}
	}
}

// path does the same for a path of set.
func (k *knownValues) path(key diag.Text, keys []string) {
	defaults := k.chart.Values
	for i, name := range keys {
		value, ok := defaults[name]
		if !ok && !k.elsewhere(keys[:i+1]) {
			k.unknown(key.Range, keys[:i+1], keysOf(defaults))
			return
		}
		inner, ok := value.(map[string]any)
		if !ok || len(inner) == 0 {
			return
		}
		defaults = inner
	}
}

func (k *knownValues) unknown(place diag.Range, path, names []string) {
	last := path[len(path)-1]
	where := k.chart.Name()
	if len(path) > 1 {
		where += ", in " + strings.Join(path[:len(path)-1], ".")
	}
	d := k.faults.Errorf(place, "%s: the chart %s has no such value", strings.Join(path, "."), where)
	d.Path, d.Hint = strings.Join(path, "."), diag.Suggest(last, names)
}

// elsewhere reports whether a value that values.yaml does not have is one for all that: of a chart inside the chart, global,
// or read by a template.
func (k *knownValues) elsewhere(path []string) bool {
	if path[0] == "global" {
		return true
	}
	for _, dependency := range k.chart.Metadata.Dependencies {
		if path[0] == dependency.Name || path[0] == dependency.Alias {
			return true
		}
	}
	return reads(k.templates, ".Values."+strings.Join(path, ".")) || len(k.chart.Values) == 0
}

// reads reports whether templates ask for a value, and not only for one whose name begins so.
func reads(templates, value string) bool {
	for {
		_, rest, found := strings.Cut(templates, value)
		if !found {
			return false
		}
		next, _ := utf8.DecodeRuneInString(rest)
		if next != '_' && !unicode.IsLetter(next) && !unicode.IsDigit(next) {
			return true
		}
		templates = rest
	}
}

func templatesOf(c *chart.Chart) string {
	var all strings.Builder
	for _, t := range c.Templates {
		all.Write(t.Data)
	}
	return all.String()
}
