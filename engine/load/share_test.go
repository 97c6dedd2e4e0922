package load

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// shares runs a load as several processes would, and returns the calls of all, by their ordinals.
func shares(t *testing.T, of int, run func(ctx context.Context, anchor time.Time, share Share, s *shots)) []Call {
	t.Helper()
	anchor := time.Now()
	meeting := newMeeting(of)
	var all sync.WaitGroup
	members := make([]*shots, of)
	for i := range of {
		members[i] = new(shots)
		share := Share{Index: i, Of: of, Barrier: meeting.wait}
		all.Go(func() { run(t.Context(), anchor, share, members[i]) })
	}
	all.Wait()
	var calls []Call
	for i, m := range members {
		for _, c := range m.calls {
			if c.User%of != i && !c.Warmup {
				t.Errorf("user %d called for share %d of %d", c.User, i, of)
			}
			c.User = 0 // in an open load, who calls is chance
			calls = append(calls, c)
		}
	}
	slices.SortFunc(calls, func(a, b Call) int { return a.Seq - b.Seq })
	return calls
}

// shots keeps calls, each of which takes a while.
type shots struct {
	mu    sync.Mutex
	calls []Call
}

func (s *shots) Prepare(context.Context, int) error { return nil }
func (s *shots) Drop(Call)                          {}
func (s *shots) Shoot(_ context.Context, c Call) {
	time.Sleep(30 * time.Millisecond)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, c)
}

// meeting is a barrier between shares.
type meeting struct {
	mu      sync.Mutex
	missing int
	before  int
	start   time.Time
	open    chan struct{}
}

func newMeeting(of int) *meeting { return &meeting{missing: of, open: make(chan struct{})} }

func (m *meeting) wait(_ context.Context, before int) (time.Time, int, bool) {
	m.mu.Lock()
	m.before = max(m.before, before)
	if m.missing--; m.missing == 0 {
		m.start = time.Now()
		close(m.open)
	}
	m.mu.Unlock()
	<-m.open
	return m.start, m.before, true
}

func TestSharesTogetherSendWhatOneSends(t *testing.T) {
	for _, row := range []struct {
		name string
		open Open
	}{
		{"at even distances", Open{MaxInFlight: 100}},
		{"after calls ahead of the load", Open{MaxInFlight: 100, WarmupIterations: 3}},
		{"with users that are there before", Open{MaxInFlight: 100, Spare: 10}},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				sent := func(of int) []Call {
					return shares(t, of, func(ctx context.Context, anchor time.Time, share Share, s *shots) {
						o := row.open
						o.Schedule, o.Share, o.Timing = NewArrivals(Steady(100, time.Second), Poisson, 7), share, Sleep
						if _, err := o.Run(ctx, anchor, time.Second, new(Lag), s); err != nil {
							t.Error(err)
						}
					})
				}
				alone := sent(1)
				for _, of := range []int{2, 3} {
					if got := sent(of); !slices.Equal(got, alone) {
						t.Errorf("%d shares sent\n%v\none sends\n%v", of, got, alone)
					}
				}
			})
		})
	}
}

func TestSharesOfAClosedLoadHaveItsUsersAndItsCalls(t *testing.T) {
	for _, row := range []struct {
		name string
		load Closed
		want int
	}{
		{"calls of each user", Closed{Users: 5, PerUser: 4, WarmupIterations: 1}, 25},
		{"calls that all share", Closed{Users: 5, Iterations: 11}, 11},
		{"fewer calls than shares", Closed{Users: 5, Iterations: 2}, 2},
		{"users that come one by one", Closed{Levels: StepUsers([]int{1, 5}, 300*time.Millisecond)}, 10 + 50},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				for _, of := range []int{1, 2, 3} {
					calls := shares(t, of, func(ctx context.Context, anchor time.Time, share Share, s *shots) {
						c := row.load
						c.Share = share
						if _, err := c.Run(ctx, anchor, time.Second, s); err != nil {
							t.Error(err)
						}
					})
					if len(calls) != row.want {
						t.Errorf("%d shares made %d calls, want %d", of, len(calls), row.want)
					}
				}
			})
		})
	}
}
