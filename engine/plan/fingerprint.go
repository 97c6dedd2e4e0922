package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"

	"wsk-scenario/dsl/diag"
)

// fingerprint is a hash of all that decides what is sent and created: cells, seed, the bytes of code and payload files, and
// how a profile sets the embedded server. Which running OpenWhisk is measured does not enter: that is what one compares.
// Names of people's folders, positions, assertions and tables do not enter: they change nothing that is measured.
func fingerprint(p *Plan) string {
	hash := sha256.New()
	encoder := json.NewEncoder(hash)
	files := treeHashes{}
	// A plan is plain data, so that it always encodes; a hash never fails to write.
	_ = encoder.Encode(p.Seed)
	if p.Cluster != nil && p.Cluster.Embedded != (Embedded{}) {
		_ = encoder.Encode(p.Cluster.Embedded)
	}
	for _, cell := range p.Cells {
		cell.Actions, cell.Phases = slices.Clone(cell.Actions), slices.Clone(cell.Phases)
		for i := range cell.Actions {
			a := &cell.Actions[i]
			a.Code, a.Range = files.of(a.Code), diag.Range{}
		}
		for i := range cell.Phases {
			ph := &cell.Phases[i]
			ph.Payload.File, ph.StartAt = files.of(ph.Payload.File), diag.Text{}
		}
		_ = encoder.Encode(cell)
	}
	return hex.EncodeToString(hash.Sum(nil))[:16]
}

// treeHashes are the hashes of files and folders, by path: many cells share one.
type treeHashes map[string]string

// of is the hash of a file, or of the files of a folder by name and content. What cannot be read adds only its name: that
// is found, and said, when the code is packed.
func (t treeHashes) of(root string) string {
	if root == "" {
		return ""
	}
	if known, ok := t[root]; ok {
		return known
	}
	hash := sha256.New()
	_ = filepath.WalkDir(root, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		rel, _ := filepath.Rel(root, path)
		_, _ = io.WriteString(hash, filepath.ToSlash(rel)+"\x00")
		if f, err := os.Open(path); err == nil {
			_, _ = io.Copy(hash, f)
			_ = f.Close()
		}
		return nil
	})
	t[root] = hex.EncodeToString(hash.Sum(nil))
	return t[root]
}
