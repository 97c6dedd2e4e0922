// Package origin notes what a run is made from and on: texts, code and payload files by their hashes, the state of the
// repository, versions, this machine. By that a run can be made again, and what has changed since is named.
package origin

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"

	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/result"
)

// Of notes the origin of a run of p, but for what its target tells. sources are the texts that p was made from; their hashes
// are added.
func Of(ctx context.Context, p *plan.Plan, sources []Text) *result.Origin {
	o := &result.Origin{Go: runtime.Version(), Modules: modules(), Machine: machine(), Inputs: Inputs(p)}
	o.Folder, _ = os.Getwd()
	for _, s := range sources {
		o.Sources = append(o.Sources, result.SourceFile{Role: s.Role, File: s.File, Kept: s.Kept, Hash: Hash(s.Bytes)})
	}
	o.Git = git(ctx, filepath.Dir(p.File))
	return o
}

// Text is one text that a plan is made from.
type Text struct {
	Role, File, Kept string // as in result.SourceFile
	Bytes            []byte
}

// Hash is the SHA-256 of a text in hexadecimal.
func Hash(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// fileHash is the hash of a file; empty when it cannot be read.
func fileHash(path string) string {
	file, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer file.Close()
	hash := sha256.New()
	if _, err := io.Copy(hash, file); err != nil {
		return ""
	}
	return hex.EncodeToString(hash.Sum(nil))
}

// modules are the libraries that are linked into this program.
func modules() (list []string) {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return nil
	}
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		list = append(list, m.Path+"@"+m.Version)
	}
	slices.Sort(list)
	return list
}
