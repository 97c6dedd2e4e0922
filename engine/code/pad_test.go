package code

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"slices"
	"strings"
	"testing"
)

// unzipped are the names in a package, and the size of its filler.
func unzipped(t *testing.T, p Package) (names []string, filler uint64) {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString(p.Code)
	if err != nil || !p.Binary {
		t.Fatalf("the package is no archive: %v", err)
	}
	in, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range in.File {
		if names = append(names, f.Name); f.Name == padding {
			filler = f.CompressedSize64
		}
	}
	return names, filler
}

func TestAPaddedPackageHoldsTheCodeAndTheFiller(t *testing.T) {
	const size = 100_003
	for _, row := range []struct {
		name, kind string
		code       Package
		want       []string
	}{
		{"JavaScript becomes a package of Node.js", "nodejs:20", Package{Code: "exports.main = p => p"}, []string{"index.js", padding}},
		{"Python becomes an archive", "python:default", Package{Code: "def main(p): return p", Main: "other"}, []string{"__main__.py", padding}},
		{"an archive keeps its files", "native:default", archiveOf(t, "exec", "data"), []string{"exec", "data", padding}},
	} {
		t.Run(row.name, func(t *testing.T) {
			padded, err := Pad(row.code, row.kind, size)
			if err != nil {
				t.Fatal(err)
			}
			if names, filler := unzipped(t, padded); !slices.Equal(names, row.want) || filler != size || padded.Main != row.code.Main {
				t.Errorf("got %v with %d bytes of filler, main %q", names, filler, padded.Main)
			}
			again, err := Pad(row.code, row.kind, size)
			if err != nil || again != padded {
				t.Errorf("the same package padded again is another one: %v", err)
			}
		})
	}
}

func archiveOf(t *testing.T, names ...string) Package {
	t.Helper()
	var entries []entry
	for _, name := range names {
		entries = append(entries, entry{name, 0o755, []byte("#!/bin/sh\n")})
	}
	p, err := zipped(entries)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestWhatCannotBePaddedIsSaid(t *testing.T) {
	for _, row := range []struct {
		name, kind string
		code       Package
		size       int64
		want       string
	}{
		{"more than OpenWhisk takes", "nodejs:20", Package{Code: "x"}, maxSize + 1, "more than OpenWhisk takes"},
		{"a package that grows beyond it", "nodejs:20", Package{Code: "x"}, maxSize, "OpenWhisk takes at most"},
		{"a kind of unknown customs", "swift:5", Package{Code: "x"}, 1, "kind swift:5"},
		{"an archive with such a file", "nodejs:20", archiveOf(t, padding), 1, "already"},
	} {
		t.Run(row.name, func(t *testing.T) {
			if _, err := Pad(row.code, row.kind, row.size); err == nil || !strings.Contains(err.Error(), row.want) {
				t.Errorf("got %v, want %q", err, row.want)
			}
		})
	}
}
