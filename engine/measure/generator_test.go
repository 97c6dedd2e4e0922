package measure

import (
	"testing"
	"time"
)

func TestAGeneratorThatCannotKeepUpIsNotTakenForThePlatform(t *testing.T) {
	for _, row := range []struct {
		name    string
		calls   int
		late    int
		limited bool
	}{
		{"all on time", 1000, 0, false},
		{"a pause of the machine", 1000, 40, false},
		{"a tenth late", 1000, 100, true},
		{"few calls, most of them late", 15, 12, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			samples := make([]Sample, row.calls)
			for i := range samples {
				samples[i] = call(int64(i), 5, OK, Warm, nil)
				samples[i].Sent = samples[i].Due
				if i < row.late {
					samples[i].Sent += LateBy + time.Microsecond
				}
			}
			sum := Summarize(0, 0, "p", WantAny, nil, All(samples), Asked{})
			sum.LimitGenerator()
			if sum.Limited != row.limited || sum.Late != row.late {
				t.Errorf("limited %t, %d late", sum.Limited, sum.Late)
			}
		})
	}
}
