package result

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"

	"wsk-scenario/engine/measure"
)

// waitingFiles hold samples whose records are still to be read. They are gone when these were; a run that was killed leaves
// them behind, and their samples are read with the others, as far as they are known.
const waitingFiles = "waiting-*.wsk"

// Waiting is samples that are not complete yet, on disk: millions of calls may wait for the end of their load. It is safe for
// concurrent use.
type Waiting struct {
	mu     sync.Mutex
	file   *os.File
	writer *sampleWriter
}

// Waiting makes a file of waiting samples.
func (b *Bundle) Waiting() (*Waiting, error) {
	file, err := os.CreateTemp(b.folder, waitingFiles)
	if err != nil {
		return nil, fmt.Errorf("make file of waiting samples: %w", err)
	}
	writer, err := newSampleWriter(file, b.secrets.String)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("make file of waiting samples: %w", err), file.Close())
	}
	return &Waiting{file: file, writer: writer}, nil
}

// Add appends samples and brings them to the disk.
func (w *Waiting) Add(samples []measure.Sample) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := errors.Join(w.writer.add(samples), w.writer.flush()); err != nil {
		return fmt.Errorf("save waiting samples: %w", err)
	}
	return nil
}

// Len is how many samples wait.
func (w *Waiting) Len() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.writer.count
}

// Stretch is what was added so far.
func (w *Waiting) Stretch() *Stretch {
	w.mu.Lock()
	defer w.mu.Unlock()
	return &Stretch{file: w.file, blocks: slices.Clone(w.writer.blocks)}
}

// Each hands over the samples, some thousands at a time and with their ids; they may be kept.
func (w *Waiting) Each(some func([]measure.Sample) error) error {
	s := w.Stretch()
	for len(s.blocks) > 0 {
		n, count := 0, 0
		for ; n < len(s.blocks) && (n == 0 || count+s.blocks[n].n <= blockSize); n++ { // each flush has left one, however small
			count += s.blocks[n].n
		}
		part := Stretch{file: s.file, blocks: s.blocks[:n]}
		s.blocks = s.blocks[n:]
		samples := make([]measure.Sample, 0, count)
		for sample := range part.each(true) {
			samples = append(samples, *sample)
		}
		if part.err != nil {
			return part.err
		}
		if err := some(samples); err != nil {
			return err
		}
	}
	return nil
}

// Close removes the file: all that waited is complete.
func (w *Waiting) Close() error {
	return errors.Join(w.file.Close(), os.Remove(w.file.Name()))
}
