package origin

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"wsk-scenario/engine/command"
	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/result"
)

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func planOf(folder string) *plan.Plan {
	return &plan.Plan{File: filepath.Join(folder, "s.yaml"), Services: []plan.Service{{
		Name: "store", Dir: folder, Command: []string{"../" + filepath.Base(folder) + "/server/start", "--port", "${{ services.store.port }}"},
		Seed: []string{"node", "seed.js", "none.js", "."},
	}}, Cells: []plan.Cell{{
		Deployment: &plan.Deployment{Chart: filepath.Join(folder, "chart"), Values: []string{filepath.Join(folder, "values.yaml")}},
		Actions: []plan.Action{
			{Name: "one", Code: filepath.Join(folder, "code")},
			{Name: "built", Code: filepath.Join(folder, "built"), Build: &plan.Recipe{Inputs: []string{"src"}}},
			{Name: "image", Image: &plan.Image{Name: "x"}},
		},
		Phases: []plan.Phase{{Name: "p", Payload: plan.Payload{File: filepath.Join(folder, "body.json")}},
			{Name: "x", Exec: &plan.Exec{Dir: folder, Command: []string{"./audit.sh", "body.json"}}}},
	}}}
}

func TestWhatChangedBehindARunIsNamed(t *testing.T) {
	for _, row := range []struct {
		name string
		do   func(folder string)
		says []string // without the folder
	}{
		{"nothing", func(string) {}, nil},
		{"what a build makes", func(f string) { write(t, f+"/built/out.zip", "new") }, nil},
		{"a file of code", func(f string) { write(t, f+"/code/a.js", "new") }, []string{"action one: code/a.js has changed"}},
		{"what a build reads", func(f string) { write(t, f+"/built/src/x.c", "new") }, []string{"action built: built/src/x.c has changed"}},
		{"a payload that is gone", func(f string) { os.Remove(f + "/body.json") },
			[]string{"the payload of phase p: body.json is gone, or may not be read"}},
		{"a file beside the program of a service", func(f string) { write(t, f+"/server/server.js", "new") },
			[]string{"service store: server/server.js has changed"}},
		{"what a service is seeded by", func(f string) { write(t, f+"/seed.js", "new") }, []string{"service store: seed.js has changed"}},
		{"a command that stands beside the scenario", func(f string) { write(t, f+"/audit.sh", "new") },
			[]string{"the command of phase x: audit.sh has changed"}},
		{"what stands beside such a command", func(f string) { write(t, f+"/results/1", "new") }, nil},
		{"values of the release", func(f string) { write(t, f+"/values.yaml", "a: 2") }, []string{"the values of the release: values.yaml has changed"}},
		{"a template of its chart", func(f string) { write(t, f+"/chart/templates/x.yaml", "new") },
			[]string{"the chart of the release: chart/templates/x.yaml has changed"}},
		{"a file beside the code", func(f string) { write(t, f+"/code/c.js", "new") }, []string{"action one: code/c.js is new"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			folder := t.TempDir()
			for path, text := range map[string]string{"code/a.js": "a", "code/b.js": "b", "built/src/x.c": "x", "built/notes": "n", "body.json": "{}",
				"server/start": "#!/bin/sh", "server/server.js": "s", "seed.js": "s", "audit.sh": "#!/bin/sh", "values.yaml": "a: 1", "chart/Chart.yaml": "name: c", "chart/templates/x.yaml": "x"} {
				write(t, filepath.Join(folder, path), text)
			}
			p := planOf(folder)
			o := Of(t.Context(), p, []Text{{Role: "scenario", File: p.File, Kept: "s.yaml", Bytes: []byte("name: s")}})
			if len(o.Inputs) != 11 || len(o.Sources) != 1 || o.Sources[0].Hash != Hash([]byte("name: s")) {
				t.Fatalf("noted %+v", o)
			}
			row.do(folder)
			got := Changed(o)
			got = append(got, Added(o, Inputs(p))...)
			for i := range got {
				got[i] = strings.ReplaceAll(got[i], folder+"/", "")
			}
			if !slices.Equal(got, row.says) {
				t.Errorf("got %q, want %q", got, row.says)
			}
		})
	}
}

func TestTheStateOfTheRepositoryIsNoted(t *testing.T) {
	folder := t.TempDir()
	write(t, folder+"/s.yaml", "name: s")
	if g := git(t.Context(), folder); g.Unknown == "" || g.Commit != "" {
		t.Errorf("without a repository: %+v", g)
	}
	for _, args := range [][]string{{"init", "-q"}, {"add", "s.yaml"}, {"-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-q", "-m", "one"}} {
		var out bytes.Buffer
		exit, err := command.Command{Args: append([]string{"git", "-C", folder}, args...)}.Run(t.Context(), &out, &out)
		if err != nil || exit != 0 {
			t.Fatalf("git %v: %v, exit code %d: %s", args, err, exit, &out)
		}
	}
	if g := git(t.Context(), folder); len(g.Commit) != 40 || g.Dirty != nil || g.Unknown != "" {
		t.Errorf("clean: %+v", g)
	}
	write(t, folder+"/s.yaml", "name: t")
	write(t, folder+"/new.yaml", "name: t")
	if g := git(t.Context(), folder); !slices.Equal(g.Dirty, []string{" M s.yaml", "?? new.yaml"}) {
		t.Errorf("changed: %+v", g)
	}
}

func TestThePathOfAFileDoesNotDependOnWhereOneWorks(t *testing.T) {
	o := &result.Origin{Folder: "/then"}
	if got := []string{o.Path("a/../b"), o.Path("/c/d")}; !slices.Equal(got, []string{"/then/b", "/c/d"}) {
		t.Errorf("got %v", got)
	}
}
