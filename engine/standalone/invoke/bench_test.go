package invoke

import (
	"encoding/json"
	"runtime"
	"testing"
	"time"

	"wsk-scenario/engine/standalone/balancer"
	"wsk-scenario/engine/standalone/entity"
	"wsk-scenario/engine/standalone/pool"
)

// BenchmarkRetained keeps 100 000 records of a small action with one line of log, as they are made for it, and tells how
// much memory they hold.
func BenchmarkRetained(b *testing.B) {
	const records = 100_000
	c := New(Config{Store: entity.NewStore(entity.Rules{}), Now: time.Now})
	action := entity.Target{Action: &entity.Action{
		Name: entity.Name{Namespace: "guest", Name: "hello"}, Version: "0.0.1", Exec: entity.Exec{Kind: "nodejs:20"},
		Limits: entity.DefaultBounds.Default,
	}}
	seat, err := balancer.New(balancer.Offer{Node: "standalone", Memory: 256}).Assign(balancer.Demand{Memory: 256})
	if err != nil {
		b.Fatal(err)
	}
	who := newTenant(Namespace{Name: "guest"})
	for b.Loop() {
		history := newHistory(Retention{}, maxRecordBytes, time.Now)
		before := heap()
		for range records {
			now := time.Now()
			a := activation{id: newID(), tenant: who, action: action, call: Call{Received: now}, seat: seat}
			history.add(c.actionRecord(a, pool.Outcome{
				Result: json.RawMessage(`{"greeting":"Hello, Ada"}`), RunStart: now, RunEnd: now, Container: newID(), Start: pool.Warm,
				Logs: []string{"2026-01-01T00:00:00.000000000Z stdout: greeting Ada" + newID()},
			}), now)
		}
		b.ReportMetric(float64(heap()-before)/(1<<20), "MB/100000-records")
		runtime.KeepAlive(history)
	}
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
