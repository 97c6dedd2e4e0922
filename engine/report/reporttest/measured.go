package reporttest

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"wsk-scenario/dsl/diag"
	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/result"
	"wsk-scenario/engine/slo"
)

// Hostile is a text that breaks a page which does not escape it.
const Hostile = "</script><img src=x onerror=alert(1)>\u2028\"'&<!--"

// Measured is a run of Startup with its samples: the figures are those of the samples, of which every warm phase has so
// many. An open load of four rates comes behind. The same number gives the same run.
func Measured(calls int) (*result.Result, []measure.Sample) {
	r := Passed()
	r.Plan.Cells = append([]plan.Cell{}, r.Plan.Cells...)
	r.Summaries, r.Books, r.Verdicts = nil, nil, nil
	m := &measured{random: rand.New(rand.NewPCG(1, 2))}
	for c := range r.Plan.Cells {
		cell := &r.Plan.Cells[c]
		cell.Phases = append(cell.Phases, plan.Phase{Name: "rates", Invoke: "hello", Start: plan.AnyStart,
			Load: plan.Load{For: 40 * time.Second, Steps: []float64{10, 20, 40, 80}, Open: &plan.Open{Rate: 80, MaxInFlight: 1000}}})
		slow := 1 + float64(c)/2
		m.phase(r, c, 0, 12, 400*slow, measure.Cold)
		m.phase(r, c, 1, calls, 9*slow, measure.Warm)
		m.steps(r, c, 2, slow)
	}
	r.Samples = len(m.samples)
	r.Ended = r.Started.Add(m.now)
	r.Usage = []result.Usage{used("pi-1", .4, 1<<30, m.now), used("vm-1", 0, 0, m.now)}
	r.Clocks = []measure.Clock{{Of: "controller", Offset: 250 * time.Microsecond, Error: 900 * time.Microsecond}}
	r.Verdicts = []slo.Verdict{{Status: slo.Pass, Expect: "cold.errors == 0", Comparisons: []slo.Comparison{{Left: "0", Op: "==", Right: "0", Holds: true}}},
		{Status: slo.Fail, Cell: 2, Assertion: 1, Expect: "warm.response.p95 < 10ms", Diagnostic: drawn(diag.Failed, 2, Hostile),
			Comparisons: []slo.Comparison{{Left: "31.2ms", Op: "<", Right: "10ms", Margin: "3.12 times the limit"}}}}
	return r, m.samples
}

// used is a node that works in waves; what it has is not known where that is 0.
func used(node string, cpus float64, memory int64, over time.Duration) result.Usage {
	u := result.Usage{Node: node, Source: "its kubelet, averages over some 10 s", CPUs: cpus, Memory: memory, Merged: 1}
	for i := range 40 {
		u.At = append(u.At, int64(i+1)*over.Milliseconds()/40)
		u.Milli = append(u.Milli, int64(200+180*math.Sin(float64(i)/3)))
		u.InUse = append(u.InUse, int64(300_000+4000*i))
	}
	return u
}

// measured makes samples one behind the other.
type measured struct {
	random  *rand.Rand
	now     time.Duration
	samples []measure.Sample
	ids     int
}

// phase adds the samples of a phase around a median in milliseconds, with its figures.
func (m *measured) phase(r *result.Result, cell, phase, calls int, median float64, start measure.Temperature) {
	first := len(m.samples)
	for i := range calls {
		m.call(cell, phase, 0, i, m.now, median, start)
		m.now = m.samples[len(m.samples)-1].Done
	}
	m.sum(r, cell, phase, first, nil)
}

// steps adds an open load that the target cannot follow at its last rate.
func (m *measured) steps(r *result.Result, cell, phase int, slow float64) {
	first, begin, seq := len(m.samples), m.now, 0
	for step, rate := range []float64{10, 20, 40, 80} {
		for i := range int(rate * 10) {
			due := begin + time.Duration(step)*10*time.Second + time.Duration(float64(i)/rate*float64(time.Second))
			behind := 1.0
			if rate > 60 {
				behind += float64(i) / 20
			}
			m.call(cell, phase, step, seq, due, 9*slow*behind, measure.Warm)
			seq++
		}
	}
	m.now = begin + 41*time.Second
	m.sum(r, cell, phase, first, []int{0, 0, 0, 0})
}

func (m *measured) call(cell, phase, step, seq int, due time.Duration, median float64, start measure.Temperature) {
	took := time.Duration(median * math.Exp(m.random.NormFloat64()*.3) * float64(time.Millisecond))
	wait, duration := int64(1), max(took.Milliseconds()-3, 1)
	m.ids++
	s := measure.Sample{
		Cell: cell, Phase: phase, Step: step, Seq: seq, Due: due, Sent: due + 40*time.Microsecond, FirstByte: due + took, Done: due + took,
		Activation: fmt.Sprintf("%032x", m.ids), Transaction: fmt.Sprintf("run-%08x", m.ids), Outcome: measure.OK, Status: 200,
		Record:      &measure.Record{Start: int64(due/time.Millisecond) + 1, End: int64((due+took)/time.Millisecond) - 1, Duration: duration, Wait: &wait},
		Temperature: start, Proof: "no initTime in the record", Node: "invoker0", Container: fmt.Sprintf("warm-%d-%d", cell, seq%3),
		RequestBytes: 20, ResponseBytes: 180,
	}
	if start == measure.Cold {
		init := duration * 8 / 10
		s.Record.Init, s.Container, s.Proof = &init, fmt.Sprintf("cold-%d-%d", cell, seq), "initTime in the record, and the server started a process for it"
	}
	if seq%97 == 96 {
		s.Outcome, s.Status, s.Error, s.Record, s.Temperature, s.Container = measure.DeveloperError, 502, Hostile, nil, measure.Unknown, ""
	}
	m.samples = append(m.samples, s)
}

func (m *measured) sum(r *result.Result, cell, phase, first int, dropped []int) {
	ph, mine := r.Plan.Cells[cell].Phases[phase], m.samples[first:]
	r.Summaries = append(r.Summaries, measure.Summarize(cell, phase, ph.Name, measure.Wanted(ph.Start), dropped, measure.All(mine), measure.Asked{}))
	r.Books = append(r.Books, measure.Balance(cell, phase, len(mine), 0, measure.All(mine)))
}
