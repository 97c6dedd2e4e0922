package measure

import (
	"strings"
	"testing"
)

func TestARecordThatCannotBeIsSaidToBeThat(t *testing.T) {
	ms := func(n int64) *int64 { return &n }
	for _, row := range []struct {
		name   string
		record *Record
		want   string
	}{
		{"none", nil, ""},
		{"a cold start", &Record{Start: 1000, End: 1050, Duration: 50, Init: ms(40)}, ""},
		{"cut to whole milliseconds", &Record{Start: 1000, End: 1050, Duration: 51}, ""},
		{"a negative wait only tells of two clocks", &Record{Start: 1000, End: 1050, Duration: 50, Wait: ms(-3)}, ""},
		{"a sequence that is longer than its parts", &Record{Start: 1000, End: 1090, Duration: 50, Hops: []int64{40}}, ""},
		{"a sequence on nodes whose clocks differ", &Record{Start: 1000, End: 1040, Duration: 50, Hops: []int64{-10}}, ""},
		{"an end before the start", &Record{Start: 1000, End: 900, Duration: 50}, "ends before it starts"},
		{"no end", &Record{Start: 1000, Duration: 50}, "ends before it starts"},
		{"a negative duration", &Record{Start: 1000, End: 1050, Duration: -5}, "less than nothing"},
		{"an init longer than the whole", &Record{Start: 1000, End: 1050, Duration: 50, Init: ms(60)}, "longer than the whole"},
		{"a duration longer than there was time for", &Record{Start: 1000, End: 1050, Duration: 1 << 60}, "longer than from its start"},
	} {
		if got := row.record.Contradiction(); (got == "") != (row.want == "") || !strings.Contains(got, row.want) {
			t.Errorf("%s: %q, want %q", row.name, got, row.want)
		}
	}
}
