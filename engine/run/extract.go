package run

import (
	"encoding/json"
	"strings"

	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
)

// extraction takes one metric out of results.
type extraction struct {
	name  string
	path  []string // the keys below the result
	scale float64  // to nanoseconds or bytes
}

// scales are the units of metrics out of results, in nanoseconds and bytes.
var scales = map[string]float64{"ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9, "B": 1, "kB": 1000, "KiB": 1024, "none": 1}

func extractions(list []plan.Extraction) (made []extraction) {
	for _, e := range list {
		var path []string
		if _, below, deep := strings.Cut(e.From, "."); deep {
			path = strings.Split(below, ".")
		}
		made = append(made, extraction{e.Name, path, scales[e.Unit]})
	}
	return made
}

// extract takes the metrics of the phase out of a result. What is no number is left out: the metric has one sample less.
func (s *shooter) extract(sample *measure.Sample, result json.RawMessage) {
	if len(s.extracted) == 0 || len(result) == 0 {
		return
	}
	var whole any
	if json.Unmarshal(result, &whole) != nil {
		return
	}
	sample.Extracted = nil
	for _, e := range s.extracted {
		if values := e.values(whole, e.path, nil); len(values) > 0 {
			sample.Extracted = append(sample.Extracted, measure.Extracted{Name: e.name, Values: values})
		}
	}
}

// values are the numbers at a path; where a list stands on the way, those of each of its elements.
func (e extraction) values(at any, path []string, found []float64) []float64 {
	switch v := at.(type) {
	case []any:
		for _, item := range v {
			found = e.values(item, path, found)
		}
	case map[string]any:
		if len(path) > 0 {
			return e.values(v[path[0]], path[1:], found)
		}
	case float64:
		if len(path) == 0 {
			return append(found, v*e.scale)
		}
	}
	return found
}
