package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"wsk-scenario/engine/command"
	"wsk-scenario/engine/run"
)

// workerToken has what a worker shows its coordinator. A command line could be read by all users of the machine.
const workerToken = "WSK_SCENARIO_WORKER_TOKEN"

// newWorker is what a run starts for a load that several processes send. It is of no use to people, and not shown.
func newWorker(m Machine) *cobra.Command {
	var coordinator string
	var index int
	cmd := &cobra.Command{
		Use: "worker", Hidden: true,
		Short: "Send a part of the load of a run",
		Long:  "Sends a part of the load of a run, which starts it and tells it what to do.",
		Args:  none,
		RunE: func(cmd *cobra.Command, _ []string) error {
			token := m.Env(workerToken)
			if coordinator == "" || token == "" {
				return wrong(errors.New("a worker is started by wsk-scenario run, where a load has workers"))
			}
			m.secrets.Add(token)
			return run.Work(cmd.Context(), coordinator, token, index)
		},
	}
	cmd.Flags().StringVar(&coordinator, "coordinator", "", "`URL` of the run")
	cmd.Flags().IntVar(&index, "index", 0, "`number` of the worker, from 0")
	return cmd
}

// startWorker starts this program once more.
func startWorker(ctx context.Context, url, token string, index int) (run.Worker, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program: %w", err)
	}
	w := worker{said: new(command.Output)}
	w.Running, err = command.Command{
		Args: []string{self, "worker", "--coordinator", url, "--index", strconv.Itoa(index)}, Env: []string{workerToken + "=" + token},
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
