package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"wsk-scenario/dsl"
	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/secret"
	"wsk-scenario/engine/standalone"
)

// service is what the flags of the command standalone say.
type service struct {
	cfg        standalone.Config
	part       part
	flags      *pflag.FlagSet
	profile    string
	namespaces string
	auth       string
	wskprops   string
	driver     string
	images     []string
	cpus       float64
	logFormat  string
	logLevel   string
}

func newStandalone(m Machine) *cobra.Command {
	var s service
	cmd := &cobra.Command{
		Use:   "standalone",
		Short: "Serve the embedded OpenWhisk",
		Long: `Serves the embedded OpenWhisk until it is interrupted, for wsk and for any
other client. Actions are processes of this machine, without a sandbox: run
only what you trust. With --driver docker they are containers of the Docker
Engine that DOCKER_HOST names, or of the one at the usual place: OpenWhisk's
own images and any other that answers /init and /run on port 8080. With
--driver kubernetes an invoker that is a pod starts a pod for each of them.

What it is told is forgotten at its end, unless --data names a folder. There,
a document is written before its answer goes out; activation records follow
within half a second, so a server that is killed may lose the last of them.
Figures for Prometheus are at /metrics.

With --as, controller and invokers are processes of their own, on one machine
or on many: the controller answers clients, an invoker on each node runs the
actions.`,
		Example: `  wsk-scenario standalone
  wsk-scenario standalone --data ~/openwhisk --wskprops ~/.wskprops
  wsk-scenario standalone --listen 127.0.0.1:0 --memory 4096 --per-minute 6000 --concurrent 200
  wsk-scenario standalone --as controller --listen 10.0.0.1:3233 --token token.txt --namespaces keys.txt
  wsk-scenario standalone --as invoker --controller http://10.0.0.1:3233 --listen 10.0.0.7:8085 --token token.txt --role edge
  wsk-scenario standalone --profile scenarios/clusters/standalone.yaml --log-format json --log-level info`,
		Args: none,
		RunE: func(cmd *cobra.Command, _ []string) error { return s.serve(cmd.Context(), m) },
	}
	s.flags = cmd.Flags()
	s.flags.StringVar(&s.cfg.Listen, "listen", "127.0.0.1:3233", "`address` to listen on; port 0 takes a free one")
	s.flags.StringVar(&s.profile, "profile", "", "cluster profile with limits, memory and more; flags win over it (`FILE`)")
	s.flags.StringVar(&s.cfg.DataDir, "data", "", "keep documents and activation records in this folder (`DIR`)")
	s.flags.StringVar(&s.namespaces, "namespaces", "", "`FILE` with a line NAMESPACE UUID:KEY for each; guest is always there")
	s.flags.StringVar(&s.auth, "auth", "", "`FILE` that holds the credentials of guest, UUID:KEY; the public ones of OpenWhisk when not said")
	s.flags.StringVar(&s.wskprops, "wskprops", "", "write the address and the credentials of guest for wsk to this file (`FILE`)")
	s.flags.StringVar(&s.driver, "driver", driverProcess, "what starts containers: `process`, docker for the Docker Engine of this machine, or kubernetes for an invoker that is a pod")
	s.flags.StringArrayVar(&s.images, "image", nil, "image of a kind, such as nodejs:20=example/node:1, for docker and kubernetes (`KIND=IMAGE`)")
	s.flags.Float64Var(&s.cpus, "cpus", 0, "`processors` of all containers together, of which each has a part by its memory, for docker and for an invoker alone; no limit when 0")
	s.flags.Int64Var(&s.cfg.UserMemory, "memory", 2048, "memory of all containers together, in `MB`")
	s.flags.IntVar(&s.cfg.PerMinute, "per-minute", 60, "`invocations` that a namespace may make in a minute")
	s.flags.IntVar(&s.cfg.FiresPerMinute, "fires-per-minute", 60, "fires of `triggers` that a namespace may make in a minute")
	s.flags.IntVar(&s.cfg.Concurrent, "concurrent", 30, "`invocations` of a namespace at a time")
	s.flags.DurationVar(&s.cfg.IdleTimeout, "idle-timeout", 10*time.Minute, "how long an unused container is kept")
	s.flags.IntVar(&s.cfg.Records.Count, "keep", 200_000, "activation `records` that are kept")
	s.flags.DurationVar(&s.cfg.Records.Age, "keep-for", 7*24*time.Hour, "how long an activation record is kept")
	s.part.flags(s.flags)
	s.flags.StringVar(&s.logFormat, "log-format", "text", "form of the log on standard error: `text` or json")
	s.flags.StringVar(&s.logLevel, "log-level", "warn", "what is logged: debug, info, `warn` or error")
	return complete(cmd, map[string]cobra.CompletionFunc{
		"as": words("controller", "invoker"), "driver": words(driverProcess, driverDocker, driverKubernetes),
		"log-format": words("text", "json"), "log-level": words("debug", "info", "warn", "error"),
	})
}

// complete lays the flags over the profile, checks what can be checked before anything starts, and adds what the machine
// gives.
func (s *service) complete(m Machine) error {
	if err := s.part.check(s.flags); err != nil {
		return err
	}
	if err := s.fromProfile(m); err != nil {
		return err
	}
	cfg := &s.cfg
	for _, f := range []struct {
		flag  string
		value int64
	}{
		{"memory", cfg.UserMemory}, {"per-minute", int64(cfg.PerMinute)}, {"fires-per-minute", int64(cfg.FiresPerMinute)},
		{"concurrent", int64(cfg.Concurrent)}, {"idle-timeout", int64(cfg.IdleTimeout)}, {"keep", int64(cfg.Records.Count)},
		{"keep-for", int64(cfg.Records.Age)},
	} {
		if f.value < 1 {
			return wrong(fmt.Errorf("--%s must be more than 0", f.flag))
		}
	}
	if cfg.DataDir == "" && s.flags.Changed("data") { // a variable that is not set must not cost the data
		return wrong(errors.New("--data needs a folder, and got an empty name; leave it out to keep nothing"))
	}
	if _, _, err := net.SplitHostPort(cfg.Listen); err != nil {
		return wrong(fmt.Errorf("--listen needs an address such as 127.0.0.1:3233, not %q", cfg.Listen))
	}
	var err error
	if cfg.Log, err = s.logger(m); err != nil {
		return err
	}
	if err := s.chooseDriver(m); err != nil {
		return err
	}
	if cfg.Auth, err = s.guest(m); err != nil {
		return wrong(err)
	}
	if s.namespaces != "" {
		if err := s.readNamespaces(m); err != nil {
			return wrong(err)
		}
	}
	if s.part.as != "" {
		if cfg.InvokerToken, err = s.part.readToken(m); err != nil {
			return err
		}
	}
	cfg.CacheDir, err = m.cacheDir()
	return err
}

// fromProfile takes from the profile what no flag says.
func (s *service) fromProfile(m Machine) error {
	if s.profile == "" {
		return nil
	}
	source, err := readText(s.profile)
	if err != nil {
		return wrong(fmt.Errorf("read the cluster profile: %w", err))
	}
	if !dsl.IsProfile(source) {
		return wrong(fmt.Errorf("--profile %s: this is no cluster profile, it has no key cluster", s.profile))
	}
	l := profiled(m, s.profile, source)
	faults, sources := faultsOf(m, []loaded{l})
	if err := tell(m.screen(m.Err, false), faults, sources); err != nil {
		return err
	}
	if faults.HasErrors() {
		return &exit{code: exitWrong}
	}
	if host, ok := l.profile.OpenWhisk.APIHost.Literal(); ok {
		return wrong(fmt.Errorf("--profile %s: it names the running OpenWhisk at %s, and there is none to serve", s.profile, host))
	}
	flags := s.cfg
	embed(m, &s.cfg, plan.ClusterOf(l.profile).Embedded)
	s.overlay(flags)
	return nil
}

// overlay puts back what flags said, and the defaults of what neither they nor the profile say.
func (s *service) overlay(flags standalone.Config) {
	said := func(name string, inProfile bool) bool { return s.flags.Changed(name) || !inProfile }
	cfg := &s.cfg
	if said("memory", cfg.UserMemory != 0) {
		cfg.UserMemory = flags.UserMemory
	}
	if said("per-minute", cfg.PerMinute != 0) {
		cfg.PerMinute = flags.PerMinute
	}
	if said("fires-per-minute", cfg.FiresPerMinute != 0) {
		cfg.FiresPerMinute = flags.FiresPerMinute
	}
	if said("concurrent", cfg.Concurrent != 0) {
		cfg.Concurrent = flags.Concurrent
	}
	if said("idle-timeout", cfg.IdleTimeout != 0) {
		cfg.IdleTimeout = flags.IdleTimeout
	}
}

// logger writes to standard error.
func (s *service) logger(m Machine) (*slog.Logger, error) {
	if err := oneOf("--log-level", s.logLevel, "debug", "info", "warn", "error"); err != nil {
		return nil, err
	}
	if err := oneOf("--log-format", s.logFormat, "text", "json"); err != nil {
		return nil, err
	}
	var level slog.Level
	_ = level.UnmarshalText([]byte(s.logLevel)) // one of its four words
	options := &slog.HandlerOptions{Level: level}
	if s.logFormat == "json" {
		return slog.New(slog.NewJSONHandler(m.Err, options)), nil
	}
	return slog.New(slog.NewTextHandler(m.Err, options)), nil
}

// guest is the credentials of the guest namespace.
func (s *service) guest(m Machine) (string, error) {
	if s.auth == "" {
		return standalone.GuestAuth, nil
	}
	text, err := secret.Reference{File: s.auth}.Read(m.Env)
	if err != nil {
		return "", fmt.Errorf("--auth: %w", err)
	}
	m.secrets.Add(text)
	return text, nil
}
