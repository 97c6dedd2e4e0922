package load

import "testing"

func TestASearchClosesInOnTheKnee(t *testing.T) {
	for _, row := range []struct {
		name           string
		from, to, knee Rate
		found          bool
	}{
		{"in the middle", 10, 2000, 333, true},
		{"right above the first rate", 10, 2000, 10.5, true},
		{"above the highest", 10, 100, 1e6, true},
		{"below the lowest", 10, 100, 5, false},
		{"one rate alone", 10, 10, 20, true},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := Search{From: row.from, To: row.to}
			var best Rate
			trials := 0
			for rate, more := s.Next(); more; rate, more = s.Next() {
				if trials++; trials > s.Trials() || rate < row.from || rate > row.to {
					t.Fatalf("trial %d of at most %d at %v", trials, s.Trials(), rate)
				}
				held := rate <= row.knee
				if held {
					best = max(best, rate)
				}
				s.Tell(rate, held)
			}
			if (best > 0) != row.found {
				t.Fatalf("found %v", best)
			}
			if reach := min(row.knee, row.to); row.found && (best > reach || best < reach/1.1) {
				t.Errorf("found %v, the knee is %v", best, reach)
			}
		})
	}
}
