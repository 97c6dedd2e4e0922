package api_test

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"wsk-scenario/engine/standalone/pool"
)

// clock is a clock that stands still until it is told to go on.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time { return c.advance(0) }

func (c *clock) advance(d time.Duration) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
	return c.t
}

// invoker plays actions in this process. The code of an action is the name of what it does. Init takes 20 ms and run
// 5 ms of the clock.
type invoker struct {
	clock    *clock
	gate     chan struct{} // what actions with the code "gate" wait for
	mu       sync.Mutex
	warm     map[string]bool // by key
	seen     []pool.Request
	early    bool     // answer before the log is read, which waits for the gate
	forget   bool     // keep nothing of what was seen
	prepared []string // kinds
}

func (i *invoker) Invoke(ctx context.Context, r pool.Request) pool.Outcome {
	i.mu.Lock()
	o := pool.Outcome{Container: "container-1", Start: pool.Warm}
	if !i.warm[r.Action.Key] {
		o.Start = pool.Cold
	}
	i.warm[r.Action.Key] = true
	if !i.forget {
		i.seen = append(i.seen, r)
	}
	i.mu.Unlock()
	if o.Start == pool.Cold {
		o.InitStart = i.clock.now()
		o.InitEnd = i.clock.advance(20 * time.Millisecond)
	}
	o.RunStart = i.clock.now()
	i.play(ctx, r, &o)
	o.RunEnd = i.clock.advance(5 * time.Millisecond)
	if i.early {
		r.Answered(o)
		<-i.gate
	}
	if string(r.Action.Code) == "logs" {
		o.Logs = []string{"2026-01-01T00:00:00.000000000Z  stdout: hi"}
	}
	return o
}

func (i *invoker) play(ctx context.Context, r pool.Request, o *pool.Outcome) {
	o.Result = r.Params
	switch string(r.Action.Code) {
	case "fail":
		o.Status, o.Result = pool.ApplicationError, json.RawMessage(`{"error":"no"}`)
	case "complain":
		o.Status = pool.ApplicationError
	case "crash":
		o.Status, o.Result = pool.DeveloperError, json.RawMessage(`{"error":"crashed"}`)
	case "late":
		o.Status, o.TimedOut, o.Result = pool.DeveloperError, true, json.RawMessage(`{"error":"late"}`)
	case "whisk":
		o.Status, o.Result = pool.WhiskError, json.RawMessage(`{"error":"lost"}`)
	case "array":
		o.Result = json.RawMessage(`[1,2]`)
	case "angles":
		o.Result = json.RawMessage(`{"html":"<b>&</b>"}`)
	case "conduct":
		o.Status, o.Result = conduct(r.Params)
	case "request":
		o.Result, _ = json.Marshal(map[string]any{
			"key": r.APIKey, "env": r.Action.Env, "transaction": r.Transaction, "params": r.Params,
			"path": r.Action.Path, "namespace": r.Action.Namespace, "warm": r.Action.Key, "memory": r.Action.Memory, "timeout": r.Action.Timeout.String(), "logs": r.Action.LogSize, "image": r.Action.Image,
		})
	case "gate":
		select {
		case <-i.gate:
		case <-ctx.Done():
			o.Status, o.Result = pool.WhiskError, json.RawMessage(`{"error":"stopped"}`)
		}
	}
}

// conduct plays a conductor: what it does is the first of its argument "plan", with the rest of it as the state. Without a
// plan it ends with the arguments that it has.
func conduct(params json.RawMessage) (pool.Status, json.RawMessage) {
	var args map[string]json.RawMessage
	var plan []map[string]json.RawMessage
	_ = json.Unmarshal(params, &args)
	_ = json.Unmarshal(args["plan"], &plan)
	delete(args, "plan")
	if len(plan) == 0 {
		raw, _ := json.Marshal(map[string]any{"params": args})
		return pool.Success, raw
	}
	step := plan[0]
	if _, ok := step["state"]; !ok {
		rest, _ := json.Marshal(map[string]any{"plan": plan[1:]})
		step["state"] = rest
	}
	raw, _ := json.Marshal(step)
	if _, failed := step["error"]; failed {
		return pool.ApplicationError, raw
	}
	return pool.Success, raw
}

func (i *invoker) prepare(_ context.Context, kind string) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.prepared = append(i.prepared, kind)
	return nil
}
