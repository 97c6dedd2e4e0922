package result

import (
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"time"

	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/slo"
)

// begunFile holds what is known of a run before its end. It is gone when there is a result; a run that was killed leaves it behind.
const begunFile = "begun.json"

// errUnfinished says why nothing is judged of a run that was killed.
var errUnfinished = errors.New("the run was killed, or is still under way: how many calls it made is not known, and nothing of it is judged")

// Begin notes what is run and where, so that what a run measures can be read also when it is killed.
func (b *Bundle) Begin(r *Result) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.write(filepath.Join(b.folder, begunFile), r)
}

// finished removes what Begin has noted, when there is a result.
func (b *Bundle) finished() error {
	if err := os.Remove(filepath.Join(b.folder, begunFile)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("save result: %w", err)
	}
	return nil
}

// readUnfinished makes a result of what a run had brought to the disk before it was killed: a broken one, of which nothing can be
// judged.
func readUnfinished(folder string) (*Result, error) {
	r, err := readResult(filepath.Join(folder, begunFile))
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("%s holds no result: there is no %s in it", folder, resultFile)
	}
	if err != nil {
		return nil, err
	}
	r.Status, r.unfinished = Broken, true
	if err := r.salvage(folder); err != nil {
		return nil, err
	}
	r.Problems = append(r.Problems, fmt.Sprintf("the run was killed, or is still under way: what it had brought to the disk until %s is shown, and nothing of it is judged",
		r.Ended.UTC().Format(time.DateTime+" MST")))
	r.Verdicts = slo.Judge(r.Plan, r.Summaries, r.Known())
	return r, nil
}

// salvage sums up what is on the disk of phases that could not be summed up, as when there was no more room on it.
func (b *Bundle) salvage(r *Result) error {
	r.Samples = 0
	var left []place
	stretches := map[place]*Stretch{}
	for _, block := range b.samples.blocks {
		r.Samples += block.n
		at := place{block.cell, block.phase}
		if r.Status != Broken || r.summedUp(at) {
			continue
		}
		if stretches[at] == nil {
			left, stretches[at] = append(left, at), &Stretch{file: b.file}
		}
		stretches[at].blocks = append(stretches[at].blocks, block)
	}
	for _, at := range left {
		if err := r.sumUp(at, []*Stretch{stretches[at]}); err != nil {
			return err
		}
	}
	if len(left) > 0 {
		r.Verdicts = slo.Judge(r.Plan, r.Summaries, r.Known())
	}
	return nil
}

func (r *Result) summedUp(at place) bool {
	return slices.ContainsFunc(r.Summaries, func(s measure.Summary) bool { return place{s.Cell, s.Phase} == at })
}

// salvage sums up the samples that are on the disk. How many calls were under way or dropped is not known.
func (r *Result) salvage(folder string) error {
	files, err := sampleFiles(folder)
	if err != nil {
		return err
	}
	all := map[place][]*Stretch{}
	for _, path := range files {
		file, stretch, err := openFile(path)
		if err != nil {
			return err
		}
		defer file.Close()
		if r.Ended, err = later(r.Ended, file); err != nil {
			return err
		}
		if stretch.err != nil { // its last block was cut off with the run
			r.Problems = append(r.Problems, stretch.err.Error())
		}
		byPlace, n, err := r.byPlace(stretch)
		if err != nil {
			return err
		}
		r.Samples += n
		for k, s := range byPlace {
			all[k] = append(all[k], s)
		}
	}
	for cell := range r.Plan.Cells {
		for phase := range r.Plan.Cells[cell].Phases {
			if err := r.sumUp(place{cell, phase}, all[place{cell, phase}]); err != nil {
				return err
			}
		}
	}
	return nil
}

// sumUp adds the summary of a phase that was begun.
func (r *Result) sumUp(at place, stretches []*Stretch) error {
	if len(stretches) == 0 {
		return nil
	}
	ph := &r.Plan.Cells[at.cell].Phases[at.phase]
	steps := make([]int, max(1, len(ph.Load.Steps)))
	sum := measure.Summarize(at.cell, at.phase, ph.Name, measure.Wanted(ph.Start), steps, inTurn(stretches), slo.Asked(r.Plan, r.Started))
	for _, s := range stretches {
		if s.err != nil {
			return s.err
		}
	}
	sum.Cut = true
	for _, counters := range append([]measure.Summary{sum}, sum.Steps...) {
		delete(counters.Counters, "dropped")
		delete(counters.Counters, "offered")
	}
	r.Summaries = append(r.Summaries, sum)
	books := measure.Balance(at.cell, at.phase, int(sum.Counters["issued"])+sum.Warmups, 0, inTurn(stretches))
	books.Unfinished = true
	r.Books = append(r.Books, books)
	return nil
}

// inTurn goes through several stretches, one after the other.
func inTurn(stretches []*Stretch) iter.Seq[*measure.Sample] {
	return func(yield func(*measure.Sample) bool) {
		for _, s := range stretches {
			for sample := range s.Samples() {
				if !yield(sample) {
					return
				}
			}
		}
	}
}

// later is when a file was written last, or a moment when that is later.
func later(than time.Time, file *os.File) (time.Time, error) {
	info, err := file.Stat()
	if err != nil {
		return than, fmt.Errorf("read samples: %w", err)
	}
	if at := info.ModTime(); at.After(than) {
		return at, nil
	}
	return than, nil
}

// readResult reads a result as it was written.
func readResult(path string) (*Result, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read result: %w", err)
	}
	r := new(Result)
	if err := json.Unmarshal(text, r); err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	if r.Version != Version {
		return nil, fmt.Errorf("%s has format version %d; this program reads version %d", path, r.Version, Version)
	}
	if err := r.check(); err != nil {
		return nil, fmt.Errorf("%s is damaged: %w", path, err)
	}
	return r, nil
}
