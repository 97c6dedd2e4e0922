package result

import (
	"encoding/binary"
	"slices"

	"wsk-scenario/engine/measure"
)

// Pack packs samples with all that is known of them, to be brought elsewhere: blocks, each behind its length (4 bytes, little
// endian).
func Pack(samples []measure.Sample) (out []byte, err error) {
	p := packer{text: func(s string) string { return s }}
	for len(samples) > 0 {
		n := 1
		for n < min(len(samples), blockSize) && alike(&samples[0], &samples[n]) {
			n++
		}
		raw, err := p.encode(samples[:n])
		if err != nil {
			return nil, err
		}
		out = append(binary.LittleEndian.AppendUint32(out, uint32(len(raw))), raw...)
		samples = samples[n:]
	}
	return out, nil
}

// Unpack is the samples that were packed. They may be kept.
func Unpack(raw []byte) (samples []measure.Sample, err error) {
	for len(raw) > 0 {
		if len(raw) < 4 {
			return nil, errDamaged
		}
		size := binary.LittleEndian.Uint32(raw)
		if raw = raw[4:]; uint64(size) > uint64(len(raw)) {
			return nil, errDamaged
		}
		var room unpacked // its samples are kept, and so is what they point at
		block, err := room.decode(raw[:size], true)
		if err != nil {
			return nil, err
		}
		samples, raw = append(samples, slices.Clone(block)...), raw[size:]
	}
	return samples, nil
}
