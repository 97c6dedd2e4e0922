package link

import (
	"context"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

const ms = time.Millisecond

func TestWhenBytesArrive(t *testing.T) {
	type sent struct {
		at   time.Duration
		size int
		want time.Duration
	}
	for _, row := range []struct {
		name string
		link Link
		sent []sent
	}{
		{"nothing is held back without a link", Link{}, []sent{{5 * ms, 100, 5 * ms}, {5 * ms, 1 << 20, 5 * ms}}},
		{"a delay is the same for all", Link{Delay: 20 * ms}, []sent{{0, 1, 20 * ms}, {0, 1 << 20, 20 * ms}, {7 * ms, 1, 27 * ms}}},
		{"1 Mbit/s takes 8 ms for 1000 bytes, one parcel after the other", Link{Rate: 1_000_000},
			[]sent{{0, 1000, 8 * ms}, {0, 1000, 16 * ms}, {10 * ms, 1000, 24 * ms}, {100 * ms, 500, 104 * ms}}},
		{"rate and delay add up, and only the rate makes others wait", Link{Rate: 1_000_000, Delay: 50 * ms},
			[]sent{{0, 1000, 58 * ms}, {0, 1000, 66 * ms}}},
	} {
		l := newLine(row.link, 1, 0)
		for i, s := range row.sent {
			if got := l.pass(s.at, s.size); got != s.want {
				t.Errorf("%s: parcel %d arrives at %v, want %v", row.name, i, got, s.want)
			}
		}
	}
}

func TestJitterStaysWithinItsBoundsAndFollowsFromTheSeed(t *testing.T) {
	arrivals := func(seed, direction uint64) (list []time.Duration) {
		l := newLine(Link{Delay: 10 * ms, Jitter: 4 * ms}, seed, direction)
		for range 1000 {
			list = append(list, l.pass(0, 1))
		}
		return list
	}
	first := arrivals(7, 0)
	if least, most := slices.Min(first), slices.Max(first); least < 6*ms || most > 14*ms || least > 7*ms || most < 13*ms {
		t.Errorf("delays from %v to %v, want nearly all of 6ms to 14ms", least, most)
	}
	if !slices.Equal(first, arrivals(7, 0)) {
		t.Error("one seed gives two schedules")
	}
	if slices.Equal(first, arrivals(8, 0)) || slices.Equal(first, arrivals(7, 1)) {
		t.Error("another seed or the other direction gives the same schedule")
	}
}

func TestOutagesHoldBytesBackUntilTheyEnd(t *testing.T) {
	link := Link{Delay: ms, Outage: Outage{Every: time.Second, Last: 300 * ms}}
	probe := newLine(link, 3, 0) // to know the windows
	var windows []window
	for range 50 {
		windows = append(windows, probe.outage)
		probe.next(probe.outage.to)
	}
	up, down := newLine(link, 3, 0), newLine(link, 3, 1)
	outside := func(at time.Duration) time.Duration {
		for _, w := range windows {
			if at >= w.from && at < w.to {
				return w.to
			}
		}
		return at
	}
	held := 0
	for at := time.Duration(0); at < windows[49].from; at += 10 * ms {
		want := outside(at) + ms
		if want > at+ms {
			held++
		}
		if got, other := up.pass(at, 1), down.pass(at, 1); got != want || other != want {
			t.Fatalf("sent at %v: arrives at %v and %v, want %v both ways", at, got, other, want)
		}
	}
	if held < 49*30/2 {
		t.Errorf("%d sends met an outage, want about 30 for each of 49", held)
	}
}

// TestARelayHoldsBytesBack sends over a relay in virtual time, and compares with the schedule.
func TestARelayHoldsBytesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		link := Link{Delay: 30 * ms, Rate: 1_000_000}
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		r := &Relay{began: time.Now(), up: newLine(link, 1, 0), down: newLine(link, 1, 1), chunk: packet, ctx: ctx}
		near, nearEnd := net.Pipe()
		farEnd, far := net.Pipe()
		var flows = make(chan struct{})
		go func() {
			r.flow(nearEnd, farEnd, r.up, 2*link.Delay)
			farEnd.Close()
			close(flows)
		}()
		if _, err := near.Write(make([]byte, 1000)); err != nil {
			t.Fatal(err)
		}
		buffer := make([]byte, 2000)
		n, err := far.Read(buffer)
		// There and back for the handshake, 8 ms on the line, and the way.
		if want := 2*link.Delay + 8*ms + link.Delay; n != 1000 || err != nil || time.Since(r.began) != want {
			t.Errorf("%d bytes arrived at %v, want 1000 at %v (%v)", n, time.Since(r.began), want, err)
		}
		time.Sleep(time.Second)
		sent := time.Since(r.began)
		go func() {
			_, _ = near.Write(make([]byte, 3000))
			near.Close()
		}()
		all, err := io.ReadAll(far)
		if want := sent + 24*ms + link.Delay; len(all) != 3000 || err != nil || time.Since(r.began) != want {
			t.Errorf("%d bytes and the end arrived at %v, want 3000 at %v (%v)", len(all), time.Since(r.began), want, err)
		}
		<-flows
	})
}

func TestARelayCarriesConnectionsAndEndsThem(t *testing.T) {
	echo, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		for {
			c, err := echo.Accept()
			if err != nil {
				return
			}
			go func() { _, _ = io.Copy(c, c); c.Close() }()
		}
	}()
	defer echo.Close()
	r, err := Listen(t.Context(), echo.Addr().String(), Link{Delay: ms, Jitter: ms, Rate: 100_000_000}, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	sent := strings.Repeat("0123456789", 100_000)
	c, err := net.Dial("tcp", r.Address())
	if err != nil {
		t.Fatal(err)
	}
	go func() { _, _ = io.WriteString(c, sent); _ = c.(*net.TCPConn).CloseWrite() }()
	got, err := io.ReadAll(c)
	if err != nil || string(got) != sent {
		t.Errorf("%d bytes came back, want the %d that were sent, in their order (%v)", len(got), len(sent), err)
	}
	open, err := net.Dial("tcp", r.Address())
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	if _, err := io.ReadAll(open); err == nil {
		_, err = open.Write([]byte("x"))
		if err == nil {
			_, err = open.Read(make([]byte, 1))
		}
		if err == nil {
			t.Error("a connection outlives the relay")
		}
	}
}

func TestLinksThatCannotBe(t *testing.T) {
	for want, l := range map[string]Link{
		"cannot be 2ms shorter": {Delay: ms, Jitter: 2 * ms},
		"negative":              {Delay: -1},
		"both":                  {Outage: Outage{Every: time.Second}},
	} {
		if err := l.Check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: got %v, want %q", l, err, want)
		}
	}
	l := Link{Name: "wifi", Delay: 1500 * time.Microsecond, Jitter: ms, Rate: 50_000_000, Outage: Outage{Every: time.Minute, Last: time.Second}}
	if got := l.String(); got != "wifi link (1.5ms ± 1ms one way, 50 Mbit/s, down for 1s about every 1m0s)" {
		t.Errorf("got %s", got)
	}
}
