package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"wsk-scenario/dsl/diag"
)

// fingerprint is a hash of all that decides what is sent and created: cells, seed, and the bytes of code and payload files.
// Names of people's folders, positions, assertions and tables do not enter: they change nothing that is measured.
func fingerprint(p *Plan) string {
	hash := sha256.New()
	encoder := json.NewEncoder(hash)
	_ = encoder.Encode(p.Seed)
	for _, cell := range p.Cells {
		cell.Actions, cell.Phases = slices.Clone(cell.Actions), slices.Clone(cell.Phases)
		for i := range cell.Actions {
			a := &cell.Actions[i]
			hashTree(hash, a.Code)
			a.Code, a.Range = "", diag.Range{}
		}
		for i := range cell.Phases {
			ph := &cell.Phases[i]
			if ph.Payload.File != "" {
				hashTree(hash, ph.Payload.File)
			}
			ph.Payload.File, ph.StartAt = "", diag.Text{}
		}
		// A plan is plain data, so that it always encodes; a hash never fails to write.
		_ = encoder.Encode(cell)
	}
	return hex.EncodeToString(hash.Sum(nil))[:16]
}

// hashTree adds a file, or the files of a folder by name and content. What cannot be read adds only its name: that is
// found, and said, when the code is packed.
func hashTree(hash io.Writer, root string) {
	_ = filepath.WalkDir(root, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		rel, _ := filepath.Rel(root, path)
		_, _ = io.WriteString(hash, strings.ReplaceAll(rel, "\\", "/")+"\x00")
		if f, err := os.Open(path); err == nil {
			_, _ = io.Copy(hash, f)
			_ = f.Close()
		}
		return nil
	})
}
