package result

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/secret"
)

// The files of a bundle. The texts that the run was made from lie beside them under their own names.
const (
	resultFile = "result.json"
	sourcesDir = "sources"
)

// Bundle is the folder of a run while it is written. It is safe for concurrent use.
type Bundle struct {
	folder  string
	secrets *secret.Redactor

	mu      sync.Mutex
	file    *os.File
	samples *sampleWriter
}

// Create makes the folder of a new bundle, with the sources that the run is made from. The folder must not exist. Nothing
// that secrets hides comes into it; nil hides nothing.
func Create(folder string, sources map[string][]byte, secrets *secret.Redactor) (*Bundle, error) {
	if err := os.MkdirAll(filepath.Dir(folder), 0o755); err != nil {
		return nil, fmt.Errorf("make results folder: %w", err)
	}
	if err := os.Mkdir(folder, 0o755); err != nil {
		return nil, fmt.Errorf("make results folder: %w", err)
	}
	if err := os.Mkdir(filepath.Join(folder, sourcesDir), 0o755); err != nil {
		return nil, fmt.Errorf("make results folder: %w", err)
	}
	for name, text := range sources {
		if err := os.WriteFile(filepath.Join(folder, sourcesDir, filepath.Base(name)), secrets.Same(text), 0o644); err != nil {
			return nil, fmt.Errorf("keep %s: %w", name, err)
		}
	}
	file, err := os.Create(filepath.Join(folder, samplesFile))
	if err != nil {
		return nil, fmt.Errorf("make samples file: %w", err)
	}
	samples, err := newSampleWriter(file, secrets.String)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("make samples file: %w", err), file.Close())
	}
	return &Bundle{folder: folder, secrets: secrets, file: file, samples: samples}, nil
}

// Add appends samples.
func (b *Bundle) Add(samples []measure.Sample) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.samples.add(samples); err != nil {
		return fmt.Errorf("save samples: %w", err)
	}
	return nil
}

// Flush brings what was added to the disk.
func (b *Bundle) Flush() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.samples.flush(); err != nil {
		return fmt.Errorf("save samples: %w", err)
	}
	return nil
}

// Of is what was added of a phase of a cell so far.
func (b *Bundle) Of(cell, phase int) (*Stretch, error) {
	if err := b.Flush(); err != nil {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	s := &Stretch{file: b.file}
	for _, block := range b.samples.blocks {
		if block.cell == cell && block.phase == phase {
			s.blocks = append(s.blocks, block)
		}
	}
	return s, nil
}

// Finish writes the result and closes the bundle.
func (b *Bundle) Finish(r *Result) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	err := errors.Join(b.samples.flush(), b.salvage(r), b.file.Close())
	if unsaved := b.write(filepath.Join(b.folder, resultFile), r); unsaved != nil {
		return errors.Join(err, unsaved)
	}
	return errors.Join(err, b.finished())
}

// write replaces a file whole or not at all.
func (b *Bundle) write(path string, r *Result) error {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return fmt.Errorf("save result: %w", err)
	}
	next := path + ".new"
	err = os.WriteFile(next, append(b.secrets.JSON(text), '\n'), 0o644)
	if err == nil {
		err = os.Rename(next, path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("save result: %w", err), os.RemoveAll(next))
	}
	return nil
}

// Read reads the result of a bundle: its folder, or the result.json in it. Of a run that was killed it makes one of what is there.
func Read(path string) (*Result, error) {
	if filepath.Base(path) != resultFile {
		path = filepath.Join(path, resultFile)
	}
	r, err := readResult(path)
	if errors.Is(err, os.ErrNotExist) {
		return readUnfinished(filepath.Dir(path))
	}
	return r, err
}

// Sources reads the texts that the run was made from, by file name without folder.
func Sources(folder string) (map[string][]byte, error) {
	dir := filepath.Join(folder, sourcesDir)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("read sources: %w", err)
	}
	sources := map[string][]byte{}
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, fmt.Errorf("read sources: %w", err)
		}
		sources[e.Name()] = text
	}
	return sources, nil
}
