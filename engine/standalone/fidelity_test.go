package standalone_test

import (
	"flag"
	"fmt"
	"strings"
	"testing"

	"wsk-scenario/engine/standalone"
)

// pidActions return the number of their process, in each kind.
var pidActions = map[string]struct{ main, source string }{
	"nodejs": {"main", `function main() { return {pid: process.pid} }`},
	"python": {"main", "import os\ndef main(args):\n  return {'pid': os.getpid()}\n"},
	"php":    {"main", `<?php function main(array $args): array { return ["pid" => getmypid()]; }`},
	"ruby":   {"main", "def main(args)\n  {pid: Process.pid}\nend\n"},
	"native": {"", "#!/bin/sh\nwhile read -r line; do echo \"{\\\"pid\\\":$$}\" >&3; done\n"},
	"java": {"Pid", `import com.google.gson.JsonObject;
public class Pid { public static JsonObject main(JsonObject args) {
  JsonObject out = new JsonObject(); out.addProperty("pid", ProcessHandle.current().pid()); return out; } }`},
	"go": {"Main", `package main
import "os"
func Main(args map[string]interface{}) map[string]interface{} { return map[string]interface{}{"pid": os.Getpid()} }`},
}

var starts = flag.Int("starts", 20, "how many cold calls of each kind, with ten warm ones after each, the test of start types makes")

// TestStartsAreWhatHappened makes cold calls of every kind, and ten warm ones after each. A call is cold exactly when it was served by a
// process that served none before, and warm exactly when by the one that served the call before; its record must say so,
// and have an initTime in the first case alone.
func TestStartsAreWhatHappened(t *testing.T) {
	const warmPerCold = 10
	colds := *starts
	s := start(t, standalone.Config{PerMinute: 1 << 30, UserMemory: 1024})
	for kind, action := range pidActions {
		t.Run(kind, func(t *testing.T) {
			put := fmt.Sprintf(`{"exec":{"kind":"%s:default","main":%q,"code":%q}}`, kind, action.main, action.source)
			seen := map[float64]bool{}
			counts := map[string]int{}
			for range colds {
				if status, text := call(t, s, "PUT", "/actions/"+kind+"?overwrite=true", put); status != 200 {
					t.Fatalf("put: %d %s", status, text)
				}
				var last float64
				for i := range 1 + warmPerCold {
					r := read(t, s, "POST", "/actions/"+kind+"?blocking=true", "{}")
					pid, _ := r.Response.Result["pid"].(float64)
					_, initialised := r.note("initTime")
					host, _ := r.note("standalone")
					want := "warm"
					if !seen[pid] {
						want = "cold"
					}
					if !strings.Contains(host, `"start":"`+want+`"`) || initialised != (want == "cold") || (i == 0) != (want == "cold") || i > 0 && pid != last {
						t.Fatalf("call %d after an update: process %v, new %t, initTime %t, %s", i, pid, !seen[pid], initialised, host)
					}
					seen[pid], last = true, pid
					counts[want]++
				}
			}
			if counts["cold"] != colds || counts["warm"] != colds*warmPerCold {
				t.Errorf("got %v, want %d cold and %d warm", counts, colds, colds*warmPerCold)
			}
		})
	}
}
