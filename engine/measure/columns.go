package measure

import (
	"iter"
	"slices"
	"time"
)

// room is how many numbers lie in memory at a time, unless one of each sample is more: 64 MB.
const room = 8 << 20

// columns takes numbers out of samples that do not fit into memory: as many metrics at a time as there is room for, and
// the samples are gone through anew for the next.
type columns struct {
	tally   tally
	samples iter.Seq[*Sample]
	scratch []float64 // a number of each sample at least
	list    []Metric
}

func newColumns(t tally, samples iter.Seq[*Sample], more []Metric) *columns {
	ok := 0
	for _, n := range t.room {
		ok += n
	}
	list := slices.Concat(callMetrics, more)
	if t.staged { // else millions of samples would be gone through once more for nothing
		list = slices.Concat(Metrics, more)
	}
	return &columns{t, samples, make([]float64, max(t.issued, ok, min(room, max(2*t.issued, len(list)*ok)))), list}
}

// metrics hands over the values of each metric of the samples that ended ok: those of each of the temperatures, and all
// of them one behind the other in that order. They may be sorted, and are not there any more after that.
func (c *columns) metrics(parts []Temperature, each func(metric string, values [][]float64, whole []float64)) {
	n := 0
	for _, p := range parts {
		n += c.tally.room[p]
	}
	if n == 0 {
		return
	}
	for at := 0; at < len(c.list); {
		columns, group := c.open(c.list[at:], parts)
		at += len(group)
		for s := range c.samples {
			if s.Warmup || s.Outcome != OK {
				continue
			}
			p := slices.Index(parts, s.class())
			if p < 0 {
				continue
			}
			for i := range group {
				columns[i].take(p, &group[i], s)
			}
		}
		for i := range group {
			values, whole := columns[i].close()
			each(group[i].Name, values, whole)
		}
	}
}

// open makes columns for as many of the metrics as there is room for, and for one at least.
func (c *columns) open(metrics []Metric, parts []Temperature) (list []column, group []Metric) {
	free := c.scratch
	for i := range metrics {
		sizes := c.tally.room
		if metrics[i].Each != nil {
			sizes = c.tally.several
		}
		n := 0
		for _, p := range parts {
			n += sizes[p]
		}
		if n > len(free) {
			if i > 0 {
				return list, metrics[:i]
			}
			free = make([]float64, n)
		}
		list = append(list, newColumn(free[:n:n], parts, sizes))
		free = free[n:]
	}
	return list, metrics
}

// extracted hands over the values of each metric out of the results, by temperature. There are as many as the results hold.
func (c *columns) extracted(parts []Temperature, each func(metric string, values [][]float64)) {
	if !c.tally.extracted {
		return
	}
	var names []string
	values := map[string][][]float64{}
	for s := range c.samples {
		if s.Warmup || s.Outcome != OK || len(s.Extracted) == 0 {
			continue
		}
		p := slices.Index(parts, s.class())
		for _, e := range s.Extracted {
			if values[e.Name] == nil {
				names, values[e.Name] = append(names, e.Name), make([][]float64, len(parts))
			}
			if p >= 0 {
				values[e.Name][p] = append(values[e.Name][p], e.Values...)
			}
		}
	}
	for _, name := range names {
		each(name, values[name])
	}
}

// column is the values of one metric, with a stretch for each part.
type column struct {
	values []float64
	begin  []int // of each part
	filled []int
}

func newColumn(values []float64, parts []Temperature, sizes map[Temperature]int) column {
	c := column{values: values, begin: make([]int, len(parts)), filled: make([]int, len(parts))}
	at := 0
	for i, p := range parts {
		c.begin[i] = at
		at += sizes[p]
	}
	return c
}

// take adds what a sample has of a metric.
func (c *column) take(part int, m *Metric, s *Sample) {
	if m.Each != nil {
		for _, ms := range m.Each(s) {
			c.add(part, float64(ms)*float64(time.Millisecond))
		}
		return
	}
	if v, ok := m.Of(s); ok {
		c.add(part, v)
	}
}

func (c *column) add(part int, v float64) {
	c.values[c.begin[part]+c.filled[part]] = v
	c.filled[part]++
}

// close moves the parts together: not every sample has every metric.
func (c *column) close() (parts [][]float64, whole []float64) {
	at := 0
	for i, n := range c.filled {
		copy(c.values[at:], c.values[c.begin[i]:c.begin[i]+n])
		parts = append(parts, c.values[at:at+n])
		at += n
	}
	return parts, c.values[:at]
}
