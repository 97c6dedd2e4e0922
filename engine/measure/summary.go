package measure

import "time"

// Summary is one phase of one cell, computed from its samples.
type Summary struct {
	Cell     int                `json:"cell"`
	Phase    int                `json:"phase"`
	Name     string             `json:"name"`      // the phase's name
	Window   time.Duration      `json:"window_ns"` // from the first due moment to the last answer, without warm-up
	Warmups  int                `json:"warmups"`   // samples kept out of the statistics
	Counters map[string]float64 `json:"counters"`  // by the names of the language: issued, ok, errors, cold, throughput …
	// Classes are the statistics by temperature. The class "all" is what assertions see: in a cold phase the samples
	// proved cold or initialised, in a warm phase the warm ones, otherwise every sample; never one that missed its place.
	Classes []Class `json:"classes"`
	// Cut says that the phase ended before its load was done: nothing that is asserted of it can be judged.
	Cut bool `json:"cut,omitempty"`
	// Late is how many calls were sent more than LateBy after they were due.
	Late int `json:"late,omitempty"`
	// Limited says that the generator could not keep to the schedule of an open load: nothing that is asserted of it can be
	// judged.
	Limited bool `json:"limited,omitempty"`
	// Achieved is the share of its rate that the platform kept up with, of a trial of a search; 0 where nobody knows.
	Achieved float64 `json:"achieved,omitempty"`
	// Initialised are calls, and activations that they have started, which were cold or prewarmed and nobody knows which; Untold are
	// calls that may have been any. What is asserted of the counters of temperatures has to hold however these were.
	Initialised int `json:"initialised,omitempty"`
	Untold      int `json:"untold,omitempty"`
	// Contradicting are samples that ended ok with a record that cannot be, such as one that ends before it starts.
	Contradicting int `json:"contradicting,omitempty"`
	// Strays are samples that ended ok with another temperature than the phase asked for: counted, and left out of "all".
	Strays int `json:"strays"`
	// Nodes is how many of the samples that ended ok ran on each node, where that is known.
	Nodes map[string]int `json:"nodes,omitempty"`
	// Elsewhere and Unproved are samples that ended ok and ran on another role than was asked for, or nobody knows where:
	// counted, and left out of "all".
	Elsewhere int `json:"elsewhere,omitempty"`
	Unproved  int `json:"unproved,omitempty"`
	// Steps are the steps of the load, each a summary of its own; none when the load is one.
	Steps []Summary `json:"steps,omitempty"`
	// Trials are the rates that a search tried, one for each step.
	Trials []Trial `json:"trials,omitempty"`
	// Aborted is the assertion that stopped the phase; empty when none did.
	Aborted string `json:"aborted,omitempty"`
}

// Trial is one rate of a search.
type Trial struct {
	Rate  float64 `json:"rate"`            // calls a second
	Unmet string  `json:"unmet,omitempty"` // why the slo does not hold; empty when it does
	// Limit is what gave way at the lowest rate that does not hold, with what shows it; empty where nothing does.
	Limit string `json:"limit,omitempty"`
}

// Class is the statistics of the samples of one temperature.
type Class struct {
	Name    string           `json:"name"` // all, cold, warm, …
	Samples int              `json:"samples"`
	Metrics map[string]Stats `json:"metrics"` // by metric; a metric without a sample is absent
}

// Stats are the statistics of one metric: nanoseconds for durations, plain numbers otherwise. Percentiles are exact, nearest
// rank.
type Stats struct {
	Count  int     `json:"count"`
	Min    float64 `json:"min"`
	Max    float64 `json:"max"`
	Mean   float64 `json:"mean"`
	Stddev float64 `json:"stddev"` // sample standard deviation; 0 for one sample
	P50    float64 `json:"p50"`
	P75    float64 `json:"p75"`
	P90    float64 `json:"p90"`
	P95    float64 `json:"p95"`
	P99    float64 `json:"p99"`
	P999   float64 `json:"p999"`
	// More are those that were asked for beside these, by their names.
	More map[string]float64 `json:"more,omitempty"`
}
