package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"wsk-scenario/dsl/diag"
	"wsk-scenario/engine/code"
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
	if p.Cluster != nil && !p.Cluster.Embedded.usual() {
		_ = encoder.Encode(p.Cluster.Embedded)
	}
	for _, s := range p.Services {
		s.Dir, s.Range = "", diag.Range{}
		_ = encoder.Encode(s)
	}
	actions, phases := newDigests(same.actions), newDigests(same.phases)
	for c, cell := range p.Cells {
		for i, a := range cell.Actions {
			actions.add(hash, i, c, func() any {
				a.Code, a.Range, a.RoleAt = files.ofAction(a), diag.Range{}, diag.Range{}
				return a
			})
		}
		for i, ph := range cell.Phases {
			phases.add(hash, i, c, func() any {
				ph.Payload.File, ph.StartAt, ph.Expect.Range = files.of(ph.Payload.File), diag.Text{}, diag.Range{}
				if ph.Exec != nil {
					ph.Exec = &Exec{Command: ph.Exec.Command, Env: ph.Exec.Env}
				}
				if f := ph.Load.Find; f != nil {
					ph.Load.Find = &Find{f.From, f.To, diag.Text{Value: f.SLO.Value}}
				}
				return ph
			})
		}
		cell.Actions, cell.Phases = nil, nil
		if cell.Deployment != nil {
			cell.Deployment = files.ofDeployment(*cell.Deployment)
		}
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

// ofAction is the hash of an action's code: of what it is built from, where that is said.
func (t treeHashes) ofAction(a Action) string {
	if a.Build == nil || len(a.Build.Inputs) == 0 {
		return t.of(a.Code)
	}
	folder, hashes := code.FolderOf(a.Code), ""
	for _, input := range a.Build.Inputs {
		hashes += t.of(filepath.Join(folder, input))
	}
	return hashes
}

// ofDeployment is a release by what decides how it is: the bytes of a chart and of values that are files, not where they are.
// How long one waits for it, and whether it stays, changes nothing that is measured.
func (t treeHashes) ofDeployment(d Deployment) *Deployment {
	if _, err := os.Stat(d.Chart); err == nil && d.Repository == "" {
		d.Chart = t.of(d.Chart)
	}
	values, set := make([]string, len(d.Values)), make([]Set, len(d.Set))
	for i, file := range d.Values {
		values[i] = t.of(file)
	}
	for i, s := range d.Set {
		set[i] = Set{Key: diag.Text{Value: s.Key.Value}, Value: s.Value}
	}
	d.Release, d.Values, d.Set, d.Range, d.Wait, d.Keep = "", values, set, diag.Range{}, 0, false
	return &d
}

// of is the hash of a file, or of the files of a folder by name, content and whether they can be started: of what is packed.
// What cannot be read adds only its name: that is found, and said, when the code is packed.
func (t treeHashes) of(path string) string {
	if path == "" {
		return ""
	}
	if known, ok := t[path]; ok {
		return known
	}
	hash := sha256.New()
	root, files, _ := code.Files(path)
	for _, file := range files {
		fmt.Fprintf(hash, "%s\x00", filepath.ToSlash(file))
		if f, err := os.Open(filepath.Join(root, file)); err == nil {
			if info, err := f.Stat(); err == nil {
				fmt.Fprintf(hash, "%o\x00%d\x00", info.Mode()&0o111, info.Size())
			}
			_, _ = io.Copy(hash, f)
			_ = f.Close()
		}
	}
	t[path] = hex.EncodeToString(hash.Sum(nil))
	return t[path]
}
