package standalone

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"time"

	"wsk-scenario/engine/standalone/api"
	"wsk-scenario/engine/standalone/entity"
	"wsk-scenario/engine/standalone/invoke"
	"wsk-scenario/engine/standalone/system"
)

// UsualMemory is what an invoker gives out when nothing is said, in MB.
const UsualMemory = 2048

// OpenWhisk's own defaults.
const (
	defaultListen      = "127.0.0.1:0"
	defaultIdleTimeout = 10 * time.Minute
	defaultPerMinute   = 60
	defaultConcurrent  = 30
	defaultSequence    = 50
)

// withDefaults fills in what is not set and refuses what cannot work.
func (c Config) withDefaults() (Config, error) {
	c.Listen = cmp.Or(c.Listen, defaultListen)
	c.Auth = cmp.Or(c.Auth, GuestAuth)
	c.UserMemory = cmp.Or(c.UserMemory, UsualMemory)
	c.IdleTimeout = cmp.Or(c.IdleTimeout, defaultIdleTimeout)
	c.PerMinute = cmp.Or(c.PerMinute, defaultPerMinute)
	c.FiresPerMinute = cmp.Or(c.FiresPerMinute, defaultPerMinute)
	c.Concurrent = cmp.Or(c.Concurrent, defaultConcurrent)
	c.SequenceLength = cmp.Or(c.SequenceLength, defaultSequence)
	if c.Bounds == nil {
		bounds := DefaultBounds()
		c.Bounds = &bounds
	}
	c.Log = cmp.Or(c.Log, slog.New(slog.DiscardHandler))
	c.Records = c.Records.WithDefaults()
	return c, c.check()
}

func (c Config) check() error {
	host, _, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return fmt.Errorf("listen address %q: %w", c.Listen, err)
	}
	if c.Auth == GuestAuth && !api.Loopback(host) {
		return fmt.Errorf("listen on %s: the built-in guest credential is public and only for this machine; "+
			"give guest another one with --auth FILE, or listen on 127.0.0.1", c.Listen)
	}
	if c.Docker != nil && c.Like != "" {
		return errors.New("kinds are named like those of a release where they are what this machine has; a Docker Engine runs OpenWhisk's own")
	}
	if err := errors.Join(c.CheckNamespaces(), c.checkNodes(), c.Bounds.Check(), c.Like.Check()); err != nil {
		return err
	}
	for _, f := range []struct {
		name  string
		value int64
	}{
		{"user memory", c.UserMemory}, {"invocations per minute", int64(c.PerMinute)},
		{"trigger fires per minute", int64(c.FiresPerMinute)},
		{"concurrent invocations", int64(c.Concurrent)}, {"idle timeout", int64(c.IdleTimeout)},
		{"record delay", int64(c.RecordDelay)}, {"activation records kept", int64(c.Records.Count)},
		{"age of activation records", int64(c.Records.Age)},
	} {
		if f.value < 0 {
			return fmt.Errorf("%s must not be negative", f.name)
		}
	}
	return nil
}

// CheckNamespaces says what is wrong with a name or a credential of who may come in: they must differ, or somebody could not come in.
func (c Config) CheckNamespaces() error {
	names, auths := map[string]bool{system.Namespace: true}, map[string]bool{}
	for _, n := range c.namespaces() {
		if err := entity.CheckName(n.Name); err != nil {
			return fmt.Errorf("namespace %q: %w", n.Name, err)
		}
		if user, key, ok := strings.Cut(n.Auth, ":"); !ok || user == "" || key == "" {
			return fmt.Errorf("namespace %s: the credential must have the form uuid:key", n.Name)
		}
		if names[n.Name] || auths[n.Auth] {
			return fmt.Errorf("namespace %s: another one has this name or this credential", n.Name)
		}
		names[n.Name], auths[n.Auth] = true, true
	}
	return nil
}

// namespaces are all that may use the server, guest first; the limits hold for each.
func (c Config) namespaces() []invoke.Namespace {
	all := []invoke.Namespace{}
	for _, n := range append([]Namespace{{Guest, c.Auth}}, c.Others...) {
		all = append(all, invoke.Namespace{
			Name: n.Name, Auth: n.Auth,
			PerMinute: c.PerMinute, FiresPerMinute: c.FiresPerMinute, Concurrent: c.Concurrent,
		})
	}
	return all
}
