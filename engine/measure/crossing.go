package measure

import "time"

// CrossingMetrics are those of a run whose client times count from anchor that compare moments of the client with moments of
// the platform, by owperf's names: BI and AI are the client's, before the call and after the answer; AS and AE are start and
// end in the record of the action; D is the metric d that a phase extracts, the net time of the action by its own clock.
//
//	BI ──oea── AS ────────── AE ──ora── AI
//	   └────────── oer + D ──┘
//
// They are as good as the clocks agree; the run says how far it knows that they do.
func CrossingMetrics(anchor time.Time) []Metric {
	zero := anchor.UnixNano()
	began := func(s *Sample) float64 { return float64(s.Record.Start*int64(time.Millisecond) - zero) }
	ended := func(s *Sample) float64 { return float64(s.Record.End*int64(time.Millisecond) - zero) }
	return []Metric{
		{Name: "oea", Of: func(s *Sample) (float64, bool) {
			if s.Record == nil {
				return 0, false
			}
			return began(s) - float64(s.Sent), true
		}},
		{Name: "oer", Of: func(s *Sample) (float64, bool) {
			d, known := s.Net()
			if s.Record == nil || !known {
				return 0, false
			}
			return ended(s) - float64(s.Sent) - d, true
		}},
		{Name: "ora", Of: func(s *Sample) (float64, bool) {
			if s.Record == nil || !s.answered() || s.Completed > 0 {
				return 0, false
			}
			return float64(s.Done) - ended(s), true
		}},
		{Name: "ortt", Of: func(s *Sample) (float64, bool) {
			d, known := s.Net()
			if !known || !s.answered() {
				return 0, false
			}
			return float64(s.end()-s.Sent) - d, true
		}},
	}
}

// Net is the time of the action by its own clock in nanoseconds, where the phase extracts it: owperf's D.
func (s *Sample) Net() (float64, bool) {
	for _, e := range s.Extracted {
		if e.Name == "d" && len(e.Values) == 1 {
			return e.Values[0], true
		}
	}
	return 0, false
}
