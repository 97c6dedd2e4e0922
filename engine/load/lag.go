package load

import (
	"math/bits"
	"sync/atomic"
	"time"
)

// fine is the number of bits of a lag that are told apart below its highest: quantiles are at most 1/32 too high.
const fine = 5

// Lag is how late calls were sent, counted in buckets that grow with the value. Many goroutines may record at a time.
// The zero value is empty.
type Lag struct {
	buckets [(64 - fine) << fine]atomic.Int64
	max     atomic.Int64
	count   atomic.Int64
}

// Record counts one call. One that is sent early is on time.
func (l *Lag) Record(late time.Duration) {
	late = max(0, late)
	l.buckets[bucket(uint64(late))].Add(1)
	l.count.Add(1)
	for {
		highest := l.max.Load()
		if int64(late) <= highest || l.max.CompareAndSwap(highest, int64(late)) {
			return
		}
	}
}

// Count is how many calls were recorded.
func (l *Lag) Count() int { return int(l.count.Load()) }

// Max is the lag of the latest call, exactly.
func (l *Lag) Max() time.Duration { return time.Duration(l.max.Load()) }

// Quantile is a bound that at least the share q of all calls keep: the nearest rank's bucket, its upper end.
func (l *Lag) Quantile(q float64) time.Duration {
	rank, seen := q*float64(l.count.Load()), int64(0)
	for i := range l.buckets {
		n := l.buckets[i].Load()
		seen += n
		if n > 0 && float64(seen) >= rank {
			return min(l.Max(), time.Duration(upper(i)))
		}
	}
	return l.Max()
}

// bucket is exact below 2^fine; above, the highest bit chooses a row and the next ones the place in it.
func bucket(v uint64) int {
	row := max(0, bits.Len64(v)-fine-1)
	return row<<fine + int(v>>row)
}

// upper is the highest value of a bucket.
func upper(i int) uint64 {
	row := max(0, i>>fine-1)
	return (uint64(i-row<<fine)+1)<<row - 1
}
