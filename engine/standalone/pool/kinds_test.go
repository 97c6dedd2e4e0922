package pool

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var hellos = []struct{ kind, file, main string }{
	{"nodejs:default", "nodejs/hello.js", ""},
	{"python:default", "python/hello.py", ""},
	{"java:default", "java/Hello.java", "Hello"},
	{"go:default", "go/hello.go", "main"},
	{"native:default", "native/exec", ""},
}

func hello(t testing.TB, kind, file, main string) Action {
	t.Helper()
	code, err := os.ReadFile(filepath.Join("../../../actions/hello", file))
	if err != nil {
		t.Fatal(err)
	}
	a := action(kind, string(code))
	a.Main = main
	return a
}

func TestHelloGreetsInEveryLanguageColdAndWarm(t *testing.T) {
	p := newPool(t, Config{})
	for _, h := range hellos {
		t.Run(h.kind, func(t *testing.T) {
			t.Parallel()
			a := hello(t, h.kind, h.file, h.main)
			cold := succeed(t, p, a, `{"name":"edge"}`)
			checkHello(t, cold, "Hello, edge!")
			if cold.Start != Cold || cold.InitStart.IsZero() || cold.InitEnd.Before(cold.InitStart) || cold.RunStart.Before(cold.InitEnd) {
				t.Errorf("the first call has start %s, init %v to %v, run from %v", cold.Start, cold.InitStart, cold.InitEnd, cold.RunStart)
			}
			warm := succeed(t, p, a, "{\n}")
			checkHello(t, warm, "Hello, stranger!")
			if warm.Start != Warm || !warm.InitStart.IsZero() || !warm.InitEnd.IsZero() || warm.Container != cold.Container {
				t.Errorf("the second call was not warm: %+v after %+v", warm, cold)
			}
		})
	}
}

// checkHello looks at the greeting, and that the body of the function began inside the run. Some start with epoch ms, so
// the run's start is cut down to ms.
func checkHello(t *testing.T, o Outcome, want string) {
	t.Helper()
	var got struct {
		Greeting string
		Start    int64
	}
	if err := json.Unmarshal(o.Result, &got); err != nil {
		t.Fatal(err)
	}
	if got.Greeting != want {
		t.Errorf("got greeting %q, want %q", got.Greeting, want)
	}
	if got.Start < o.RunStart.UnixMilli() || got.Start > o.RunEnd.UnixMilli() {
		t.Errorf("the function says it began at %d, outside of its run from %d to %d", got.Start, o.RunStart.UnixMilli(), o.RunEnd.UnixMilli())
	}
}

func TestPackagesOfEveryLanguageRun(t *testing.T) {
	p := newPool(t, Config{})
	rows := []struct {
		name, kind, main string
		files            map[string]string
	}{
		{"nodejs: index.js exports main", "nodejs", "", map[string]string{
			"index.js": "exports.main = () => ({v: require('./lib').v})", "lib.js": "exports.v = 'lib'"}},
		{"nodejs: package.json names the file", "nodejs", "run", map[string]string{
			"package.json": `{"main":"a/b.js"}`, "a/b.js": "exports.run = () => ({v: 'lib'})"}},
		{"nodejs: main names file and function", "nodejs", "other.go", map[string]string{
			"index.js": "", "other.js": "exports.go = () => ({v: 'lib'})"}},
		{"nodejs: an ES module", "nodejs", "", map[string]string{
			"package.json": `{"type":"module","main":"m.js"}`, "m.js": "export const main = async () => ({v: 'lib'})"}},
		{"python: __main__.py imports its neighbour", "python", "", map[string]string{
			"__main__.py": "import lib\ndef main(args): return {'v': lib.v}", "lib.py": "v = 'lib'"}},
		{"python: a library of the virtualenv", "python", "", map[string]string{
			"__main__.py": "import lib\ndef main(args): return {'v': lib.v}", "virtualenv/lib/python3.9/site-packages/lib.py": "v = 'lib'"}},
		{"php: index.php and a library that Composer put there", "php", "", map[string]string{
			"index.php":           "<?php function main($a) { return ['v' => Lib\\v()]; }",
			"vendor/autoload.php": "<?php require __DIR__ . '/lib.php';", "vendor/lib.php": "<?php namespace Lib; function v() { return 'lib'; }"}},
		{"php: main is another function", "php", "go", map[string]string{"index.php": "<?php require 'lib.php'; function go($a) { return ['v' => V]; }", "lib.php": "<?php const V = 'lib';"}},
		{"ruby: main.rb and its neighbour", "ruby", "", map[string]string{
			"main.rb": "require_relative 'lib'\nrequire 'two'\ndef main(a) { 'v' => L + W } end", "lib.rb": "L = 'li'", "two.rb": "W = 'b'"}},
		{"ruby: a gem of its bundle", "ruby", "", map[string]string{
			"main.rb": "require 'lib'\ndef main(a) { 'v' => V } end", "vendor/bundle/ruby/3.1.0/gems/lib-1.0/lib/lib.rb": "V = 'lib'"}},
		{"nodejs: a module of node_modules", "nodejs", "", map[string]string{
			"package.json": `{"name":"a","dependencies":{"lib":"1.0.0"}}`, "index.js": "exports.main = () => ({v: require('lib')})",
			"node_modules/lib/package.json": `{"main":"deep/x.js"}`, "node_modules/lib/deep/x.js": "module.exports = 'lib'"}},
		{"python: a virtualenv as pip makes it", "python", "", map[string]string{
			"__main__.py": "from lib.deep import v\ndef main(args): return {'v': v}", "virtualenv/bin/activate_this.py": "",
			"virtualenv/lib/python3.11/site-packages/lib/__init__.py": "", "virtualenv/lib/python3.11/site-packages/lib/deep.py": "v = 'lib'"}},
		{"go: several files", "go", "", map[string]string{
			"a.go": "package main\nfunc Main(m map[string]interface{}) map[string]interface{} { m[\"v\"] = v; return m }",
			"b.go": "package main\nconst v = \"lib\""}},
		{"go: a finished program", "go", "", map[string]string{"exec": "#!/bin/sh\nwhile read -r l; do echo '{\"v\":\"lib\"}' >&3; done"}},
		{"native: exec", "native", "", map[string]string{
			"exec": "#!/bin/sh\nread -r v < lib\nwhile read -r l; do echo \"{\\\"v\\\":\\\"$v\\\"}\" >&3; done", "lib": "lib\n"}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			a := action(row.kind, zipped(t, row.files))
			a.Binary, a.Main, a.Key = true, row.main, row.name
			if got := succeed(t, p, a, `{}`); string(got.Result) != `{"v":"lib"}` {
				t.Errorf("got %s", got.Result)
			}
		})
	}
}

func TestEnvironmentHoldsOnlyWhatOpenWhiskSets(t *testing.T) {
	p := newPool(t, Config{})
	rows := []struct{ kind, code string }{
		{"nodejs", `function main() { return process.env }`},
		{"python", "import os\ndef main(args): return dict(os.environ)"},
		{"java", `import com.google.gson.*;
public class Env { public static JsonObject main(JsonObject o) {
  System.getenv().forEach(o::addProperty); return o; } }`},
	}
	for _, row := range rows {
		t.Run(row.kind, func(t *testing.T) {
			t.Parallel()
			a := action(row.kind, row.code)
			a.Env = map[string]string{"MODE": "bench"}
			succeed(t, p, a, `{}`)
			out := p.Invoke(t.Context(), Request{Action: a, ActivationID: "second", Transaction: "tx2", APIKey: "u:k"})
			var env map[string]string
			if err := json.Unmarshal(out.Result, &env); err != nil {
				t.Fatalf("%v: %s", err, out.Result)
			}
			want := map[string]string{"MODE": "bench", "__OW_ACTIVATION_ID": "second", "__OW_TRANSACTION_ID": "tx2",
				"__OW_API_KEY": "u:k", "__OW_NAMESPACE": "guest", "__OW_ACTION_NAME": "/guest/pkg/test", "__OW_ACTION_VERSION": "0.0.1"}
			for name, value := range want {
				if env[name] != value {
					t.Errorf("%s is %q, want %q", name, env[name], value)
				}
			}
			for name := range env {
				// LC_CTYPE is set by Python for itself; PATH is where an action's programs are.
				if !strings.HasPrefix(name, "__OW_") && !slices.Contains([]string{"MODE", "LC_CTYPE", "PATH"}, name) {
					t.Errorf("the action sees %s", name)
				}
			}
		})
	}
}

func TestMissingRuntimeNamesThePackageToInstall(t *testing.T) {
	p := newPool(t, Config{SearchPath: t.TempDir()})
	packages := map[string]string{"nodejs": "nodejs", "python": "python3", "java": "libgoogle-gson-java", "go": "golang-go"}
	for _, k := range p.Kinds() {
		want, can := packages[k.Family]
		if !can {
			continue
		}
		if !strings.Contains(k.Missing, want) {
			t.Errorf("%s: missing says %q, want the package %s", k.Family, k.Missing, want)
		}
		out := invoke(t, p, action(k.Name, "code"), `{}`)
		if out.Status != WhiskError || !strings.Contains(string(out.Result), want) {
			t.Errorf("%s: got status %d and %s, want a whisk error that names %s", k.Family, out.Status, out.Result, want)
		}
	}
	succeed(t, p, action("native:default", echoScript), `{}`)
}

// arrays returns its one argument back, as the list it is.
var arrays = []struct{ kind, code string }{
	{"nodejs", "function main(a) { return a.l }"},
	{"python", "def main(a): return a['l']"},
	{"java", "import com.google.gson.*;\npublic class A { public static JsonArray main(JsonObject o) { return o.getAsJsonArray(\"l\"); } }"},
	{"go", "package main\nfunc Main(m map[string]interface{}) interface{} { return m[\"l\"] }"},
	{"php", "<?php function main($a) { return $a['l']; }"},
	{"ruby", "def main(a) a['l'] end"},
	{"native", "#!/bin/sh\nwhile read -r l; do echo '[1,{\"a\":\"b\"}]' >&3; done\n"},
}

func TestArraysAreResultsInEveryLanguage(t *testing.T) {
	p := newPool(t, Config{UserMemory: 4096})
	for _, row := range arrays {
		t.Run(row.kind, func(t *testing.T) {
			t.Parallel()
			if got := succeed(t, p, action(row.kind, row.code), `{"l":[1,{"a":"b"}]}`); string(got.Result) != `[1,{"a":"b"}]` {
				t.Errorf("got %s", got.Result)
			}
		})
	}
}
