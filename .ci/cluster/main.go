// Command cluster starts a real Kubernetes on this machine, for tests and for people: a control plane, two nodes with real
// kubelets and containers, and kwok for nodes that only pretend. All of it lives in namespaces of its own (processes, mounts,
// network) below one process, so that the end of that process is the end of the cluster; what the kernel keeps beyond that,
// cgroups and files, is removed then, or by the next start when there was no "then".
//
//	go run ./.ci/cluster permitted   says why this machine does not permit a cluster, and fails; or says nothing
//	go run ./.ci/cluster build       builds the binary of the components, or finds it in the cache, and prints where it is
//	go run ./.ci/cluster up          starts a cluster that stays, and prints how to use it
//	go run ./.ci/cluster down        stops what up started
//	go run ./.ci/cluster run         keeps a cluster until interrupted, or until its input ends (see Session in session.go)
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	commands := map[string]func(context.Context, []string) error{
		"permitted": func(context.Context, []string) error { return permitted() },
		"build":     func(ctx context.Context, _ []string) error { return printBinary(ctx) },
		"up":        func(ctx context.Context, _ []string) error { return up(ctx) },
		"down":      func(ctx context.Context, _ []string) error { return down(ctx) },
		"run":       func(ctx context.Context, _ []string) error { return run(ctx, os.Stdin, os.Stdout) },
		"stay":      func(ctx context.Context, _ []string) error { return stay(ctx, os.Stdout) },
		// What follows is started by the above only, in namespaces that must exist already.
		"reap":   func(_ context.Context, args []string) error { return reap(args) },
		"inside": func(ctx context.Context, _ []string) error { return inside(ctx, os.Stdin, os.Stdout) },
		"node":   func(ctx context.Context, _ []string) error { return node(ctx, os.Stdin, os.Stdout) },
	}
	if len(os.Args) < 2 || commands[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: cluster permitted|build|up|down|run")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	err := commands[os.Args[1]](ctx, os.Args[2:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "cluster:", err)
		os.Exit(1)
	}
}
