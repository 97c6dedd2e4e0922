package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"wsk-scenario/engine/origin"
	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/result"
	"wsk-scenario/engine/run"
	"wsk-scenario/engine/slo"
	"wsk-scenario/engine/whisk"
)

// running is the flags of run.
type running struct {
	choices
	access
	results  string
	http     string
	tags     []string
	quiet    bool
	noColor  bool
	reports  []string
	events   string
	log      *eventLog
	wanted   []wish[*saved]
	index    string   // the page that lists the results of several scenarios; empty for none
	folders  []string // of the results so far
	until    tightening
	baseline string
	before   *slo.Baseline // what baseline names
	again    string        // the run that this one repeats; empty when it is none
	changed  []string      // what is not as it was then
}

func newRun(m Machine) *cobra.Command {
	var r running
	cmd := &cobra.Command{
		Use:   "run FILE…",
		Short: "Run scenarios and report what was measured",
		Long: `Runs scenarios one after the other, on an embedded OpenWhisk that lives as long
as the run, or on the one that a cluster profile or --apihost names. A folder
stands for the scenarios in and below it. All files are checked before the first one
runs. What a run created is removed after it, also when it fails or is
interrupted. The result is kept in the folder RESULTS/SCENARIO/TIME.

--report FORMAT writes a report beside the result, --report FORMAT=FILE elsewhere;
{scenario} in FILE is the name of the scenario. Of several scenarios, html=FILE is
one page that lists them all, with the page of each beside its result. Formats: see
wsk-scenario report --help. Where GITHUB_STEP_SUMMARY names a file, the report is appended to it as
Markdown.

Exit codes: 0 all met, 1 an assertion failed or had no data, 2 a scenario or
the command line is wrong, 3 could not run, 130 interrupted.`,
		Example: `  wsk-scenario run scenarios/startup.yaml
  wsk-scenario run scenarios/startup.yaml --set loops=100 --seed 7
  wsk-scenario run scenarios/edge-study --report html=study.html
  wsk-scenario run scenarios/startup.yaml --cluster scenarios/clusters/throttled.yaml
  WSK_AUTH=uuid:key wsk-scenario run scenarios/startup.yaml --apihost https://openwhisk.example.org`,
		Args:              files,
		ValidArgsFunction: scenarioFiles,
		RunE:              func(cmd *cobra.Command, args []string) error { return r.all(cmd.Context(), m, args) },
	}
	r.flags(cmd.Flags())
	cmd.Flags().StringArrayVar(&r.reports, "report", nil, "`format` of a report to write, with =FILE to that file; may be given several times")
	cmd.Flags().StringVar(&r.events, "events", "", "jsonl writes what happens as JSON `lines` to the standard error instead of the progress, jsonl=FILE to a file beside it")
	cmd.Flags().StringVar(&r.baseline, "baseline", "", "`RESULT` of an earlier run, for assertions with baseline.<phase>…")
	r.until.flags(cmd)
	tagFlag(cmd.Flags(), &r.tags)
	return complete(cmd, map[string]cobra.CompletionFunc{"set": variables, "report": formNames(forms)})
}

// flags are those of every command that runs scenarios.
func (r *running) flags(f *pflag.FlagSet) {
	r.choices.flags(f)
	r.access.flags(f)
	f.StringVar(&r.results, "results", "results", "`folder` to keep results in")
	f.StringVar(&r.http, "http", string(whisk.Plain), "`client` that sends the invocations: plain, made for load, standard, of Go's library, or 2, its HTTP/2")
	f.BoolVarP(&r.quiet, "quiet", "q", false, "show no progress")
	f.BoolVar(&r.noColor, "no-color", false, "write without colour")
}

// all checks every file, then runs one after the other. The exit code is that of the worst.
func (r *running) all(ctx context.Context, m Machine, files []string) error {
	var err error
	if r.wanted, err = wishes("report", forms, r.reports); err != nil {
		return err
	}
	files, left, err := toRun(files)
	if err != nil {
		return err
	}
	if len(left) > 0 {
		fmt.Fprintf(m.Err, "left out, because they are cluster profiles: %s\n", strings.Join(left, ", "))
	}
	scenarios, err := r.ready(m, files)
	if err != nil {
		return err
	}
	if err := r.apart(scenarios); err != nil {
		return err
	}
	if err := fitting(r.wanted, scenarios); err != nil {
		return err
	}
	if err := r.until.check(scenarios); err != nil {
		return err
	}
	if err := r.earlier(scenarios); err != nil {
		return err
	}
	log, end, err := r.openEvents(m)
	if err != nil {
		return err
	}
	r.log = log
	return errors.Join(r.each(ctx, m, scenarios), r.listed(m), end())
}

// each runs one scenario after the other.
func (r *running) each(ctx context.Context, m Machine, scenarios []loaded) error {
	var worst error
	for _, l := range scenarios {
		if l.plan == nil {
			continue // the profile
		}
		err := r.one(ctx, m, l, r.site(scenarios))
		if code, silent := codeOf(err); !silent || code == exitInterrupted {
			return err
		} else if before, _ := codeOf(worst); code > before {
			worst = err
		}
	}
	return worst
}

// ready checks the flags and every file.
func (r *running) ready(m Machine, files []string) ([]loaded, error) {
	if r.results == "" {
		return nil, wrong(errors.New("--results needs the name of a folder"))
	}
	if _, err := whisk.ParseHTTP(r.http); err != nil {
		return nil, wrong(fmt.Errorf("--http: %w", err))
	}
	return r.checked(m, files)
}

// one runs one scenario, or runs it until its figures are tight, and reports it.
func (r *running) one(ctx context.Context, m Machine, l loaded, site *loaded) error {
	if r.until.width != "" {
		return r.tight(ctx, m, l, site)
	}
	res, _, err := r.reportedRun(ctx, m, l, site)
	return endedWith(res, err)
}

// endedWith is how a run ended, and why its report could not be written.
func endedWith(res *result.Result, err error) error {
	if res == nil {
		return err
	}
	bad := ended(res)
	if code, _ := codeOf(bad); err != nil && bad != nil {
		return &exit{code, err} // that a report could not be written does not hide how the run ended
	}
	return errors.Join(err, bad)
}

// reportedRun runs one scenario once and reports it. It returns the folder of the result, too.
func (r *running) reportedRun(ctx context.Context, m Machine, l loaded, site *loaded) (*result.Result, string, error) {
	folder := filepath.Join(r.results, l.plan.Scenario, time.Now().UTC().Format("20060102T150405.000Z"))
	res, err := r.measure(ctx, m, l, site, folder)
	if err != nil {
		return nil, "", err
	}
	if err := show(m.screen(m.Out, r.noColor), res, folder); err != nil {
		return nil, "", err
	}
	return res, folder, r.reported(m, folder)
}

// measure runs one scenario and keeps the result in folder.
func (r *running) measure(ctx context.Context, m Machine, l loaded, site *loaded, folder string) (*result.Result, error) {
	cache, err := m.cacheDir()
	if err != nil {
		return nil, err
	}
	texts := sourcesToKeep(l, site)
	from := r.origin(ctx, l.plan, texts)
	sources := make(map[string][]byte)
	for _, t := range texts {
		sources[t.Kept] = t.Bytes
	}
	res, err := r.watched(ctx, m, func(events func(run.Event)) (*result.Result, error) {
		return run.Run(ctx, l.plan, run.Options{
			Target: r.target(m, cache, l.plan, told(events)), Folder: folder, Sources: sources, CacheDir: cache,
			Events: events, Tool: version, Secrets: m.secrets, Logins: r.logins, HTTP: whisk.HTTP(r.http), Baseline: r.before, Origin: from, Worker: startWorker,
		})
	})
	if err != nil {
		return nil, fmt.Errorf("run %s: %w", l.file, err)
	}
	r.log.ended(l.file, res, folder)
	return res, nil
}

// origin notes what a run is made from.
func (r *running) origin(ctx context.Context, p *plan.Plan, texts []origin.Text) *result.Origin {
	o := origin.Of(ctx, p, texts)
	o.HTTP, o.APIHost, o.Insecure = r.http, withoutUser(r.apihost), r.insecure
	o.Again, o.Changed = r.again, r.changed
	return o
}

// withoutUser is an address without the credentials that may stand in it.
func withoutUser(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	u.User = nil
	return u.String()
}

// work is a run that tells what happens.
type work func(events func(run.Event)) (*result.Result, error)

// watched shows the progress of a run while it goes, and says what an interrupt does.
func (r *running) watched(ctx context.Context, m Machine, do work) (*result.Result, error) {
	progress := newProgress(m.screen(m.Err, r.noColor), r.quiet)
	if r.log != nil {
		progress = withEvents{progress, r.log}
	}
	defer progress.close()
	told := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(told)
		progress.say("interrupted: finishing what is under way, press Ctrl-C again to stop at once")
	})
	res, err := do(progress.event)
	if !stop() {
		<-told
	}
	return res, err
}
