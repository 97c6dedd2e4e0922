package page

import (
	"slices"
	"strings"

	"wsk-scenario/engine/report/content"
)

// loadSeries is how a phase behaved at each size of its load: users, or calls a second.
type loadSeries struct {
	Name  string      `json:"name"`
	Phase string      `json:"phase"`
	Cells []int       `json:"cells"`
	Unit  string      `json:"unit"` // users or calls/s
	Knee  *float64    `json:"knee"`
	Sizes []loadPoint `json:"sizes"` // the smallest first
}

// loadPoint is one size. What is not known is null.
type loadPoint struct {
	Size     float64  `json:"size"`
	N        int      `json:"n"`
	Offered  *float64 `json:"offered"`  // calls a second that were due; users decide by themselves
	Achieved *float64 `json:"achieved"` // calls a second that ended ok
	P50      *float64 `json:"p50"`
	P95      *float64 `json:"p95"`
	P99      *float64 `json:"p99"`
	Errors   int      `json:"errors"`
}

// loadsOf finds loads of several sizes: steps and searches, each a series of its own, and phases whose size differs from
// cell to cell.
func loadsOf(r *content.Report) []loadSeries {
	list := []loadSeries{}
	across := map[string]*loadSeries{}
	var order []string
	for i := range r.Phases {
		p := &r.Phases[i]
		if len(p.Steps) > 1 {
			s := loadSeries{Name: r.Place(p), Phase: p.Name, Cells: []int{p.Cell}, Unit: unitOf(p), Knee: p.Knee}
			for k := range p.Steps {
				s.Sizes = append(s.Sizes, pointOf(p.Steps[k].Size, p.Open, &p.Steps[k].Figures))
			}
			list = append(list, s.sorted())
			continue
		}
		if p.Size == 0 || p.State == content.NotReached {
			continue
		}
		key := p.Name + "\x00" + unitOf(p) + "\x00" + others(r, p)
		s := across[key]
		if s == nil {
			s = &loadSeries{Name: strings.TrimSpace(p.Name + " " + others(r, p)), Phase: p.Name, Unit: unitOf(p)}
			across[key], order = s, append(order, key)
		}
		s.Cells = append(s.Cells, p.Cell)
		s.Sizes = append(s.Sizes, pointOf(p.Size, p.Open, &p.Figures))
	}
	for _, key := range order {
		if s := across[key].sorted(); len(s.Sizes) > 1 && s.Sizes[0].Size != s.Sizes[len(s.Sizes)-1].Size {
			list = append(list, s)
		}
	}
	return list
}

func unitOf(p *content.Phase) string {
	if p.Open {
		return "calls/s"
	}
	return "users"
}

// others are the values of a phase's cell on the axes that do not set the size of its load: those on which cells of one
// size differ.
func others(r *content.Report, p *content.Phase) string {
	var parts []string
	for a, axis := range r.Plan.Axes {
		sets := false
		for i := range r.Phases {
			q := &r.Phases[i]
			sets = sets || q.Name == p.Name && q.Size != p.Size && differOnlyOn(r, p.Cell, q.Cell, a)
		}
		if !sets {
			parts = append(parts, axis.Name+"="+r.Cells[p.Cell].Values[a])
		}
	}
	return strings.Join(parts, ",")
}

func differOnlyOn(r *content.Report, x, y, axis int) bool {
	for a := range r.Plan.Axes {
		if (r.Cells[x].Values[a] != r.Cells[y].Values[a]) != (a == axis) {
			return false
		}
	}
	return true
}

func (s loadSeries) sorted() loadSeries {
	slices.SortStableFunc(s.Sizes, func(a, b loadPoint) int {
		switch {
		case a.Size < b.Size:
			return -1
		case a.Size > b.Size:
			return 1
		}
		return 0
	})
	return s
}

func pointOf(size float64, open bool, f *content.Figures) loadPoint {
	p := loadPoint{Size: size, N: f.All().Samples, Errors: f.Errors()}
	if v, known := f.Counters["throughput"]; known {
		p.Achieved = &v
	}
	if open {
		p.Offered = &size
	}
	if m := f.All().Metric("response"); m != nil {
		p.P50, p.P95, p.P99 = &m.P50, &m.P95, &m.P99
	}
	return p
}
