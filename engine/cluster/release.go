package cluster

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"time"

	"helm.sh/helm/v3/pkg/action"
	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/release"
	"helm.sh/helm/v3/pkg/storage/driver"

	"wsk-scenario/engine/plan"
)

// deployFor is how long a release may take to become ready when nothing else is said.
const deployFor = 10 * time.Minute

// helm is Helm for the namespace of the release.
func (c *Cluster) helm() (*action.Configuration, error) {
	cfg := new(action.Configuration)
	if err := cfg.Init(c.conn.flags, c.opts.Kubernetes.Namespace, "secret", func(string, ...any) {}); err != nil {
		return nil, fmt.Errorf("set up Helm: %w", err)
	}
	return cfg, nil
}

// deploy makes the release be as d says, and waits until it is ready. One that was there is upgraded, and put back later.
func (c *Cluster) deploy(ctx context.Context, d plan.Deployment) error {
	chart, err := load(d)
	if err != nil {
		return err
	}
	wanted, err := bound(chart, c.opts.Kubernetes, d)
	if err != nil {
		return err
	}
	if faults, _ := checkValues(chart, d); faults.HasErrors() {
		return fmt.Errorf("%s: %s (%s)", faults[0].Range, faults[0].Summary, faults[0].Hint)
	}
	cfg, err := c.helm()
	if err != nil {
		return err
	}
	if err := c.traps(ctx, chart, wanted); err != nil {
		return err
	}
	if d.Wait == 0 {
		d.Wait = deployFor
	}
	ctx, cancel := context.WithTimeout(ctx, d.Wait)
	defer cancel()
	current, err := c.current(ctx, cfg)
	switch {
	case err != nil:
		return err
	case current == nil:
		err = c.install(ctx, cfg, chart, wanted, d.Wait)
	case current.Info.Status == release.StatusDeployed && same(current, chart, wanted):
		c.opts.Say(fmt.Sprintf("release %s is as it shall be: revision %d", current.Name, current.Version))
	default:
		err = c.upgrade(ctx, cfg, current, chart, wanted, d.Wait)
	}
	if err != nil {
		return err
	}
	return c.ready(ctx, cfg, d.Wait)
}

// current is the release as it is; nil when there is none. One whose installation was killed half-way is removed when it was
// ours; somebody else's is not touched.
func (c *Cluster) current(ctx context.Context, cfg *action.Configuration) (*release.Release, error) {
	name := c.opts.Kubernetes.Release
	found, err := cfg.Releases.Last(name)
	switch {
	case errors.Is(err, driver.ErrReleaseNotFound):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("look for the release %s: %w", name, err)
	case found.Info.Status == release.StatusUninstalled:
		return nil, c.uninstall(ctx, cfg)
	case !found.Info.Status.IsPending() && found.Info.Status != release.StatusUninstalling:
		return found, nil
	case c.record.Installed:
		c.opts.Say(fmt.Sprintf("release %s was left %s by a run that was killed: removing it", name, found.Info.Status))
		return nil, c.uninstall(ctx, cfg)
	}
	return nil, fmt.Errorf("release %s is %s since %s, by somebody else: wait, or put it right with helm rollback or helm uninstall",
		name, found.Info.Status, found.Info.LastDeployed.Format(time.DateTime))
}

// same reports whether a release has this chart with these values.
func same(r *release.Release, chart *chart.Chart, wanted map[string]any) bool {
	if r.Chart == nil || r.Chart.Metadata.Name != chart.Metadata.Name || r.Chart.Metadata.Version != chart.Metadata.Version {
		return false
	}
	had, errHad := chartutil.CoalesceValues(r.Chart, r.Config)
	want, errWant := chartutil.CoalesceValues(chart, wanted)
	return errHad == nil && errWant == nil && reflect.DeepEqual(normal(had), normal(want))
}

func (c *Cluster) install(ctx context.Context, cfg *action.Configuration, chart *chart.Chart, wanted map[string]any, wait time.Duration) error {
	c.record.Installed, c.record.Kept = true, c.opts.Keep
	if err := c.record.write(ctx); err != nil {
		return err
	}
	c.opts.Say(fmt.Sprintf("installing %s %s as release %s in namespace %s", chart.Name(), chart.Metadata.Version, c.opts.Kubernetes.Release, c.opts.Kubernetes.Namespace))
	install := action.NewInstall(cfg)
	install.ReleaseName, install.Namespace, install.Timeout = c.opts.Kubernetes.Release, c.opts.Kubernetes.Namespace, wait
	return c.explained(ctx, "install", func(ctx context.Context) error {
		_, err := install.RunWithContext(ctx, chart, wanted)
		return err
	})
}

func (c *Cluster) upgrade(ctx context.Context, cfg *action.Configuration, current *release.Release, chart *chart.Chart, wanted map[string]any, wait time.Duration) error {
	if err := c.noteRevision(ctx, current.Version); err != nil {
		return err
	}
	c.opts.Say(fmt.Sprintf("upgrading release %s from revision %d (%s) to %s %s", current.Name, current.Version, current.Info.Status, chart.Name(), chart.Metadata.Version))
	upgrade := action.NewUpgrade(cfg)
	upgrade.Namespace, upgrade.Timeout, upgrade.ResetValues = c.opts.Kubernetes.Namespace, wait, true
	err := c.explained(ctx, "upgrade", func(ctx context.Context) error {
		_, err := upgrade.RunWithContext(ctx, current.Name, chart, wanted)
		return err
	})
	if err == nil {
		err = c.ready(ctx, cfg, wait)
	}
	if err == nil {
		return nil
	}
	return errors.Join(err, c.rollBack(context.WithoutCancel(ctx), cfg, current))
}

// noteRevision writes down which revision is to be put back after an upgrade, once.
func (c *Cluster) noteRevision(ctx context.Context, revision int) error {
	switch r := c.record; {
	case r.Kept && !c.opts.Keep && r.Interim == 0:
		r.Interim = revision
	case !r.Kept && !r.Installed && r.Revision == 0:
		r.Revision, r.Kept = revision, c.opts.Keep
	default:
		return nil
	}
	return c.record.write(ctx)
}

// backFor is how long a release may take to be as it was before. It was ready then, so that its images are there.
const backFor = 5 * time.Minute

// rollBack puts the release back to a revision, so that what worked before a change that failed works again.
func (c *Cluster) rollBack(ctx context.Context, cfg *action.Configuration, to *release.Release) error {
	if to.Info.Status != release.StatusDeployed {
		return nil // it did not work before either
	}
	back := action.NewRollback(cfg)
	back.Version, back.Timeout, back.CleanupOnFail = to.Version, backFor, true
	if err := back.Run(to.Name); err != nil {
		return fmt.Errorf("roll release %s back to revision %d: %w", to.Name, to.Version, err)
	}
	c.opts.Say(fmt.Sprintf("release %s is rolled back to revision %d", to.Name, to.Version))
	return c.ready(ctx, cfg, backFor)
}

// uninstall removes the release and waits until its objects are gone. What they are stands in the release itself, which goes last:
// who comes after one that was killed, or gave up, waits for the same.
func (c *Cluster) uninstall(ctx context.Context, cfg *action.Configuration) error {
	name := c.opts.Kubernetes.Release
	last, err := cfg.Releases.Last(name)
	if errors.Is(err, driver.ErrReleaseNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look for the release %s: %w", name, err)
	}
	remove := action.NewUninstall(cfg)
	remove.IgnoreNotFound, remove.Timeout, remove.DeletionPropagation = true, time.Minute, "foreground"
	if remove.KeepHistory = true; last.Info.Status != release.StatusUninstalled {
		if _, err := remove.Run(name); err != nil {
			return fmt.Errorf("uninstall release %s: %w", name, err)
		}
	}
	if err := c.gone(ctx, cfg, last.Manifest); err != nil {
		return err
	}
	remove.KeepHistory = false
	if _, err := remove.Run(name); err != nil {
		return fmt.Errorf("forget release %s: %w", name, err)
	}
	return nil
}

// gone waits until every object of a manifest is gone: Helm returns when it has asked for that.
func (c *Cluster) gone(ctx context.Context, cfg *action.Configuration, manifest string) error {
	objects, err := objectsOf(manifest)
	if err != nil {
		return err
	}
	left := ""
	err = c.ended(ctx, "the end of release "+c.opts.Kubernetes.Release, goneFor, func(ctx context.Context) (bool, error) {
		for _, o := range objects {
			there, err := c.exists(ctx, cfg, o)
			if there || err != nil {
				left = o.GetKind() + " " + o.GetName()
				return false, ignoreShort(err)
			}
		}
		return true, nil
	})
	if err != nil && left != "" {
		return fmt.Errorf("%s is still there: %w", left, err)
	}
	return err
}

// restoreRelease puts the release back as it was found, by the run or, when all is asked for, before all of us.
func (c *Cluster) restoreRelease(ctx context.Context, all bool) error {
	own := all || !c.record.Kept // what was brought is taken away
	to := c.record.Interim
	if own && c.record.Revision != 0 {
		to = c.record.Revision
	}
	if !(own && c.record.Installed) && to == 0 {
		return nil
	}
	cfg, err := c.helm()
	if err != nil {
		return err
	}
	if own && c.record.Installed {
		c.opts.Say("uninstalling release " + c.opts.Kubernetes.Release)
		err = c.uninstall(ctx, cfg)
	} else {
		err = c.rollBackTo(ctx, cfg, to)
	}
	if err != nil {
		return err
	}
	c.record.Interim = 0
	if own {
		c.record.Installed, c.record.Kept, c.record.Revision = false, false, 0
	}
	return c.record.write(ctx)
}

func (c *Cluster) rollBackTo(ctx context.Context, cfg *action.Configuration, revision int) error {
	name := c.opts.Kubernetes.Release
	before, err := cfg.Releases.Get(name, revision)
	if err != nil {
		return fmt.Errorf("put release %s back to revision %d: %w", name, revision, err)
	}
	if last, err := cfg.Releases.Last(name); err == nil && last.Info.Status == release.StatusDeployed && last.Manifest == before.Manifest {
		return nil // a failed upgrade was rolled back already
	}
	before.Info.Status = release.StatusDeployed
	return c.rollBack(ctx, cfg, before)
}
