package dsl

import (
	"strconv"
	"strings"

	"wsk-scenario/dsl/expr"
)

// Percentile is a statistic that is named by its share, such as p(97.5), or an end of its interval, such as p_low(95).
type Percentile struct {
	Name  string
	Share float64 // between 0 and 1
	End   End     // of the interval that holds the percentile of all such calls; empty for the percentile itself
}

// End is one end of an interval.
type End string

// The ends.
const (
	Low  End = "low"
	High End = "high"
)

// ParsePercentile reads the name of a percentile, with its number as expressions are named: the shortest way to write it.
func ParsePercentile(name string) (Percentile, bool) {
	function, number, _ := strings.Cut(strings.TrimSuffix(name, ")"), "(")
	ends := map[string]End{"p": "", "p_low": Low, "p_high": High}
	end, known := ends[function]
	percent, err := strconv.ParseFloat(number, 64)
	ok := known && err == nil && percent > 0 && percent < 100 && name == function+"("+number+")"
	return Percentile{name, percent / 100, end}, ok
}

// addPercentiles declares those of any share beside the usual statistics of a metric.
func addPercentiles(metric *expr.Scope) {
	metric.Like(usual)
	for _, name := range []string{"p", "p_low", "p_high"} {
		metric.Absent(name, "write a number between 0 and 100 behind it, such as "+name+"(97.5)")
	}
}

// usual is the statistic that a percentile of any share is like.
func usual(name string) string {
	if _, ok := ParsePercentile(name); ok {
		return "p95"
	}
	return ""
}

// OtherStatistics are those that are computed where an assertion or a table names them.
var OtherStatistics = []Word{
	{"p(N)", "", "the percentile N, such as p(97.5), nearest rank"},
	{"p_low(N)", "", "the lower end of the 95 % interval of p(N): of its rank, by the binomial distribution; none where there are too few calls"},
	{"p_high(N)", "", "the upper end of that interval"},
}
