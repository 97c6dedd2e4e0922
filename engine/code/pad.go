package code

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"strings"
)

// padding is the name of the filler in a padded package.
const padding = "padding.bin"

// singles are the names under which the runtimes look for the source of an action in an archive, by family.
var singles = map[string]string{"nodejs": "index.js", "python": "__main__.py", "go": "main.go", "php": "index.php", "ruby": "main.rb"}

// Pad adds a file of so many bytes to a package for an action of kind. No runtime reads it. It is always the same and
// cannot be compressed, so that the package grows by its size; source text becomes an archive.
func Pad(p Package, kind string, size int64) (Package, error) {
	if size > maxSize {
		return Package{}, fmt.Errorf("padding of %d bytes is more than OpenWhisk takes: at most %d in all", size, maxSize)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	if err := refill(w, p, kind); err != nil {
		return Package{}, fmt.Errorf("pad the package: %w", err)
	}
	filler, err := w.CreateHeader(&zip.FileHeader{Name: padding, Method: zip.Store})
	if err != nil {
		return Package{}, fmt.Errorf("pad the package: %w", err)
	}
	noise := rand.NewChaCha8([32]byte{})
	block := make([]byte, 1<<16)
	for left := size; left > 0; {
		n, _ := noise.Read(block[:min(left, int64(len(block)))]) // it has no error
		if _, err := filler.Write(block[:n]); err != nil {
			return Package{}, fmt.Errorf("pad the package: %w", err)
		}
		left -= int64(n)
	}
	if err := w.Close(); err != nil {
		return Package{}, fmt.Errorf("pad the package: %w", err)
	}
	if out.Len() > maxSize {
		return Package{}, fmt.Errorf("the padded package has %d bytes; OpenWhisk takes at most %d", out.Len(), maxSize)
	}
	padded := binary(out.Bytes())
	padded.Main = p.Main
	return padded, nil
}

// refill writes what a package holds into an archive.
func refill(w *zip.Writer, p Package, kind string) error {
	if !p.Binary {
		family, _, _ := strings.Cut(kind, ":")
		name, known := singles[family]
		if !known {
			return fmt.Errorf("nobody knows how an archive of kind %s names its source", kind)
		}
		file, err := w.Create(name)
		if err == nil {
			_, err = file.Write([]byte(p.Code))
		}
		return err
	}
	raw, err := base64.StdEncoding.DecodeString(p.Code)
	if err != nil {
		return err
	}
	in, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return fmt.Errorf("it is no archive: %w", err)
	}
	for _, file := range in.File {
		if file.Name == padding {
			return fmt.Errorf("it holds a file %s already", padding)
		}
		if err := w.Copy(file); err != nil {
			return err
		}
	}
	return nil
}
