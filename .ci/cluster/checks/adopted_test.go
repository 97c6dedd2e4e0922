package checks

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"helm.sh/helm/v3/pkg/action"
	"helm.sh/helm/v3/pkg/chart/loader"
	"k8s.io/cli-runtime/pkg/genericclioptions"
)

// installed is a release of the standalone's chart that somebody else has installed with Helm.
func installed(t *testing.T, namespace, release string, values map[string]any) {
	t.Helper()
	flags := genericclioptions.NewConfigFlags(true)
	flags.KubeConfig, flags.Namespace = &shared.Kubeconfig, &namespace
	cfg := new(action.Configuration)
	if err := cfg.Init(flags, namespace, "secret", t.Logf); err != nil {
		t.Fatal(err)
	}
	chart, err := loader.Load(filepath.Join(root, "scenarios/charts/standalone"))
	if err != nil {
		t.Fatal(err)
	}
	install := action.NewInstall(cfg)
	install.ReleaseName, install.Namespace = release, namespace
	if _, err := install.RunWithContext(t.Context(), chart, values); err != nil {
		t.Fatal(err)
	}
}

// specs are what the objects of a release shall be.
func (o *openwhisk) specs(t *testing.T) map[string]string {
	t.Helper()
	var list struct {
		Items []struct {
			Kind       string
			Metadata   struct{ Name, UID string }
			Spec, Data any
		}
	}
	text := shared.kubectl(t, "", "get", "deployments,statefulsets,daemonsets,services,secrets,configmaps", "-n", o.namespace, "-o", "json")
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, i := range list.Items {
		if !strings.HasPrefix(i.Metadata.Name, "sh.helm.release") { // Helm's own history goes on
			text, err := json.MarshalIndent([]any{i.Metadata.UID, i.Spec, i.Data}, "", " ")
			if err != nil {
				t.Fatal(err)
			}
			all[i.Kind+" "+i.Metadata.Name] = string(text)
		}
	}
	return all
}

// actions are those that OpenWhisk has, as its API lists them.
func (o *openwhisk) actions(t *testing.T) string {
	t.Helper()
	status, text := o.asks(t, http.MethodGet, "actions", "")
	if status != http.StatusOK {
		t.Fatalf("list the actions: %d %s", status, text)
	}
	return string(text)
}

// asks sends a request to OpenWhisk's API, below the namespace of the user.
func (o *openwhisk) asks(t *testing.T, method, path, body string) (status int, text []byte) {
	t.Helper()
	get := func(what, path string) string {
		return shared.kubectl(t, "", "get", what, "-n", o.namespace, "-o", "jsonpath="+path)
	}
	auth, err := base64.StdEncoding.DecodeString(get("secret/ow-whisk.auth", "{.data.guest}"))
	if err != nil {
		t.Fatal(err)
	}
	user, key, _ := strings.Cut(string(auth), ":")
	req, err := http.NewRequestWithContext(t.Context(), method,
		"http://"+shared.Nodes[0].Address+":"+get("service/ow-controller", "{.spec.ports[0].nodePort}")+"/api/v1/namespaces/_/"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.SetBasicAuth(user, key)
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if text, err = io.ReadAll(resp.Body); err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, text
}

func TestAReleaseOfSomebodyElseIsPutBackAsItWas(t *testing.T) {
	o := newOpenWhisk(t, "adopted", "set: {"+anywhere+"whisk.limits.actionsInvokesPerminute: 60000}")
	o.unplaced(t)
	limits := func(perMinute int) map[string]any {
		return map[string]any{"actionsInvokesPerminute": perMinute, "actionsInvokesConcurrent": 7}
	}
	installed(t, o.namespace, "ow", map[string]any{"affinity": map[string]any{"enabled": false}, "whisk": map[string]any{"limits": limits(600)}})
	before := o.specs(t)
	write(t, filepath.Join(o.folder, "quick.py"), "def main(args):\n    return {}\n")
	write(t, filepath.Join(o.folder, "short.yaml"), strings.Replace(killed, "ITERATIONS", "20", 1))
	write(t, filepath.Join(o.folder, "long.yaml"), strings.Replace(killed, "ITERATIONS", "1000000", 1))

	out := o.does(t, 0, "run", "short.yaml", "--cluster", o.profile)
	if !strings.Contains(out, "upgrading release ow from revision 1") || !strings.Contains(out, "rolled back to revision 1") {
		t.Errorf("the run says\n%s", out)
	}
	if diff := cmp.Diff(before, o.specs(t)); diff != "" {
		t.Errorf("after the run: %s", diff)
	}

	// The same release as it is, without a word of how it shall be: what is left on it by a killed run is found by its name.
	text, _, _ := strings.Cut(read(t, o.profile), "deployment:")
	write(t, o.profile, text)
	r := o.starts(t, "run", "long.yaml", "--cluster", o.profile)
	r.await(t, "the load", began("load"))
	r.kill()
	if left := o.actions(t); !strings.Contains(left, "wsks-") {
		t.Fatalf("the killed run has left no action: this test proves nothing: %s", left)
	}
	if out := o.does(t, 0, "down", o.profile); !strings.Contains(out, "removed from OpenWhisk what a run has left: wsks-") {
		t.Errorf("down says\n%s", out)
	}
	if left := o.actions(t); left != "[]" {
		t.Errorf("after down there are still the actions %s", left)
	}
	if diff := cmp.Diff(before, o.specs(t)); diff != "" {
		t.Errorf("after down: %s", diff)
	}
}
