package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"wsk-scenario/engine/compare"
	"wsk-scenario/engine/origin"
	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/result"
	"wsk-scenario/engine/whisk"
)

// rerunning is the flags of rerun.
type rerunning struct {
	running
	allow []string
}

// changedCode is what --allow may name.
const changedCode = "code"

func newRerun(m Machine) *cobra.Command {
	var r rerunning
	cmd := &cobra.Command{
		Use:   "rerun RESULT",
		Short: "Run a saved result's scenario again, as it was",
		Long: `Runs again what a saved result came from: the same text of the scenario, of what it
includes and of the cluster profile, from the result's folder, the same
overrides, seed and client. Files behind these are not kept: code, payloads, what
commands and services run, values and chart of a release. They are read where they
were, and a run is refused when one of them has changed since, unless --allow code. Credentials are never kept: they come from the environment, the
profile or --auth, as in run.

Exit codes: 0 all met, 1 an assertion failed or had no data, 2 the result cannot be
run again as it was, 3 could not run, 130 interrupted.`,
		Example: `  wsk-scenario rerun results/startup
  wsk-scenario rerun results/startup/20260701T123000.000Z --results again`,
		Args: one("the folder of a result", "results/startup/20260701T123000.000Z"),
		RunE: func(cmd *cobra.Command, args []string) error { return r.all(cmd.Context(), m, args[0]) },
	}
	f := cmd.Flags()
	f.StringArrayVar(&r.allow, "allow", nil, "run although this has changed: `code`, which is that of actions, commands and services, and the files of payloads and of a release")
	f.StringVar(&r.auth, "auth", "", "credentials of a running OpenWhisk, `UUID:KEY`; better in the environment as WSK_AUTH")
	f.StringVar(&r.results, "results", "results", "`folder` to keep results in")
	f.StringArrayVar(&r.reports, "report", nil, "`format` of a report to write, with =FILE to that file; may be given several times")
	f.BoolVarP(&r.quiet, "quiet", "q", false, "show no progress")
	f.BoolVar(&r.noColor, "no-color", false, "write without colour")
	return complete(cmd, map[string]cobra.CompletionFunc{"allow": words(changedCode), "report": formNames(forms)})
}

func (r *rerunning) all(ctx context.Context, m Machine, path string) (err error) {
	for _, what := range r.allow {
		if err := oneOf("--allow", what, changedCode); err != nil {
			return err
		}
	}
	if r.wanted, err = wishes("report", forms, r.reports); err != nil {
		return err
	}
	before, folder, err := open(path)
	if err != nil {
		return err
	}
	file, err := r.restore(before, folder)
	if err != nil {
		return wrong(err)
	}
	scenarios, err := r.ready(m, []string{file})
	if err != nil {
		return err
	}
	if err := fitting(r.wanted, scenarios); err != nil {
		return err
	}
	l := scenarios[len(scenarios)-1]
	if err := r.same(before, l.plan); err != nil {
		return wrong(err)
	}
	res, again, err := r.reportedRun(ctx, m, l, r.site(scenarios))
	if res == nil {
		return err
	}
	fmt.Fprintf(m.Out, "\nrun %s again, as %s; a comparison takes 10 runs a side:\n  wsk-scenario compare %s -- %s\n", before.Run, res.Run, folder, again)
	return endedWith(res, err)
}

// restore sets everything that decides a run as it was, and returns the scenario's file.
func (r *rerunning) restore(before *result.Result, folder string) (string, error) {
	o, p := before.Origin, before.Plan
	if o == nil {
		return "", fmt.Errorf("%s does not hold what its run was made from: it was written by an older version (%s)", folder, before.Tool)
	}
	r.changed = origin.Changed(o)
	if len(r.changed) > 0 && !slices.Contains(r.allow, changedCode) {
		return "", refusal(o, r.changed)
	}
	r.set, r.seed, r.http = p.Overrides, p.Seed, o.HTTP
	if r.http == "" {
		r.http = string(whisk.Plain)
	}
	r.apihost, r.insecure = o.APIHost, o.Insecure
	r.before, r.again = before.Baseline, before.Run
	return r.keptTexts(o, folder)
}

// keptTexts takes the texts of the bundle for the files that they were. One in which a secret was hidden is not whole: then
// the file itself is taken, if it is the same as it was.
func (r *rerunning) keptTexts(o *result.Origin, folder string) (scenario string, err error) {
	kept, err := result.Sources(folder)
	if err != nil {
		return "", err
	}
	here, err := os.Getwd()
	if err != nil {
		return "", err
	}
	r.texts = map[string][]byte{}
	for _, s := range o.Sources {
		file := s.File
		if here != o.Folder {
			file = o.Path(file)
		}
		text := kept[s.Kept]
		if origin.Hash(text) != s.Hash {
			if text, err = os.ReadFile(file); err != nil || origin.Hash(text) != s.Hash {
				return "", fmt.Errorf("the %s %s was kept without a secret that stands in it, or was altered, and the file itself is not what it was", s.Role, s.File)
			}
		}
		r.texts[filepath.Clean(file)] = text
		switch s.Role {
		case scenarioText:
			scenario = file
		case profileText:
			r.cluster = file
		}
	}
	if scenario == "" {
		return "", fmt.Errorf("%s holds no text of a scenario", folder)
	}
	return scenario, nil
}

// same refuses a plan that would measure another thing than the run did.
func (r *rerunning) same(before *result.Result, p *plan.Plan) error {
	added := origin.Added(before.Origin, origin.Inputs(p))
	r.changed = append(r.changed, added...)
	allowed := slices.Contains(r.allow, changedCode)
	if len(added) > 0 && !allowed {
		return refusal(before.Origin, r.changed)
	}
	if p.Fingerprint == before.Plan.Fingerprint || len(r.changed) > 0 && allowed {
		return nil
	}
	faults := []error{fmt.Errorf("the same texts give another plan than then: it was made by version %s, and this is %s", before.Tool, version)}
	for _, d := range compare.PlanDifferences(before.Plan, p) {
		faults = append(faults, fmt.Errorf("  %s", d))
	}
	return errors.Join(faults...)
}

// refusal names what has changed, and where it may still be had as it was.
func refusal(o *result.Origin, changed []string) error {
	text := "this is not what was run:\n  " + strings.Join(changed, "\n  ")
	if o.Git.Commit != "" {
		text += "\nthe scenario's folder was at commit " + o.Git.Commit
		if len(o.Git.Dirty) > 0 {
			text += ", with changes of its own"
		}
	}
	return errors.New(text + "\n--allow code runs it all the same, and the result says so")
}
