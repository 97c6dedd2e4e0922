package origin

import (
	"os"
	"path/filepath"
	"strings"

	"wsk-scenario/engine/code"
	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/result"
)

// Inputs are the files behind a plan, each once, with what they hold now: of code and payloads, of what commands and services
// run, and of the release on Kubernetes. One that cannot be read has no hash: that is told when it is used.
func Inputs(p *plan.Plan) []result.InputFile {
	in := inputs{seen: map[string]bool{}}
	for _, s := range p.Services {
		of := "service " + s.Name
		in.command(of, s.Dir, s.Command)
		in.command(of, s.Dir, s.Seed)
		if s.Ready != nil {
			in.command(of, s.Dir, s.Ready.Command)
		}
	}
	if p.Cluster != nil && p.Cluster.Kubernetes != nil {
		in.release(p.Cluster.Kubernetes.Deployment)
	}
	for _, cell := range p.Cells {
		in.release(cell.Deployment)
		for _, a := range cell.Actions {
			in.action(a)
		}
		for _, ph := range cell.Phases {
			if ph.Payload.File != "" {
				in.add("the payload of phase "+ph.Name, ph.Payload.File)
			}
			if ph.Exec != nil {
				in.command("the command of phase "+ph.Name, ph.Exec.Dir, ph.Exec.Command)
			}
		}
	}
	return in.list
}

// inputs collects files.
type inputs struct {
	list []result.InputFile
	seen map[string]bool // by path
}

// add notes a file, or all files of a folder.
func (in *inputs) add(of, path string) {
	if in.seen[path] {
		return
	}
	in.seen[path] = true
	root, files, err := code.Files(path)
	if err != nil {
		in.list = append(in.list, result.InputFile{Of: of, File: path})
		return
	}
	for _, file := range files {
		in.list = append(in.list, result.InputFile{Of: of, File: filepath.Join(path, file), Hash: fileHash(filepath.Join(root, file))})
	}
}

func (in *inputs) action(a plan.Action) {
	switch {
	case a.Code == "":
	case a.Build == nil:
		in.add("action "+a.Name, a.Code)
	default:
		for _, input := range inputsOf(a) {
			in.add("action "+a.Name, input)
		}
	}
}

// inputsOf is what an action is built from: what it says, or its whole folder.
func inputsOf(a plan.Action) (paths []string) {
	folder := code.FolderOf(a.Code)
	for _, input := range a.Build.Inputs {
		paths = append(paths, filepath.Join(folder, input))
	}
	if len(paths) == 0 {
		return []string{folder}
	}
	return paths
}

// command notes the files that the words of a command name. With a program that stands in a folder of its own beside the
// scenario goes what is in that folder: a script finds there what it needs. Programs of the system are not noted.
func (in *inputs) command(of, dir string, words []string) {
	for i, word := range words {
		if word == "" || strings.Contains(word, "${{") || i == 0 && !strings.ContainsRune(word, filepath.Separator) {
			continue
		}
		path := word
		if !filepath.IsAbs(word) {
			path = filepath.Join(dir, word)
		}
		info, err := os.Stat(path)
		switch {
		case err != nil:
		case info.IsDir():
			if i > 0 && apart(path, dir) {
				in.add(of, path)
			}
		case info.Mode().IsRegular():
			if own := filepath.Dir(path); i == 0 && !filepath.IsAbs(word) && apart(own, dir) && packable(own) {
				path = own
			}
			in.add(of, path)
		}
	}
}

// apart reports whether a folder does not hold another one, nor is it.
func apart(folder, other string) bool {
	inside, err := filepath.Rel(folder, other)
	return err == nil && (inside == ".." || strings.HasPrefix(inside, ".."+string(filepath.Separator)))
}

// packable reports whether the files of a folder can be noted one by one.
func packable(folder string) bool {
	_, _, err := code.Files(folder)
	return err == nil
}

// release notes the files of values, and those of a chart that is a folder or an archive here. Their texts are not kept: they
// may hold credentials under any name.
func (in *inputs) release(d *plan.Deployment) {
	if d == nil {
		return
	}
	for _, file := range d.Values {
		in.add("the values of the release", file)
	}
	if _, err := os.Stat(d.Chart); err == nil {
		in.add("the chart of the release", d.Chart)
	}
}
