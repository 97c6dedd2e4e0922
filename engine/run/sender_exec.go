package run

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"wsk-scenario/engine/command"
	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/whisk"
)

// program runs a command of this machine as a call: its exit code is the status, what it writes the result.
type program struct {
	command command.Command
	within  time.Duration
}

// programOf is the command of a phase. It finds OpenWhisk where an action would.
func (r *runner) programOf(ph *plan.Phase) sender {
	values := r.values
	return program{within: ph.Timeout, command: command.Command{
		Args: values.Texts(ph.Exec.Command), Dir: ph.Exec.Dir,
		Env: append([]string{"__OW_API_HOST=" + r.access.Host, "__OW_API_KEY=" + r.access.Auth, "__OW_NAMESPACE=_"}, values.Texts(ph.Exec.Env)...),
	}}
}

// maxResult is how much of what a program writes is kept as its result.
const maxResult = 1 << 20

func (p program) send(ctx context.Context, _ []byte, _ string) whisk.Answer {
	limited, cancel := context.WithTimeout(ctx, p.within)
	defer cancel()
	out, faults := command.Output{Most: maxResult}, command.Output{}
	a := whisk.Answer{Class: whisk.OK, Sent: time.Now()}
	code, err := p.command.Run(limited, &out, &faults)
	a.Done = time.Now()
	a.Status, a.Bytes = code, len(out.Bytes())
	switch {
	case errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil:
		a.Class, a.Error = whisk.Timeout, "the command was not over within "+p.within.String()
		return a
	case ctx.Err() != nil:
		a.Class, a.Error = whisk.Timeout, "given up when the run was interrupted"
		return a
	case err != nil:
		a.Class, a.Error = whisk.PlatformError, err.Error()
		return a
	}
	a.FirstByte, a.Result = a.Done, resultOf(out.Bytes())
	if code != 0 {
		a.Class, a.Error = whisk.ApplicationError, faults.String()
	}
	return a
}

// resultOf is what a program wrote: JSON, or its text.
func resultOf(out []byte) json.RawMessage {
	if json.Valid(out) {
		return out
	}
	raw, err := json.Marshal(strings.TrimRight(strings.ToValidUTF8(string(out), "\ufffd"), "\n"))
	if err != nil {
		return json.RawMessage("null")
	}
	return raw
}
