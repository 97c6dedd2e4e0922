package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"wsk-scenario/engine/compare"
	"wsk-scenario/engine/report"
	"wsk-scenario/engine/result"
)

// calibrationFile is where compare looks for what calibrate found, beside the base results.
const calibrationFile = "calibration.json"

// calibrating is the flags of calibrate.
type calibrating struct {
	running
	runs    int
	metrics []string
}

func newCalibrate(m Machine) *cobra.Command {
	var c calibrating
	cmd := &cobra.Command{
		Use:   "calibrate FILE",
		Short: "Measure how much a target changes by itself",
		Long: `Runs a scenario many times on one target, changing nothing, and says how much its
figures differ all the same: their spread from run to run, the smallest change
that a comparison can see, and how often two halves of the runs look different
when they are not. The results and calibration.json are kept in the folder
RESULTS/SCENARIO/calibration-TIME; they can be the base of a comparison, which refuses
margins that the target cannot show.

Exit codes: 0 done, 2 the scenario or the command line is wrong, 3 could not
run, 130 interrupted.`,
		Example: `  wsk-scenario calibrate scenarios/startup.yaml --runs 20`,
		Args:    one("a scenario's file", "scenarios/startup.yaml"),
		RunE:    func(cmd *cobra.Command, args []string) error { return c.all(cmd.Context(), m, args) },
	}
	c.running.flags(cmd.Flags())
	cmd.Flags().IntVar(&c.runs, "runs", 20, "how often the scenario is run")
	cmd.Flags().StringArrayVar(&c.metrics, "metric", nil, "`metric` to calibrate, such as warm.response.p50; may be repeated")
	return complete(cmd, map[string]cobra.CompletionFunc{"set": variables})
}

func (c *calibrating) all(ctx context.Context, m Machine, files []string) error {
	if c.runs < compare.LeastCalibration {
		return wrong(fmt.Errorf("--runs must be at least %d: halves of fewer cannot differ at a level of 5 %%", compare.LeastCalibration))
	}
	scenarios, err := c.ready(m, files)
	if err != nil {
		return err
	}
	l := scenarios[len(scenarios)-1]
	if l.plan == nil {
		return wrong(errors.New("calibrate needs a scenario, not a profile"))
	}
	for _, metric := range c.metrics {
		if _, err := compare.ParseMetric(metric, l.plan); err != nil {
			return wrong(fmt.Errorf("--metric %s: %w", metric, err))
		}
	}
	folder := filepath.Join(c.results, l.plan.Scenario, time.Now().UTC().Format("calibration-20060102T150405.000Z"))
	results, err := c.repeat(ctx, m, l, c.site(scenarios), folder)
	if err != nil {
		return err
	}
	calibration, err := compare.Calibrate(results, compare.Options{Primary: c.metrics})
	if err != nil {
		return err
	}
	if err := calibration.Write(filepath.Join(folder, calibrationFile)); err != nil {
		return err
	}
	s := m.screen(m.Out, c.noColor)
	return report.Terminal{Out: s.out, Width: s.width, Color: s.color, Folder: folder}.Calibration(calibration)
}

// repeat runs a scenario again and again; the first run that did not end whole ends it.
func (c *calibrating) repeat(ctx context.Context, m Machine, l loaded, site *loaded, folder string) (list []*result.Result, err error) {
	for i := range c.runs {
		r, err := c.measure(ctx, m, l, site, filepath.Join(folder, fmt.Sprintf("%03d", i+1)))
		if err != nil {
			return nil, err
		}
		switch r.Status {
		case result.Interrupted:
			return nil, &exit{code: exitInterrupted}
		case result.Broken:
			return nil, fmt.Errorf("run %d of %d broke: %s", i+1, c.runs, r.Problems[0])
		}
		list = append(list, r)
	}
	return list, nil
}
