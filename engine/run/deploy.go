package run

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/result"
	"wsk-scenario/engine/target"
	"wsk-scenario/engine/whisk"
)

// connect makes the client of an OpenWhisk that answers, in place of the one before.
func (r *runner) connect(access whisk.Access) (err error) {
	r.disconnect()
	r.access = access
	r.client, err = whisk.New(access, r.plan.MaxUsers(), whisk.Over(r.opts.HTTP))
	if err == nil {
		r.watch.emit(TargetUp{r.opts.Target.Name() + " at " + r.client.Host()})
	}
	return err
}

func (r *runner) disconnect() {
	if r.client != nil {
		r.client.Close()
	}
}

// deploy makes the target be what the cell needs. Up has made it what the profile says, and a cell before it may have changed
// that.
func (r *runner) deploy(ctx context.Context, cell *plan.Cell) error {
	if !r.changes(cell) {
		return nil
	}
	d, ok := r.opts.Target.(target.Deployer)
	if !ok {
		return errors.New("the scenario has a deployment, and " + r.opts.Target.Name() + " cannot be deployed")
	}
	access, err := d.Deploy(ctx, *cell.Deployment)
	if err != nil {
		return err
	}
	r.deployed[cell.Deployment.Release] = cell.Deployment
	r.deployedFacts(cell)
	if err := r.connect(access); err != nil {
		return err
	}
	return r.removal(ctx, cell)
}

// changes reports whether the target is another one than the cell needs.
func (r *runner) changes(cell *plan.Cell) bool {
	return cell.Deployment != nil && !reflect.DeepEqual(r.asIs(cell), cell.Deployment)
}

// asIs is how the release that the cell calls was made by now; nil where nobody of us has made it.
func (r *runner) asIs(cell *plan.Cell) *plan.Deployment {
	if d, changed := r.deployed[cell.Deployment.Release]; changed {
		return d
	}
	c := r.plan.Cluster
	if c == nil || c.Kubernetes == nil {
		return nil
	}
	if len(c.Kubernetes.Releases) == 0 {
		return c.Kubernetes.Deployment
	}
	return c.Kubernetes.As(c.Kubernetes.Serving(cell)).Deployment
}

// deployedFacts notes what of the target is otherwise in a cell than it was known before.
func (r *runner) deployedFacts(cell *plan.Cell) {
	for _, f := range r.opts.Target.Facts() {
		if !slices.Contains(r.result.Facts, result.Fact{Name: f.Name, Value: f.Value}) {
			r.fact(f.Name+", cell "+cell.ID, f.Value)
		}
	}
}

// window opens the target's window on the roles of the cell, where it has one. Up has opened it on all of them.
func (r *runner) window(ctx context.Context, cell *plan.Cell) error {
	w, ok := r.opts.Target.(target.Window)
	if !ok {
		return nil
	}
	var roles []string
	for _, a := range cell.Actions {
		if a.Role != "" && !slices.Contains(roles, a.Role) {
			roles = append(roles, a.Role)
		}
	}
	slices.Sort(roles)
	if slices.Equal(roles, r.opened) {
		return nil
	}
	access, err := w.Place(ctx, roles)
	if err != nil {
		return fmt.Errorf("place the actions of cell %s: %w", cell.ID, err)
	}
	r.opened = roles
	return r.connect(access)
}
