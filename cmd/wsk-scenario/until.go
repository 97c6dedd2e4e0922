package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"wsk-scenario/engine/compare"
	"wsk-scenario/engine/report"
	"wsk-scenario/engine/result"
)

// tightening is what run does when it may repeat a scenario until its figures are known well enough.
type tightening struct {
	width   string // as a percentage; empty: run once
	most    int
	metrics []string
}

func (u *tightening) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&u.width, "until-tight", "", "run again until the median over the runs is known within this `share`, such as 5%")
	f.IntVar(&u.most, "most", 20, "with --until-tight: how many runs at most")
	f.StringArrayVar(&u.metrics, "metric", nil, "with --until-tight: the `metric` to know, such as warm.response.p50; may be repeated")
}

// check refuses what can never be met.
func (u *tightening) check(scenarios []loaded) error {
	if u.width == "" {
		if len(u.metrics) > 0 {
			return wrong(errors.New("--metric says what --until-tight looks at; without that it has no use"))
		}
		return nil
	}
	if _, err := percent(u.width); err != nil {
		return wrong(fmt.Errorf("--until-tight: %w", err))
	}
	if u.most < compare.Looks[0] {
		return wrong(fmt.Errorf("--most must be at least %d: the first look is after so many runs", compare.Looks[0]))
	}
	for _, l := range scenarios {
		for _, metric := range u.metrics {
			if l.plan == nil {
				continue
			}
			if _, err := compare.ParseMetric(metric, l.plan); err != nil {
				return wrong(fmt.Errorf("--metric %s: %w", metric, err))
			}
		}
	}
	return nil
}

// tight runs a scenario again and again, looks at the width of the intervals at the numbers of runs that were set before,
// and ends when they are narrow enough, or after the most runs: that is told, and not green.
func (r *running) tight(ctx context.Context, m Machine, l loaded, site *loaded) error {
	width, err := percent(r.until.width)
	if err != nil {
		return err
	}
	var results []*result.Result
	var list []compare.Precision
	var worst error
	for n := 1; n <= r.until.most; n++ {
		res, _, err := r.reportedRun(ctx, m, l, site)
		if err != nil {
			return err
		}
		ended := ended(res)
		if code, _ := codeOf(ended); code > exitUnmet {
			return ended
		}
		if ended != nil {
			worst = ended
		}
		results = append(results, res)
		if n != r.until.most && !slices.Contains(compare.Looks, n) {
			continue
		}
		if list, err = compare.Precise(results, r.until.metrics); err != nil {
			return err
		}
		if compare.Tight(list, width) {
			break
		}
	}
	s := m.screen(m.Out, r.noColor)
	if err := (report.Terminal{Out: s.out, Width: s.width, Color: s.color}).Precision(list, width); err != nil {
		return err
	}
	if !compare.Tight(list, width) {
		return &exit{code: exitUnmet}
	}
	return worst
}
