package file

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"wsk-scenario/engine/report/content"
)

// OpenMetrics writes the figures as a text file of OpenMetrics 1.0, without moments, which is also what the text-file
// collector of Prometheus' node exporter takes: a summary for each metric, a gauge for each counter of a phase, and one for
// each assertion and for the run. An assertion that was not judged has no 1 or 0 but a status of its own.
func OpenMetrics(w io.Writer, r *content.Report) error {
	out := &metrics{Writer: bufio.NewWriter(w), report: r}
	out.run()
	out.assertions()
	out.counters()
	for _, name := range metricsOf(r) {
		out.metric(name)
	}
	out.WriteString("# EOF\n")
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write OpenMetrics: %w", err)
	}
	return nil
}

type metrics struct {
	*bufio.Writer
	report *content.Report
}

func (m *metrics) family(name, kind, unit, help string) {
	fmt.Fprintf(m, "# TYPE %s %s\n", name, kind)
	if unit != "" {
		fmt.Fprintf(m, "# UNIT %s %s\n", name, unit)
	}
	fmt.Fprintf(m, "# HELP %s %s\n", name, help)
}

// labels are pairs of name and value.
func labels(pairs ...string) string {
	var parts []string
	for i := 0; i < len(pairs); i += 2 {
		parts = append(parts, pairs[i]+`="`+quoted.Replace(pairs[i+1])+`"`)
	}
	return "{" + strings.Join(parts, ",") + "}"
}

var quoted = strings.NewReplacer("\\", "\\\\", "\n", "\\n", "\"", "\\\"")

func (m *metrics) run() {
	r := m.report
	m.family("wsk_scenario_run_info", "gauge", "", "The run that the figures are of; the value is 1.")
	fmt.Fprintf(m, "wsk_scenario_run_info%s 1\n", labels("scenario", r.Scenario, "run", r.Run, "plan", r.Plan.Fingerprint,
		"verdict", strings.ToLower(string(r.Verdict.Word)), "target", r.Target, "cluster", r.Cluster))
	m.family("wsk_scenario_run_start_time_seconds", "gauge", "seconds", "When the run began, since the epoch.")
	fmt.Fprintf(m, "wsk_scenario_run_start_time_seconds%s %s\n", labels("scenario", r.Scenario), decimal(float64(r.Started.UnixMilli())/1000))
	passed := 0
	if r.Verdict.Word == content.Pass || r.Verdict.Word == content.Done {
		passed = 1
	}
	m.family("wsk_scenario_run_passed", "gauge", "", "1 when the run came to its end and no assertion is red.")
	fmt.Fprintf(m, "wsk_scenario_run_passed%s %d\n", labels("scenario", r.Scenario), passed)
}

func (m *metrics) assertions() {
	r := m.report
	if len(r.Assertions) == 0 {
		return
	}
	m.family("wsk_scenario_assertion", "gauge", "", "1 for the status that the assertion has: pass, fail, no data or not judged.")
	seen := map[string]int{}
	for i := range r.Assertions {
		a := &r.Assertions[i]
		at := labels("scenario", r.Scenario, "cell", r.Cells[a.Cell].ID, "assertion", a.Expect, "status", a.Status)
		seen[at]++
		if seen[at] > 1 { // one that is written twice is one series
			continue
		}
		fmt.Fprintf(m, "wsk_scenario_assertion%s 1\n", at)
	}
}

// each calls do for every phase and every step, with its labels.
func (m *metrics) each(do func(f *content.Figures, place []string)) {
	r := m.report
	for i := range r.Phases {
		p := &r.Phases[i]
		place := []string{"scenario", r.Scenario, "cell", r.Cells[p.Cell].ID, "phase", p.Name}
		do(&p.Figures, place)
		for k := range p.Steps {
			do(&p.Steps[k].Figures, append(slices.Clone(place), "step", strconv.Itoa(k)))
		}
	}
}

// counters writes one family for each counter, in alphabetical order.
func (m *metrics) counters() {
	names := map[string]bool{}
	m.each(func(f *content.Figures, _ []string) {
		for name := range f.Counters {
			names[name] = true
		}
	})
	for _, name := range slices.Sorted(maps.Keys(names)) {
		full := "wsk_scenario_phase_" + word(name)
		m.family(full, "gauge", "", "The counter "+name+" of a phase.")
		m.each(func(f *content.Figures, place []string) {
			if v, ok := f.Counters[name]; ok {
				fmt.Fprintf(m, "%s%s %s\n", full, labels(place...), decimal(v))
			}
		})
	}
}

func metricsOf(r *content.Report) (names []string) {
	for _, p := range r.Phases {
		for _, c := range p.Classes {
			for _, m := range c.Metrics {
				if !slices.Contains(names, m.Name) {
					names = append(names, m.Name)
				}
			}
		}
	}
	return names
}

func (m *metrics) metric(name string) {
	full, begun := "", false
	m.each(func(f *content.Figures, place []string) {
		for _, c := range f.Classes {
			of := c.Metric(name)
			if of == nil {
				continue
			}
			if !begun {
				full, begun = m.begin(of), true
			}
			at := append(slices.Clone(place), "class", c.Name)
			for _, p := range of.Percentiles() {
				fmt.Fprintf(m, "%s%s %s\n", full, labels(append(slices.Clone(at), "quantile", decimal(p.Q))...), decimal(p.Value))
			}
			fmt.Fprintf(m, "%s_sum%s %s\n", full, labels(at...), decimal(of.Mean*float64(of.N)))
			fmt.Fprintf(m, "%s_count%s %d\n", full, labels(at...), of.N)
		}
	})
}

func (m *metrics) begin(of *content.Metric) string {
	full, unit := "wsk_scenario_"+word(of.Name), ""
	if of.Unit == content.Seconds {
		full, unit = full+"_seconds", "seconds"
	}
	if of.Unit == content.Bytes {
		full, unit = full+"_bytes", "bytes"
	}
	m.family(full, "summary", unit, "The metric "+of.Name+" of the calls that ended ok, by class of start.")
	return full
}

// word is a name as metrics may have it.
func word(name string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' {
			return r
		}
		return '_'
	}, name)
}
