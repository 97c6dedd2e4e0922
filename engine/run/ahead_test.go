package run

import (
	"context"
	"slices"
	"testing"
	"time"

	"wsk-scenario/engine/load"
	"wsk-scenario/engine/whisk"
)

// sent keeps the bodies that it is given.
type sent struct{ bodies *[][]byte }

func (s sent) send(_ context.Context, body []byte, _ string) whisk.Answer {
	*s.bodies = append(*s.bodies, body)
	return whisk.Answer{Class: whisk.OK}
}

func TestTheBodyOfAnOpenLoadsCallIsMadeAheadOfItsMoment(t *testing.T) {
	made, want := parts(t, transfer), bodies(t, transfer, 7, 1, 8)
	var bodies [][]byte
	s := &shooter{open: true, apart: 1, anchor: time.Now(), users: make([]*user, 2), dropped: []int{0}}
	s.caller = func(context.Context, int) (*user, error) {
		return &user{calls: [][]sender{{sent{&bodies}}}, maker: newMaker(made, 7, 0, 0, 1)}, nil
	}
	// Both users are ready at first, the second goes first; then the first one has the body of another call.
	order := []struct {
		user  int
		ahead bool
	}{{1, true}, {1, true}, {0, false}, {0, true}, {1, false}}
	for _, user := range []int{0, 1} {
		if err := s.Prepare(t.Context(), user); err != nil {
			t.Fatal(err)
		}
	}
	for seq, call := range order {
		before := s.users[call.user].body
		s.Shoot(t.Context(), load.Call{User: call.user, Seq: seq})
		if got := &before[0] == &bodies[seq][0]; got != call.ahead {
			t.Errorf("call %d of user %d: made ahead %t, want %t", seq, call.user, got, call.ahead)
		}
		if err := s.Prepare(t.Context(), call.user); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for _, b := range bodies {
		got = append(got, string(b))
	}
	if !slices.Equal(got, want[:len(got)]) {
		t.Errorf("sent %q, want %q", got, want[:len(got)])
	}
}
