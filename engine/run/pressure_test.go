package run

import (
	"testing"
	"time"
)

func TestTheMachinesPressureIsReadAsLinuxWritesIt(t *testing.T) {
	for _, row := range []struct {
		text string
		want time.Duration
		ok   bool
	}{
		{"some avg10=1.50 avg60=1.73 avg300=2.88 total=528465681\nfull avg10=0.03 avg60=0.11 avg300=0.05 total=54614790\n", 528465681 * time.Microsecond, true},
		{"some avg10=0.00 avg60=0.00 avg300=0.00 total=0\n", 0, true},
		{"full avg10=0.03 avg60=0.11 avg300=0.05 total=5\n", 5 * time.Microsecond, false},
		{"some avg10=0.00 total=many\n", 0, false},
		{"", 0, false},
	} {
		if got, ok := waited(row.text); ok != row.ok || ok && got != row.want {
			t.Errorf("%q: %v, %t; want %v, %t", row.text, got, ok, row.want, row.ok)
		}
	}
}

func TestPressureIsSaidAsSharesOfTheRun(t *testing.T) {
	for _, row := range []struct {
		now  stalls
		want string
	}{
		{stalls{}, "nothing on the machine had to wait"},
		{stalls{50 * time.Millisecond, 0, 0}, "nothing on the machine had to wait"},
		{stalls{9 * time.Second, 0, 250 * time.Millisecond}, "on the machine something waited for a CPU 90%, for the disk 2% of the time"},
		{stalls{11 * time.Second, 0, 0}, "on the machine something waited for a CPU 100% of the time"},
	} {
		if got := (stalls{}).since(row.now, 10*time.Second); got != row.want {
			t.Errorf("%v: %q, want %q", row.now, got, row.want)
		}
	}
}
