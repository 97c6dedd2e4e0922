package pool

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	goruntime "runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// bareStart is a kind, the action that is started, and what its interpreter needs to do nothing.
type bareStart struct {
	kind   string
	action func(b *testing.B) Action
	bare   func(b *testing.B) []string
}

var bareStarts = []bareStart{
	{"native", plain("native", echoScript), bare("/bin/sh", "-c", ":")},
	{"nodejs", plain("nodejs", "function main() { return {} }"), interpreter("node", "-p", "process.execPath", "-e", "0")},
	{"python", plain("python", "def main(args):\n  return {}\n"), interpreter("python3", "-c", "import sys; print(sys.executable)", "-c", "0")},
	{"php", plain("php", "<?php function main(array $args) : array { return ['ok' => 1]; }"), interpreter("php", "-r", "echo PHP_BINARY;", "-r", "0;")},
	{"ruby", plain("ruby", "def main(args)\n  {}\nend\n"), interpreter("ruby", "-e", "puts RbConfig.ruby", "-e", "0")},
	{"java", jar, emptyClass},
}

// BenchmarkColdStart starts each kind's smallest action and, in turns with it, its bare interpreter: sh -c :, node -e 0,
// python3 -c 0, a class with an empty main. The figures are medians in ms: cold, from the call to the start of the run;
// init, the part of it that records call so; bare, to the end of the process, in a control group like the action's so that
// a busy machine treats both alike; and over, what a cold start takes beyond its bare interpreter.
func BenchmarkColdStart(b *testing.B) {
	for _, s := range bareStarts {
		b.Run(s.kind, func(b *testing.B) {
			p := newPool(b, Config{})
			a, args := s.action(b), s.bare(b)
			succeed(b, p, a, `{}`) // what is made once for each kind is not part of a cold start
			var cold, init, bare, over []time.Duration
			n := 0
			for b.Loop() {
				n++
				a.Key = fmt.Sprint("cold ", n)
				p.remove(0)
				began := time.Now()
				out := succeed(b, p, a, `{}`)
				cold, init = append(cold, out.RunStart.Sub(began)), append(init, out.InitEnd.Sub(out.InitStart))
				bare = append(bare, startBare(b, p, args))
				over = append(over, cold[len(cold)-1]-bare[len(bare)-1])
			}
			b.ReportMetric(median(cold), "cold-ms")
			b.ReportMetric(median(init), "init-ms")
			b.ReportMetric(median(bare), "bare-ms")
			b.ReportMetric(median(over), "over-ms")
			b.ReportMetric(0, "ns/op") // of both together, which says nothing
		})
	}
}

func startBare(b *testing.B, p *Pool, args []string) time.Duration {
	b.Helper()
	place, err := p.driver.(*processes).place(Spec{ID: newID(), Memory: 128})
	if err != nil {
		b.Fatal(err)
	}
	defer p.driver.(*processes).leave(place)
	goruntime.LockOSThread() // as whoever starts in a group must
	defer goruntime.UnlockOSThread()
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Env = []string{} // an action has none of ours, either, which may say much to an interpreter
	began := time.Now()
	if err := place.Group.Start(cmd); err != nil {
		b.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		b.Fatalf("%s: %v", strings.Join(args, " "), err)
	}
	return time.Since(began)
}

func median(d []time.Duration) float64 {
	slices.Sort(d)
	return d[len(d)/2].Seconds() * 1000
}

func plain(kind, source string) func(*testing.B) Action {
	return func(*testing.B) Action { return action(kind, source) }
}

func bare(args ...string) func(*testing.B) []string {
	return func(*testing.B) []string { return args }
}

// interpreter asks a tool, which may be a version manager, for the program that it is, and adds how that does nothing.
func interpreter(tool, flag, question string, nothing ...string) func(*testing.B) []string {
	return func(b *testing.B) []string {
		out, err := exec.Command(tool, flag, question).Output()
		if err != nil {
			b.Fatalf("%s: %v", tool, err)
		}
		return append([]string{strings.TrimSpace(string(out))}, nothing...)
	}
}

// compiled compiles one class and returns the folder that it is in.
func compiled(b *testing.B, name, source string) string {
	b.Helper()
	dir := b.TempDir()
	file := filepath.Join(dir, name+".java")
	if err := os.WriteFile(file, []byte(source), 0o600); err != nil {
		b.Fatal(err)
	}
	if out, err := exec.Command("javac", "-cp", "/usr/share/java/gson.jar", file).CombinedOutput(); err != nil {
		b.Fatalf("javac: %v: %s", err, out)
	}
	return dir
}

// jar is a compiled action: a source would be compiled at every cold start.
func jar(b *testing.B) Action {
	dir := compiled(b, "Hello", "import com.google.gson.JsonObject;\n"+
		"public class Hello { public static JsonObject main(JsonObject o) { return o; } }\n")
	class, err := os.ReadFile(filepath.Join(dir, "Hello.class"))
	if err != nil {
		b.Fatal(err)
	}
	a := action("java", zipped(b, map[string]string{"Hello.class": string(class)}))
	a.Main, a.Binary = "Hello", true
	return a
}

func emptyClass(b *testing.B) []string {
	return []string{"java", "-cp", compiled(b, "Nothing", "class Nothing { public static void main(String[] a) { } }"), "Nothing"}
}
