package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"wsk-scenario/engine/report/file"
)

// apart refuses a file that the reports of several scenarios would be written to one after the other.
func apart(wanted []wish, scenarios []loaded) error {
	runs := 0
	for _, l := range scenarios {
		if l.plan != nil {
			runs++
		}
	}
	for _, w := range wanted {
		if runs > 1 && w.file != "" && !strings.Contains(w.file, "{scenario}") {
			return wrong(fmt.Errorf("--report %s=%s would be written %d times: put {scenario} into the name, or leave the file out", w.name, w.file, runs))
		}
	}
	return nil
}

// fitting refuses, before anything runs, a report that one of the scenarios cannot have.
func fitting(wanted []wish, scenarios []loaded) error {
	for _, w := range wanted {
		for _, l := range scenarios {
			if w.fits == nil || l.plan == nil {
				continue
			}
			if err := w.fits(l.plan); err != nil {
				return wrong(fmt.Errorf("--report %s: %w", w.name, err))
			}
		}
	}
	return nil
}

// reported writes the reports that the user and the CI service want, from the bundle as it was saved.
func (r *running) reported(m Machine, folder string) error {
	page := m.Env("GITHUB_STEP_SUMMARY")
	if len(r.wanted) == 0 && page == "" {
		return nil
	}
	res, folder, err := open(folder)
	if err != nil {
		return err
	}
	s, err := load(res, folder)
	if err != nil {
		return err
	}
	for _, w := range r.wanted {
		if err := m.fulfil(w, s, filepath.Join(folder, "report"+w.suffix)); err != nil {
			return err
		}
	}
	if page == "" {
		return nil
	}
	return appendSummary(page, s)
}

// appendSummary adds the report to the page that GitHub Actions shows for a job.
func appendSummary(path string, s *saved) error {
	var text bytes.Buffer
	if err := file.Markdown(&text, s.report); err != nil {
		return err
	}
	page, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("append to GITHUB_STEP_SUMMARY: %w", err)
	}
	if _, err := fmt.Fprintf(page, "%s\n", text.Bytes()); err != nil {
		page.Close()
		return fmt.Errorf("append to GITHUB_STEP_SUMMARY: %w", err)
	}
	return page.Close()
}
