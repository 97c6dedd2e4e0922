package docker

import (
	"context"
	"errors"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/client"

	"wsk-scenario/engine/standalone/pool"
)

// The labels of everything that a Driver makes: which Driver, of which process. They are how it is found when the process
// was killed.
const (
	serverLabel = "wsk-scenario.server"
	ownerLabel  = "wsk-scenario.owner"
	kindLabel   = "wsk-scenario.kind"
)

// prefix begins the names of containers and networks.
const prefix = "wsk-"

func (d *Driver) labels() map[string]string {
	return map[string]string{serverLabel: d.server, ownerLabel: d.mark}
}

// makeNetwork makes the network of the containers.
func (d *Driver) makeNetwork(ctx context.Context) error {
	d.network = prefix + d.server
	_, err := d.engine.NetworkCreate(ctx, d.network, client.NetworkCreateOptions{Driver: "bridge", Labels: d.labels()})
	if err != nil {
		return fault("make a network for the containers", err)
	}
	return nil
}

// sweep removes what servers that were killed have left.
func (d *Driver) sweep(ctx context.Context) error {
	n, err := d.remove(ctx, func(labels map[string]string) bool { return pool.OwnerGone(labels[ownerLabel]) })
	if n > 0 {
		d.cfg.Log.Info("cleaned up after a server that was killed", "containers and networks", n)
	}
	return err
}

// remove removes the containers and networks of servers whose labels are chosen, and returns how many.
func (d *Driver) remove(ctx context.Context, chosen func(labels map[string]string) bool) (n int, err error) {
	ours := make(client.Filters).Add("label", serverLabel)
	containers, err := d.engine.ContainerList(ctx, client.ContainerListOptions{All: true, Filters: ours})
	if err != nil {
		return 0, fault("list containers", err)
	}
	for _, c := range containers.Items {
		if chosen(c.Labels) {
			err = errors.Join(err, d.removeContainer(ctx, c.ID))
			n++
		}
	}
	networks, listed := d.engine.NetworkList(ctx, client.NetworkListOptions{Filters: ours})
	if listed != nil {
		return n, errors.Join(err, fault("list networks", listed))
	}
	for _, each := range networks.Items {
		if !chosen(each.Labels) {
			continue
		}
		if _, fail := d.engine.NetworkRemove(ctx, each.ID, client.NetworkRemoveOptions{}); fail != nil && !errdefs.IsNotFound(fail) {
			err = errors.Join(err, fault("remove network "+each.Name, fail))
		}
		n++
	}
	return n, err
}

// removeContainer kills and removes a container; it returns when it is gone, also when another one removes it.
func (d *Driver) removeContainer(ctx context.Context, id string) error {
	_, err := d.engine.ContainerRemove(ctx, id, client.ContainerRemoveOptions{Force: true, RemoveVolumes: true})
	if err == nil || errdefs.IsNotFound(err) {
		return nil
	}
	if errdefs.IsConflict(err) { // its removal is under way
		gone := d.engine.ContainerWait(ctx, id, client.ContainerWaitOptions{Condition: "removed"})
		select {
		case <-gone.Result:
			return nil
		case err = <-gone.Error:
			if errdefs.IsNotFound(err) {
				return nil
			}
		case <-ctx.Done():
			err = ctx.Err()
		}
	}
	return fault("remove container "+id, err)
}
