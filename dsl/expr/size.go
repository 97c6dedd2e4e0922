package expr

import (
	"math"
	"strconv"
	"strings"
)

// Bytes is a size as expressions compute with it. Outside of them a size is text, such as 256MB: so it is written, and so
// every section of a scenario reads it.
type Bytes int64

// units of sizes, the largest of each family first. Those of 1000 are preferred where both fit.
var units = []struct {
	name string
	size Bytes
}{
	{"GB", 1e9}, {"MB", 1e6}, {"KB", 1e3}, {"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"B", 1},
}

// String is the size in the largest unit that leaves a whole number.
func (b Bytes) String() string {
	for _, u := range units {
		if b != 0 && b%u.size == 0 {
			return strconv.FormatInt(int64(b/u.size), 10) + u.name
		}
	}
	return "0B"
}

// parseBytes reads a size such as 1.5KiB; it must come to whole bytes.
func parseBytes(s string) (Bytes, bool) {
	digits := strings.TrimRight(s, "KMGiB")
	for _, u := range units {
		if digits+u.name != s {
			continue
		}
		f, err := strconv.ParseFloat(digits, 64)
		size := f * float64(u.size)
		if err != nil || strings.Trim(digits, "0123456789.") != "" || size != math.Trunc(size) || size > 1<<53 {
			return 0, false
		}
		return Bytes(size), true
	}
	return 0, false
}
