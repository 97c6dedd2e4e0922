package cluster

import (
	"context"
	"fmt"
	"slices"
	"strings"

	kerrors "k8s.io/apimachinery/pkg/api/errors"

	"wsk-scenario/engine/whisk"
)

// Own writes down how the names begin of what a run is about to create on OpenWhisk, so that it is removed also when the run
// is killed. Who may not write that down is told so.
func (c *Cluster) Own(ctx context.Context, prefix string) error {
	err := c.hold(ctx)
	if err == nil {
		err = c.leftBehind(ctx)
	}
	if err == nil {
		err = c.note(ctx, prefix)
	}
	if kerrors.IsForbidden(err) {
		if c.record != nil {
			c.record.Entities = nil
		}
		c.opts.Say("what the run creates on OpenWhisk cannot be written down, and stays there if it is killed: " + err.Error())
		return nil
	}
	return err
}

// note adds a beginning of names to the record.
func (c *Cluster) note(ctx context.Context, prefix string) error {
	if slices.Contains(c.record.Entities, prefix) {
		return nil
	}
	c.record.Entities = append(c.record.Entities, prefix)
	return c.record.write(ctx)
}

// leftBehind removes, once, what a killed run has left on OpenWhisk.
func (c *Cluster) leftBehind(ctx context.Context) error {
	if c.swept {
		return nil
	}
	c.swept = true
	return c.removeEntities(ctx, false)
}

// removeEntities removes what runs have left on OpenWhisk, where it stays: those of a release that is about to be removed go
// with it.
func (c *Cluster) removeEntities(ctx context.Context, all bool) error {
	if len(c.record.Entities) == 0 {
		return nil
	}
	if !(c.record.Installed && (all || !c.record.Kept)) {
		if err := c.sweep(ctx); err != nil {
			return fmt.Errorf("remove what a run created on OpenWhisk: %w", err)
		}
	}
	c.record.Entities = nil
	return c.record.write(ctx)
}

// sweep removes the recorded entities from OpenWhisk.
func (c *Cluster) sweep(ctx context.Context) error {
	if c.access.Host == "" {
		if err := c.address(ctx); err != nil {
			return err
		}
	}
	client, err := whisk.New(c.access, 1)
	if err != nil {
		return err
	}
	defer client.Close()
	for _, prefix := range c.record.Entities {
		removed, err := client.RemoveAll(ctx, prefix)
		if len(removed) > 0 {
			c.opts.Say("removed from OpenWhisk what a run has left: " + strings.Join(removed, ", "))
		}
		if err != nil {
			return err
		}
	}
	return nil
}
