package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"wsk-scenario/engine/report/content"
	"wsk-scenario/engine/report/file"
)

// apart refuses a file that the reports of several scenarios would be written to one after the other. A page of HTML is
// then the one that lists them all.
func (r *running) apart(scenarios []loaded) error {
	runs := 0
	for _, l := range scenarios {
		if l.plan != nil {
			runs++
		}
	}
	if runs < 2 {
		return nil
	}
	for i, w := range r.wanted {
		switch {
		case w.file == "" || strings.Contains(w.file, "{scenario}"):
		case w.name == "html" && w.file != "-" && r.index == "":
			r.index, r.wanted[i].file = w.file, ""
		default:
			return wrong(fmt.Errorf("--report %s=%s would be written %d times: put {scenario} into the name, or leave the file out", w.name, w.file, runs))
		}
	}
	return nil
}

// fitting refuses, before anything runs, a report that one of the scenarios cannot have.
func fitting(wanted []wish[*saved], scenarios []loaded) error {
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

// listed writes the page that lists the results of several scenarios, also of a run that was interrupted or went wrong.
func (r *running) listed(m Machine) error {
	if r.index == "" || len(r.folders) == 0 {
		return nil
	}
	return m.indexed(r.index, content.Count(len(r.folders), "result"), r.folders)
}

// reported writes the reports that the user and the CI service want, from the bundle as it was saved.
func (r *running) reported(m Machine, folder string) error {
	r.folders = append(r.folders, folder)
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
		if err := fulfil(m, w, s, s.report.Scenario, filepath.Join(folder, "report"+w.suffix)); err != nil {
			return err
		}
	}
	if page == "" {
		return nil
	}
	return appendSummary(page, func(w io.Writer) error { return file.Markdown(w, s.report) })
}

// appendSummary adds a report to the page that GitHub Actions shows for a job.
func appendSummary(path string, markdown func(io.Writer) error) error {
	var text bytes.Buffer
	if err := markdown(&text); err != nil {
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
