package cluster

import (
	"fmt"
	"maps"
	"net"
	"os"
	"strings"

	"helm.sh/helm/v3/pkg/action"
	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/cli"
	"helm.sh/helm/v3/pkg/registry"

	"wsk-scenario/engine/plan"
)

// Local reports whether the chart of d is a folder or an archive of this machine: it can be read without a connection.
func Local(d plan.Deployment) bool {
	_, err := os.Stat(d.Chart)
	return err == nil && d.Repository == ""
}

// load reads the chart of d, from this machine, a repository or a registry.
func load(d plan.Deployment) (*chart.Chart, error) {
	path := d.Chart
	if !Local(d) {
		fetched, err := fetch(d)
		if err != nil {
			return nil, fmt.Errorf("fetch the chart %s: %w", d.Chart, err)
		}
		path = fetched
	}
	c, err := loader.Load(path)
	if err != nil {
		return nil, fmt.Errorf("read the chart %s: %w", d.Chart, err)
	}
	if c.Metadata.Type == "library" {
		return nil, fmt.Errorf("the chart %s is a library: it can only be used by other charts", d.Chart)
	}
	if err := action.CheckDependencies(c, c.Metadata.Dependencies); err != nil {
		return nil, fmt.Errorf("the chart %s: %w (helm dependency build fetches them)", d.Chart, err)
	}
	return c, nil
}

// fetch brings a chart from a repository or a registry into Helm's cache, and returns where it is.
func fetch(d plan.Deployment) (string, error) {
	name := d.Chart
	if d.Repository != "" && !registry.IsOCI(name) {
		name = name[strings.LastIndex(name, "/")+1:] // openwhisk/openwhisk: with the repository's address its name says nothing
	}
	var options []registry.ClientOption
	if onLoopback(name) {
		options = append(options, registry.ClientOptPlainHTTP())
	}
	client, err := registry.NewClient(options...)
	if err != nil {
		return "", err
	}
	install := action.NewInstall(&action.Configuration{RegistryClient: client})
	install.SetRegistryClient(client)
	install.RepoURL, install.Version = d.Repository, d.Version
	return install.LocateChart(name, cli.New())
}

// onLoopback reports whether a chart's registry is on this machine, where none has a certificate.
func onLoopback(chart string) bool {
	host, _, _ := strings.Cut(strings.TrimPrefix(chart, "oci://"), "/")
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	ip := net.ParseIP(host)
	return registry.IsOCI(chart) && (host == "localhost" || ip != nil && ip.IsLoopback())
}

// values are those of the files in order, then those of set.
func values(d plan.Deployment) (map[string]any, error) {
	merged := map[string]any{}
	for _, file := range d.Values {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("read the chart values: %w", err)
		}
		read, err := chartutil.ReadValues(text)
		if err != nil {
			return nil, fmt.Errorf("read the chart values %s: %w", file, err)
		}
		merge(merged, read)
	}
	for _, s := range d.Set {
		nested := s.Value
		keys := splitPath(s.Key.Value)
		for i := len(keys) - 1; i >= 0; i-- {
			nested = map[string]any{keys[i]: nested}
		}
		merge(merged, nested.(map[string]any))
	}
	return merged, nil
}

// merge puts what is over below, mapping by mapping, as Helm does with several files.
func merge(below, over map[string]any) {
	for key, value := range over {
		if inner, ok := value.(map[string]any); ok {
			if into, ok := below[key].(map[string]any); ok {
				copied := maps.Clone(into)
				merge(copied, inner)
				below[key] = copied
				continue
			}
		}
		below[key] = value
	}
}

// splitPath splits a path of values at its dots; a dot behind a backslash belongs to the name.
func splitPath(path string) []string {
	var keys []string
	var key strings.Builder
	for i := 0; i < len(path); i++ {
		switch {
		case path[i] == '\\' && i+1 < len(path):
			i++
			key.WriteByte(path[i])
		case path[i] == '.':
			keys = append(keys, key.String())
			key.Reset()
		default:
			key.WriteByte(path[i])
		}
	}
	return append(keys, key.String())
}
