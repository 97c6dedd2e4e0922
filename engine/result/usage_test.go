package result

import (
	"slices"
	"testing"
)

func TestAVeryLongSeriesKeepsItsMeanAndItsPeak(t *testing.T) {
	for _, row := range []struct {
		name           string
		n, most, merge int
	}{
		{"a short one is kept as it is", 100, 100, 1},
		{"one that is too long is halved", 3000, 1500, 2},
		{"a day is halved several times", 86_400, 1999, 64},
	} {
		t.Run(row.name, func(t *testing.T) {
			var u UsageSeries
			for i := range row.n {
				memory := int64(10)
				if i == row.n/3 {
					memory = 999
				}
				u.Add(int64(i), int64(100+200*(i%2)), memory)
			}
			if len(u.At) > row.most || len(u.Milli) != len(u.At) || len(u.InUse) != len(u.At) || u.Merged != row.merge {
				t.Fatalf("%d, %d and %d places with %d readings each", len(u.At), len(u.Milli), len(u.InUse), u.Merged)
			}
			if slices.Max(u.InUse) != 999 {
				t.Error("the peak is gone")
			}
			sum := int64(0)
			for _, m := range u.Milli {
				sum += m
			}
			if mean := sum / int64(len(u.Milli)); mean != 200 {
				t.Errorf("the mean is %d", mean)
			}
			if !slices.IsSorted(u.At) {
				t.Error("the moments are out of order")
			}
		})
	}
}
