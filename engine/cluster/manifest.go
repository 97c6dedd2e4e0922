package cluster

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"helm.sh/helm/v3/pkg/action"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/releaseutil"
	"sigs.k8s.io/yaml"

	"wsk-scenario/engine/plan"
)

// renderedFor is the version of Kubernetes that manifests are rendered for where no cluster is asked.
const renderedFor = "v1.37.0"

// Manifests are the objects that the release of d would consist of, as YAML documents, with the values of secrets hidden. No
// cluster is asked: what templates look up there is empty. A chart that is not of this machine is fetched.
func Manifests(ctx context.Context, k plan.Kubernetes, d plan.Deployment) (string, error) {
	chart, err := load(d)
	if err != nil {
		return "", err
	}
	k = served(k, d)
	wanted, err := bound(chart, k, d)
	if err != nil {
		return "", err
	}
	version, err := chartutil.ParseKubeVersion(renderedFor)
	if err != nil {
		return "", err
	}
	render := action.NewInstall(&action.Configuration{Log: func(string, ...any) {}})
	render.ClientOnly, render.DryRun, render.Replace, render.KubeVersion = true, true, true, version
	render.ReleaseName, render.Namespace, render.IncludeCRDs = k.Release, k.Namespace, true
	release, err := render.RunWithContext(ctx, chart, wanted)
	if err != nil {
		return "", fmt.Errorf("render the chart %s: %w", d.Chart, err)
	}
	var all strings.Builder
	name := k.Release
	if role := k.Serves(); role != "" {
		name += " for the role " + role
	}
	fmt.Fprintf(&all, "# release %s in namespace %s: chart %s %s, rendered for Kubernetes %s\n", name, k.Namespace, chart.Name(), chart.Metadata.Version, renderedFor)
	documents := inOrder(release.Manifest)
	for _, hook := range release.Hooks {
		documents = append(documents, "# a hook\n"+hook.Manifest)
	}
	for _, document := range documents {
		text, err := withoutSecrets(document)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&all, "---\n%s\n", strings.TrimSpace(text))
	}
	return all.String(), nil
}

// inOrder are the documents of a manifest as they stand in it.
func inOrder(manifest string) (documents []string) {
	split := releaseutil.SplitManifests(manifest)
	keys := keysOf(split)
	slices.SortStableFunc(keys, func(a, b string) int { return len(a) - len(b) }) // manifest-2 before manifest-10
	for _, key := range keys {
		documents = append(documents, split[key])
	}
	return documents
}

// withoutSecrets is a document with the values of a secret hidden.
func withoutSecrets(document string) (string, error) {
	var object map[string]any
	if err := yaml.Unmarshal([]byte(document), &object); err != nil {
		return "", fmt.Errorf("read a manifest: %w", err)
	}
	if object["kind"] != "Secret" {
		return document, nil
	}
	for _, key := range []string{"data", "stringData"} {
		if values, ok := object[key].(map[string]any); ok {
			for name := range values {
				values[name] = "(hidden)"
			}
		}
	}
	text, err := yaml.Marshal(object)
	source, _, _ := strings.Cut(strings.TrimSpace(document), "\n")
	if strings.HasPrefix(source, "# ") {
		return source + "\n" + string(text), err
	}
	return string(text), err
}
