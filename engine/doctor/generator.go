package doctor

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"wsk-scenario/engine/load"
	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/whisk"
)

// How the generator is tried: long enough for a share of a hundredth, short enough to wait for.
const (
	trialRate  = 200 // moments a second
	trialLasts = time.Second
	trialUsers = 8
	lateShare  = 0.05 // above it a run marks the phase as limited by the generator
)

// Generator is what this machine gives to a load, measured with nothing else on it but what is there anyhow.
type Generator struct {
	Late     float64       // the share of moments that were met too late
	P99      time.Duration // how late a moment is met, of a hundred all but one
	Timing   string        // how it waits for moments
	PerSec   float64       // calls a second to an echo on the loopback, which uses the same processors
	Failures int           // calls of these that failed
}

// Calibrate measures the generator for about two seconds.
func Calibrate(ctx context.Context) (g Generator, err error) {
	if err = g.moments(ctx); err != nil {
		return g, fmt.Errorf("try the generator's timing: %w", err)
	}
	if err = g.calls(ctx); err != nil {
		return g, fmt.Errorf("try the generator's calls: %w", err)
	}
	return g, ctx.Err()
}

// moments sends nothing on an open load's schedule.
func (g *Generator) moments(ctx context.Context) error {
	lag := new(load.Lag)
	open := load.Open{Schedule: load.NewArrivals(load.Steady(trialRate, trialLasts), load.Constant, 1), MaxInFlight: trialUsers}
	shots := new(nothing)
	issue, err := open.Run(ctx, time.Now(), 0, lag, shots)
	if err != nil {
		return err
	}
	if lag.Count() == 0 {
		return errors.New("no moment was met")
	}
	g.Timing, g.P99 = issue.Timing, lag.Quantile(0.99)
	for share := 0.0; share <= 1; share += 0.01 {
		if lag.Quantile(1-share) <= measure.LateBy {
			g.Late = share
			break
		}
	}
	return nil
}

// nothing is a load that calls nobody.
type nothing struct{}

func (*nothing) Prepare(context.Context, int) error { return nil }
func (*nothing) Shoot(context.Context, load.Call)   {}
func (*nothing) Drop(load.Call)                     {}

// calls sends to an echo as fast as it goes.
func (g *Generator) calls(ctx context.Context) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: http.HandlerFunc(echo), ReadHeaderTimeout: patience}
	var all sync.WaitGroup
	all.Go(func() { _ = server.Serve(listener) })
	defer all.Wait()
	defer server.Close()
	client, err := whisk.New(whisk.Access{Host: "http://" + listener.Addr().String(), Auth: "doctor:doctor"}, trialUsers)
	if err != nil {
		return err
	}
	defer client.Close()
	var made, failed atomic.Int64
	var users sync.WaitGroup
	began := time.Now()
	for range trialUsers {
		users.Go(func() {
			for call := client.Prepare("echo", whisk.ForRecord, []byte("{}")).Within(patience); time.Since(began) < trialLasts && ctx.Err() == nil; {
				if answer := client.Invoke(ctx, call, "doctor"); answer.Class == whisk.OK {
					made.Add(1)
				} else if ctx.Err() == nil {
					failed.Add(1)
				}
			}
		})
	}
	users.Wait()
	g.PerSec, g.Failures = float64(made.Load())/time.Since(began).Seconds(), int(failed.Load())
	if made.Load() == 0 {
		return errors.New("the echo on the loopback answered no call")
	}
	return nil
}

// echo answers every call with one record.
func echo(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, `{"activationId":"00000000000000000000000000000000","name":"echo","start":1,"end":2,"duration":1,`+
		`"response":{"status":"success","success":true,"result":{}},"annotations":[],"logs":[]}`)
}

// Of says how the generator of this machine meets a plan; nil: none. untried is why it could not be tried; nil when it was.
func (g Generator) Of(p *plan.Plan, untried error) []Finding {
	if untried != nil {
		return []Finding{{Check: "generator", Verdict: NotChecked, Reason: untried.Error()}}
	}
	return g.meets(p)
}

func (g Generator) meets(p *plan.Plan) []Finding {
	scenario, peak, search := "", 0.0, 0.0
	if p != nil {
		scenario = p.Scenario
		peak, search = peaks(p)
	}
	timing := Finding{Check: "generator.timing", Scenario: scenario, Verdict: Fine, Found: fmt.Sprintf("99 %% of %d moments were met within %s (%s)",
		int(trialRate*trialLasts.Seconds()), g.P99.Round(10*time.Microsecond), g.Timing)}
	switch open := max(peak, search) > 0; {
	case p != nil && !open:
		timing.Found += "; the plan has no load that counts on it"
	case g.Late > lateShare && open:
		timing.Verdict, timing.Costs = Spoils, "open loads are marked as limited by the generator, and nothing is judged of them"
		timing.Fix = "end what else runs on this machine, or send from another one"
	case g.P99 > measure.LateBy:
		timing.Verdict, timing.Costs = Warning, "calls are sent late, and latencies of open loads hold that, too"
		timing.Fix = "end what else runs on this machine, or send from another one"
	}
	capacity := Finding{Check: "generator.capacity", Scenario: scenario, Verdict: Fine,
		Found: fmt.Sprintf("%.0f calls a second to an echo on the same processors", g.PerSec)}
	if g.Failures > 0 {
		capacity.Found += fmt.Sprintf("; %d more failed", g.Failures)
	}
	if peak > 0 {
		capacity.Found += fmt.Sprintf("; the plan sends %.0f at its peak", peak)
	}
	if search > 0 {
		capacity.Found += fmt.Sprintf("; its search goes up to %.0f", search)
	}
	if peak > g.PerSec {
		capacity.Verdict = Spoils
	} else if max(peak, search) > g.PerSec/2 {
		capacity.Verdict = Warning
	}
	if capacity.Verdict != Fine {
		capacity.Costs = "the generator is measured, not the target"
		capacity.Fix = "a lower rate, a quieter or a larger machine"
	}
	return []Finding{timing, capacity}
}

// peaks are the highest rates of open loads, side by side ones together, and of searches, in calls a second.
func peaks(p *plan.Plan) (peak, search float64) {
	for _, cell := range p.Cells {
		group, together := 0, 0.0
		for _, ph := range cell.Phases {
			if ph.Group == 0 || ph.Group != group {
				together = 0
			}
			group = ph.Group
			if f := ph.Load.Find; f != nil {
				search = max(search, f.To)
				continue
			}
			together += float64(ph.Load.Curve().Peak())
			peak = max(peak, together)
		}
	}
	return peak, search
}
