package chart

import (
	"slices"

	"wsk-scenario/engine/measure"
)

// mostPoints is how many calls the scatter has at most.
const mostPoints = 12000

// Points are calls with all that is known of each, column by column: what a reader sees who opens a point. Texts are numbers
// of the list Texts; a number that is not known is null.
type Points struct {
	Texts       []string  `json:"texts"`
	Cell        []int     `json:"cell"`
	Phase       []int     `json:"phase"`
	Kind        []int     `json:"kind"` // index into Kinds
	Due         []float64 `json:"due"`
	Response    []float64 `json:"response"`
	Lag         []float64 `json:"lag"`
	Wait        []*int64  `json:"wait"` // ms, as the record has it
	Init        []*int64  `json:"init"`
	Run         []*int64  `json:"run"`
	Status      []int     `json:"status"`
	Outcome     []int     `json:"outcome"`
	Activation  []string  `json:"activation"`
	Transaction []string  `json:"transaction"`
	Node        []int     `json:"node"`
	Container   []int     `json:"container"`
	Proof       []int     `json:"proof"`
	Error       []int     `json:"error"`
	User        []int     `json:"user"`
	Seq         []int     `json:"seq"`
	Step        []int     `json:"step"`
	Bytes       [][2]int  `json:"bytes"` // of request and response
	// Warmup says which calls only the lives of containers show.
	Warmup []bool `json:"warmup"`
	// Field is the field of the phase's heat map that the call is counted in, row by row; -1 for none.
	Field   []int `json:"field"`
	numbers map[string]int
}

// choose picks the calls that are drawn, in their order: all where they are few, else by M4. Groups that have few calls
// leave their share to the others.
func (m *maker) choose() []int32 {
	type group struct {
		place int32
		kind  uint8
		role  role
	}
	groups := map[group][]int32{}
	var keys []group
	for i := range m.calls {
		c := &m.calls[i]
		if c.role == started || c.role == warmup && c.box < 0 {
			continue
		}
		key := group{c.place, c.kind, c.role}
		if groups[key] == nil {
			keys = append(keys, key)
		}
		groups[key] = append(groups[key], int32(i))
	}
	slices.SortStableFunc(keys, func(a, b group) int { return len(groups[a]) - len(groups[b]) })
	var chosen []int32
	for i, key := range keys {
		share := max((mostPoints-len(chosen))/(len(keys)-i), 4)
		chosen = append(chosen, m.thin(groups[key], share)...)
	}
	slices.Sort(chosen)
	return chosen
}

// thin is M4: of each column of time the first, the last, the lowest and the highest call.
func (m *maker) thin(calls []int32, most int) []int32 {
	if len(calls) <= most {
		return calls
	}
	from, to := m.calls[calls[0]].due, m.calls[calls[0]].due
	for _, i := range calls {
		from, to = min(from, m.calls[i].due), max(to, m.calls[i].due)
	}
	columns := max(most/4, 1)
	type extremes struct{ first, last, low, high int32 }
	found := make([]extremes, columns)
	for i := range found {
		found[i] = extremes{-1, -1, -1, -1}
	}
	for _, i := range calls {
		c := &m.calls[i]
		e := &found[min(int(float64(c.due-from)/float64(max(to-from, 1))*float64(columns)), columns-1)]
		if e.first < 0 {
			*e = extremes{i, i, i, i}
			continue
		}
		if c.due < m.calls[e.first].due {
			e.first = i
		}
		if c.due >= m.calls[e.last].due {
			e.last = i
		}
		if c.response < m.calls[e.low].response {
			e.low = i
		}
		if c.response > m.calls[e.high].response {
			e.high = i
		}
	}
	var chosen []int32
	for _, e := range found {
		if e.first >= 0 {
			chosen = append(chosen, e.first, e.last, e.low, e.high)
		}
	}
	slices.Sort(chosen)
	return slices.Compact(chosen)
}

// points goes through the samples anew for all of those that were chosen.
func (m *maker) points(chosen []int32, samples Samples) (Points, error) {
	p := Points{numbers: map[string]int{}, Texts: []string{}}
	at, next := int32(0), 0
	if len(chosen) == 0 {
		return p, nil
	}
	err := samples(true, func(s *measure.Sample) error {
		if next < len(chosen) && chosen[next] == at {
			p.add(s, m.field(&m.calls[at]))
			next++
		}
		at++
		return nil
	})
	return p, err
}

func (p *Points) add(s *measure.Sample, field int) {
	end := s.Done
	if s.Completed > 0 {
		end = s.Completed
	}
	var wait, init, run *int64
	if r := s.Record; r != nil {
		wait, init = clone(r.Wait), clone(r.Init)
		ran := r.Duration
		if init != nil {
			ran -= *init
		}
		run = &ran
	}
	p.Cell, p.Phase, p.Kind = append(p.Cell, s.Cell), append(p.Phase, s.Phase), append(p.Kind, kindOf(s))
	p.Due, p.Response = append(p.Due, micro(s.Due.Seconds())), append(p.Response, micro(max(end-s.Due, 0).Seconds()))
	p.Lag = append(p.Lag, micro((s.Sent - s.Due).Seconds()))
	p.Wait, p.Init, p.Run = append(p.Wait, wait), append(p.Init, init), append(p.Run, run)
	p.Status, p.Outcome = append(p.Status, s.Status), append(p.Outcome, p.text(string(s.Outcome)))
	p.Activation, p.Transaction = append(p.Activation, s.Activation), append(p.Transaction, s.Transaction)
	p.Node, p.Container = append(p.Node, p.text(s.Node)), append(p.Container, p.text(s.Container))
	p.Proof, p.Error = append(p.Proof, p.text(s.Proof)), append(p.Error, p.text(s.Error))
	p.User, p.Seq, p.Step = append(p.User, s.User), append(p.Seq, s.Seq), append(p.Step, s.Step)
	p.Bytes = append(p.Bytes, [2]int{s.RequestBytes, s.ResponseBytes})
	p.Warmup, p.Field = append(p.Warmup, s.Warmup), append(p.Field, field)
}

func clone(v *int64) *int64 {
	if v == nil {
		return nil
	}
	copied := *v
	return &copied
}

// text is the number of a text in the list.
func (p *Points) text(of string) int {
	i, known := p.numbers[of]
	if !known {
		i = len(p.Texts)
		p.numbers[of] = i
		p.Texts = append(p.Texts, of)
	}
	return i
}
