package pool

import "testing"

const hold = `function main() { return new Promise(done => setTimeout(() => done({pid: process.pid}), 5)) }`

// At most as many containers as the action may have work at a time; who waits for them keeps no other action up.
func TestAnActionHasAsManyContainersAsItMay(t *testing.T) {
	for name, instances := range map[string]int64{"one": 1, "two": 2} {
		t.Run(name, func(t *testing.T) {
			p := newPool(t, Config{UserMemory: 4096})
			a := action("nodejs", hold)
			a.Instances = instances
			containers, cold := map[string]bool{}, 0
			for _, out := range together(t, p, a, 12) {
				containers[out.Container] = true
				if out.Start == Cold {
					cold++
				}
				if out.Status != Success {
					t.Errorf("status %d with %s", out.Status, out.Result)
				}
			}
			if len(containers) < 1 || int64(len(containers)) > instances || cold != len(containers) {
				t.Errorf("%d containers, %d of them started for a call; want at most %d", len(containers), cold, instances)
			}
			checkBook(t, p)
		})
	}
}

func TestWhoWaitsForAnInstanceKeepsNobodyUp(t *testing.T) {
	var b book
	b.capacity = 1024
	capped, other := &Action{Key: "capped", Kind: "nodejs:20", Memory: 128, Instances: 1}, &Action{Key: "other", Kind: "nodejs:20", Memory: 128}
	first, w := b.request(capped)
	if w != nil || first.start != Cold {
		t.Fatalf("the first call of the action got %+v", first)
	}
	_, second := b.request(capped)
	if second == nil {
		t.Fatal("a second container was given to an action that may have one")
	}
	if g, w := b.request(other); w != nil || g.start != Cold {
		t.Error("another action waits behind it")
	}
	b.drop(first.container)
	select {
	case g := <-second.got:
		if g.start != Cold || b.queued() != 0 {
			t.Errorf("got %+v, and %d wait", g, b.queued())
		}
	default:
		t.Error("the container is gone, and nobody got its place")
	}
}

func TestAnActionThatMayHaveMoreContainersThanFitWaitsForMemoryInItsTurn(t *testing.T) {
	b := book{capacity: 128}
	large, small := &Action{Key: "large", Kind: "nodejs:20", Memory: 128, Instances: 5}, &Action{Key: "small", Kind: "nodejs:20", Memory: 64}
	first, _ := b.request(large)
	_, second := b.request(large)
	_, third := b.request(small)
	if second == nil || third == nil || b.queued() != 2 {
		t.Fatalf("%d wait, want 2", b.queued())
	}
	b.drop(first.container)
	if len(second.got) != 1 || len(third.got) != 0 {
		t.Errorf("the second call has a container: %t, the other action: %t; want the one that came first", len(second.got) == 1, len(third.got) == 1)
	}
}
