package balancer

import "testing"

// Four activations of an action that may share a container take its memory once, the fifth takes it again; and it is free
// again when as many have ended as fit into a container, whichever those were.
func TestActivationsThatShareAContainerTakeItsMemoryOnce(t *testing.T) {
	b := New(Offer{Node: "a", Memory: 512}, Offer{Node: "b", Memory: 512})
	shared := Demand{Namespace: "guest", Action: "guest/shared", Memory: 256, Concurrency: 4}
	var seats []*Seat
	for range 16 { // the home takes 2 containers with 4 each, and so does the other
		seat, err := b.Assign(shared)
		if err != nil {
			t.Fatal(err)
		}
		seats = append(seats, seat)
	}
	count := map[string]int{}
	for i, seat := range seats {
		count[seat.Node()]++
		if home := seats[0].Node(); (seat.Node() == home) != (i < 8) {
			t.Errorf("activation %d is on %s, and the first on %s", i, seat.Node(), home)
		}
	}
	for _, m := range b.members {
		if count[m.Node] != 8 || m.free != 0 || len(m.rooms) != 0 {
			t.Errorf("%s has %d activations, %d MB free and rooms %v; want 8, none, none", m.Node, count[m.Node], m.free, m.rooms)
		}
	}
	for _, seat := range seats[:3] {
		seat.Free()
	}
	if m := seats[0].member; m.free != 0 {
		t.Errorf("%d MB are free while each container may have activations", m.free)
	}
	seats[3].Free()
	if m := seats[0].member; m.free != 256 {
		t.Errorf("%d MB are free when a container has none, want 256", m.free)
	}
	for _, seat := range seats[4:] {
		seat.Free()
	}
	for _, m := range b.members {
		if m.free != 512 || len(m.rooms) != 0 {
			t.Errorf("%s has %d MB free and rooms %v at the end", m.Node, m.free, m.rooms)
		}
	}
}

func TestOverloadedInvokerCountsDown(t *testing.T) {
	b := New(Offer{Node: "a", Memory: 256})
	other, err := b.Assign(Demand{Action: "guest/other", Memory: 256})
	if err != nil {
		t.Fatal(err)
	}
	seat, err := b.Assign(Demand{Action: "guest/shared", Memory: 256, Concurrency: 2})
	if err != nil {
		t.Fatal(err)
	}
	if free := b.members[0].free; free != -256 {
		t.Errorf("%d MB are free, want 256 too few", free)
	}
	seat.Free()
	other.Free()
	if free := b.members[0].free; free != 256 {
		t.Errorf("%d MB are free at the end, want 256", free)
	}
}
