package content

import (
	"wsk-scenario/engine/measure"
)

// startStages are the stages of a container's creation on Kubernetes, in their order; the last is all of them together.
var startStages = []string{"requested", "scheduled", "pulled", "pull", "created", "started", "ready", "creation"}

// startLegend says what they are.
const startLegend = "requested: from the sending of the call until its pod was there; then, each from the stage before it, until the pod had a " +
	"node (scheduled), the node had the image (pulled), the container was created and started, and the pod was ready. pull: the part of pulled " +
	"in which the image came. creation: from the pod's being there until it was ready. of 1: seen of so many of the n calls."

// starts is the table of how the pods of cold starts came to be, where a watch has told of any. What it did not tell of is absent.
func (s Source) starts() []Table {
	made := Table{Title: "How the pods of cold starts came to be, medians", Legend: startLegend, Rows: []string{}, Columns: []string{"n"}, Cells: []TableRow{}}
	for _, a := range s.Result.Plan.Axes {
		made.Rows = append(made.Rows, a.Name)
	}
	made.Rows = append(made.Rows, "phase")
	made.Columns = append(append(made.Columns, startStages...), "creation max")
	for i := range s.Result.Summaries {
		sum := &s.Result.Summaries[i]
		all, _ := sum.Class("all")
		if seen := all.Metrics["requested"]; seen.Count > 0 && !s.Result.Plan.Cells[sum.Cell].Phases[sum.Phase].Unmeasured {
			axes := append(AxisValues(s.Result.Plan.Axes, s.Result.Plan.Cells[sum.Cell]), sum.Name)
			made.Cells = append(made.Cells, TableRow{Axes: axes, Values: startValues(all, seen.Count), Thin: []int{}})
		}
	}
	if len(made.Cells) == 0 {
		return nil
	}
	return []Table{made}
}

func startValues(all measure.Class, n int) []*string {
	count := number(n)
	values := []*string{&count}
	add := func(stats measure.Stats, value float64) {
		if stats.Count == 0 {
			values = append(values, nil)
			return
		}
		text := Duration(value * 1e-9)
		if stats.Count != n {
			text += " of " + number(stats.Count)
		}
		values = append(values, &text)
	}
	for _, name := range startStages {
		add(all.Metrics[name], all.Metrics[name].P50)
	}
	whole := all.Metrics[startStages[len(startStages)-1]]
	add(whole, whole.Max)
	return values
}
