package run

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// stalls are for how long some process of the machine has waited for each of resources, as Linux counts it since its start.
type stalls [len(resources)]time.Duration

// resources are what processes wait for, as /proc/pressure names them and as people do.
var resources = [...]struct{ file, name string }{{"cpu", "a CPU"}, {"memory", "memory"}, {"io", "the disk"}}

// stallsNow reads them; false where the system does not count.
func stallsNow() (w stalls, ok bool) {
	for i, r := range resources {
		text, err := os.ReadFile("/proc/pressure/" + r.file)
		if err != nil {
			return w, false
		}
		if w[i], ok = waited(string(text)); !ok {
			return w, false
		}
	}
	return w, true
}

// waited reads the total of the line for some, in microseconds: some avg10=1.50 avg60=1.73 avg300=2.88 total=528465681
func waited(text string) (time.Duration, bool) {
	line, _, _ := strings.Cut(text, "\n")
	_, total, found := strings.Cut(line, " total=")
	us, err := strconv.ParseInt(total, 10, 64)
	return time.Duration(us) * time.Microsecond, found && err == nil && strings.HasPrefix(line, "some ")
}

// since says how hard the machine was pressed, for people: the generator is one of those that waited.
func (w stalls) since(now stalls, elapsed time.Duration) string {
	var shares []string
	for i, r := range resources {
		if share := 100 * float64(now[i]-w[i]) / float64(elapsed); share >= 1 {
			shares = append(shares, fmt.Sprintf("for %s %.0f%%", r.name, min(share, 100)))
		}
	}
	if shares == nil {
		return "nothing on the machine had to wait"
	}
	return "on the machine something waited " + strings.Join(shares, ", ") + " of the time"
}
