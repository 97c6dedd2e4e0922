package entity

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

func TestParametersStandOnceWhereTheyWereFirst(t *testing.T) {
	read := func(text string) (p Parameters) {
		if err := json.Unmarshal([]byte(text), &p); err != nil {
			t.Fatal(err)
		}
		return p
	}
	list := read(`[{"key":"a","value":1},{"key":"b","value":2,"init":true},{"key":"a","value":[3, 4]}]`)
	for _, row := range []struct {
		name string
		got  Parameters
		want string
	}{
		{"the last value of a key counts", list, "a=[3,4] b=2"},
		{"what lies over it stands in its place", list.Merge(read(`[{"key":"c","value":5},{"key":"a","value":6}]`)), "a=6 b=2 c=5"},
		{"nothing lies over it", list.Merge(nil), "a=[3,4] b=2"},
		{"it lies over nothing", Parameters(nil).Merge(list), "a=[3,4] b=2"},
		{"keys are taken out", list.Without([]string{"a", "x"}), "b=2"},
		{"and it is as it was", list, "a=[3,4] b=2"},
	} {
		var got []string
		for _, q := range row.got {
			got = append(got, q.Key+"="+string(q.Value))
		}
		if s := strings.Join(got, " "); s != row.want {
			t.Errorf("%s: got %q, want %q", row.name, s, row.want)
		}
	}
}

// BenchmarkManyParameters is what a document costs that is made of parameters alone, for each of them; it must not grow with
// their number.
func BenchmarkManyParameters(b *testing.B) {
	for _, n := range []int{100, 10_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			var text strings.Builder
			for i := range n {
				fmt.Fprintf(&text, `,{"key":"%d","value":1}`, i)
			}
			raw := []byte("[" + text.String()[1:] + "]")
			keys := make([]string, n)
			for b.Loop() {
				var p Parameters
				if err := json.Unmarshal(raw, &p); err != nil {
					b.Fatal(err)
				}
				p.Merge(p).Without(keys)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/parameter")
		})
	}
}
