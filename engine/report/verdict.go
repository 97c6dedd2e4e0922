package report

import (
	"fmt"
	"strings"

	"wsk-scenario/engine/result"
	"wsk-scenario/engine/slo"
)

// verdict is the last line: one word, why, how many calls, and where the result is kept.
func (d *document) verdict() string {
	r := d.result
	t := tallyOf(r.Verdicts)
	word, style := "PASS", green
	switch {
	case r.Status == result.Broken:
		word, style = "BROKEN", red
	case r.Status == result.Interrupted:
		word, style = "INTERRUPTED", yellow
	case r.Failed():
		word, style = "FAIL", red
	case len(r.Verdicts) == 0:
		word, style = "DONE", bold
	}
	parts := []string{d.paint.as(style, word) + " " + t.String()}
	if r.Status == result.Broken && len(r.Problems) > 0 {
		first, _, _ := strings.Cut(r.Problems[0], "\n")
		parts = []string{d.paint.as(style, word) + " " + first}
	}
	issued, _, errors := calls(r)
	parts = append(parts, count(issued, "call")+", "+count(errors, "error"))
	if d.Folder != "" {
		parts = append(parts, d.Folder)
	}
	return d.wrap(parts)
}

// tally counts verdicts by what they mean for the run.
type tally struct {
	all, held, failed, noData, notJudged, warned, allowed int
}

func tallyOf(verdicts []slo.Verdict) (t tally) {
	for _, v := range verdicts {
		t.all++
		switch {
		case v.Status == slo.Pass:
			t.held++
		case v.Allowed:
			t.allowed++
		case v.Status == slo.Fail && v.Warn:
			t.warned++
		case v.Status == slo.Fail:
			t.failed++
		case v.Status == slo.NoData:
			t.noData++
		default:
			t.notJudged++
		}
	}
	return t
}

func (t tally) String() string {
	if t.all == 0 {
		return "no assertions"
	}
	var parts []string
	if t.failed > 0 {
		parts = append(parts, fmt.Sprintf("%d of %s failed", t.failed, count(t.all, "assertion")))
	} else if t.held > 0 {
		parts = append(parts, count(t.held, "assertion")+" held")
	}
	for _, rest := range []struct {
		n    int
		what string
	}{{t.noData, "without data"}, {t.notJudged, "not judged"}, {t.allowed, "without data (allowed)"}} {
		if rest.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", rest.n, rest.what))
		}
	}
	if t.warned > 0 {
		parts = append(parts, count(t.warned, "warning"))
	}
	return strings.Join(parts, ", ")
}
