package cluster

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/registry"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	helmregistry "helm.sh/helm/v3/pkg/registry"
	"helm.sh/helm/v3/pkg/repo"

	"wsk-scenario/engine/plan"
)

// archived packs our own chart and returns the archive.
func archived(t *testing.T, folder string) string {
	t.Helper()
	chart, err := loader.Load(ownChart)
	if err != nil {
		t.Fatal(err)
	}
	path, err := chartutil.Save(chart, folder)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// repository serves a folder of archives with an index, as chart repositories are.
func repository(t *testing.T, folder string) string {
	t.Helper()
	server := httptest.NewServer(http.FileServer(http.Dir(folder)))
	t.Cleanup(server.Close)
	index, err := repo.IndexDirectory(folder, server.URL)
	if err != nil {
		t.Fatal(err)
	}
	if err := index.WriteFile(filepath.Join(folder, "index.yaml"), 0o644); err != nil {
		t.Fatal(err)
	}
	return server.URL
}

// pushed puts an archive into a registry of this machine, and returns the address of the chart.
func pushed(t *testing.T, archive string) string {
	t.Helper()
	server := httptest.NewServer(registry.New(registry.Logger(log.New(io.Discard, "", 0))))
	t.Cleanup(server.Close)
	client, err := helmregistry.NewClient(helmregistry.ClientOptPlainHTTP())
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(archive)
	if err != nil {
		t.Fatal(err)
	}
	host := strings.TrimPrefix(server.URL, "http://")
	if _, err := client.Push(text, host+"/charts/standalone:0.1.0"); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("oci://%s/charts/standalone", host)
}

func TestAChartComesFromAFolderAnArchiveARepositoryOrARegistry(t *testing.T) {
	t.Setenv("HELM_CACHE_HOME", t.TempDir())
	t.Setenv("HELM_CONFIG_HOME", t.TempDir())
	folder := t.TempDir()
	archive := archived(t, folder)
	address := repository(t, folder)
	k := plan.Kubernetes{Release: "ow", Namespace: "faas"}
	for name, d := range map[string]plan.Deployment{
		"a folder":                   {Chart: ownChart},
		"an archive":                 {Chart: archive},
		"a repository":               {Chart: "standalone", Repository: address},
		"a repository and a version": {Chart: "openwhisk/standalone", Repository: address, Version: "0.1.0"},
		"a registry":                 {Chart: pushed(t, archive), Version: "0.1.0"},
	} {
		t.Run(name, func(t *testing.T) {
			text, err := Manifests(t.Context(), k, d)
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range []string{"chart standalone 0.1.0", "kind: DaemonSet", "guest: (hidden)"} {
				if !strings.Contains(text, want) {
					t.Errorf("the manifests lack %q:\n%s", want, text)
				}
			}
		})
	}
	for name, row := range map[string]struct {
		d    plan.Deployment
		want string
	}{
		"a version that is not there": {plan.Deployment{Chart: "standalone", Repository: address, Version: "9.9.9"}, "9.9.9"},
		"a chart that is not there":   {plan.Deployment{Chart: "standalon", Repository: address}, "standalon"},
		"no name of a registry":       {plan.Deployment{Chart: "oci://127.0.0.1:1/charts/standalone", Version: "0.1.0"}, "127.0.0.1:1"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Manifests(t.Context(), k, row.d)
			if err == nil || !strings.Contains(err.Error(), "fetch the chart") || !strings.Contains(err.Error(), row.want) {
				t.Errorf("the error is %v", err)
			}
		})
	}
}
