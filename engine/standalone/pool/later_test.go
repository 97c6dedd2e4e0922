package pool

import (
	"slices"
	"testing"
)

// later is the driver of processes, but with logs that take their time.
type later struct{ *processes }

func (later) LogsLater() {}

func TestAnswersGoOutBeforeLogsThatTakeTime(t *testing.T) {
	for _, c := range []struct {
		name   string
		driver func(*processes) Driver
		want   []string
	}{
		{"logs at hand", func(d *processes) Driver { return d }, []string{"over with 1 line"}},
		{"logs elsewhere", func(d *processes) Driver { return later{d} },
			[]string{"answered with 0 lines", "over with 1 line"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPool(t, Config{})
			p.driver = c.driver(p.driver.(*processes))
			_, p.logsLater = p.driver.(LogsLater)
			var got []string
			r := Request{ActivationID: newID(), Params: []byte("{}")}
			r.Action = action("nodejs", `function main() { console.log("x"); return {} }`)
			r.Answered = func(o Outcome) {
				if o.Status == Success && len(o.Logs) == 0 {
					got = append(got, "answered with 0 lines")
				}
			}
			if o := p.Invoke(t.Context(), r); o.Status == Success && len(o.Logs) == 1 {
				got = append(got, "over with 1 line")
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
