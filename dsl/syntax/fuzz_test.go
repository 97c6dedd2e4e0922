package syntax

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wsk-scenario/dsl/diag"
)

// FuzzParse: no panic, and every place inside the file, of diagnostics and of the tree.
func FuzzParse(f *testing.F) {
	files, err := filepath.Glob("../testdata/*/*.yaml")
	if err != nil || len(files) == 0 {
		f.Fatalf("no seeds: %v", err)
	}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(source)
	}
	f.Fuzz(func(t *testing.T, source []byte) {
		root, diags := Parse("a.yaml", source)
		places := &inside{t: t, lines: strings.Split(strings.TrimPrefix(string(source), "\ufeff"), "\n")}
		for _, d := range diags {
			places.check(d.Range, d.Summary)
			for _, related := range d.Related {
				places.check(related.Range, related.Note)
			}
		}
		if root != nil {
			places.node(root)
			root.JSON(nil)
		} else if !diags.HasErrors() {
			t.Error("neither a tree nor an error")
		}
	})
}

// inside checks that places are in the file.
type inside struct {
	t     *testing.T
	lines []string
}

func (in *inside) check(r diag.Range, what string) {
	if !r.Start.Known() {
		return
	}
	in.pos(r.Start, what)
	in.pos(diag.Pos{Line: r.End.Line, Column: r.End.Column - 1}, what+" (end)")
	if r.End.Line < r.Start.Line || r.End.Line == r.Start.Line && r.End.Column <= r.Start.Column {
		in.t.Errorf("%s: it ends before it begins: %v", what, r)
	}
}

// pos allows one rune behind the end of a line: there stand line ends.
func (in *inside) pos(p diag.Pos, what string) {
	if p.Line < 1 || p.Line > len(in.lines) || p.Column < 1 || p.Column > len([]rune(in.lines[p.Line-1]))+1 {
		in.t.Errorf("%s: %v is not in the file of %d lines", what, p, len(in.lines))
	}
}

func (in *inside) node(n *Node) {
	in.check(n.Range, "a node")
	in.text(n.Text)
	for _, f := range n.Fields {
		in.text(f.Key)
		in.node(f.Value)
	}
	for _, item := range n.Items {
		in.node(item)
	}
}

func (in *inside) text(text diag.Text) {
	for i := range []rune(text.Value) {
		in.pos(text.At(i), "a rune of "+text.Value)
	}
}
