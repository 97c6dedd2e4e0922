package dsl

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"wsk-scenario/dsl/diag"
	"wsk-scenario/dsl/syntax"
)

// parts are the sections that an included file may have beside about and include of its own. They are merged entry by
// entry, and stand before those of the file that includes it, so that its variables may be computed from them.
var parts = []string{"vars", "actions", "sequences", "packages", "triggers", "payloads", "services"}

// includer merges files into a scenario before anything in it is compiled. Every entry keeps its own file as its place,
// by which paths are resolved and pictures are drawn.
type includer struct {
	*loader
	sources diag.Sources
	texts   map[string][]byte
	read    map[string]bool // the files that are merged already: two may include a third
	merged  []*syntax.Node
}

// include merges the included files into the scenario, and adds their texts to the sources of opts. Texts that opts has are
// not read from the disk.
func (l *loader) include(opts Options) {
	in := &includer{loader: l, sources: opts.Sources, texts: opts.Texts, read: make(map[string]bool)}
	in.files(l.root, []string{l.scenario.File})
	if len(in.merged) == 0 {
		return
	}
	for _, part := range parts {
		in.merge(part)
	}
}

// files reads what a file includes, depth first. chain are the files that led here, that one last.
func (in *includer) files(root *syntax.Node, chain []string) {
	list := root.Get("include")
	if list == nil {
		return
	}
	items := list.Items
	if list.Kind == syntax.String {
		items = []*syntax.Node{list}
	}
	for i, item := range items {
		path := fmt.Sprintf("include[%d]", i)
		switch {
		case item.Kind != syntax.String:
			if len(chain) > 1 { // the scenario's own list is decoded, and told of there
				in.fault(item, path, " must be the path of a file")
			}
		case strings.Contains(item.Text.Value, "${{"):
			in.fault(item, path, " cannot hold a placeholder").Hint = "write it out; files are read before variables have values"
		default:
			in.file(item, path, chain)
		}
	}
}

func (in *includer) fault(n *syntax.Node, path, format string, args ...any) *diag.Diagnostic {
	d := in.diags.Errorf(n.Range, "%s", path+fmt.Sprintf(format, args...))
	d.Path = path
	return d
}

// file reads one included file and what it includes itself.
func (in *includer) file(item *syntax.Node, path string, chain []string) {
	written := item.Text.Value
	name := beside(item.Range, written)
	if at := slices.IndexFunc(chain, func(f string) bool { return filepath.Clean(f) == filepath.Clean(name) }); at >= 0 {
		in.fault(item, path, ": %s includes itself: %s", name, strings.Join(append(slices.Clone(chain[at:]), name), " → ")).
			Hint = "put what both need into a third file"
		return
	}
	if in.read[filepath.Clean(name)] {
		return
	}
	in.read[filepath.Clean(name)] = true
	source, kept := in.texts[filepath.Clean(name)]
	problem := ""
	if !kept {
		source, problem = includedText(name)
	}
	if problem != "" {
		in.fault(item, path, problem, written).Hint = in.hint(item.Range, name)
		return
	}
	if in.sources != nil {
		in.sources[name] = source
	}
	root, diags := syntax.Parse(name, source)
	in.diags = append(in.diags, diags...)
	switch {
	case root == nil:
		in.unknown = true
	case root.Kind != syntax.Map:
		in.fault(item, path, ": %s holds no sections", written).Hint = "an included file holds " + diag.Or(parts)
	default:
		in.files(root, append(slices.Clone(chain), name))
		in.sections(root)
		in.merged = append(in.merged, root)
	}
}

// hint says where a path that cannot be read goes wrong.
func (in *includer) hint(written diag.Range, path string) string {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return "name the files in it, one by one"
	}
	return in.scenario.missing(written, path)
}

// missing is missingHint in the words of the file in which the path is written.
func (s *Scenario) missing(written diag.Range, path string) string {
	hint := missingHint(path)
	if s.foreign(written) && !strings.HasPrefix(hint, "did you mean") {
		return "paths are relative to the file they are written in"
	}
	return hint
}

// maxIncluded bounds what is read as a part of a scenario.
const maxIncluded = 64 << 20

// includedText reads a file. What is no plain file is refused: a pipe or a device would be read for ever.
func includedText(name string) (source []byte, problem string) {
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return nil, ": there is no file %s"
	case info.IsDir():
		return nil, ": %s is a folder"
	case !info.Mode().IsRegular() || info.Size() > maxIncluded:
		return nil, ": %s is no file of a scenario"
	}
	if source, err = os.ReadFile(name); err != nil {
		return nil, ": %s may not be read"
	}
	return source, ""
}

// sections checks that an included file holds nothing that only a scenario may.
func (in *includer) sections(root *syntax.Node) {
	known := append([]string{"include", "about"}, parts...)
	for _, f := range root.Fields {
		if slices.Contains(known, f.Key.Value) {
			continue
		}
		d := in.diags.Errorf(f.Key.Range, "an included file cannot have the key %q", f.Key.Value)
		d.Path, d.Hint = f.Key.Value, diag.Suggest(f.Key.Value, known)
		if Describe().Key(f.Key.Value) != nil {
			d.Hint = "write it in the scenario; what may be included is " + diag.And(parts)
		}
	}
}

// merge joins one section of all files, the scenario's own last.
func (in *includer) merge(part string) {
	own := in.root.Get(part)
	if own != nil && own.Kind != syntax.Map && own.Kind != syntax.Null {
		return // the decoder speaks of it
	}
	section, first := &syntax.Node{Kind: syntax.Map}, make(map[string]diag.Text)
	var key diag.Text
	for _, root := range append(in.merged, in.root) {
		n := root.Get(part)
		switch {
		case n == nil || n.Kind == syntax.Null:
			continue
		case n.Kind != syntax.Map:
			in.fault(n, part, " must be a mapping").Hint = "write each entry as name: value"
			in.unknown = in.unknown || part == "vars"
			continue
		}
		section.Range = n.Range
		key = entryOf(root, part)
		for _, f := range n.Fields {
			before, clash := first[f.Key.Value]
			if !clash {
				first[f.Key.Value] = f.Key
				section.Fields = append(section.Fields, f)
				continue
			}
			d := in.diags.Errorf(f.Key.Range, "%s.%s is there already", part, f.Key.Value)
			d.Path, d.Hint = part+"."+f.Key.Value, "give one of them another name"
			d.Related = related(before.Range, "this is the first")
		}
	}
	if len(section.Fields) > 0 && !replace(in.root, part, section) {
		in.root.Fields = append(in.root.Fields, syntax.Field{Key: key, Value: section})
	}
}

// entryOf is the key of a section, with its place.
func entryOf(root *syntax.Node, name string) diag.Text {
	for _, f := range root.Fields {
		if f.Key.Value == name {
			return f.Key
		}
	}
	return diag.Text{}
}

// beside makes a path relative to the folder of the file in which it is written: that of the scenario, or an included one.
func beside(written diag.Range, path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(filepath.Dir(written.File), path)
}

// PathOf makes the path that a scalar holds relative to the folder of the file in which the scalar is written.
func PathOf(v syntax.Val[string], path string) string { return beside(v.Range(), path) }

// foreign reports whether something stands in another file than the scenario's. Such a file serves many scenarios, of
// which not each needs all of it.
func (s *Scenario) foreign(r diag.Range) bool { return r.File != s.File }
