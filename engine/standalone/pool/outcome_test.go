package pool

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The texts of OpenWhisk that clients look for.
const (
	exited       = "The action did not produce a valid response and exited unexpectedly."
	exitedInit   = "The action did not initialize and exited unexpectedly."
	noJSON       = "The action did not produce a valid JSON or JSON Array response: "
	noDictionary = "The action did not return a dictionary or array."
	command      = "command exited"
	initFailed   = "The action failed during initialization: "
	overtimeRun  = "The action exceeded its time limits of 2000 milliseconds."
	overtimeInit = "The action exceeded its time limits of 2000 milliseconds during initialization."
)

// outcomes is what becomes of actions that do not simply succeed. error is the beginning of the field error.
var outcomes = []struct {
	name, kind, code string
	limited          bool // to 2 s
	status           Status
	error            string
	kept             bool // whether the container stays
}{
	{"nodejs throws", "nodejs", "@throws.js", false, DeveloperError, "An error has occurred: Error: thrown on purpose", false},
	{"nodejs rejects", "nodejs", "@rejects.js", false, ApplicationError, `{"name":"Error","message":"rejected on purpose","stack":"Error: rejected on purpose\n    at `, true},
	{"nodejs exits", "nodejs", "@exits.js", false, DeveloperError, exited, false},
	{"nodejs returns a string", "nodejs", "@garbage.js", false, DeveloperError, noDictionary, false},
	{"nodejs runs over time", "nodejs", "@sleeps.js", true, DeveloperError, overtimeRun, false},
	{"nodejs loops over time", "nodejs", "function main() { for (;;); }", true, DeveloperError, overtimeRun, false},
	{"nodejs returns an error", "nodejs", "function main() { return {error: 'mine'} }", false, ApplicationError, "mine", true},
	{"nodejs rejects with a text", "nodejs", "function main() { return Promise.reject('no') }", false, ApplicationError, "no", true},
	{"nodejs rejects with an object", "nodejs", "function main() { const o = {code: 7, f () {}, in: {a: [1, null]}}; o.self = o; return Promise.reject(o) }",
		false, ApplicationError, `{"code":7,"in":{"a":[1,null]},"self":"[Circular]"}`, true},
	{"nodejs rejects with an error that has more fields", "nodejs", "async function main() { const e = new TypeError('no'); e.code = 'E7'; e.stack = 's'; e.at = {x: 1}; throw e }",
		false, ApplicationError, `{"code":"E7","at":{"x":1},"name":"TypeError","message":"no","stack":"s"}`, true},
	{"nodejs rejects without a reason", "nodejs", "function main() { return Promise.reject() }", false, ApplicationError, "{}", true},
	{"nodejs rejects with a number", "nodejs", "function main() { return Promise.reject(7) }", false, ApplicationError, "7", true},
	{"nodejs throws a text", "nodejs", "function main() { throw 'no' }", false, DeveloperError, "An error has occurred: no", false},
	{"php runs over time", "php", "<?php function main($a) { while (true) { } }", true, DeveloperError, overtimeRun, false},
	{"php hangs when loaded", "php", "<?php while (true) { }", true, DeveloperError, overtimeInit, false},
	{"ruby runs over time", "ruby", "def main(a) sleep end", true, DeveloperError, overtimeRun, false},
	{"ruby hangs when loaded", "ruby", "sleep", true, DeveloperError, overtimeInit, false},
	{"ruby exits", "ruby", "def main(a) exit 1 end", false, ApplicationError, "exit", true},
	{"python hangs when loaded", "python", "while True: pass", true, DeveloperError, overtimeInit, false},
	{"python raises without a text", "python", "def main(a): raise ValueError()", false, ApplicationError, "", true},
	{"native is killed before it reads", "native", "#!/bin/sh\n/bin/sleep 0.2; kill -9 $$\n", false, DeveloperError, command, false},
	{"nodejs does not parse", "nodejs", "function (", false, DeveloperError, initFailed + "SyntaxError", false},
	{"nodejs has no main", "nodejs", "const x = 1", false, DeveloperError, initFailed + "Error: Action entrypoint 'main'", false},
	{"nodejs throws when loaded", "nodejs", "throw new Error('at load')", false, DeveloperError, initFailed + "Error: at load", false},
	{"nodejs exits when loaded", "nodejs", "process.exit(3)", false, DeveloperError, exitedInit, false},
	{"nodejs hangs when loaded", "nodejs", "for (;;);", true, DeveloperError, overtimeInit, false},
	{"python raises", "python", "def main(a): raise ValueError('bad')", false, ApplicationError, "bad", true},
	{"python returns a number", "python", "def main(a): return 7", false, DeveloperError, noDictionary, false},
	{"python returns what is no JSON", "python", "def main(a): return {1j}", false, DeveloperError, command, false},
	{"python exits", "python", "import sys\ndef main(a): sys.exit(1)", false, DeveloperError, command, false},
	{"python does not parse", "python", "def main(", false, DeveloperError, initFailed + "SyntaxError", false},
	{"python has no main", "python", "x = 1", false, DeveloperError, initFailed + "AttributeError", false},
	{"python runs over time", "python", "import time\ndef main(a): time.sleep(60)", true, DeveloperError, overtimeRun, false},
	{"go panics", "go", goMain(`panic("no")`), false, DeveloperError, command, false},
	{"go does not compile", "go", "package main\nfunc Main() {", false, DeveloperError, initFailed + "go: exit status 1", false},
	{"go returns an error", "go", goMain(`return map[string]interface{}{"error": "mine"}`), false, ApplicationError, "mine", true},
	{"java throws", "java", javaMain(`throw new IllegalStateException("no");`), false, DeveloperError,
		"An error has occurred while invoking the action (see logs for details): java.lang.IllegalStateException: no", false},
	{"java exits", "java", javaMain("System.exit(1); return o;"), false, DeveloperError, exited, false},
	{"java returns null", "java", javaMain("return null;"), false, DeveloperError, "An error has occurred (see logs for details): java.lang.NullPointerException: The action returned null", false},
	{"java does not compile", "java", "public class A {", false, DeveloperError, initFailed + "javac: exit status 1", false},
	{"java has no such method", "java", "public class A { }", false, DeveloperError, initFailed + "java.lang.NoSuchMethodException", false},
	{"java runs over time", "java", javaMain("for (;;) { }"), true, DeveloperError, "The action exceeded its time limits", false},
	{"native dies before it reads", "native", "#!/bin/sh\nexit 0\n", false, DeveloperError, exitedInit, false},
	{"native dies when it has read", "native", "#!/bin/sh\nread -r l\nexit 0\n", false, DeveloperError, command, false},
	{"native closes its answers", "native", "#!/bin/sh\nread -r l; exec 3>&-; exec /bin/sleep 60\n", false, DeveloperError, command, false},
	{"native answers no JSON", "native", "#!/bin/sh\nread -r l; echo '{oops' >&3; read -r l\n", false, DeveloperError, noDictionary, false},
	{"native answers nothing", "native", "#!/bin/sh\nread -r l; echo >&3; read -r l\n", false, DeveloperError, noDictionary, false},
	{"native may not complain as launchers do", "native", "#!/bin/sh\nread -r l; echo '!\"x\"' >&3; read -r l\n", false, DeveloperError, noDictionary, false},
	{"native runs over time with children", "native", "#!/bin/sh\n/bin/sleep 60 & /bin/sleep 60\n", true, DeveloperError, overtimeRun, false},
	{"native is no program", "native", "echo hello", false, DeveloperError, initFailed + "the code is neither", false},
	{"native has no interpreter", "native", "#!/no/such/shell\n", false, DeveloperError, initFailed + "cannot start the action", false},
	{"native has an error of null", "native", "#!/bin/sh\nwhile read -r l; do echo '{\"\\u0065rror\":null}' >&3; done\n", false, ApplicationError, "", true},
	{"nodejs returns null", "nodejs", "function main() { return null }", false, DeveloperError, noJSON + "null", false},
	{"python returns None", "python", "def main(a): return None", false, DeveloperError, noJSON + "null", false},
	{"php throws", "php", "<?php function main($a) { throw new Exception('no'); }", false, DeveloperError, noDictionary, false},
	{"php returns a string", "php", "<?php function main($a) { return 'x'; }", false, DeveloperError, noDictionary, false},
	{"php returns an error", "php", "<?php function main($a) { return ['error' => 'mine']; }", false, ApplicationError, "mine", true},
	{"php exits", "php", "<?php function main($a) { exit(1); }", false, DeveloperError, command, false},
	{"php has no main", "php", "<?php $x = 1;", false, DeveloperError, initFailed + "RuntimeException", false},
	{"php does not parse", "php", "<?php function (", false, DeveloperError, initFailed + "ParseError", false},
	{"ruby raises", "ruby", "def main(a) raise 'mine' end", false, ApplicationError, "mine", true},
	{"ruby returns a number", "ruby", "def main(a) 7 end", false, DeveloperError, noDictionary, false},
	{"ruby returns nil", "ruby", "def main(a) end", false, DeveloperError, noJSON + "null", false},
	{"ruby is killed", "ruby", "def main(a) Process.kill(:KILL, Process.pid); sleep end", false, DeveloperError, command, false},
	{"ruby has no main", "ruby", "x = 1", false, DeveloperError, initFailed + "NameError", false},
	{"ruby does not parse", "ruby", "def main(", false, DeveloperError, initFailed + "SyntaxError", false},
	{"native answers what is no UTF-8", "native", `#!/bin/sh
while read -r l; do printf '{"error":"\377\376!"}\n' >&3; done`, false, ApplicationError, "\uFFFD!", true},
	{"nodejs answers more deeply nested than anybody reads", "nodejs",
		"function main() { let a = []; for (let i = 0; i < 1000; i++) a = [a]; return {a} }", false, DeveloperError, noJSON + `{"a":[[[[`, false},
	{"unknown kind", "cobol:85", "x", false, WhiskError, `the kind "cobol:85" is not one of nodejs:`, false},
}

func goMain(body string) string {
	return "package main\nfunc Main(map[string]interface{}) map[string]interface{} { " + body + " }"
}

func javaMain(body string) string {
	return "import com.google.gson.JsonObject;\npublic class A { public static JsonObject main(JsonObject o) { " + body + " } }"
}

func TestOutcomesAreThoseOfOpenWhisk(t *testing.T) {
	p := newPool(t, Config{UserMemory: 64 << 10})
	for _, row := range outcomes {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			a := action(row.kind, row.code)
			if file, is := strings.CutPrefix(row.code, "@"); is {
				code, err := os.ReadFile(filepath.Join("../../../actions/misbehave/nodejs", file))
				if err != nil {
					t.Fatal(err)
				}
				a.Code = code
			}
			if row.limited {
				a.Timeout = 2 * time.Second
			}
			out := invoke(t, p, a, `{}`)
			got := errorOf(t, out)
			if out.Status != row.status || !strings.HasPrefix(got, row.error) {
				t.Errorf("got status %d and error %q, want %d and %q…", out.Status, got, row.status, row.error)
			}
			if overtime := strings.Contains(got, "time limits"); out.TimedOut != overtime {
				t.Errorf("timed out is %v, but the error is %q", out.TimedOut, got)
			}
			if got := contains(p, out.Container); got != row.kept {
				t.Errorf("the container is still there: %v, want %v", got, row.kept)
			}
		})
	}
}

// errorOf is the field error of a result: its text when it is one, else its JSON.
func errorOf(t *testing.T, out Outcome) string {
	t.Helper()
	var result struct{ Error json.RawMessage }
	if err := json.Unmarshal(out.Result, &result); err != nil {
		t.Fatalf("the result %s: %v", out.Result, err)
	}
	var text string
	if json.Unmarshal(result.Error, &text) == nil {
		return text
	}
	return string(result.Error)
}

func contains(p *Pool, container string) bool {
	for _, c := range p.Containers() {
		if c.ID == container {
			return true
		}
	}
	return false
}

func TestArraysAndEmptyResultsAreSuccess(t *testing.T) {
	p := newPool(t, Config{})
	for code, want := range map[string]string{
		"function main() { return [1, 2] }":          `[1,2]`,
		"function main() { }":                        `{}`,
		"async function main() { }":                  `{}`,
		"exports.main = () => ({Error: 'capital'})":  `{"Error":"capital"}`,
		"const main = a => ({a: {error: 'inside'}})": `{"a":{"error":"inside"}}`,
	} {
		if got := succeed(t, p, action("nodejs", code), `{}`); string(got.Result) != want {
			t.Errorf("%s: got %s, want %s", code, got.Result, want)
		}
	}
}

func TestLargePayloadsPassAndTooLargeResultsAreCut(t *testing.T) {
	p := newPool(t, Config{})
	codes := map[string]string{
		"nodejs": "function main(a) { return {n: a.s.length, s: 'x'.repeat(a.back)} }",
		"python": "def main(a): return {'n': len(a['s']), 's': 'x' * a['back']}",
		"java": javaMain(`JsonObject r = new JsonObject(); r.addProperty("n", o.get("s").getAsString().length());
			r.addProperty("s", "x".repeat(o.get("back").getAsInt())); return r;`),
		"go": "package main\nimport \"strings\"\n" + `func Main(m map[string]interface{}) map[string]interface{} {
			return map[string]interface{}{"n": len(m["s"].(string)), "s": strings.Repeat("x", int(m["back"].(float64)))} }`,
	}
	const mib = 1 << 20
	for kind, code := range codes {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			a := action(kind, code)
			out := succeed(t, p, a, `{"back":1000000,"s":"`+strings.Repeat("y", mib)+`"}`)
			if !strings.Contains(string(out.Result), `"n":1048576`) || len(out.Result) < 1000000 {
				t.Errorf("got %d bytes: %.60s", len(out.Result), out.Result)
			}
			cut := invoke(t, p, a, `{"back":3000000,"s":""}`)
			const want = `{"error":"The action produced a response that exceeded the allowed length: 30000`
			if cut.Status != ApplicationError || !strings.HasPrefix(string(cut.Result), want) || len(cut.Result) > 4096 {
				t.Errorf("got status %d, %d bytes: %.200s", cut.Status, len(cut.Result), cut.Result)
			}
			if again := succeed(t, p, a, `{"back":1,"s":""}`); again.Start != Warm {
				t.Error("a result that was too long cost the container")
			}
		})
	}
}
