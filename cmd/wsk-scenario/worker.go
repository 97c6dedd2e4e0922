package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"wsk-scenario/engine/cluster"
	"wsk-scenario/engine/command"
	"wsk-scenario/engine/run"
	"wsk-scenario/engine/target"
	"wsk-scenario/engine/workers"
)

// workerToken has what a worker shows its coordinator. A command line could be read by all users of the machine. A Job of
// engine/cluster sets it, too.
const workerToken = cluster.WorkerToken

// newWorker is what a run starts for a load that several processes send. It is of no use to people, and not shown.
func newWorker(m Machine) *cobra.Command {
	var coordinator, listen string
	var index int
	cmd := &cobra.Command{
		Use: "worker", Hidden: true,
		Short: "Send a part of the load of a run",
		Long:  "Sends a part of the load of a run, which starts it and tells it what to do.",
		Args:  none,
		RunE: func(cmd *cobra.Command, _ []string) error {
			at := workers.Post{URL: coordinator, Token: m.Env(workerToken)}
			if (coordinator == "") == (listen == "") || at.Token == "" {
				return wrong(errors.New("a worker is started by wsk-scenario run, where a load has workers"))
			}
			m.secrets.Add(at.Token)
			if listen != "" {
				called, err := workers.BeCalled(listen)
				if err != nil {
					return err
				}
				defer called.Close()
				at.URL, at.Dial = "http://coordinator", called.Dial
			}
			return run.Work(cmd.Context(), at, index)
		},
	}
	cmd.Flags().StringVar(&coordinator, "coordinator", "", "`URL` of the run")
	cmd.Flags().StringVar(&listen, "listen", "", "`address` on which the run calls, where it cannot be reached")
	cmd.Flags().IntVar(&index, "index", 0, "`number` of the worker, from 0")
	return cmd
}

// startWorker starts this program once more.
func startWorker(ctx context.Context, at workers.Post, index int) (target.Worker, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program: %w", err)
	}
	w := worker{said: new(command.Output)}
	w.Running, err = command.Command{
		Args: []string{self, "worker", "--coordinator", at.URL, "--index", strconv.Itoa(index)}, Env: []string{workerToken + "=" + at.Token},
	}.Start(ctx, w.said)
	return w, err
}

// worker is such a process, with what it wrote.
type worker struct {
	*command.Running
	said *command.Output
}

// Status is how it ended, in its own words where it had any.
func (w worker) Status() error {
	err := w.Running.Status()
	if said := w.said.String(); said != "" {
		return errors.New(strings.TrimPrefix(said, "wsk-scenario: "))
	}
	return err
}
