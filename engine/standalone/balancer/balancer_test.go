package balancer

import (
	"context"
	"errors"
	"slices"
	"testing"

	"wsk-scenario/engine/standalone/pool"
)

// silent is an invoker that does nothing.
type silent struct{}

func (silent) Invoke(context.Context, pool.Request) pool.Outcome { return pool.Outcome{} }

// nodes are invokers with so many MB each, on node0, node1, …
func nodes(memory ...int64) *Balancer {
	var offers []Offer
	for i, m := range memory {
		offers = append(offers, Offer{Node: "node" + string(rune('0'+i)), Memory: m, Invoker: silent{}})
	}
	return New(offers...)
}

func TestHashesAreThoseOfJava(t *testing.T) {
	for text, want := range map[string]int32{
		"":                   0,
		"guest":              98708952,
		"guest/hello":        86723035,
		"ä":                  228,
		"😀":                  1772899,
		"hello, world":       -640608884,
		"whisk.system":       -1796040243,
		"polygenelubricants": -2147483648,
	} {
		if got := hashCode(text); got != want {
			t.Errorf("hashCode(%q) = %d, want %d", text, got, want)
		}
	}
	if got := hash("", "polygenelubricants"); got != 0 {
		t.Errorf("the number that has no positive one hashes to %d, want 0", got)
	}
	if got, want := hash("a", "b"), uint32('a'^'b'); got != want {
		t.Errorf("hash(a, b) = %d, want %d", got, want)
	}
}

func TestStepsShareNoFactor(t *testing.T) {
	for n, want := range map[int][]int{
		0: nil, 1: {1}, 2: {1}, 3: {1, 2}, 4: {1, 3}, 5: {1, 2, 3}, 6: {1, 5}, 9: {1, 2, 5, 7}, 10: {1, 3, 7},
	} {
		if got := coprimes(n); !slices.Equal(got, want) {
			t.Errorf("coprimes(%d) = %v, want %v", n, got, want)
		}
	}
}

func TestAssign(t *testing.T) {
	// "a" and "b" hash to 3: of three invokers the home is 0, of four 3, and the step is the second one.
	const home3, step3, home4, step4 = 0, 2, 3, 3
	for _, c := range []struct {
		name   string
		of     *Balancer
		calls  int
		memory int64
		want   []int
	}{
		{"an action stays at home while there is memory", nodes(512, 512, 512), 2, 256, []int{home3, home3}},
		{"what does not fit goes on by the step", nodes(256, 256, 256), 3, 256, []int{home3, home3 + step3, (home3 + 2*step3) % 3}},
		{"four invokers have another home and step", nodes(256, 256, 256, 256), 3, 256, []int{home4, (home4 + step4) % 4, (home4 + 2*step4) % 4}},
		{"a small invoker is passed by", nodes(128, 512, 512), 1, 256, []int{2}},
		{"one invoker takes it all, however much", nodes(256), 4, 256, []int{0, 0, 0, 0}},
	} {
		for i := range c.calls {
			seat, err := c.of.Assign(Demand{Namespace: "a", Action: "b", Memory: c.memory})
			if err != nil {
				t.Fatalf("%s: %v", c.name, err)
			}
			if got, want := seat.Node(), "node"+string(rune('0'+c.want[i])); got != want {
				t.Errorf("%s: call %d went to %s, want %s", c.name, i, got, want)
			}
		}
	}
}

func TestASeatGivesItsMemoryBack(t *testing.T) {
	b := nodes(256, 256)
	for range 3 {
		seat, err := b.Assign(Demand{Namespace: "a", Action: "b", Memory: 256})
		if err != nil || seat.Node() != "node1" {
			t.Fatalf("got %v, %v, want its home each time", seat, err)
		}
		seat.Invoke(t.Context(), pool.Request{})
	}
}

func TestAnOverloadFallsOnInvokersThatAreUp(t *testing.T) {
	b := nodes(256, 256, 256)
	b.members[1].state = Down
	seen := map[string]int{}
	for range 100 {
		seat, err := b.Assign(Demand{Namespace: "a", Action: "b", Memory: 512})
		if err != nil {
			t.Fatal(err)
		}
		seen[seat.Node()]++
	}
	if seen["node1"] != 0 || seen["node0"] == 0 || seen["node2"] == 0 {
		t.Errorf("100 calls went to %v, want all to the two that are up", seen)
	}
	for _, m := range b.members {
		m.state = Down
	}
	if _, err := b.Assign(Demand{Memory: 128}); !errors.Is(err, ErrNoInvoker) {
		t.Errorf("got %v, want %v", err, ErrNoInvoker)
	}
}

func TestResourcesDecideWhichInvokersThereAre(t *testing.T) {
	b := New(
		Offer{Node: "vm", Tags: []string{"cloud", "amd64"}, Memory: 512, Invoker: silent{}},
		Offer{Node: "pi", Tags: []string{"edge", "arm64"}, Memory: 512, Invoker: silent{}},
	)
	for _, c := range []struct {
		name      string
		resources []string
		lax       bool
		want      string
		fails     string
	}{
		{name: "a tag of one node", resources: []string{"edge"}, want: "pi"},
		{name: "two tags of one node", resources: []string{"amd64", "cloud"}, want: "vm"},
		{name: "tags of different nodes", resources: []string{"edge", "amd64"}, fails: "No available invokers with resources List(edge, amd64)."},
		{name: "a tag of nobody that is not insisted on", resources: []string{"gpu"}, lax: true, want: "pi"},
	} {
		seat, err := b.Assign(Demand{Namespace: "a", Action: "b", Memory: 256, Resources: c.resources, Lax: c.lax})
		var lacking *ResourceError
		switch {
		case c.fails != "":
			if !errors.As(err, &lacking) || err.Error() != c.fails {
				t.Errorf("%s: got %v, want %s", c.name, err, c.fails)
			}
		case err != nil || seat.Node() != c.want:
			t.Errorf("%s: got %v, %v, want %s", c.name, seat, err, c.want)
		}
	}
}

// OpenWhisk keeps a tenth of its invokers for actions made of an image.
func TestImagesHaveTheirPartOfTheInvokers(t *testing.T) {
	for _, c := range []struct {
		of     int
		images int // to the last
		others int // from the first on
	}{{1, 1, 1}, {2, 1, 2}, {9, 1, 9}, {10, 1, 9}, {11, 1, 10}, {20, 2, 18}} {
		seen := map[bool]map[string]bool{false: {}, true: {}}
		memory := make([]int64, c.of)
		for image := range seen {
			for i := range 400 { // more than enough actions to have a home everywhere
				seat, err := nodes(full(memory)...).Assign(Demand{Namespace: "a", Action: string(rune('a' + i)), Memory: 256, Image: image})
				if err != nil {
					t.Fatal(err)
				}
				seen[image][seat.Node()] = true
			}
		}
		if len(seen[false]) != c.others || len(seen[true]) != c.images {
			t.Errorf("of %d invokers %d are for images and %d for others, want %d and %d", c.of, len(seen[true]), len(seen[false]), c.images, c.others)
		}
		for i := range c.images {
			if last := "node" + string(rune('0'+c.of-1-i)); !seen[true][last] {
				t.Errorf("of %d invokers %s is not for images: %v", c.of, last, seen[true])
			}
		}
	}
	b := New(Offer{Node: "a", Tags: []string{"edge"}, Memory: 512, Invoker: silent{}}, Offer{Node: "b", Memory: 512, Invoker: silent{}})
	seat, err := b.Assign(Demand{Action: "x", Memory: 256, Image: true, Resources: []string{"edge"}})
	if err != nil || seat.Node() != "a" {
		t.Errorf("an image that asks for a resource of another node: got %v, %v", seat, err)
	}
}

// full gives every invoker the same memory.
func full(memory []int64) []int64 {
	for i := range memory {
		memory[i] = 512
	}
	return memory
}

func TestOnlyInvokersThatAreUpAreUsed(t *testing.T) {
	for _, state := range []State{Down, Unhealthy, Unresponsive} {
		b := nodes(512, 512)
		b.Set("node1", state) // the home
		for range 5 {
			seat, err := b.Assign(Demand{Namespace: "a", Action: "b", Memory: 256})
			if err != nil || seat.Node() != "node0" {
				t.Errorf("%s: got %v, %v, want the other one, also when that is full", state, seat, err)
			}
		}
		if got := b.Health(); got[1] != (Health{"invoker1", state}) || got[0].State != Up {
			t.Errorf("got %v, want the second one %s", got, state)
		}
	}
}

func TestASeatIsGivenBackOnce(t *testing.T) {
	b := nodes(512)
	first, err := b.Assign(Demand{Action: "b", Memory: 512})
	if err != nil {
		t.Fatal(err)
	}
	first.Free()
	first.Invoke(t.Context(), pool.Request{}) // as when it was given back for its activation's being overdue
	if free := b.members[0].free; free != 512 {
		t.Errorf("got %d MB free, want 512", free)
	}
}

func TestImagesGoToInvokersThatRunThem(t *testing.T) {
	b := New(
		Offer{Node: "engine", Memory: 512, Kinds: []string{"nodejs:20"}, Images: true, Invoker: silent{}},
		Offer{Node: "processes", Memory: 512, Kinds: []string{"nodejs:20", "native:1"}, Invoker: silent{}},
	)
	for _, c := range []struct {
		demand Demand
		want   string
	}{
		{Demand{Action: "a", Memory: 128, Kind: "blackbox", Image: true}, "engine"},
		{Demand{Action: "a", Memory: 128, Kind: "native:1"}, "processes"},
	} {
		if seat, err := b.Assign(c.demand); err != nil || seat.Node() != c.want {
			t.Errorf("%s: got %v, %v, want %s", c.demand.Kind, seat, err, c.want)
		}
	}
	if _, err := b.Assign(Demand{Action: "a", Memory: 128, Kind: "cobol:85"}); !errors.Is(err, ErrNoInvoker) {
		t.Errorf("a kind of nobody: got %v", err)
	}
}
