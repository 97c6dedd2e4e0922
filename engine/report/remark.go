package report

import (
	"fmt"
	"slices"
	"strings"

	"wsk-scenario/engine/measure"
)

// mark stands behind a quantile of too few samples; the footnote says what that means.
const mark = "*"

// quantile formats a quantile and marks it when it comes from too few samples.
func (d *document) quantile(stats measure.Stats, name string, value float64) string {
	return Duration(value) + d.markFor(stats, name)
}

func (d *document) markFor(stats measure.Stats, name string) string {
	needed, known := measure.Needed[name]
	if !known || stats.Count >= needed {
		return ""
	}
	if !slices.Contains(d.thin, name) {
		d.thin = append(d.thin, name)
	}
	return mark
}

// footnote explains the marks of the tables above it.
func (d *document) footnote() string {
	if len(d.thin) == 0 {
		return ""
	}
	slices.Sort(d.thin)
	needs := make([]string, len(d.thin))
	for i, name := range d.thin {
		needs[i] = fmt.Sprintf("%s needs %d", name, measure.Needed[name])
	}
	return mark + " too few samples for a finite 95 % interval: " + strings.Join(needs, ", ")
}
