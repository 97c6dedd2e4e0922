// Command wsk-scenario measures Apache OpenWhisk: it runs scenarios and reports what came of them. This package owns the
// flags, the signals, the exit codes and what is seen while a run goes; everything else is done by the packages it calls.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// version is set when the program is built: -ldflags '-X main.version=…'.
var version = "dev"

func main() { os.Exit(fromMachine()) }

// fromMachine runs the program with what the machine gives it. The first interrupt ends it in good order, the second at
// once: where somebody waits for it, such as a server with containers to end, only the third does so without order. The
// goroutine lives as long as the process, for which it listens.
func fromMachine() int {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	again := make(chan struct{})
	go func() {
		<-signals
		cancel()
		<-signals
		select {
		case again <- struct{}{}:
			<-signals
		default:
		}
		os.Stderr.WriteString("\n") // leaves the line of a bar, or of the ^C that the terminal shows
		os.Exit(exitInterrupted)
	}()
	return Main(ctx, os.Args[1:], Machine{
		In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Env: os.Getenv, Cache: os.UserCacheDir, Again: again,
	})
}
