package expr

import (
	"math"
	"strconv"
	"strings"
	"testing"
)

func TestPartsThatComeOutTheSameWhateverIsMeasured(t *testing.T) {
	bounds := func(name string) (float64, float64) {
		switch {
		case strings.HasPrefix(name, "vars."):
			return math.Inf(-1), math.Inf(1)
		case strings.HasSuffix(name, ".throughput"):
			return 0, 1
		}
		return 0, math.Inf(1)
	}
	for source, want := range map[string]string{
		"cold.errors >= 0":                                   "cold.errors >= 0: true",
		"0 > cold.errors":                                    "0 > cold.errors: false",
		"cold.errors > 0 and cold.errors < 10":               "",
		"cold.errors == 0":                                   "",
		"cold.errors != 0":                                   "",
		"cold.init.p50 >= 0ms and cold.errors == 0":          "cold.init.p50 >= 0ms: true",
		"cold.throughput <= 1":                               "cold.throughput <= 1: true",
		"cold.throughput < 1":                                "",
		"cold.throughput > 1":                                "cold.throughput > 1: false",
		"cold.throughput == 1.5":                             "cold.throughput == 1.5: false",
		"cold.throughput != 1.5":                             "cold.throughput != 1.5: true",
		"cold.errors == cold.errors":                         "cold.errors == cold.errors: true",
		"cold.errors != cold.errors":                         "cold.errors != cold.errors: false",
		"cold.errors < warm.errors":                          "",
		"cold.errors < 3 or cold.errors >= 0":                "cold.errors < 3 or cold.errors >= 0: true",
		"cold.errors < 0 or cold.throughput > 1":             "cold.errors < 0 or cold.throughput > 1: false",
		"cold.errors < 0 or cold.errors > 3":                 "",
		"cold.errors * 2 >= 0 or not (cold.errors == 0)":     "",
		"vars.limit >= 0ms":                                  "",
		"cold.errors == 0 and (true or cold.init.p50 < 1ms)": "true or cold.init.p50 < 1ms: true",
	} {
		p, diags := Compile(text(source), names(), Bool)
		if len(diags) > 0 {
			t.Errorf("%s: %v", source, diags)
			continue
		}
		var got []string
		for _, part := range p.Settled(bounds) {
			got = append(got, part.Text+": "+strconv.FormatBool(part.Holds))
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("%s: got %q, want %q", source, strings.Join(got, ", "), want)
		}
	}
}
