package result

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"time"

	"github.com/klauspost/compress/flate"
	"wsk-scenario/engine/measure"
)

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
		if i >= columnsBefore && len(body) == 0 {
			break // the file was written before there were these
		}
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
