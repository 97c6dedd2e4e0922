package owperf

// latencies are owperf's latencies in the order of its columns. BI and AI are moments of the client, before the call and after
// the answer; TS is the start of the trigger's activation, AS and AE are start and end of the action's:
//
//	ta    AS − TS        oea  AS − BI    oer  AE − BI − D    d    what the action says it took
//	ad    AE − AS        ora  AI − AE    rtt  AI − BI        ortt RTT − D
var latencies = [8]string{"ta", "oea", "oer", "d", "ad", "ora", "rtt", "ortt"}

// answers are those that end with the answer of the call, which is that of the work only where the call waits for it.
var answers = map[string]bool{"ora": true, "rtt": true, "ortt": true}

// figures are what was measured in a test.
type figures struct {
	seconds     float64 // of the window
	latencies   [len(latencies)]stats
	all, master counters
	misses      stats // by how much iterations took longer than their delta
	iterations  int   // that could
}

// counters count what was done in a test.
type counters struct{ attempts, invocations, activations, requests, errors int }

// stats are owperf's statistics, in milliseconds.
type stats struct {
	count              int
	mean, deviation    float64
	smallest, greatest float64
}

// columns are those of the output, in order.
func (f figures) columns() row {
	r := row{{"output.measure_time", f.seconds}}
	for i, name := range latencies {
		r = append(r, f.latencies[i].columns("output."+name)...)
	}
	for _, c := range []struct {
		name        string
		all, master int
	}{
		{"attempts", f.all.attempts, f.master.attempts}, {"invocations", f.all.invocations, f.master.invocations},
		{"activations", f.all.activations, f.master.activations}, {"requests", f.all.requests, f.master.requests},
	} {
		throughput, workers := float64(c.all)/f.seconds, float64(c.all-c.master)/f.seconds
		name := "output." + c.name
		r = append(r, row{{name + ".abs", c.all}, {name + ".tp", throughput}, {name + ".tpw", workers},
			{name + ".tpd", (throughput - workers) * 100 / throughput}}...)
	}
	r = append(r, row{{"output.errors.abs", f.all.errors}, {"output.errors.percent", float64(f.all.errors) * 100 / float64(f.all.requests)}}...)
	r = append(r, f.misses.columns("output.errors.cim")...)
	return append(r, column{"output.errors.cim.pct", float64(f.misses.count) * 100 / float64(f.iterations)})
}

func (s stats) columns(name string) row {
	if s.count == 0 {
		return row{{name + ".avg", nil}, {name + ".std", nil}, {name + ".min", nil}, {name + ".max", nil}, {name + ".cnt", 0}}
	}
	return row{{name + ".avg", s.mean}, {name + ".std", s.deviation}, {name + ".min", s.smallest}, {name + ".max", s.greatest}, {name + ".cnt", s.count}}
}
