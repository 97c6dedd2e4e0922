package result

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/klauspost/compress/flate"

	"wsk-scenario/engine/measure"
)

// blockSize is how many samples a block holds: enough to be small on disk, few enough to be unpacked in memory.
const blockSize = 4096

// What a sample has, as bits.
const (
	isWarmup = 1 << iota
	hasFirstByte
	hasCompleted
	hasRecord
	hasWait
	hasInit
	hasShortID // the activation's id is 32 hexadecimal digits, and kept as 16 bytes
	hasOwnID   // the transaction's id ends with user and ordinal, and is kept without them
	hasHops
	hasPlace
	hasComponents // that are still to be read
	hasLevel
	hasExtracted
	hasParts
)

// A block is samples of one phase of one pass, column by column: what changes little from one to the next is kept as
// the change, texts as their number among those of the block, and all but the ids is packed (RFC 1951).
//
//	cell · phase · repeat · n │ packed: texts, flags, users, ordinals, moments, record, sizes │ ids
type block struct {
	cell, phase, repeat int
	n                   int
}

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

// The columns of a block.
const (
	cFlags = iota
	cUser
	cSeq
	cStep
	cDue
	cSent
	cFirst
	cDone
	cCompleted
	cStatus
	cStart
	cEnd
	cDuration
	cWait
	cInit
	cRequest
	cResponse
	cOutcome
	cTemperature
	cProof
	cNode
	cContainer
	cTarget
	cError
	cActivation
	cTransaction
	cHops
	cHopTime
	cPlace
	cComponents
	cComponent
	cLevel
	cFired
	cExtracted
	cParts
	columnCount
)

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

var errDamaged = errors.New("it is damaged")

// readHead reads what stands before the packed part.
func readHead(in *bytes.Reader) (b block, err error) {
	for _, to := range []*int{&b.cell, &b.phase, &b.repeat, &b.n} {
		v, err := binary.ReadUvarint(in)
		if err != nil || v > 1<<31 {
			return b, errDamaged
		}
		*to = int(v)
	}
	if b.n == 0 || b.n > blockSize {
		return b, errDamaged
	}
	return b, nil
}

// unpacked is a block with room that is used again for the next.
type unpacked struct {
	samples []measure.Sample
	records []measure.Record
	times   [][2]int64 // wait and init
	texts   []string
	packer  io.ReadCloser
	body    bytes.Buffer
	words   map[string]string // texts that were met before
}

// decode unpacks a block; the samples are good until the next one. ids says whether the ids of activations and requests
// are wanted, which cost the most.
func (u *unpacked) decode(raw []byte, ids bool) ([]measure.Sample, error) {
	in := bytes.NewReader(raw)
	b, err := readHead(in)
	if err != nil {
		return nil, err
	}
	size, err := binary.ReadUvarint(in)
	if err != nil || size > uint64(in.Len()) {
		return nil, errDamaged
	}
	from := len(raw) - in.Len()
	packed, rest := raw[from:from+int(size)], raw[from+int(size):]
	if u.packer == nil {
		u.packer = flate.NewReader(bytes.NewReader(packed))
		u.samples, u.records, u.times = make([]measure.Sample, blockSize), make([]measure.Record, blockSize), make([][2]int64, blockSize)
	} else if err := u.packer.(flate.Resetter).Reset(bytes.NewReader(packed), nil); err != nil {
		return nil, errDamaged
	}
	u.body.Reset()
	const most = 64 << 20 // of a block; a damaged one may say more
	if n, err := u.body.ReadFrom(io.LimitReader(u.packer, most)); err != nil || n == most {
		return nil, errDamaged
	}
	if u.words == nil || len(u.words) > blockSize {
		u.words = map[string]string{}
	}
	r := blockReader{ids: rest, wanted: ids, words: u.words, texts: u.texts[:0]}
	if err := r.open(u.body.Bytes()); err != nil {
		return nil, err
	}
	for i := range b.n {
		s := &u.samples[i]
		*s = measure.Sample{Cell: b.cell, Phase: b.phase, Repeat: b.repeat}
		r.next(s, &u.records[i], &u.times[i])
	}
	u.texts = r.texts
	if r.failed || len(r.ids) > 0 {
		return nil, errDamaged
	}
	return u.samples[:b.n], nil
}

type blockReader struct {
	columns [columnCount][]byte
	texts   []string
	words   map[string]string
	ids     []byte
	wanted  bool
	failed  bool
	last    measure.Sample
	start   int64
}

// open splits the unpacked part into texts and columns.
func (r *blockReader) open(body []byte) error {
	take := func() []byte {
		n, size := binary.Uvarint(body)
		if size <= 0 || n > uint64(len(body)-size) {
			r.failed = true
			return nil
		}
		part := body[size : size+int(n)]
		body = body[size+int(n):]
		return part
	}
	n, size := binary.Uvarint(body)
	if size <= 0 || n > uint64(len(body)) {
		return errDamaged
	}
	body = body[size:]
	for range n {
		raw := take()
		text, known := r.words[string(raw)]
		if !known {
			text = string(raw)
			r.words[text] = text
		}
		r.texts = append(r.texts, text)
	}
	for i := range r.columns {
		r.columns[i] = take()
	}
	if r.failed || len(body) > 0 {
		return errDamaged
	}
	return nil
}

func (r *blockReader) signed(column int) int64 {
	v, size := binary.Varint(r.columns[column])
	if size <= 0 {
		r.failed = true
		return 0
	}
	r.columns[column] = r.columns[column][size:]
	return v
}

func (r *blockReader) unsigned(column int) uint64 {
	v, size := binary.Uvarint(r.columns[column])
	if size <= 0 {
		r.failed = true
		return 0
	}
	r.columns[column] = r.columns[column][size:]
	return v
}

func (r *blockReader) word(column int) string {
	n := r.unsigned(column)
	if n >= uint64(len(r.texts)) {
		r.failed = true
		return ""
	}
	return r.texts[n]
}

func (r *blockReader) next(s *measure.Sample, record *measure.Record, times *[2]int64) {
	flags := r.unsigned(cFlags)
	s.Warmup = flags&isWarmup != 0
	s.User = r.last.User + int(r.signed(cUser))
	s.Seq = r.last.Seq + int(r.signed(cSeq))
	s.Step = r.last.Step + int(r.signed(cStep))
	s.Due = r.last.Due + time.Duration(r.signed(cDue))
	s.Sent = s.Due + time.Duration(r.signed(cSent))
	if flags&hasFirstByte != 0 {
		s.FirstByte = s.Sent + time.Duration(r.signed(cFirst))
	}
	s.Done = max(s.Sent, s.FirstByte) + time.Duration(r.signed(cDone))
	if flags&hasCompleted != 0 {
		s.Completed = s.Done + time.Duration(r.signed(cCompleted))
	}
	s.Status = int(r.signed(cStatus))
	s.RequestBytes = r.last.RequestBytes + int(r.signed(cRequest))
	s.ResponseBytes = r.last.ResponseBytes + int(r.signed(cResponse))
	s.Outcome, s.Temperature = measure.Outcome(r.word(cOutcome)), measure.Temperature(r.word(cTemperature))
	s.Proof, s.Node, s.Container, s.Target, s.Error = r.word(cProof), r.word(cNode), r.word(cContainer), r.word(cTarget), r.word(cError)
	if flags&hasPlace != 0 {
		s.Place = measure.Place(r.word(cPlace))
	}
	if flags&hasRecord != 0 {
		r.record(record, times, flags)
		s.Record = record
	}
	r.beyond(s, flags)
	r.names(s, flags)
	r.last = *s
}

func (r *blockReader) record(to *measure.Record, times *[2]int64, flags uint64) {
	r.start += r.signed(cStart)
	tail := r.signed(cEnd)
	*to = measure.Record{Start: r.start, Duration: r.signed(cDuration), Hops: to.Hops[:0]}
	to.End = to.Start + to.Duration + tail
	if flags&hasWait != 0 {
		times[0] = r.signed(cWait)
		to.Wait = &times[0]
	}
	if flags&hasInit != 0 {
		times[1] = r.signed(cInit)
		to.Init = &times[1]
	}
	if flags&hasHops != 0 {
		for n := r.unsigned(cHops); n > 0 && !r.failed; n-- {
			to.Hops = append(to.Hops, r.signed(cHopTime))
		}
	}
	if flags&hasComponents != 0 {
		for n := r.unsigned(cComponents); n > 0 && !r.failed; n-- {
			to.Components = append(to.Components, r.word(cComponent))
		}
	}
}

func (r *blockReader) names(s *measure.Sample, flags uint64) {
	if flags&hasShortID == 0 {
		s.Activation = r.word(cActivation)
	} else if len(r.ids) < 16 {
		r.failed = true
	} else {
		if r.wanted {
			s.Activation = hex.EncodeToString(r.ids[:16])
		}
		r.ids = r.ids[16:]
	}
	s.Transaction = r.word(cTransaction)
	if flags&hasOwnID != 0 && r.wanted {
		s.Transaction = string(appendOrdinal([]byte(s.Transaction), s.User, s.Seq))
	}
}
