package compare

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"time"

	"wsk-scenario/engine/result"
)

// Calibration is what runs of one thing say of a target: how much its figures change when nothing did.
type Calibration struct {
	Version     int                `json:"version"`
	Scenario    string             `json:"scenario"`
	Fingerprint string             `json:"fingerprint"` // of the plan that was run
	Made        time.Time          `json:"made"`
	Runs        int                `json:"runs"`
	Metrics     []CalibratedMetric `json:"metrics"`
	// FalseAlarms is how often two halves of the runs, drawn at random, differ in any primary metric by the test alone. It
	// should be near its level, 0.05; far above it, the runs are not alike: something drifts.
	FalseAlarms float64 `json:"false_alarms"`
	Splits      int     `json:"splits"` // how many halves were drawn
}

// CalibratedMetric is one metric of one cell.
type CalibratedMetric struct {
	Cell   string  `json:"cell"`
	Metric Metric  `json:"metric"`
	Median float64 `json:"median"`
	Spread float64 `json:"spread"` // standard deviation of the logarithm of a run's figure
	// Detectable is the smallest change, as a fraction, that so many runs a side find with power 0.8.
	At10 float64 `json:"detectable_with_10"`
	At20 float64 `json:"detectable_with_20"`
}

const calibrationVersion = 1

// splits is how many halves are drawn. The seed is fixed: a calibration does not change when it is computed again.
const (
	splits    = 1000
	splitSeed = 20131012
)

// LeastCalibration is how many runs a calibration needs: halves of fewer cannot differ at a level of 5 %.
const LeastCalibration = 8

// Calibrate computes a calibration from runs of one plan on one target.
func Calibrate(results []*result.Result, o Options) (*Calibration, error) {
	if len(results) == 0 {
		return nil, errors.New("a calibration needs results")
	}
	if _, refused := unlike(results, nil, o.Allow); len(refused) > 0 {
		return nil, &UnlikeError{refused}
	}
	runs, left := runsOf(results)
	if len(runs) < LeastCalibration {
		why := ""
		if len(left) > 0 {
			why = ": " + left[0]
		}
		return nil, fmt.Errorf("a calibration needs %d complete runs, and there are %d%s", LeastCalibration, len(runs), why)
	}
	p := runs[0].result.Plan
	primary, _, err := o.metrics(p)
	if err != nil {
		return nil, err
	}
	c := &Calibration{Version: calibrationVersion, Scenario: p.Scenario, Fingerprint: p.Fingerprint, Made: runs[len(runs)-1].started, Runs: len(runs)}
	var all [][]float64
	for _, cell := range cellsOf(p) {
		for _, m := range primary {
			values, err := positive(runs, cell, m)
			if err != nil {
				return nil, err
			}
			all = append(all, logarithms(values))
			spread := deviation(logarithms(values))
			c.Metrics = append(c.Metrics, CalibratedMetric{cell, m, Median(values), spread,
				Detectable(spread, LeastRuns, false), Detectable(spread, 2*LeastRuns, false)})
		}
	}
	c.FalseAlarms, c.Splits = falseAlarms(all), splits
	return c, nil
}

// positive are the figures of all runs; one without, or without a logarithm, is an error.
func positive(runs []run, cell string, m Metric) ([]float64, error) {
	values := make([]float64, len(runs))
	for i, r := range runs {
		value, why := r.number(cell, m)
		if why == "" && value <= 0 {
			why = fmt.Sprintf("%s: %s is %s", r.name(), m.Name, m.Format(value))
		}
		if why != "" {
			return nil, fmt.Errorf("%s of %s has no figure to repeat: %s", m.Name, cell, why)
		}
		values[i] = value
	}
	return values, nil
}

// falseAlarms draws halves of the runs and counts how often the test, corrected over the metrics, sees a difference.
func falseAlarms(metrics [][]float64) float64 {
	random := rand.New(rand.NewPCG(splitSeed, 0))
	n := len(metrics[0])
	alarms := 0
	p := make([]float64, len(metrics))
	a, b := make([]float64, n/2), make([]float64, n-n/2)
	for range splits {
		order := random.Perm(n)
		for m, values := range metrics {
			for i, at := range order {
				if i < len(a) {
					a[i] = values[at]
				} else {
					b[i-len(a)] = values[at]
				}
			}
			p[m] = MannWhitneyMid(a, b)
		}
		for _, adjusted := range Holm(p) {
			if adjusted <= level {
				alarms++
				break
			}
		}
	}
	return float64(alarms) / splits
}

// Refuse says why a margin cannot be asked of so many runs a side: what the target changes by itself is more than that. It
// is nil when the margin can be seen, and also for a plan that was not calibrated.
func (c *Calibration) Refuse(r *Report) error {
	for _, m := range c.Metrics {
		for _, other := range r.Comparisons {
			if other.Cell != m.Cell || other.Metric.Name != m.Metric.Name || !other.Primary {
				continue
			}
			n, _, what := other.runs(r.Paired)
			if r.Paired || n == 0 {
				continue // pairs share what the calibration measured
			}
			if least := Detectable(m.Spread, n, false); least > r.Margin {
				return fmt.Errorf("a change of %s of %s (%s) cannot be seen with %s on a side on this target: by its calibration the smallest is "+
					"%s; ask for a greater --margin, or make %d runs a side", Percent(r.Margin), m.Metric.Name, m.Cell, counted(n, what), Percent(least),
					RunsNeeded(m.Spread, r.Margin, false))
			}
		}
	}
	return nil
}

// Write keeps a calibration in a file.
func (c *Calibration) Write(path string) error {
	text, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return fmt.Errorf("save the calibration: %w", err)
	}
	if err := os.WriteFile(path, append(text, '\n'), 0o644); err != nil {
		return fmt.Errorf("save the calibration: %w", err)
	}
	return nil
}

// ReadCalibration reads a calibration that Write kept.
func ReadCalibration(path string) (*Calibration, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the calibration: %w", err)
	}
	c := new(Calibration)
	if err := json.Unmarshal(text, c); err != nil {
		return nil, fmt.Errorf("read the calibration %s: %w", path, err)
	}
	if c.Version != calibrationVersion || len(c.Metrics) == 0 {
		return nil, fmt.Errorf("%s is no calibration of version %d", path, calibrationVersion)
	}
	return c, nil
}
