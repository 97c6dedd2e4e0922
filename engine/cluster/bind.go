package cluster

import (
	"errors"
	"fmt"
	"strings"

	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chartutil"

	"wsk-scenario/engine/plan"
)

// nodeAffinity begins the settings of OpenWhisk's invoker that bind the pods of actions to nodes with one label.
const nodeAffinity = "whisk.kubernetes.user-pod-node-affinity"

// served is the cluster with the release that a deployment is of.
func served(k plan.Kubernetes, d plan.Deployment) plan.Kubernetes {
	if d.Release != "" {
		k.Release = d.Release
	}
	return k
}

// bound are the values of d; those of a release that serves one role also bind it to the nodes of that role.
func bound(chart *chart.Chart, k plan.Kubernetes, d plan.Deployment) (map[string]any, error) {
	wanted, err := values(d)
	role := k.Serves()
	if err != nil || role == "" {
		return wanted, err
	}
	if err := bind(chart, wanted, k.Roles[role], len(k.Own()) > 0); err != nil {
		return nil, fmt.Errorf("bind release %s to the nodes of role %s: %w", k.Release, role, err)
	}
	return wanted, nil
}

// bind adds to values of a chart what binds invokers and actions to nodes with some labels, where the values do not say that
// already. Each chart has its own way; of one that is not known the profile says it, in the values of the one release.
func bind(chart *chart.Chart, wanted map[string]any, labels map[string]string, said bool) error {
	has := settings{chartutil.Values(chart.Values)}
	switch _, own := has.table("affinity.nodes"); {
	case own:
		return bindInvokers(wanted, labels)
	case has.at("invoker.options") != nil && has.at("affinity.invokerNodeLabel") != nil:
		return bindActions(has, wanted, labels)
	case said:
		return nil // where the activations ran tells whether it is right
	}
	return fmt.Errorf("how the chart %s does that is not known: write the values in the profile, as set of the role", chart.Name())
}

// bindInvokers binds the invokers of the standalone's chart, which run actions themselves.
func bindInvokers(wanted map[string]any, labels map[string]string) error {
	if said, ok := (settings{wanted}).table("affinity.nodes"); ok && len(said) > 0 {
		return nil
	}
	nodes := map[string]any{}
	for key, value := range labels {
		nodes[key] = value
	}
	merge(wanted, map[string]any{"affinity": map[string]any{"nodes": nodes}})
	return nil
}

// bindActions binds the action pods of OpenWhisk's own chart. Its invokers may then be anywhere: without affinity.enabled no node
// needs a label of their own.
func bindActions(has settings, wanted map[string]any, labels map[string]string) error {
	says := settings{wanted}
	if says.text("invoker.containerFactory.impl") == "docker" {
		return errors.New("invoker.containerFactory.impl: with docker, actions run beside the invokers, which have a label of their own: write kubernetes, or placement: label in the profile")
	}
	if says.at("affinity.enabled") == nil {
		merge(wanted, map[string]any{"affinity": map[string]any{"enabled": false}})
	}
	options := says.text("invoker.options")
	if says.at("invoker.options") == nil {
		options = has.text("invoker.options")
	}
	if strings.Contains(options, nodeAffinity) {
		return nil
	}
	if len(labels) != 1 {
		return fmt.Errorf("OpenWhisk binds the pods of its actions to one label, and the role has %d: give its nodes one that tells them apart", len(labels))
	}
	for key, value := range labels {
		options += fmt.Sprintf(" -D%[1]s.enabled=true -D%[1]s.key=%[2]s -D%[1]s.value=%[3]s", nodeAffinity, key, value)
	}
	merge(wanted, map[string]any{"invoker": map[string]any{"options": strings.TrimSpace(options)}})
	return nil
}
