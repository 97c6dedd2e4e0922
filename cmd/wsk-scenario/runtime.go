package main

import (
	"fmt"
	"net"

	"github.com/spf13/cobra"

	"wsk-scenario/engine/standalone/proxy"
)

// newRuntime is what a pod of an action runs where its image is this program's. It is of little use to people, and not shown.
func newRuntime(m Machine) *cobra.Command {
	cfg := proxy.Config{Out: m.Out, Err: m.Err}
	var listen string
	cmd := &cobra.Command{
		Use: "runtime", Hidden: true,
		Short: "Be the container of an action",
		Long: `Is the container of one action: answers POST /init and POST /run as OpenWhisk's
images do, and runs the action as a process. --driver kubernetes starts it.`,
		Example: `  wsk-scenario runtime --family python --listen 127.0.0.1:8080`,
		Args:    none,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var err error
			if cfg.CacheDir, err = m.cacheDir(); err != nil {
				return err
			}
			cfg.SearchPath = m.Env("PATH")
			listener, err := new(net.ListenConfig).Listen(cmd.Context(), "tcp", listen)
			if err != nil {
				return fmt.Errorf("listen on %s: %w", listen, err)
			}
			return proxy.Serve(cmd.Context(), listener, cfg)
		},
	}
	cmd.Flags().StringVar(&listen, "listen", "0.0.0.0:8080", "`address` to listen on")
	cmd.Flags().StringVar(&cfg.Family, "family", "native", "`family` of the kind, such as nodejs or python")
	cmd.Flags().IntVar(&cfg.Result, "result", 1<<20, "`bytes` of the longest result")
	return cmd
}
