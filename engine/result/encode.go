package result

import (
	"bytes"
	"encoding/binary"
	"strconv"
	"strings"

	"github.com/klauspost/compress/flate"
	"wsk-scenario/engine/measure"
)

// packer packs blocks, one after the other, in memory that it uses again.
type packer struct {
	text   func(string) string // what may be seen of a text
	writer blockWriter
	body   []byte
	packed bytes.Buffer
	flate  *flate.Writer
	out    []byte
}

// encode packs samples, which are all of one cell, phase and pass. What it returns is good until the next call.
func (p *packer) encode(samples []measure.Sample) ([]byte, error) {
	w := &p.writer
	w.reset(p.text)
	for i := range samples {
		w.add(&samples[i])
	}
	p.body = binary.AppendUvarint(p.body[:0], uint64(len(w.texts)))
	for _, t := range w.texts {
		p.body = append(binary.AppendUvarint(p.body, uint64(len(t))), t...)
	}
	for _, column := range w.columns {
		p.body = append(binary.AppendUvarint(p.body, uint64(len(column))), column...)
	}
	p.packed.Reset()
	if p.flate == nil {
		var err error
		if p.flate, err = flate.NewWriter(&p.packed, flate.BestSpeed); err != nil {
			return nil, err
		}
	}
	p.flate.Reset(&p.packed)
	if _, err := p.flate.Write(p.body); err != nil {
		return nil, err
	}
	if err := p.flate.Close(); err != nil {
		return nil, err
	}
	first := &samples[0]
	p.out = binary.AppendUvarint(p.out[:0], uint64(first.Cell))
	p.out = binary.AppendUvarint(p.out, uint64(first.Phase))
	p.out = binary.AppendUvarint(p.out, uint64(first.Repeat))
	p.out = binary.AppendUvarint(p.out, uint64(len(samples)))
	p.out = binary.AppendUvarint(p.out, uint64(p.packed.Len()))
	p.out = append(p.out, p.packed.Bytes()...)
	p.out = append(p.out, w.ids...)
	return p.out, nil
}

type blockWriter struct {
	columns [columnCount][]byte
	ids     []byte
	texts   []string
	numbers map[string]uint64
	text    func(string) string
	room    []byte
	last    measure.Sample // the one before
	start   int64          // of the last record
}

func (w *blockWriter) reset(text func(string) string) {
	for i := range w.columns {
		w.columns[i] = w.columns[i][:0]
	}
	if w.numbers == nil {
		w.numbers = map[string]uint64{}
	}
	clear(w.numbers)
	w.ids, w.texts, w.text = w.ids[:0], w.texts[:0], text
	w.last, w.start = measure.Sample{}, 0
}

func (w *blockWriter) signed(column int, v int64) {
	w.columns[column] = binary.AppendVarint(w.columns[column], v)
}

func (w *blockWriter) word(column int, text string) {
	number, known := w.numbers[text]
	if !known {
		number = uint64(len(w.texts))
		w.numbers[text] = number
		w.texts = append(w.texts, w.text(text))
	}
	w.columns[column] = binary.AppendUvarint(w.columns[column], number)
}

func (w *blockWriter) add(s *measure.Sample) {
	flags := w.record(s)
	if s.Warmup {
		flags |= isWarmup
	}
	w.signed(cUser, int64(s.User-w.last.User))
	w.signed(cSeq, int64(s.Seq-w.last.Seq))
	w.signed(cStep, int64(s.Step-w.last.Step))
	w.signed(cDue, int64(s.Due-w.last.Due))
	w.signed(cSent, int64(s.Sent-s.Due))
	if s.FirstByte != 0 {
		flags |= hasFirstByte
		w.signed(cFirst, int64(s.FirstByte-s.Sent))
	}
	w.signed(cDone, int64(s.Done-max(s.Sent, s.FirstByte)))
	if s.Completed != 0 {
		flags |= hasCompleted
		w.signed(cCompleted, int64(s.Completed-s.Done))
	}
	w.signed(cStatus, int64(s.Status))
	w.signed(cRequest, int64(s.RequestBytes-w.last.RequestBytes))
	w.signed(cResponse, int64(s.ResponseBytes-w.last.ResponseBytes))
	w.word(cOutcome, string(s.Outcome))
	w.word(cTemperature, string(s.Temperature))
	w.word(cProof, s.Proof)
	w.word(cNode, s.Node)
	w.word(cContainer, s.Container)
	w.word(cTarget, s.Target)
	w.word(cError, s.Error)
	if s.Place != "" {
		flags |= hasPlace
		w.word(cPlace, string(s.Place))
	}
	if id, ok := shortID(s.Activation); ok {
		flags |= hasShortID
		w.ids = append(w.ids, id[:]...)
	} else {
		w.word(cActivation, s.Activation)
	}
	w.room = appendOrdinal(w.room[:0], s.User, s.Seq)
	if own := len(s.Transaction) - len(w.room); own >= 0 && s.Transaction[own:] == string(w.room) {
		flags |= hasOwnID
		w.word(cTransaction, s.Transaction[:own])
	} else {
		w.word(cTransaction, s.Transaction)
	}
	flags |= w.beyond(s)
	w.columns[cFlags] = binary.AppendUvarint(w.columns[cFlags], flags)
	w.last = *s
}

func (w *blockWriter) record(s *measure.Sample) (flags uint64) {
	r := s.Record
	if r == nil {
		return 0
	}
	w.signed(cStart, r.Start-w.start)
	w.signed(cEnd, r.End-r.Start-r.Duration)
	w.signed(cDuration, r.Duration)
	w.start = r.Start
	flags = hasRecord
	if r.Wait != nil {
		flags |= hasWait
		w.signed(cWait, *r.Wait)
	}
	if r.Init != nil {
		flags |= hasInit
		w.signed(cInit, *r.Init)
	}
	if len(r.Hops) > 0 {
		flags |= hasHops
		w.columns[cHops] = binary.AppendUvarint(w.columns[cHops], uint64(len(r.Hops)))
		for _, ms := range r.Hops {
			w.signed(cHopTime, ms)
		}
	}
	if len(r.Components) > 0 {
		flags |= hasComponents
		w.columns[cComponents] = binary.AppendUvarint(w.columns[cComponents], uint64(len(r.Components)))
		for _, id := range r.Components {
			w.word(cComponent, id)
		}
	}
	return flags
}

// appendOrdinal appends the end of the X-Request-ID of a user's call: both numbers in hexadecimal digits, four and twelve
// at least.
func appendOrdinal(b []byte, user, seq int) []byte {
	for _, part := range [2]struct{ n, least int }{{user, 4}, {seq, 12}} {
		var digits [20]byte
		text := strconv.AppendInt(digits[:0], int64(part.n), 16)
		for fill := len(text); fill < part.least; fill++ {
			b = append(b, '0')
		}
		b = append(b, text...)
	}
	return b
}

// shortID is the bytes of 32 hexadecimal digits in lower case; false for any other text.
func shortID(text string) (id [16]byte, ok bool) {
	if len(text) != 2*len(id) {
		return id, false
	}
	for i := range len(text) {
		digit := strings.IndexByte("0123456789abcdef", text[i])
		if digit < 0 {
			return id, false
		}
		id[i/2] = id[i/2]<<4 | byte(digit)
	}
	return id, true
}
