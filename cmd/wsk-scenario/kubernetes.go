package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"wsk-scenario/dsl/diag"
	"wsk-scenario/engine/cluster"
	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/run"
	"wsk-scenario/engine/target"
	"wsk-scenario/engine/whisk"
)

// installed is an OpenWhisk on Kubernetes, or one for each role.
type installed interface {
	target.Deployer
	target.Owner
	target.Window
	target.Workplace
	target.Metered
	target.Watcher
	target.Remover
	// Addresses are where its releases answer.
	Addresses() []cluster.Address
	// Remove undoes whatever is recorded for them.
	Remove(ctx context.Context) error
	// Others are the releases beside them of which something is recorded, once all of theirs is put back.
	Others(ctx context.Context) ([]string, error)
}

// onKubernetes is the target of a profile that names a cluster.
func (a *access) onKubernetes(m Machine, k plan.Kubernetes, say func(string), keep bool) installed {
	marks := ""
	if cache, err := m.cacheDir(); err == nil {
		marks = filepath.Join(cache, "running")
	}
	opts := cluster.Options{
		Kubernetes: k, Say: say, Keep: keep, ID: who(), Marks: marks,
		Access: whisk.Access{Host: a.apihost, Auth: a.auth, Insecure: a.insecure, CA: a.ca, Cert: a.cert, Key: a.key},
	}
	if len(k.Releases) > 0 {
		return cluster.NewGroups(opts)
	}
	return cluster.New(opts)
}

// who names this process in what it leaves on a cluster while it works.
func who() string {
	host, err := os.Hostname()
	if err != nil {
		host = "somebody"
	}
	return fmt.Sprintf("%s-%d-%s", strings.ToLower(host), os.Getpid(), strings.ToLower(rand.Text()[:5]))
}

// told is a target's way to speak while a run goes.
func told(events func(run.Event)) func(string) {
	return func(line string) { events(run.TargetSays{Line: line}) }
}

// deployments checks the chart values of a plan, and of the profile, before anything is touched, and hides those that are
// secrets from then on.
func deployments(m Machine, list []loaded, sources diag.Sources) (faults diag.List) {
	seen := map[string]bool{}
	check := func(k *plan.Kubernetes, d *plan.Deployment) {
		if d == nil || seen[fmt.Sprintf("%+v", *d)] {
			return
		}
		seen[fmt.Sprintf("%+v", *d)] = true
		for _, text := range cluster.Secrets(*d) {
			m.secrets.Add(text)
		}
		more, texts := cluster.Check(*k, *d)
		faults = append(faults, more...)
		for file, text := range texts {
			sources[file] = m.secrets.Same(text)
		}
	}
	for _, l := range list {
		if l.profile != nil {
			if k := plan.ClusterOf(l.profile).Kubernetes; k != nil {
				for _, r := range k.Releases {
					check(k, k.As(r).Deployment)
				}
				if len(k.Releases) == 0 {
					check(k, k.Deployment)
				}
			}
		}
		if l.plan != nil && l.plan.Cluster != nil {
			for i := range l.plan.Cells {
				check(l.plan.Cluster.Kubernetes, l.plan.Cells[i].Deployment)
			}
		}
	}
	return faults
}

func newUp(m Machine) *cobra.Command {
	return onProfile(m, &cobra.Command{
		Use:   "up PROFILE",
		Short: "Install OpenWhisk as a cluster profile says, and leave it there",
		Long: `Installs the Helm release of a cluster profile, or upgrades the one that is
there, waits until OpenWhisk answers an activation, and says how to reach it.
Where the profile says placement: releases, that is a release for each role.
What was changed is recorded on the cluster; down puts it back.

Exit codes: 0 it answers, 2 the profile is wrong, 3 it does not answer.`,
		Example: "  wsk-scenario up scenarios/clusters/k3s.yaml",
	}, func(ctx context.Context, m Machine, a *access, k plan.Kubernetes) error {
		c := a.onKubernetes(m, k, func(line string) { fmt.Fprintln(m.Err, line) }, true)
		_, err := c.Up(ctx)
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopDeadline)
		defer cancel()
		if downErr := c.Down(last); err == nil {
			err = downErr
		}
		if err != nil {
			return err
		}
		for _, at := range c.Addresses() {
			if at.Role != "" {
				fmt.Fprintf(m.Out, "OpenWhisk %s for the role %s answers at %s\n", at.Release, at.Role, at.Host)
				continue
			}
			fmt.Fprintf(m.Out, "OpenWhisk answers at %s\n", at.Host)
		}
		return nil
	})
}

func newDown(m Machine) *cobra.Command {
	return onProfile(m, &cobra.Command{
		Use:   "down PROFILE",
		Short: "Put a cluster back as it was before up, or before a run that was killed",
		Long: `Undoes what is recorded on the cluster of a profile: labels of nodes are put
back, a release that was installed is removed, one that was upgraded is rolled
back. What nobody recorded is not touched.`,
		Example: "  wsk-scenario down scenarios/clusters/k3s.yaml",
	}, func(ctx context.Context, m Machine, a *access, k plan.Kubernetes) error {
		c := a.onKubernetes(m, k, func(line string) { fmt.Fprintln(m.Err, line) }, false)
		if err := c.Remove(ctx); err != nil {
			return err
		}
		others, err := c.Others(ctx)
		if err != nil {
			return err
		}
		if len(others) > 0 {
			fmt.Fprintf(m.Out, "nothing is left of what the profile names; there is more of ours in namespace %s, which down with the profile of each removes: %s\n",
				k.Namespace, strings.Join(others, ", "))
			return nil
		}
		fmt.Fprintln(m.Out, "nothing of ours is left on the cluster")
		return nil
	})
}

// onProfile makes a command that takes the profile of a cluster.
func onProfile(m Machine, cmd *cobra.Command, do func(context.Context, Machine, *access, plan.Kubernetes) error) *cobra.Command {
	var noColor bool
	cmd.Args, cmd.ValidArgsFunction = one("a cluster profile", "scenarios/clusters/k3s.yaml"), scenarioFiles
	cmd.Flags().BoolVar(&noColor, "no-color", false, "write without colour")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		c, a := choices{cluster: args[0]}, access{}
		a.hide(m)
		site, err := c.readProfile(m)
		if err != nil {
			return err
		}
		faults, sources := faultsOf(m, []loaded{site})
		if !faults.HasErrors() {
			more, err := a.lay(m, site.profile)
			if err != nil {
				return err
			}
			faults = diag.Merge(faults, more)
		}
		if err := tell(m.screen(m.Err, noColor), faults, sources); err != nil {
			return err
		}
		if faults.HasErrors() {
			return &exit{code: exitWrong}
		}
		if a.kubernetes == nil {
			return wrong(fmt.Errorf("%s names no Kubernetes cluster: %s needs one", args[0], cmd.Name()))
		}
		return do(cmd.Context(), m, &a, *a.kubernetes)
	}
	return cmd
}
