package content

import (
	"maps"
	"slices"

	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
)

// Class is the statistics of the calls of one temperature that ended ok.
type Class struct {
	Name    string   `json:"name"` // all, cold, prewarmed, initialised, warm, unknown
	Samples int      `json:"samples"`
	Metrics []Metric `json:"metrics"` // a metric without a value is absent
}

// Metric is the statistics of one metric. Percentiles are exact, by nearest rank.
type Metric struct {
	Name   string  `json:"name"`
	Unit   string  `json:"unit"` // s, B, or 1 for a plain number
	N      int     `json:"n"`    // how many calls have a value
	Min    float64 `json:"min"`
	Max    float64 `json:"max"`
	Mean   float64 `json:"mean"`
	Stddev float64 `json:"stddev"`
	P50    float64 `json:"p50"`
	P75    float64 `json:"p75"`
	P90    float64 `json:"p90"`
	P95    float64 `json:"p95"`
	P99    float64 `json:"p99"`
	P999   float64 `json:"p999"`
	// Thin names the percentiles that come from too few values for a finite 95 % interval.
	Thin []string `json:"thin"`
}

// Unitless is the unit of plain numbers.
const Unitless = "1"

// Seconds is the unit of durations.
const Seconds = "s"

// Bytes is the unit of sizes.
const Bytes = "B"

// Metric finds a metric by its name; nil when no call has it.
func (c *Class) Metric(name string) *Metric {
	i := slices.IndexFunc(c.Metrics, func(m Metric) bool { return m.Name == name })
	if i < 0 {
		return nil
	}
	return &c.Metrics[i]
}

// IsThin reports whether a percentile of the metric, such as p95, comes from too few values.
func (m *Metric) IsThin(percentile string) bool { return slices.Contains(m.Thin, percentile) }

func classOf(c measure.Class, units map[string]string) Class {
	made := Class{Name: c.Name, Samples: c.Samples, Metrics: []Metric{}}
	for _, name := range metricNames(c.Metrics) {
		made.Metrics = append(made.Metrics, metricOf(name, c.Metrics[name], units))
	}
	return made
}

// metricNames are the metrics there are: the known ones in their order, then others by name.
func metricNames(of map[string]measure.Stats) (names []string) {
	for _, m := range measure.Metrics {
		if _, ok := of[m.Name]; ok {
			names = append(names, m.Name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(of)) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// unitsOf are the units of the metrics of a phase that are no durations: those taken out of the result say their own.
func unitsOf(extracted []plan.Extraction) map[string]string {
	units := map[string]string{"stretch": Unitless}
	for _, e := range extracted {
		switch e.Unit {
		case "B", "kB", "KiB":
			units[e.Name] = Bytes
		case "none", "":
			units[e.Name] = Unitless
		}
	}
	return units
}

func metricOf(name string, s measure.Stats, units map[string]string) Metric {
	unit, scale := Seconds, 1e-9
	if other, known := units[name]; known {
		unit, scale = other, 1
	}
	m := Metric{
		Name: name, Unit: unit, N: s.Count, Min: s.Min * scale, Max: s.Max * scale, Mean: s.Mean * scale, Stddev: s.Stddev * scale,
		P50: s.P50 * scale, P75: s.P75 * scale, P90: s.P90 * scale, P95: s.P95 * scale, P99: s.P99 * scale, P999: s.P999 * scale,
		Thin: []string{},
	}
	for _, percentile := range slices.Sorted(maps.Keys(measure.Needed)) {
		if s.Count < measure.Needed[percentile] {
			m.Thin = append(m.Thin, percentile)
		}
	}
	return m
}

// Percentiles are the percentiles of a metric in their order, by their names.
func (m *Metric) Percentiles() []Percentile {
	return []Percentile{{"p50", .5, m.P50}, {"p75", .75, m.P75}, {"p90", .9, m.P90}, {"p95", .95, m.P95}, {"p99", .99, m.P99}, {"p999", .999, m.P999}}
}

// Percentile is one percentile with its value.
type Percentile struct {
	Name  string
	Q     float64 // 0 < Q < 1
	Value float64
}
