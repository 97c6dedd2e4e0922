package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"time"

	"github.com/spf13/cobra"

	"wsk-scenario/engine/standalone"
)

// stopDeadline is how long the embedded OpenWhisk may take to finish what is under way when it is stopped.
const stopDeadline = 30 * time.Second

func newStandalone(m Machine) *cobra.Command {
	var cfg standalone.Config
	cmd := &cobra.Command{
		Use:   "standalone",
		Short: "Serve the embedded OpenWhisk",
		Long: `Serves the embedded OpenWhisk until it is interrupted, for wsk and for any
other client. Actions are processes of this machine, without a sandbox: run
only what you trust.`,
		Example: `  wsk-scenario standalone
  wsk-scenario standalone --listen 127.0.0.1:0 --memory 4096 --per-minute 6000 --concurrent 200`,
		Args: none,
		RunE: func(cmd *cobra.Command, _ []string) error { return serve(cmd.Context(), m, cfg) },
	}
	f := cmd.Flags()
	f.StringVar(&cfg.Listen, "listen", "127.0.0.1:3233", "`address` to listen on; port 0 takes a free one")
	f.Int64Var(&cfg.UserMemory, "memory", 2048, "memory of all containers together, in `MB`")
	f.IntVar(&cfg.PerMinute, "per-minute", 60, "`invocations` that a namespace may make in a minute")
	f.IntVar(&cfg.Concurrent, "concurrent", 30, "`invocations` of a namespace at a time")
	f.DurationVar(&cfg.IdleTimeout, "idle-timeout", 10*time.Minute, "how long an unused container is kept")
	return cmd
}

// serve runs the server until ctx ends, then lets it finish. An interrupt is how it is meant to end: exit code 0.
func serve(ctx context.Context, m Machine, cfg standalone.Config) error {
	if cfg.UserMemory < 1 || cfg.PerMinute < 1 || cfg.Concurrent < 1 || cfg.IdleTimeout <= 0 {
		return wrong(errors.New("--memory, --per-minute, --concurrent and --idle-timeout must be more than 0"))
	}
	if _, _, err := net.SplitHostPort(cfg.Listen); err != nil {
		return wrong(fmt.Errorf("--listen needs an address such as 127.0.0.1:3233, not %q", cfg.Listen))
	}
	cache, err := m.cacheDir()
	if err != nil {
		return err
	}
	cfg.Auth, cfg.CacheDir = standalone.GuestAuth, cache
	cfg.Log = slog.New(slog.NewTextHandler(m.Err, &slog.HandlerOptions{Level: slog.LevelWarn}))
	server, err := standalone.Start(ctx, cfg)
	if err != nil {
		return fmt.Errorf("start the embedded OpenWhisk: %w", err)
	}
	fmt.Fprintf(m.Out, "OpenWhisk answers at %s\n"+
		"It has %d MB for containers and takes %d invocations per minute, %d at a time. Ctrl-C stops it.\n\n"+
		"  wsk property set --apihost %[1]s --auth %[5]s\n"+
		"  curl -u %[5]s %[1]s/api/v1/namespaces/_/actions\n\n",
		server.URL(), cfg.UserMemory, cfg.PerMinute, cfg.Concurrent, cfg.Auth)
	<-ctx.Done()
	fmt.Fprintln(m.Err, "stopping: finishing what is under way, press Ctrl-C again to stop at once")
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopDeadline)
	defer cancel()
	if err := server.Close(last); err != nil {
		return fmt.Errorf("stop the embedded OpenWhisk: %w", err)
	}
	return nil
}
