package docker

import (
	"context"
	"fmt"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/client"

	"wsk-scenario/engine/standalone/protocol"
	"wsk-scenario/engine/standalone/runtime"
)

// Prepare makes the image of the kind be there: one that the engine does not have is pulled. That an action's own image
// cannot be had is the action's fault.
func (d *Driver) Prepare(ctx context.Context, kind runtime.Kind) error {
	d.mu.Lock()
	present := d.present[kind.Image]
	d.mu.Unlock()
	if present {
		return nil
	}
	err := d.obtain(ctx, kind.Image)
	switch {
	case err == nil:
		d.mu.Lock()
		d.present[kind.Image] = true
		d.mu.Unlock()
		return nil
	case ctx.Err() == nil && kind.Name == protocol.Blackbox:
		return &runtime.Failure{Text: fmt.Sprintf("Failed to pull container image '%s'. %v", kind.Image, err)}
	}
	return fmt.Errorf("the image %s of %s is not in the engine and cannot be pulled: %w; load it with docker load, "+
		"or name another one for the kind", kind.Image, kind.Name, err)
}

// obtain pulls the image unless it is there.
func (d *Driver) obtain(ctx context.Context, image string) error {
	_, err := d.engine.ImageInspect(ctx, image)
	if !errdefs.IsNotFound(err) {
		return err
	}
	d.cfg.Log.Info("pull an image", "image", image)
	pull, err := d.engine.ImagePull(ctx, image, client.ImagePullOptions{})
	if err != nil {
		return err
	}
	defer pull.Close()
	return pull.Wait(ctx)
}

// forget notes that an image is not there any more, so that it is looked for again.
func (d *Driver) forget(image string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.present, image)
}
