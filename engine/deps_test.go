package engine

import (
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "wsk-scenario"

// mayImport is the architecture: which rooms of ours a room may import. A room that is not listed may not exist. Tests
// are free, but for the language: nothing in dsl knows the engine, not even its tests.
var mayImport = map[string][]string{
	"cmd/wsk-scenario": {"*"},

	"dsl/diag":   {},
	"dsl/syntax": {"dsl/diag"},
	"dsl/expr":   {"dsl/diag"},
	"dsl":        {"dsl/diag", "dsl/syntax", "dsl/expr"},
	"schema":     {"dsl", "dsl/syntax"},

	"engine":         {},
	"engine/plan":    {"engine/code", "engine/load", "dsl", "dsl/diag", "dsl/syntax", "dsl/expr"},
	"engine/whisk":   {"engine/whisk/wire", "engine/loop"},
	"engine/code":    {"engine/command"},
	"engine/command": {},
	"engine/secret":  {},
	"engine/service": {"dsl", "engine/command", "engine/plan"},
	"engine/cluster": {"dsl/diag", "dsl/syntax", "engine/plan", "engine/target", "engine/whisk"},
	"engine/target":  {"engine/plan", "engine/whisk", "engine/standalone"},
	"engine/load":    {"engine/loop"},
	"engine/loop":    {},
	"engine/measure": {},
	"engine/slo":     {"dsl", "dsl/diag", "dsl/expr", "engine/plan", "engine/measure"},
	"engine/result":  {"engine/plan", "engine/measure", "engine/slo", "engine/secret"},
	"engine/origin":  {"engine/code", "engine/command", "engine/plan", "engine/result"},
	"engine/fit":     {"engine/plan", "engine/whisk"},
	"engine/doctor":  {"dsl", "engine/fit", "engine/load", "engine/measure", "engine/plan", "engine/result", "engine/run", "engine/target", "engine/whisk"},
	"engine/run":     {"dsl", "engine/fit", "engine/command", "engine/service", "engine/plan", "engine/code", "engine/whisk", "engine/target", "engine/load", "engine/loop", "engine/measure", "engine/slo", "engine/result", "engine/secret", "engine/workers"},
	"engine/workers": {"engine/measure", "engine/result"},
	"engine/compare": {"dsl/diag", "dsl/expr", "engine/plan", "engine/measure", "engine/slo", "engine/result"},
	"engine/report":  {"dsl/diag", "engine/plan", "engine/compare", "engine/report/content"},

	"engine/report/content":         {"dsl/diag", "dsl/expr", "engine/plan", "engine/measure", "engine/slo", "engine/result"},
	"engine/report/chart":           {"engine/measure", "engine/report/content"},
	"engine/report/page":            {"engine/compare", "engine/report/chart", "engine/report/content"},
	"engine/report/file":            {"engine/compare", "engine/measure", "engine/report/chart", "engine/report/content"},
	"engine/report/owperf":          {"engine/plan", "engine/measure", "engine/result"},
	"engine/report/serverlessbench": {"engine/plan", "engine/measure", "engine/result"},
	"engine/report/reporttest":      {"dsl/diag", "dsl/expr", "engine/compare", "engine/plan", "engine/measure", "engine/slo", "engine/result"},

	"engine/whisk/wire": {"engine/loop"},

	"engine/standalone":          {"engine/standalone/api", "engine/standalone/balancer", "engine/standalone/disk", "engine/standalone/docker", "engine/standalone/entity", "engine/standalone/invoke", "engine/standalone/kubernetes", "engine/standalone/link", "engine/standalone/remote", "engine/standalone/metrics", "engine/standalone/pool", "engine/standalone/runtime", "engine/standalone/system"},
	"engine/standalone/api":      {"engine/standalone/balancer", "engine/standalone/entity", "engine/standalone/invoke", "engine/standalone/jsonin", "engine/standalone/pool", "engine/standalone/runtime"},
	"engine/standalone/invoke":   {"engine/standalone/balancer", "engine/standalone/entity", "engine/standalone/metrics", "engine/standalone/pool", "engine/standalone/runtime"},
	"engine/standalone/entity":   {"engine/standalone/runtime"},
	"engine/standalone/disk":     {"engine/standalone/entity"},
	"engine/standalone/metrics":  {"engine/standalone/pool"},
	"engine/standalone/system":   {"engine/standalone/entity"},
	"engine/standalone/balancer": {"engine/standalone/pool"},
	"engine/standalone/link":     {},
	"engine/standalone/remote":   {"engine/standalone/balancer", "engine/standalone/pool", "engine/standalone/runtime"},
	"engine/standalone/pool":     {"engine/standalone/cgroup", "engine/standalone/jsonin", "engine/standalone/runtime"},
	"engine/standalone/jsonin":   {},
	"engine/standalone/runtime":  {"engine/standalone/cgroup"},
	"engine/standalone/cgroup":   {},
	"engine/standalone/protocol": {"engine/standalone/runtime"},
	"engine/standalone/proxy":    {"engine/standalone/protocol", "engine/standalone/runtime"},
	"engine/standalone/docker":   {"engine/standalone/pool", "engine/standalone/protocol", "engine/standalone/runtime"},

	"engine/standalone/kubernetes":        {"engine/standalone/pool", "engine/standalone/protocol", "engine/standalone/runtime"},
	"engine/standalone/docker/dockertest": {},
}

// onlyUser is which rooms may import a library from outside: each is behind one door.
var onlyUser = map[string][]string{
	"github.com/spf13/cobra":                {"cmd/wsk-scenario"},
	"github.com/vbauerster/mpb":             {"cmd/wsk-scenario"},
	"go.etcd.io/bbolt":                      {"engine/standalone/disk"},
	"gopkg.in/yaml.v3":                      {"dsl/syntax"},
	"github.com/expr-lang/expr":             {"dsl/expr"},
	"github.com/olekukonko/tablewriter":     {"engine/report"},
	"github.com/parquet-go/parquet-go":      {"engine/report/file"},
	"github.com/moby/moby":                  {"engine/standalone/docker", "engine/standalone/docker/dockertest"},
	"github.com/apache/openwhisk-client-go": {"engine/whisk", "engine/run", "engine/cluster"},
	"helm.sh/helm/v3":                       {"engine/cluster"},
	"k8s.io":                                {"engine/cluster", "engine/standalone/kubernetes"},
}

func TestNoImportBreaksTheArchitecture(t *testing.T) {
	seen := map[string]bool{}
	for file, imports := range importsOf(t, "..") {
		room := filepath.ToSlash(filepath.Dir(file))
		isTest := strings.HasSuffix(file, "_test.go")
		allowed, listed := mayImport[room]
		if !listed {
			t.Errorf("%s: the room %s is not in the table of the architecture", file, room)
			continue
		}
		seen[room] = true
		for _, path := range imports {
			ours, isOurs := strings.CutPrefix(path, module+"/")
			switch {
			case isOurs && isTest && strings.HasPrefix(room, "dsl") && strings.HasPrefix(ours, "engine"):
				t.Errorf("%s imports %s: the language knows nothing of the engine", file, ours)
			case isOurs && !isTest && ours != room && !slices.Contains(allowed, ours) && !slices.Contains(allowed, "*"):
				t.Errorf("%s imports %s, which %s may not", file, ours, room)
			case !isOurs && !isTest:
				checkDoor(t, file, room, path)
			}
		}
	}
	for _, room := range slices.Sorted(maps.Keys(mayImport)) {
		if !seen[room] {
			t.Errorf("the table of the architecture names %s, which does not exist", room)
		}
	}
}

// checkDoor fails when a library is imported elsewhere than through its one door.
func checkDoor(t *testing.T, file, room, path string) {
	t.Helper()
	for library, users := range onlyUser {
		if (path == library || strings.HasPrefix(path, library+"/")) && !slices.Contains(users, room) {
			t.Errorf("%s imports %s, which only %s may", file, path, strings.Join(users, " and "))
		}
	}
}

// importsOf returns the import paths of every Go file below root, by the file's path relative to it.
func importsOf(t *testing.T, root string) map[string][]string {
	t.Helper()
	imports := map[string][]string{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(root, path)
		if d.IsDir() && (rel == "actions" || d.Name() == "testdata" || d.Name() == "node_modules" || (rel != "." && strings.HasPrefix(d.Name(), "."))) {
			return filepath.SkipDir
		}
		if d.IsDir() || filepath.Ext(path) != ".go" {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		imports[rel] = []string{}
		for _, spec := range file.Imports {
			name, _ := strconv.Unquote(spec.Path.Value)
			imports[rel] = append(imports[rel], name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(imports) == 0 {
		t.Fatal("no Go file was found")
	}
	return imports
}
