package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
	"path/filepath"

	"wsk-scenario/dsl/diag"
)

// fingerprint is a hash of all that decides what is sent and created: cells, seed, the bytes of code and payload files, and
// how a profile sets the embedded server. Which running OpenWhisk is measured does not enter: that is what one compares.
// Names of people's folders, positions, assertions and tables do not enter: they change nothing that is measured.
// What cells share by same is hashed once.
func fingerprint(p *Plan, same likeness, passes int) string {
	hash := sha256.New()
	encoder := json.NewEncoder(hash)
	files := treeHashes{}
	// A plan is plain data, so that it always encodes; a hash never fails to write.
	_ = encoder.Encode([]any{p.Seed, passes})
	if p.Cluster != nil && p.Cluster.Embedded != (Embedded{}) {
		_ = encoder.Encode(p.Cluster.Embedded)
	}
	actions, phases := newDigests(same.actions), newDigests(same.phases)
	for c, cell := range p.Cells {
		for i, a := range cell.Actions {
			actions.add(hash, i, c, func() any {
				a.Code, a.Range = files.of(a.Code), diag.Range{}
				return a
			})
		}
		for i, ph := range cell.Phases {
			phases.add(hash, i, c, func() any {
				ph.Payload.File, ph.StartAt = files.of(ph.Payload.File), diag.Text{}
				return ph
			})
		}
		cell.Actions, cell.Phases = nil, nil
		_ = encoder.Encode(cell)
	}
	return hex.EncodeToString(hash.Sum(nil))[:16]
}

// digests are the hashes of the parts of cells, by part and by the first cell that has it so.
type digests struct {
	same  alike
	known map[[2]int][sha256.Size]byte
}

func newDigests(same alike) digests {
	return digests{same: same, known: make(map[[2]int][sha256.Size]byte)}
}

// add hashes part i of a cell; value is asked for it where it is new.
func (d digests) add(into io.Writer, i, cell int, value func() any) {
	if i < len(d.same.parts) {
		cell = d.same.parts[i][cell]
	}
	digest, known := d.known[[2]int{i, cell}]
	if !known {
		text, _ := json.Marshal(value())
		digest = sha256.Sum256(text)
		d.known[[2]int{i, cell}] = digest
	}
	_, _ = into.Write(digest[:])
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
