package file

import (
	"encoding/json"
	"fmt"
	"io"

	"wsk-scenario/engine/report/chart"
	"wsk-scenario/engine/report/content"
)

// vegaSchema is the version of Vega-Lite that the specs are written in.
const vegaSchema = "https://vega.github.io/schema/vega-lite/v6.json"

// spec is a piece of a Vega-Lite specification. Its keys are Vega-Lite's own, and encoding/json sorts them.
type spec map[string]any

// VegaLite writes the charts as one Vega-Lite specification with their data in it: distribution, stages, load and all calls
// over time, one below the other, each only where there is something to draw. Its data sets have names, so that the charts
// can be taken out one by one.
func VegaLite(w io.Writer, r *content.Report, c *chart.Charts) error {
	sets, charts := spec{}, []spec{}
	add := func(name string, rows []spec, made spec) {
		if len(rows) > 0 {
			sets[name] = rows
			made["data"] = spec{"name": name}
			charts = append(charts, made)
		}
	}
	add("distribution", distributionRows(r, c), spec{
		"title": "How long responses take", "width": 480, "height": 220, "mark": spec{"type": "line", "interpolate": "step-after"},
		"encoding": spec{"x": seconds10("response", "response time (s)"), "y": number("share", "share of calls"),
			"color": nominal("cell"), "strokeDash": nominal("start"), "detail": nominal("phase"), "order": number("share", "")},
	})
	add("stages", stageRows(r, c), spec{
		"title": "Where the time goes", "width": 480, "mark": "bar",
		"encoding": spec{"y": nominal("of"), "x": spec{"field": "seconds", "type": "quantitative", "title": "mean (s)", "stack": "zero"},
			"color": nominal("stage"), "order": number("order", ""), "tooltip": []spec{nominal("stage"), number("seconds", "s"), number("n", "n")}},
	})
	add("load", loadRows(r), spec{
		"title": "Under more load", "width": 480, "height": 220, "mark": spec{"type": "line", "point": true},
		"encoding": spec{"x": number("size", "size of the load"), "y": number("value", "calls a second"), "color": nominal("of"), "strokeDash": nominal("what")},
	})
	add("calls", callRows(r, c), spec{
		"title": "Every call over time", "width": 720, "height": 320, "mark": spec{"type": "point", "filled": true},
		"encoding": spec{"x": number("due", "due, since the run began (s)"), "y": seconds10("response", "response time (s)"), "color": nominal("kind"), "shape": nominal("kind"),
			"tooltip": []spec{nominal("activation"), nominal("of"), number("response", "response"), nominal("kind")}},
	})
	whole := spec{"$schema": vegaSchema, "title": spec{"text": r.Scenario, "subtitle": string(r.Verdict.Word) + " " + r.Verdict.Text},
		"description": r.About, "datasets": sets, "vconcat": charts}
	if len(charts) == 0 {
		whole["vconcat"] = []spec{{"data": spec{"values": []spec{{"text": "nothing was measured"}}}, "mark": "text", "encoding": spec{"text": spec{"field": "text"}}}}
	}
	out := json.NewEncoder(w)
	out.SetIndent("", " ")
	if err := out.Encode(whole); err != nil {
		return fmt.Errorf("write Vega-Lite: %w", err)
	}
	return nil
}

func nominal(field string) spec { return spec{"field": field, "type": "nominal"} }

func number(field, title string) spec {
	return spec{"field": field, "type": "quantitative", "title": title}
}

// seconds10 is a time on a logarithmic scale.
func seconds10(field, title string) spec {
	return spec{"field": field, "type": "quantitative", "title": title, "scale": spec{"type": "log"}}
}

// phaseOf finds a phase of the report; nil for one that is not in its tables.
func phaseOf(r *content.Report, cell, phase int) *content.Phase {
	for i := range r.Phases {
		if p := &r.Phases[i]; p.Cell == cell && p.Phase == phase && !p.Unmeasured {
			return p
		}
	}
	return nil
}

func distributionRows(r *content.Report, c *chart.Charts) (rows []spec) {
	for _, p := range c.Phases {
		of := phaseOf(r, p.Cell, p.Phase)
		if of == nil {
			continue
		}
		for _, curve := range p.Curves {
			for i := range curve.X {
				if curve.X[i] > 0 {
					rows = append(rows, spec{"cell": r.Cells[p.Cell].ID, "phase": of.Name, "start": string(curve.Kind), "response": curve.X[i], "share": curve.Y[i]})
				}
			}
		}
	}
	return rows
}

func stageRows(r *content.Report, c *chart.Charts) (rows []spec) {
	for _, p := range c.Phases {
		of := phaseOf(r, p.Cell, p.Phase)
		if of == nil {
			continue
		}
		for _, s := range p.Stages {
			for i, stage := range []struct {
				name string
				long float64
			}{{"late", s.Lag}, {"wait", s.Wait}, {"init", s.Init}, {"run", s.Run}, {"return", s.Rest}} {
				rows = append(rows, spec{"of": r.Place(of) + " (" + string(s.Kind) + ")", "stage": stage.name, "order": i, "seconds": stage.long, "n": s.N})
			}
		}
	}
	return rows
}

// loadRows are offered and achieved rates of loads in steps.
func loadRows(r *content.Report) (rows []spec) {
	for i := range r.Phases {
		p := &r.Phases[i]
		if len(p.Steps) < 2 {
			continue
		}
		for _, s := range p.Steps {
			if v, known := s.Counters["throughput"]; known {
				rows = append(rows, spec{"of": r.Place(p), "what": "achieved", "size": s.Size, "value": v})
			}
			if p.Open {
				rows = append(rows, spec{"of": r.Place(p), "what": "offered", "size": s.Size, "value": s.Size})
			}
		}
	}
	return rows
}

func callRows(r *content.Report, c *chart.Charts) (rows []spec) {
	for i := range c.Points.Cell {
		of := phaseOf(r, c.Points.Cell[i], c.Points.Phase[i])
		if of == nil || c.Points.Warmup[i] || c.Points.Response[i] <= 0 {
			continue
		}
		rows = append(rows, spec{"of": r.Place(of), "due": c.Points.Due[i], "response": c.Points.Response[i],
			"kind": string(chart.Kinds[c.Points.Kind[i]]), "activation": c.Points.Activation[i]})
	}
	return rows
}
