package metrics_test

import (
	"flag"
	"os"
	"strings"
	"testing"
	"time"

	"wsk-scenario/engine/standalone/metrics"
	"wsk-scenario/engine/standalone/pool"
)

var update = flag.Bool("update", false, "write the golden file anew")

// The names are a promise: whoever changes the golden file changes docs/standalone.md too.
func TestTheTextForm(t *testing.T) {
	var m metrics.Meter
	at := func(ms float64) time.Time { return time.Unix(0, int64(ms*1e6)) }
	m.Action(pool.Outcome{Start: pool.Cold, InitStart: at(1), InitEnd: at(31), RunStart: at(31), RunEnd: at(31.5)}, 7*time.Millisecond)
	m.Action(pool.Outcome{Start: pool.Warm, RunStart: at(1), RunEnd: at(601_000)}, 0)
	m.Action(pool.Outcome{Start: pool.Cold, Status: pool.DeveloperError, InitStart: at(1), InitEnd: at(2)}, 10*time.Millisecond)
	m.Action(pool.Outcome{Status: pool.WhiskError}, time.Millisecond)
	m.Composed(pool.ApplicationError)
	m.Fired()
	m.Refused(metrics.Concurrent)
	var b strings.Builder
	process := metrics.Process{Goroutines: 17, Resident: 1 << 20, Started: 1_700_000_000}
	err := m.Write(&b, metrics.Now{
		Active: 2, Records: 5, RecordBytes: 4096, Process: process, Invokers: []metrics.State{{Name: "up", Count: 2}, {Name: "down"}},
		Nodes: []metrics.Node{{Name: "pi 1", Capacity: 512, Waiting: 3, Containers: []pool.Info{
			{Kind: "nodejs:20", State: pool.Busy, Memory: 128}, {Kind: "nodejs:20", State: pool.Idle, Memory: 128},
			{Kind: "nodejs:20", State: pool.Busy, Memory: 128},
		}}, {Name: "empty", Capacity: 256}},
	})
	if err != nil {
		t.Fatal(err)
	}
	const golden = "testdata/metrics.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
}

// An invoker apart tells its containers and itself, in the words of its controller, and none of what only that counts.
func TestWhatAnInvokerApartTells(t *testing.T) {
	var b strings.Builder
	node := metrics.Node{Name: "pi", Capacity: 512, Waiting: 1, Containers: []pool.Info{{Kind: "native:1", State: pool.Paused, Memory: 256}}}
	if err := metrics.WriteInvoker(&b, node, metrics.Process{Goroutines: 9}); err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{
		`containers{node="pi",kind="native:1",state="paused"} 1`, `container_memory_bytes{node="pi"} 268435456`,
		`container_memory_limit_bytes{node="pi"} 536870912`, `waiting{node="pi"} 1`, `goroutines 9`,
	} {
		if !strings.Contains(b.String(), "\nopenwhisk_standalone_"+line+"\n") {
			t.Errorf("no line %s in\n%s", line, b.String())
		}
	}
	if strings.Contains(b.String(), "_total") || strings.Contains(b.String(), "records") {
		t.Errorf("an invoker tells of what it does not count:\n%s", b.String())
	}
}

func TestEveryNameIsDocumented(t *testing.T) {
	golden, err := os.ReadFile("testdata/metrics.txt")
	if err != nil {
		t.Fatal(err)
	}
	docs, err := os.ReadFile("../../../docs/standalone.md")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(golden)) {
		if name, ok := strings.CutPrefix(line, "# TYPE openwhisk_standalone_"); ok {
			name, _, _ = strings.Cut(name, " ")
			if !strings.Contains(string(docs), "`"+name+"`") && !strings.Contains(string(docs), "`"+name+"{") {
				t.Errorf("docs/standalone.md does not tell of %s", name)
			}
		}
	}
}
