package pool

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

var logLine = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z (stdout|stderr): (.*)$`)

// texts strips the times off, after a look at their form, and returns the lines of one stream.
func texts(t *testing.T, logs []string, stream string) []string {
	t.Helper()
	var lines []string
	for _, line := range logs {
		m := logLine.FindStringSubmatch(line)
		if m == nil {
			t.Fatalf("the log line %q has not OpenWhisk's form", line)
		}
		if m[1] == stream {
			lines = append(lines, m[2])
		}
	}
	return lines
}

func TestLogsBelongToTheActivationThatWroteThem(t *testing.T) {
	p := newPool(t, Config{})
	rows := []struct{ kind, code string }{
		{"nodejs", `console.log('loaded')
function main(a) { for (let i = 0; i < 3; i++) { console.log(a.n + ' out ' + i); console.error(a.n + ' err') }
process.stdout.write(a.n + ' no end'); return {} }`},
		{"python", `import sys
print('loaded')
def main(a):
  for i in range(3): print(a['n'], 'out', i); print(a['n'], 'err', file=sys.stderr)
  sys.stdout.write(a['n'] + ' no end')
  return {}`},
		{"java", `import com.google.gson.JsonObject;
public class L { static { System.out.println("loaded"); }
public static JsonObject main(JsonObject o) { String n = o.get("n").getAsString();
for (int i = 0; i < 3; i++) { System.out.println(n + " out " + i); System.err.println(n + " err"); }
System.out.print(n + " no end"); return new JsonObject(); } }`},
		{"go", `package main
import ("fmt"; "os")
func init() { fmt.Println("loaded") }
func Main(m map[string]interface{}) map[string]interface{} {
for i := 0; i < 3; i++ { fmt.Println(m["n"], "out", i); fmt.Fprintln(os.Stderr, m["n"], "err") }
fmt.Print(m["n"], " no end"); return m }`},
		{"php", `<?php
echo "loaded\n";
function main($a) { for ($i = 0; $i < 3; $i++) { echo $a['n'], " out $i\n"; fwrite(STDERR, $a['n'] . " err\n"); }
echo $a['n'], ' no end'; return []; }`},
		{"ruby", `puts 'loaded'
def main(a)
  3.times { |i| puts "#{a['n']} out #{i}"; warn "#{a['n']} err" }
  print a['n'], ' no end'
  {}
end`},
		{"native", `#!/bin/sh
echo loaded
while read -r l; do n=${l#*'"n":"'}; n=${n%%'"'*}
for i in 0 1 2; do echo "$n out $i"; echo "$n err" >&2; done; printf %s "$n no end"; echo {} >&3; done`},
	}
	for _, row := range rows {
		t.Run(row.kind, func(t *testing.T) {
			t.Parallel()
			a := action(row.kind, row.code)
			for i, n := range []string{"first", "second", "third"} {
				out := succeed(t, p, a, fmt.Sprintf(`{"n":%q}`, n))
				want := []string{n + " out 0", n + " out 1", n + " out 2", n + " no end"}
				if i == 0 {
					want = append([]string{"loaded"}, want...)
				}
				if got := texts(t, out.Logs, "stdout"); !slices.Equal(got, want) {
					t.Errorf("standard output of the %s: got %q, want %q", n, got, want)
				}
				if got, want := texts(t, out.Logs, "stderr"), slices.Repeat([]string{n + " err"}, 3); !slices.Equal(got, want) {
					t.Errorf("standard error of the %s: got %q, want %q", n, got, want)
				}
			}
		})
	}
}

func TestNoLineIsLostOrMixedOverManyActivations(t *testing.T) {
	p := newPool(t, Config{})
	a := action("native", `#!/bin/sh
while read -r l; do n=${l#*'"n":"'}; n=${n%%'"'*}; echo "$n"; echo "$n" >&2; echo {} >&3; done`)
	for i := range 500 {
		n := fmt.Sprint("call ", i)
		out := succeed(t, p, a, fmt.Sprintf(`{"n":%q}`, n))
		if o, e := texts(t, out.Logs, "stdout"), texts(t, out.Logs, "stderr"); !slices.Equal(o, []string{n}) || !slices.Equal(e, o) {
			t.Fatalf("call %d: got %q and %q", i, o, e)
		}
	}
}

func TestLogsOverTheLimitAreTruncated(t *testing.T) {
	p := newPool(t, Config{})
	const more = "function main(a) { for (let i = 0; i < a.lines; i++) console.log('x'.repeat(99)); return {} }"
	a := action("nodejs", more)
	a.LogSize = 1000

	out := succeed(t, p, a, `{"lines":100000}`) // ten megabytes: far more than the pipe holds
	lines := texts(t, out.Logs, "stdout")
	kept := 0
	for _, line := range lines {
		kept += len(line)
	}
	if kept != 1000 {
		t.Errorf("kept %d bytes in %d lines, want 1000", kept, len(lines))
	}
	want := []string{"Logs were truncated because the total bytes size exceeds the limit of 1000 bytes."}
	if got := texts(t, out.Logs, "stderr"); !slices.Equal(got, want) {
		t.Errorf("got the remark %q, want %q", got, want)
	}
	if again := succeed(t, p, a, `{"lines":2}`); len(again.Logs) != 2 {
		t.Errorf("after a truncated log: got %q, want two lines", again.Logs)
	}
	a.Key, a.LogSize = "none", 0
	if none := succeed(t, p, a, `{"lines":3}`); len(none.Logs) != 0 {
		t.Errorf("with a limit of 0: got %q", none.Logs)
	}
}

func TestFailedActivationsKeepTheirLogAndAreRemarked(t *testing.T) {
	p := newPool(t, Config{})
	const remark = "The action did not initialize or run as expected. Log data might be missing."
	for name, code := range map[string]string{
		"init": "console.log('before'); throw new Error('x')",
		"run":  "function main() { console.log('before'); process.exit(1) }",
		"time": "function main() { console.log('before'); for (;;); }",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := action("nodejs", code)
			if name == "time" {
				a.Timeout = 2 * time.Second
			}
			out := invoke(t, p, a, `{}`)
			if got := texts(t, out.Logs, "stdout"); !slices.Equal(got, []string{"before"}) {
				t.Errorf("got %q, want the line written before the end", got)
			}
			if last := out.Logs[len(out.Logs)-1]; !strings.HasSuffix(last, " stderr: "+remark) {
				t.Errorf("the last line is %q, want OpenWhisk's remark", last)
			}
		})
	}
}
