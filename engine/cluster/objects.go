package cluster

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"helm.sh/helm/v3/pkg/action"
	kerrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/dynamic"
	"sigs.k8s.io/yaml"
)

// objectsOf are the objects of a manifest, which is YAML documents.
func objectsOf(manifest string) ([]unstructured.Unstructured, error) {
	var objects []unstructured.Unstructured
	for _, document := range inOrder(manifest) {
		if strings.TrimSpace(document) == "" {
			continue
		}
		var o unstructured.Unstructured
		if err := yaml.Unmarshal([]byte(document), &o.Object); err != nil {
			return nil, fmt.Errorf("read a manifest: %w", err)
		}
		if len(o.Object) > 0 {
			objects = append(objects, o)
		}
	}
	return objects, nil
}

// exists reports whether an object is there. One of a kind that the cluster does not know any more is not.
func (c *Cluster) exists(ctx context.Context, cfg *action.Configuration, o unstructured.Unstructured) (bool, error) {
	mapper, err := cfg.RESTClientGetter.ToRESTMapper()
	if err != nil {
		return false, err
	}
	kind := o.GroupVersionKind()
	mapping, err := mapper.RESTMapping(kind.GroupKind(), kind.Version)
	if meta.IsNoMatchError(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	client, err := dynamic.NewForConfig(c.conn.config)
	if err != nil {
		return false, err
	}
	var resource dynamic.ResourceInterface = client.Resource(mapping.Resource)
	if mapping.Scope.Name() == meta.RESTScopeNameNamespace {
		namespace := o.GetNamespace()
		if namespace == "" {
			namespace = c.opts.Kubernetes.Namespace
		}
		resource = client.Resource(mapping.Resource).Namespace(namespace)
	}
	_, err = resource.Get(ctx, o.GetName(), metav1.GetOptions{})
	if kerrors.IsNotFound(err) {
		return false, nil
	}
	return err == nil, err
}

// normal is a value as it is after JSON, so that numbers of different types compare.
func normal(value any) any {
	text, err := json.Marshal(value)
	if err != nil {
		return value
	}
	var back any
	decoder := json.NewDecoder(bytes.NewReader(text))
	if decoder.Decode(&back) != nil {
		return value
	}
	return back
}
