package measure

import (
	"slices"
	"testing"
	"time"
)

func TestStagesHaveValuesOnlyWhereBothEndsWereSeen(t *testing.T) {
	const ms = time.Millisecond
	all := Stages{Requested: 110 * ms, Scheduled: 120 * ms, Pulling: 200 * ms, Pulled: 950 * ms, Created: 1000 * ms, Started: 1100 * ms, Ready: 1500 * ms}
	tests := []struct {
		name   string
		stages *Stages
		want   map[string]time.Duration
	}{
		{"all are seen", &all, map[string]time.Duration{"requested": 10 * ms, "scheduled": 10 * ms, "pulled": 830 * ms, "pull": 750 * ms,
			"created": 50 * ms, "started": 100 * ms, "ready": 400 * ms, "creation": 1390 * ms}},
		{"the node had the image", &Stages{Requested: 110 * ms, Scheduled: 120 * ms, Pulled: 130 * ms, Created: 140 * ms, Started: 150 * ms, Ready: 160 * ms},
			map[string]time.Duration{"requested": 10 * ms, "scheduled": 10 * ms, "pulled": 10 * ms, "created": 10 * ms, "started": 10 * ms, "ready": 10 * ms, "creation": 50 * ms}},
		{"events may not be watched", &Stages{Requested: 110 * ms, Scheduled: 120 * ms, Started: 150 * ms, Ready: 150 * ms},
			map[string]time.Duration{"requested": 10 * ms, "scheduled": 10 * ms, "ready": 0, "creation": 40 * ms}},
		{"nothing is seen but the pod", &Stages{Requested: 110 * ms}, map[string]time.Duration{"requested": 10 * ms}},
		{"nothing tells", nil, nil},
	}
	for _, row := range tests {
		t.Run(row.name, func(t *testing.T) {
			s := Sample{Sent: 100 * ms, Stages: row.stages}
			for _, m := range stageMetrics {
				got, has := m.Of(&s)
				want, wanted := row.want[m.Name]
				if has != wanted || has && time.Duration(got) != want {
					t.Errorf("%s is %v (%t), want %v (%t)", m.Name, time.Duration(got), has, want, wanted)
				}
			}
		})
	}
}

func TestAPhaseHasTheMetricsOfStagesOnlyWhereTheyWereSeen(t *testing.T) {
	init := int64(3)
	sample := Sample{Outcome: OK, FirstByte: 5, Done: 5, Record: &Record{Duration: 9, Init: &init}, Temperature: Cold}
	without := Summarize(0, 0, "cold", WantCold, nil, All([]Sample{sample}), Asked{})
	sample.Stages = &Stages{Requested: 2, Ready: 9}
	with := Summarize(0, 0, "cold", WantCold, nil, All([]Sample{sample, sample}), Asked{})
	for name, sum := range map[string]Summary{"without": without, "with": with} {
		all, _ := sum.Class("all")
		_, has := all.Metrics["creation"]
		if _, pull := all.Metrics["pull"]; has != (name == "with") || pull {
			t.Errorf("%s stages, the metrics are %v", name, slices.Collect(func(yield func(string) bool) {
				for m := range all.Metrics {
					yield(m)
				}
			}))
		}
	}
}
