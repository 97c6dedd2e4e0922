package result

import (
	"encoding/binary"
	"math"

	"wsk-scenario/engine/measure"
)

// beyond writes what only few samples have: of an activation that a call started, and values out of the result.
//
//	extracted: how many · of each its name, how many values, each in 8 bytes
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
	return flags
}

func (r *blockReader) beyond(s *measure.Sample, flags uint64) {
	if flags&hasLevel != 0 {
		s.Level, s.Fired = int(r.signed(cLevel)), r.start+r.signed(cFired)
	}
	if flags&hasParts != 0 {
		r.parts(s)
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
