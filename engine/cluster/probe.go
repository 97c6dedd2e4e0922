package cluster

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	ow "github.com/apache/openwhisk-client-go/whisk"

	"wsk-scenario/engine/whisk"
)

// probeFor is how long OpenWhisk may take from its first answer to its first activation: an invoker that has just started
// reports itself within seconds, and pulls an image then.
const probeFor = 3 * time.Minute

// probes are the smallest actions that prove an invoker, by family, in the order in which they are tried.
var probes = []struct{ family, code string }{
	{"nodejs", "function main() { return {up: true} }"},
	{"python", "def main(args):\n    return {'up': True}\n"},
	{"php", "<?php\nfunction main(array $args) : array { return ['up' => true]; }\n"},
	{"ruby", "def main(args)\n  {up: true}\nend\n"},
}

// probe waits until one activation is answered. That, and not a pod that is ready, is what makes an OpenWhisk usable.
func (c *Cluster) probe(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, probeFor)
	defer cancel()
	client, err := whisk.New(c.access, 1)
	if err != nil {
		return err
	}
	defer client.Close()
	action, err := c.probeAction(ctx, client)
	if err != nil || action == nil {
		return err
	}
	if c.record != nil {
		if err := c.note(ctx, action.Name); err != nil {
			return err
		}
	}
	err = c.firstActivation(ctx, client, *action)
	return errors.Join(err, c.removeProbe(context.WithoutCancel(ctx), client, action.Name))
}

// removeProbe removes the action. One that cannot be removed stays in the record.
func (c *Cluster) removeProbe(ctx context.Context, client *whisk.Client, name string) error {
	if err := client.DeleteAction(ctx, name); err != nil || c.record == nil {
		return nil // nothing answers: that is the error of the probe itself
	}
	c.record.Entities = slices.DeleteFunc(c.record.Entities, func(prefix string) bool { return prefix == name })
	return c.record.write(ctx)
}

// firstActivation calls the action until it is answered.
func (c *Cluster) firstActivation(ctx context.Context, client *whisk.Client, action whisk.Action) error {
	told := ""
	err := poll(ctx, "a first activation", func(ctx context.Context) (bool, error) {
		why := c.activate(ctx, client, action)
		if why == nil {
			return true, nil
		}
		if why.Error() != told {
			told = why.Error()
			c.opts.Say("no activation yet: " + told)
		}
		return false, nil
	})
	if err != nil {
		return fmt.Errorf("%w; the last attempt: %s", err, told)
	}
	return nil
}

// probeAction is an action of the first family that the server can run; nil when it has none of them. A server whose kinds
// are those of its invokers has none before the first of them has reported.
func (c *Cluster) probeAction(ctx context.Context, client *whisk.Client) (*whisk.Action, error) {
	var info whisk.Info
	told := ""
	if err := poll(ctx, "the kinds of OpenWhisk's invokers", func(ctx context.Context) (bool, error) {
		var err error
		if info, err = client.Info(ctx); err == nil && len(info.Kinds()) > 0 {
			return true, nil
		}
		why := "OpenWhisk offers no kinds yet: waiting for an invoker"
		if err != nil {
			why = "OpenWhisk does not tell its kinds: " + err.Error()
		}
		if why != told {
			told = why
			c.opts.Say(why)
		}
		return false, nil
	}); err != nil {
		return nil, err
	}
	for _, p := range probes {
		if _, missing := info.Missing[p.family]; missing || !info.Offers(p.family+":default") {
			continue
		}
		code := p.code
		return &whisk.Action{Name: "wsk-scenario-probe-" + c.opts.ID, Exec: &ow.Exec{Kind: p.family + ":default", Code: &code}}, nil
	}
	c.opts.Say("the server runs no language that a probe is written in: that it answers an activation is not proved before the run")
	return nil, nil
}

// activate creates the action and calls it once.
func (c *Cluster) activate(ctx context.Context, client *whisk.Client, action whisk.Action) error {
	if _, err := client.PutAction(ctx, action); err != nil {
		return err
	}
	answer := client.Invoke(ctx, client.Prepare(action.Name, whisk.ForRecord, []byte("{}")), "")
	if answer.Class != whisk.OK {
		return fmt.Errorf("%s: %s", answer.Class, answer.Error)
	}
	return nil
}
