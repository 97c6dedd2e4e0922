package pool

import (
	"log/slog"
	"strings"
	"testing"
	"time"
)

// stems counts the containers in a state.
func inState(p *Pool, s State) (n int) {
	for _, c := range p.Containers() {
		if c.State == s {
			n++
		}
	}
	return n
}

func TestStemCellsServeTheirKindAndSize(t *testing.T) {
	for _, kind := range []string{"nodejs", "python"} {
		t.Run(kind, func(t *testing.T) {
			p := newPool(t, Config{Stems: []Stems{{Kind: kind + ":default", Memory: 128, Count: 2}}})
			eventually(t, "two stem cells wait", func() bool { return inState(p, Stemmed) == 2 })
			source := map[string]string{
				"nodejs": `let n = 0; function main(p) { console.log("hi"); return {n: ++n, got: p.v, key: process.env.KEY, pid: process.pid} }`,
				"python": "import os\nn = 0\ndef main(p):\n  global n\n  n += 1\n  print('hi')\n" +
					"  return {'n': n, 'got': p['v'], 'key': os.environ['KEY'], 'pid': os.getpid()}",
			}[kind]
			waiting := map[int]bool{}
			for _, c := range p.Containers() {
				waiting[c.PID] = true
			}
			a := action(kind, source)
			a.Env = map[string]string{"KEY": "value"}
			first := succeed(t, p, a, `{"v":1}`)
			if first.Start != Prewarmed || first.InitStart.IsZero() || !waiting[pidOf(t, first)] || len(first.Logs) != 1 {
				t.Errorf("got start %s in process %d with logs %q, want a prewarmed one with an init and its line",
					first.Start, pidOf(t, first), first.Logs)
			}
			for _, want := range []string{`"n":1`, `"got":1`, `"key":"value"`} {
				if !strings.Contains(string(first.Result), want) {
					t.Errorf("got %s, want it with %s", first.Result, want)
				}
			}
			if second := succeed(t, p, a, `{"v":2}`); second.Start != Warm || pidOf(t, second) != pidOf(t, first) {
				t.Errorf("got start %s, want the same container warm", second.Start)
			}
			large := action(kind, source+" ")
			large.Env, large.Memory = a.Env, 256
			if out := succeed(t, p, large, `{"v":3}`); out.Start != Cold {
				t.Errorf("got start %s of an action of another size, want cold", out.Start)
			}
			eventually(t, "the one that was taken is replaced", func() bool { return inState(p, Stemmed) == 2 })
		})
	}
}

func TestStemCellTellsWhatIsWrongWithTheCode(t *testing.T) {
	p := newPool(t, Config{Stems: []Stems{{Kind: "nodejs:default", Memory: 128, Count: 1}}})
	eventually(t, "a stem cell waits", func() bool { return inState(p, Stemmed) == 1 })
	out := invoke(t, p, action("nodejs", "function main( {"), `{}`)
	if out.Start != Prewarmed || out.Status != DeveloperError ||
		!strings.Contains(string(out.Result), "The action failed during initialization: SyntaxError") {
		t.Errorf("got start %s, status %d, %s; want the fault of the code", out.Start, out.Status, out.Result)
	}
}

func TestOptionalStemCellsMayLackTheirKind(t *testing.T) {
	var log strings.Builder
	none := Stems{Kind: "nodejs:default", Memory: 128, Count: 1, Optional: true}
	p := newPool(t, Config{SearchPath: t.TempDir(), Stems: []Stems{none}, Log: slog.New(slog.NewTextHandler(&log, nil))})
	succeed(t, p, action("native", echoScript), `{}`)
	if !strings.Contains(log.String(), "no stem cells") || !strings.Contains(log.String(), "install Node.js") {
		t.Errorf("the log says %s, want that there are none and why", log.String())
	}
	none.Optional = false
	if _, err := New(Config{SearchPath: t.TempDir(), WorkDir: t.TempDir(), CacheDir: cacheDir(t), Stems: []Stems{none}}); err == nil {
		t.Error("a pool without the stem cells that it must have was made")
	}
}

func TestStemCellsMakeRoom(t *testing.T) {
	p := newPool(t, Config{UserMemory: 256, Stems: []Stems{{Kind: "nodejs:default", Memory: 128, Count: 2}}})
	eventually(t, "two stem cells wait", func() bool { return inState(p, Stemmed) == 2 })
	a := action("nodejs", "function main() { return {} }")
	a.Memory = 256
	if out := succeed(t, p, a, `{}`); out.Start != Cold {
		t.Errorf("got start %s, want a cold one in the place of the stem cells", out.Start)
	}
}

func TestStemCellsAreCheckedAtTheStart(t *testing.T) {
	for name, s := range map[string]Stems{
		"a kind that is not there": {Kind: "cobol:default", Memory: 128, Count: 1},
		"no memory":                {Kind: "nodejs:default", Count: 1},
		"no count":                 {Kind: "nodejs:default", Memory: 128},
	} {
		p, err := New(Config{WorkDir: t.TempDir(), CacheDir: cacheDir(t), Stems: []Stems{s}})
		if err == nil {
			_ = p.Close(t.Context())
			t.Errorf("%s: got a pool, want an error", name)
		}
	}
}

func TestIdleContainersArePausedAndWokenUp(t *testing.T) {
	p := newPool(t, Config{PauseGrace: time.Millisecond})
	a := action("nodejs", `let n = 0; setInterval(() => n++, 1); function main() { return {n, pid: process.pid} }`)
	first := succeed(t, p, a, `{}`)
	eventually(t, "it is paused", func() bool { return inState(p, Paused) == 1 })
	second := succeed(t, p, a, `{}`)
	if second.Start != Warm || pidOf(t, second) != pidOf(t, first) {
		t.Errorf("got start %s in another process, want the paused one woken up", second.Start)
	}
	eventually(t, "it is paused again", func() bool { return inState(p, Paused) == 1 })
}
