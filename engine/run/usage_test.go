package run

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/standalone"
	"wsk-scenario/engine/target"
	"wsk-scenario/engine/whisk"
)

// metered is a target whose nodes tell what they use, or fail to.
type metered struct {
	target.Target
	tell func() ([]target.Usage, error)
}

func (m metered) UsageEvery() time.Duration { return time.Millisecond }

func (m metered) Usage(context.Context) ([]target.Usage, error) { return m.tell() }

func TestWhatNodesUseIsKeptAndWhatTheyDoNotTellIsSaid(t *testing.T) {
	access := serve(t, standalone.Config{})
	at := time.Now()
	pi := target.Usage{Node: "pi", Source: "its kubelet", CPU: .25, Memory: 64 << 20, CPUs: 4}
	for _, row := range []struct {
		name string
		on   target.Target
		node string // that is in the result
		fact string
		note string
	}{
		{"every reading is kept", metered{target.Attach(access), func() ([]target.Usage, error) {
			at = at.Add(time.Second)
			pi.At = at
			return []target.Usage{pi}, nil
		}}, "pi", "0.25 of 4 processors on average, at most 0.25; at most 64 MiB of memory", ""},
		{"one that was there already is not taken twice", metered{target.Attach(access), func() ([]target.Usage, error) {
			return []target.Usage{{Node: "pi", At: time.Unix(1, 0), Source: "its kubelet"}}, nil
		}}, "pi", "1 readings by its kubelet", ""},
		{"a node that cannot be read", metered{target.Attach(access), func() ([]target.Usage, error) {
			return nil, errors.New("what node pi uses: forbidden")
		}}, "", "", "not measured, or not all of the time: what node pi uses: forbidden"},
		{"a target that does not tell", target.Attach(access), "", "not measured: an OpenWhisk that was there does not tell", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			r, _ := runs(t, t.Context(), onePlan([]plan.Action{native("hello")}, phase("p", "hello", plan.AnyStart, plan.Load{Users: 1, PerUser: 20})),
				whisk.Access{}, func(o *Options) { o.Target = row.on })
			complete(t, r)
			if (len(r.Usage) == 1) != (row.node != "") || row.node != "" && r.Usage[0].Node != row.node {
				t.Errorf("the result holds %+v", r.Usage)
			}
			fact := ""
			for _, f := range r.Facts {
				if strings.HasPrefix(f.Name, "used by ") {
					fact = f.Value
				}
			}
			if !strings.Contains(fact, row.fact) || (fact == "") != (row.fact == "") {
				t.Errorf("the fact is %q", fact)
			}
			if notes := strings.Join(r.Notes, "\n"); strings.Count(notes, "not measured") != min(len(row.note), 1) || !strings.Contains(notes, row.note) {
				t.Errorf("the notes are\n%s", notes)
			}
		})
	}
}
