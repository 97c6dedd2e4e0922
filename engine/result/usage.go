package result

import "fmt"

// Usage is what one node used while the run went on: a series of readings, as columns.
type Usage struct {
	Node   string  `json:"node"`
	Source string  `json:"source"`                 // who has measured it
	CPUs   float64 `json:"cpus,omitempty"`         // that the node has; 0 where that is not known
	Memory int64   `json:"memory_bytes,omitempty"` // that the node has; 0 where that is not known

	At     []int64 `json:"at_ms"`     // when it was read, since the run began
	Milli  []int64 `json:"cpu_milli"` // thousandths of a processor in use, on average over the time before that the source sums up over
	InUse  []int64 `json:"in_use_kb"` // memory in use, in units of 1024 bytes
	Merged int     `json:"merged"`    // how many readings stand in each place of the columns: more than one in a very long run
}

// usageRoom is how many places the columns have: a day at one reading a second takes half an hour's.
const usageRoom = 2000

// UsageSeries collects the readings of one node.
type UsageSeries struct {
	Usage
	pending int // readings that wait for their place
	milli   int64
	inUse   int64
}

// Add takes a reading. Where there is no room left, two places are made one: the mean of the processors, the larger of the memory.
func (u *UsageSeries) Add(at, milli, inUse int64) {
	u.Merged = max(u.Merged, 1)
	u.pending++
	u.milli += milli
	u.inUse = max(u.inUse, inUse)
	if u.pending < u.Merged {
		return
	}
	u.At, u.Milli, u.InUse = append(u.At, at), append(u.Milli, u.milli/int64(u.pending)), append(u.InUse, u.inUse)
	u.pending, u.milli, u.inUse = 0, 0, 0
	if len(u.At) < usageRoom {
		return
	}
	for i := range usageRoom / 2 {
		a, b := 2*i, 2*i+1
		u.At[i], u.Milli[i], u.InUse[i] = u.At[b], (u.Milli[a]+u.Milli[b])/2, max(u.InUse[a], u.InUse[b])
	}
	u.At, u.Milli, u.InUse = u.At[:usageRoom/2], u.Milli[:usageRoom/2], u.InUse[:usageRoom/2]
	u.Merged *= 2
}

// Text says in short what the node used.
func (u *Usage) Text() string {
	sum, most, memory := int64(0), int64(0), int64(0)
	for i, m := range u.Milli {
		sum, most, memory = sum+m, max(most, m), max(memory, u.InUse[i])
	}
	text := fmt.Sprintf("%.2f", float64(sum)/float64(len(u.Milli))/1000)
	if u.CPUs > 0 {
		text += fmt.Sprintf(" of %g", u.CPUs)
	}
	text += fmt.Sprintf(" processors on average, at most %.2f; at most %d", float64(most)/1000, memory>>10)
	if u.Memory > 0 {
		text += fmt.Sprintf(" of %d", u.Memory>>20)
	}
	return text + fmt.Sprintf(" MiB of memory; %d readings by %s", len(u.At)*u.Merged, u.Source)
}
