package serverlessbench

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strconv"

	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/result"
)

// shares are the percentiles that the scripts print, by floor rank.
var shares = []float64{0.50, 0.75, 0.90, 0.95, 0.99}

// Text writes a block for each phase of each cell, as the file eval-result.log has them: one for a single client, or one for
// several. Latencies are in milliseconds, of the calls that ended well and met the start that the phase asks for; others are
// counted in lines of their own, which the scripts do not have.
func Text(w io.Writer, r *result.Result, samples Samples) error {
	list, err := tests(r, samples)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(w)
	for _, t := range list {
		fmt.Fprintf(out, "\n\n%s (%s)\n", t.phase.Name, t.cell)
		if t.phase.Load.Users > 1 {
			t.concurrent(out)
		} else {
			t.single(out)
		}
		if t.errors > 0 {
			fmt.Fprintf(out, "left out, errors: %d\n", t.errors)
		}
		if t.strays > 0 {
			fmt.Fprintf(out, "left out, not %s or elsewhere than asked for: %d\n", t.phase.Start, t.strays)
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write ServerlessBench's text: %w", err)
	}
	return nil
}

// single is the block of one client; its average has no decimals.
func (t *test) single(w io.Writer) {
	warmups := strconv.Itoa(t.phase.Warmup.Iterations)
	if t.phase.Start == plan.ColdStart {
		warmups = ""
	}
	fmt.Fprintf(w, "------------------ (single)result ---------------------\n\nmode: %s, loop_times: %d, warmup_times: %s\nLatency (ms):\nAvg\t50%%\t75%%\t90%%\t95%%\t99%%\t\n",
		t.phase.Start, t.loops(), warmups)
	sorted, sum := t.latencies()
	if len(sorted) == 0 {
		fmt.Fprintln(w, "no such call ended well")
		return
	}
	fmt.Fprintf(w, "%d", sum/int64(len(sorted)))
	for _, q := range shares {
		fmt.Fprintf(w, "\t%d", int64(measure.FloorRank(sorted, q)))
	}
	fmt.Fprintln(w, "\t")
}

// concurrent is the block of several clients. The third name is spelt as the scripts spell it.
func (t *test) concurrent(w io.Writer) {
	clients := t.phase.Load.Users
	loops := float64(t.loops()) / float64(clients)
	fmt.Fprintf(w, "------------------ (concurrent)result ---------------------\nclient: %d, loop_times: %s, warup_times: %d\n",
		clients, strconv.FormatFloat(loops, 'f', -1, 64), t.phase.Warmup.Iterations)
	sorted, sum := t.latencies()
	if len(sorted) == 0 {
		fmt.Fprintln(w, "no such call ended well")
		return
	}
	n, seconds := float64(len(sorted)), t.seconds()
	fmt.Fprintf(w, "%d requests finished in %.2f seconds\nlatency (ms):\navg\t50%%\t75%%\t90%%\t95%%\t99%%\n%.2f", len(sorted), seconds, float64(sum)/n)
	for _, q := range shares {
		fmt.Fprintf(w, "\t%d", int64(measure.FloorRank(sorted, q)))
	}
	if fmt.Fprintln(w); seconds > 0 { // the clock may have been too coarse
		fmt.Fprintf(w, "throughput (n/s):\n%.2f\n", n/seconds)
	}
}

// latencies are sorted, in milliseconds, with their sum.
func (t *test) latencies() (sorted []float64, sum int64) {
	for _, c := range t.calls {
		sorted = append(sorted, float64(c.ended-c.invoked))
		sum += c.ended - c.invoked
	}
	slices.Sort(sorted)
	return sorted, sum
}

// seconds is from the first call to the last answer.
func (t *test) seconds() float64 {
	last := t.calls[0].ended
	for _, c := range t.calls {
		last = max(last, c.ended)
	}
	return float64(last-t.calls[0].invoked) / 1000
}
