package measure

import (
	"testing"
	"time"
)

func ms(n int64) *int64 { return &n }

// call is a sample due at `due` ms that took `took` ms.
func call(due, took int64, outcome Outcome, temperature Temperature, record *Record) Sample {
	at := time.Duration(due) * time.Millisecond
	s := Sample{Due: at, Sent: at + time.Millisecond, Outcome: outcome, Temperature: temperature, Record: record}
	s.Done = s.Sent + time.Duration(took)*time.Millisecond
	if outcome != Network && outcome != Timeout {
		s.FirstByte = s.Done
	}
	return s
}

func TestMetricsOfOneSample(t *testing.T) {
	cold := call(100, 50, OK, Cold, &Record{Start: 1000, End: 1040, Duration: 40, Wait: ms(5), Init: ms(30)})
	warm := call(100, 20, OK, Warm, &Record{Start: 1000, End: 1010, Duration: 10, Wait: ms(-2)})
	short := call(100, 2, OK, Warm, &Record{Duration: 0})
	background := call(0, 3, OK, Warm, &Record{Duration: 80})
	background.Completed = 101 * time.Millisecond
	accepted := call(0, 3, Accepted, Unknown, nil)
	const absent = -12345
	for _, row := range []struct {
		name   string
		sample Sample
		metric string
		want   float64 // ms, or a ratio
	}{
		{"response counts from the due moment", cold, "response", 51},
		{"latency counts from the send", cold, "latency", 50},
		{"send_lag is what lies between", cold, "send_lag", 1},
		{"run is the duration without init", cold, "run", 10},
		{"init is initTime", cold, "init", 30},
		{"a warm sample has no init, not one of zero", warm, "init", absent},
		{"a negative wait proves skew and is kept", warm, "wait", -2},
		{"run of a warm sample is its duration", warm, "run", 10},
		{"overhead crosses no clock", cold, "overhead", 10},
		{"stretch is latency by duration", warm, "stretch", 2},
		{"a duration of 0 ms gives no stretch", short, "stretch", absent},
		{"a non-blocking call ends with its record", background, "response", 101},
		{"a call that was only accepted has no response", accepted, "response", absent},
		{"nor a latency", accepted, "latency", absent},
		{"a call without answer has no latency", call(0, 5, Timeout, Unknown, nil), "latency", absent},
		{"without a record there is no duration", call(0, 5, OK, Unknown, nil), "duration", absent},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := float64(absent)
			for _, m := range Metrics {
				if v, ok := m.Of(&row.sample); m.Name == row.metric && ok {
					got = v
					if row.metric != "stretch" {
						got = v / float64(time.Millisecond)
					}
				}
			}
			if got != row.want {
				t.Errorf("%s is %g, want %g", row.metric, got, row.want)
			}
		})
	}
}

func TestAPhaseCountsEveryCallOnce(t *testing.T) {
	warmup := call(0, 10, OK, Cold, nil)
	warmup.Warmup = true
	samples := []Sample{warmup, call(100, 10, OK, Warm, nil), call(100, 20, DeveloperError, Warm, nil), call(130, 70, Accepted, Unknown, nil),
		call(200, 10, Throttled, Unknown, nil), call(1099, 0, OK, Cold, nil)}
	sum := Summarize(0, 1, "busy", WantAny, nil, All(samples), Asked{})
	for name, want := range map[string]float64{"issued": 5, "ok": 2, "developer_error": 1, "accepted": 1, "throttled": 1, "errors": 2,
		"error_rate": 0.4, "cold": 1, "warm": 2, "cold_share": 1.0 / 3, "throughput": 2, "in_flight_max": 2, "network": 0, "prewarmed": 0} {
		if got, ok := sum.Counters[name]; !ok || got != want {
			t.Errorf("%s is %g (%t), want %g", name, got, ok, want)
		}
	}
	if sum.Warmups != 1 || sum.Window != time.Second {
		t.Errorf("%d warm-ups in a window of %s, want 1 and 1s", sum.Warmups, sum.Window)
	}
}

func TestAPhaseWithoutCallsHasNoRates(t *testing.T) {
	sum := Summarize(0, 0, "idle", WantAny, nil, All(nil), Asked{})
	for _, rate := range []string{"error_rate", "cold_share", "throughput"} {
		if v, ok := sum.Counters[rate]; ok {
			t.Errorf("%s is %g of nothing", rate, v)
		}
	}
	if all, _ := sum.Class("all"); len(all.Metrics) != 0 {
		t.Errorf("metrics of nothing: %v", all.Metrics)
	}
}

func TestTemperaturesAreNotMixed(t *testing.T) {
	samples := []Sample{call(0, 100, OK, Cold, nil), call(200, 110, OK, Initialised, nil), call(400, 10, OK, Warm, nil),
		call(500, 9, OK, Unknown, nil), call(600, 500, ApplicationError, Warm, nil)}
	for _, row := range []struct {
		want    Wanted
		samples int
		strays  int
		max     float64
	}{
		{WantCold, 2, 2, 111},
		{WantWarm, 1, 3, 11},
		{WantAny, 4, 0, 111},
	} {
		t.Run(string(row.want), func(t *testing.T) {
			sum := Summarize(0, 0, "p", row.want, nil, All(samples), Asked{})
			all, _ := sum.Class("all")
			if got := all.Metrics["response"].Max / float64(time.Millisecond); all.Samples != row.samples || sum.Strays != row.strays || got != row.max {
				t.Errorf("%d samples, %d strays, slowest %g ms; want %d, %d, %g", all.Samples, sum.Strays, got, row.samples, row.strays, row.max)
			}
			for _, class := range []string{"cold", "initialised", "warm", "unknown"} {
				if c, ok := sum.Class(class); !ok || c.Samples != 1 {
					t.Errorf("class %s has %d samples, want 1", class, c.Samples)
				}
			}
		})
	}
}

func TestClassify(t *testing.T) {
	for _, row := range []struct {
		name     string
		evidence Evidence
		want     Temperature
	}{
		{"without a record nothing is known", Evidence{Start: "cold"}, Unknown},
		{"no initTime is warm", Evidence{Record: true}, Warm},
		{"no initTime, and the server agrees", Evidence{Record: true, Start: "warm"}, Warm},
		{"no initTime, but the server says cold", Evidence{Record: true, Start: "cold"}, Unknown},
		{"initTime alone does not prove a new container", Evidence{Record: true, Initialised: true}, Initialised},
		{"initTime and a process started", Evidence{Record: true, Initialised: true, Start: "cold"}, Cold},
		{"initTime in a process that was there", Evidence{Record: true, Initialised: true, Start: "prewarmed"}, Prewarmed},
		{"initTime, but the server says warm", Evidence{Record: true, Initialised: true, Start: "warm"}, Unknown},
		{"initTime, and a new pod came during the call", Evidence{Record: true, Initialised: true, Pod: "cold"}, Cold},
		{"initTime in a pod that was there", Evidence{Record: true, Initialised: true, Pod: "prewarmed"}, Prewarmed},
		{"a new pod, but no initTime", Evidence{Record: true, Pod: "cold"}, Warm},
		{"a record that proves nothing", Evidence{Record: true, Doubt: "it failed"}, Unknown},
		{"a record that cannot be, with an initTime", Evidence{Record: true, Initialised: true, Start: "cold", Doubt: "it ends before it starts"}, Unknown},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got, proof := Classify(row.evidence); got != row.want || proof == "" {
				t.Errorf("%s (%s), want %s", got, proof, row.want)
			}
		})
	}
}

func TestBooks(t *testing.T) {
	samples := []Sample{{Outcome: OK}, {Outcome: OK}, {Outcome: Lost}}
	for _, row := range []struct {
		name    string
		issued  int
		samples []Sample
		want    string
	}{
		{"every call has one outcome", 3, samples, ""},
		{"a call without an outcome", 4, samples, "4 calls issued, 3 outcomes"},
		{"an outcome too many", 2, samples, "2 calls issued, 3 outcomes"},
		{"an outcome nobody knows", 4, append(samples[:3:3], Sample{Outcome: "vanished"}), "1 of 4 samples have no known outcome"},
		{"nothing at all", 0, nil, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := ""
			if err := Balance(0, 0, row.issued, 0, All(row.samples)).Check(); err != nil {
				got = err.Error()
			}
			if got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}
