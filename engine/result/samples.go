package result

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"wsk-scenario/engine/measure"
)

// samplesFile holds every sample of a run: a mark, then blocks, each behind its length and its CRC-32 (both 4 bytes, little
// endian).
const samplesFile = "samples.wsk"

const samplesMark = "wsk samples 4\n"

// olderMark is that of files that are read, too, and not written any more: they have no stages of containers.
const olderMark = "wsk samples 3\n"

// maxBlock bounds what is believed of a block's length.
const maxBlock = 64 << 20

// stored is a block in the file.
type stored struct {
	block
	at   int64 // of its bytes
	size int
	sum  uint32
}

// sampleWriter writes the samples file. It is not safe for concurrent use.
type sampleWriter struct {
	file   *os.File
	size   int64
	packer packer
	frame  []byte
	blocks []stored
	open   []measure.Sample // of the block that is being filled
	count  int
}

func newSampleWriter(file *os.File, text func(string) string) (*sampleWriter, error) {
	if _, err := file.WriteString(samplesMark); err != nil {
		return nil, err
	}
	return &sampleWriter{file: file, size: int64(len(samplesMark)), packer: packer{text: text}}, nil
}

func (w *sampleWriter) add(samples []measure.Sample) error {
	for i := range samples {
		s := &samples[i]
		if n := len(w.open); n == blockSize || n > 0 && !alike(&w.open[0], s) {
			if err := w.flush(); err != nil {
				return err
			}
		}
		w.open = append(w.open, *s)
		w.count++
	}
	return nil
}

func alike(a, b *measure.Sample) bool {
	return a.Cell == b.Cell && a.Phase == b.Phase && a.Repeat == b.Repeat
}

// flush brings the open block to the file.
func (w *sampleWriter) flush() error {
	if len(w.open) == 0 {
		return nil
	}
	raw, err := w.packer.encode(w.open)
	if err != nil {
		return err
	}
	first := &w.open[0]
	b := stored{block{first.Cell, first.Phase, first.Repeat, len(w.open)}, w.size + 8, len(raw), crc32.ChecksumIEEE(raw)}
	w.frame = binary.LittleEndian.AppendUint32(w.frame[:0], uint32(b.size))
	w.frame = append(binary.LittleEndian.AppendUint32(w.frame, b.sum), raw...)
	if _, err := w.file.Write(w.frame); err != nil {
		_, back := w.file.Seek(w.size, io.SeekStart) // a full disk has taken a part of it
		return errors.Join(err, w.file.Truncate(w.size), back)
	}
	w.size += int64(len(w.frame))
	w.blocks = append(w.blocks, b)
	w.open = w.open[:0]
	return nil
}

// Stretch is samples of a bundle that can be gone through again and again. What reading them meets is in Err.
type Stretch struct {
	file   io.ReaderAt
	blocks []stored
	err    error
	room   *room // that of the last pass; nil while it is in use
}

// room is what a pass unpacks blocks in. Millions of samples are gone through many times over, and a new one each time would be
// most of what there is to collect.
type room struct {
	unpacked
	raw []byte
}

// Err is the first fault of reading.
func (s *Stretch) Err() error { return s.err }

// Samples goes through the samples. One is good until the next, and has neither the id of its activation nor that of its
// request.
func (s *Stretch) Samples() iter.Seq[*measure.Sample] { return s.each(false) }

// Named goes through the samples with these ids, which takes longer. They may be kept.
func (s *Stretch) Named() iter.Seq[*measure.Sample] { return s.each(true) }

func (s *Stretch) each(ids bool) iter.Seq[*measure.Sample] {
	return func(yield func(*measure.Sample) bool) {
		in := s.room
		if s.room = nil; in == nil || ids {
			in = new(room)
		}
		defer func() {
			if !ids {
				s.room = in
			}
		}()
		for i, b := range s.blocks {
			in.raw = slices.Grow(in.raw[:0], b.size)[:b.size]
			if _, err := s.file.ReadAt(in.raw, b.at); err != nil {
				s.fail(fmt.Errorf("read block %d of the samples: %w", i+1, err))
				return
			}
			samples, err := []measure.Sample(nil), error(errDamaged)
			if crc32.ChecksumIEEE(in.raw) == b.sum {
				if ids {
					in.unpacked = unpacked{} // whoever wants the ids may keep the samples
				}
				samples, err = in.decode(in.raw, ids)
			}
			if err != nil {
				s.fail(fmt.Errorf("read block %d of the samples: %w", i+1, err))
				return
			}
			for k := range samples {
				if !yield(&samples[k]) {
					return
				}
			}
		}
	}
}

// Join makes the fault of another stretch one of this.
func (s *Stretch) Join(other *Stretch) {
	if other.err != nil {
		s.fail(other.err)
	}
}

func (s *Stretch) fail(err error) {
	if s.err == nil {
		s.err = err
	}
}

// openSamples opens the samples of a bundle's folder.
func openSamples(folder string) (*os.File, *Stretch, error) {
	return openFile(filepath.Join(folder, samplesFile))
}

// openFile opens a file of samples and finds the blocks. A file that ends in the middle of a block has
// the blocks before, and says so in the stretch's Err once these were read.
func openFile(path string) (*os.File, *Stretch, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, nil, fmt.Errorf("read samples: %w", err)
	}
	in := bufio.NewReaderSize(file, 64<<10)
	mark := make([]byte, len(samplesMark))
	if _, err := io.ReadFull(in, mark); err != nil || string(mark) != samplesMark && string(mark) != olderMark {
		return nil, nil, errors.Join(fmt.Errorf("%s holds no samples of this version: %q stands at its begin, not %q", file.Name(), strings.TrimSpace(string(mark)), strings.TrimSpace(samplesMark)), file.Close())
	}
	s := &Stretch{file: file}
	for at := int64(len(mark)); ; {
		b, err := nextBlock(in, at)
		if errors.Is(err, io.EOF) {
			return file, s, nil
		}
		if err != nil {
			s.err = fmt.Errorf("read block %d of the samples: %w", len(s.blocks)+1, err)
			return file, s, nil
		}
		s.blocks = append(s.blocks, b)
		at = b.at + int64(b.size)
	}
}

// nextBlock reads the head of the block at a place of the file, and goes behind it; io.EOF at the end of the file.
func nextBlock(in *bufio.Reader, at int64) (b stored, err error) {
	var frame [8]byte
	if n, err := io.ReadFull(in, frame[:]); err != nil {
		if n == 0 {
			return b, io.EOF
		}
		return b, errCut
	}
	size := binary.LittleEndian.Uint32(frame[:])
	if size > maxBlock {
		return b, errDamaged
	}
	head, _ := in.Peek(min(int(size), 40))
	if b.block, err = readHead(bytes.NewReader(head)); err != nil {
		return b, err
	}
	if _, err := in.Discard(int(size)); err != nil {
		return b, errCut
	}
	b.at, b.size, b.sum = at+8, int(size), binary.LittleEndian.Uint32(frame[4:])
	return b, nil
}

var errCut = errors.New("the file ends in the middle of it")

// Outcomes reads all samples of a bundle's folder as a Stretch does: without ids, and each good until the next.
func Outcomes(folder string, each func(*measure.Sample)) error {
	file, stretch, err := openSamples(folder)
	if err != nil {
		return err
	}
	defer file.Close()
	for s := range stretch.Samples() {
		each(s)
	}
	return stretch.err
}

// Samples reads all samples of a bundle's folder, one after the other. Those that still waited for their records when the run
// was killed come last.
func Samples(folder string, each func(*measure.Sample) error) error {
	files, err := sampleFiles(folder)
	if err != nil {
		return err
	}
	for _, path := range files {
		if err := readSamples(path, each); err != nil {
			return err
		}
	}
	return nil
}

// sampleFiles are those of a bundle, with the ones that only a run leaves behind that was killed.
func sampleFiles(folder string) ([]string, error) {
	waiting, err := filepath.Glob(filepath.Join(folder, waitingFiles))
	if err != nil {
		return nil, fmt.Errorf("read samples: %w", err)
	}
	return append([]string{filepath.Join(folder, samplesFile)}, waiting...), nil
}

func readSamples(path string, each func(*measure.Sample) error) error {
	file, stretch, err := openFile(path)
	if err != nil {
		return err
	}
	defer file.Close()
	for s := range stretch.each(true) {
		if err := each(s); err != nil {
			return err
		}
	}
	return stretch.err
}
