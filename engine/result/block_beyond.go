package result

import (
	"encoding/binary"
	"math"
	"time"

	"wsk-scenario/engine/measure"
)

// beyond writes what only few samples have: of an activation that a call started, and values out of the result.
//
//	extracted: how many · of each its name, how many values, each in 8 bytes
//	stages: which of the moments are known, as bits · each of these, after the call was sent
func (w *blockWriter) beyond(s *measure.Sample) (flags uint64) {
	if s.Level != 0 {
		flags |= hasLevel
		w.signed(cLevel, int64(s.Level))
		w.signed(cFired, s.Fired-w.start)
	}
	if len(s.Extracted) > 0 {
		flags |= hasExtracted
		w.columns[cExtracted] = binary.AppendUvarint(w.columns[cExtracted], uint64(len(s.Extracted)))
		for _, e := range s.Extracted {
			w.word(cExtracted, e.Name)
			w.columns[cExtracted] = binary.AppendUvarint(w.columns[cExtracted], uint64(len(e.Values)))
			for _, v := range e.Values {
				w.columns[cExtracted] = binary.LittleEndian.AppendUint64(w.columns[cExtracted], math.Float64bits(v))
			}
		}
	}
	if s.Record != nil && len(s.Record.Parts) > 0 {
		flags |= hasParts
		w.columns[cParts] = binary.AppendUvarint(w.columns[cParts], uint64(len(s.Record.Parts)))
		for _, part := range s.Record.Parts {
			w.word(cParts, part.Action)
			w.signed(cParts, part.Duration)
		}
	}
	if s.Stages != nil {
		flags |= w.stages(s)
	}
	return flags
}

// moments are those of a container's creation, in the order in which they are stored.
func moments(g *measure.Stages) [7]*time.Duration {
	return [...]*time.Duration{&g.Requested, &g.Scheduled, &g.Pulling, &g.Pulled, &g.Created, &g.Started, &g.Ready}
}

func (w *blockWriter) stages(s *measure.Sample) (flags uint64) {
	flags = hasStages
	if s.Stages.Awaited {
		flags |= awaitsStages
	}
	var known uint64
	for i, moment := range moments(s.Stages) {
		if *moment != 0 {
			known |= 1 << i
		}
	}
	w.columns[cStages] = binary.AppendUvarint(w.columns[cStages], known)
	for _, moment := range moments(s.Stages) {
		if *moment != 0 {
			w.signed(cStages, int64(*moment-s.Sent))
		}
	}
	return flags
}

func (r *blockReader) stages(s *measure.Sample, flags uint64) {
	s.Stages = &measure.Stages{Awaited: flags&awaitsStages != 0}
	known := r.unsigned(cStages)
	for i, moment := range moments(s.Stages) {
		if known&(1<<i) != 0 {
			*moment = s.Sent + time.Duration(r.signed(cStages))
		}
	}
}

func (r *blockReader) beyond(s *measure.Sample, flags uint64) {
	if flags&hasLevel != 0 {
		s.Level, s.Fired = int(r.signed(cLevel)), r.start+r.signed(cFired)
	}
	if flags&hasParts != 0 {
		r.parts(s)
	}
	if flags&hasStages != 0 {
		r.stages(s, flags)
	}
	if flags&hasExtracted == 0 {
		return
	}
	n := r.unsigned(cExtracted)
	for range n {
		if r.failed {
			return
		}
		e := measure.Extracted{Name: r.word(cExtracted)}
		values := r.unsigned(cExtracted)
		if values > uint64(len(r.columns[cExtracted])/8) {
			r.failed = true
			return
		}
		for range values {
			e.Values = append(e.Values, math.Float64frombits(binary.LittleEndian.Uint64(r.columns[cExtracted])))
			r.columns[cExtracted] = r.columns[cExtracted][8:]
		}
		s.Extracted = append(s.Extracted, e)
	}
}

func (r *blockReader) parts(s *measure.Sample) {
	n := r.unsigned(cParts)
	if s.Record == nil || n > uint64(len(r.columns[cParts])) {
		r.failed = true
		return
	}
	for range n {
		s.Record.Parts = append(s.Record.Parts, measure.Part{Action: r.word(cParts), Duration: r.signed(cParts)})
	}
}
