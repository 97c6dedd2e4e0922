package code

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// entry is one file of an archive.
type entry struct {
	name    string
	mode    fs.FileMode
	content []byte
}

// archive zips the files of a folder. The same files give the same bytes: names in order, no times.
func archive(root string, files []string) (Package, error) {
	entries := make([]entry, 0, len(files))
	for _, file := range files {
		path := filepath.Join(root, file)
		info, err := os.Stat(path)
		if err != nil {
			return Package{}, readable(err)
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return Package{}, readable(err)
		}
		entries = append(entries, entry{filepath.ToSlash(file), info.Mode().Perm(), content})
	}
	return zipped(entries)
}

func zipped(entries []entry) (Package, error) {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, e := range entries {
		header := &zip.FileHeader{Name: e.name, Method: zip.Deflate}
		header.SetMode(e.mode)
		file, err := w.CreateHeader(header)
		if err != nil {
			return Package{}, fmt.Errorf("archive %s: %w", e.name, err)
		}
		if _, err := file.Write(e.content); err != nil {
			return Package{}, fmt.Errorf("archive %s: %w", e.name, err)
		}
	}
	if err := w.Close(); err != nil {
		return Package{}, fmt.Errorf("archive: %w", err)
	}
	if out.Len() > maxSize {
		return Package{}, fmt.Errorf("the archive has %d bytes; OpenWhisk takes at most %d", out.Len(), maxSize)
	}
	return binary(out.Bytes()), nil
}
