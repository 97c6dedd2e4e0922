package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"wsk-scenario/engine/report/page"
)

// resultsBelow are the folders of the results of several scenarios, for a folder that holds nothing else.
func resultsBelow(path string) (folders []string) {
	for _, own := range []string{"result.json", filepath.Join("*", "result.json")} {
		if found, err := filepath.Glob(filepath.Join(path, own)); err != nil || len(found) > 0 {
			return nil
		}
	}
	found, err := filepath.Glob(filepath.Join(path, "*", "*", "result.json"))
	if err != nil {
		return nil
	}
	for _, file := range found {
		folders = append(folders, filepath.Dir(file))
	}
	return folders
}

// index writes the page that lists the results in a folder, and the page of each beside it where there is none yet.
func (m Machine) index(root string, folders []string, wanted []wish[*saved]) error {
	if len(wanted) != 1 || wanted[0].name != "html" || wanted[0].file == "" || wanted[0].file == "-" {
		return wrong(fmt.Errorf("%s holds the results of several scenarios: name one of them, or write their index with --format html=%s",
			root, filepath.Join(root, "index.html")))
	}
	return m.indexed(wanted[0].file, "Results in "+root, folders)
}

// indexed writes the page that lists results.
func (m Machine) indexed(file, title string, folders []string) error {
	var entries []page.Entry
	for _, folder := range folders {
		entry, err := m.entry(folder, filepath.Dir(file))
		if err != nil {
			entry = page.Entry{Folder: folder, Fault: err.Error()}
		}
		entries = append(entries, entry)
	}
	return writeWhole(file, func(out io.Writer) error { return page.Index(out, title, entries) })
}

// entry is one result of the index, with its page.
func (m Machine) entry(folder, from string) (page.Entry, error) {
	r, folder, err := open(folder)
	if err != nil {
		return page.Entry{}, err
	}
	s, err := load(r, folder)
	if err != nil {
		return page.Entry{}, err
	}
	file := filepath.Join(folder, "report.html")
	if _, err := os.Stat(file); errors.Is(err, os.ErrNotExist) {
		if err := writeWhole(file, func(out io.Writer) error { return writePage(out, s) }); err != nil {
			return page.Entry{}, err
		}
	}
	link, err := relative(from, file)
	return page.Entry{Report: s.report, Folder: folder, Link: link}, err
}

// relative is how a page in one folder names a file.
func relative(from, file string) (string, error) {
	from, err := filepath.Abs(from)
	if err != nil {
		return "", err
	}
	file, err = filepath.Abs(file)
	if err != nil {
		return "", err
	}
	link, err := filepath.Rel(from, file)
	return filepath.ToSlash(link), err
}
