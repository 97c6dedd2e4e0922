package run

import (
	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/whisk"
)

// records makes the records of one user's samples, many with one allocation.
type records struct{ free []recorded }

// recorded is a record with room for the times that it may not have.
type recorded struct {
	measure.Record
	wait, init int64
}

// of is what a sample keeps of a record; nil records make one alone.
func (r *records) of(record *whisk.Record) *measure.Record {
	if r == nil {
		r = &records{free: make([]recorded, 1)}
	}
	if len(r.free) == 0 {
		r.free = make([]recorded, handful)
	}
	k := &r.free[0]
	r.free = r.free[1:]
	k.Record = measure.Record{Start: record.Start, End: record.End, Duration: record.Duration}
	k.Components = record.Components
	if wait := record.Wait(); wait != nil {
		k.wait = *wait
		k.Wait = &k.wait
	}
	if init := record.Init(); init != nil {
		k.init = *init
		k.Init = &k.init
	}
	return &k.Record
}
