package diag

import (
	"cmp"
	"fmt"
	"sort"
)

// Pos is a place in a file. Line and Column count from 1, columns in runes. The zero Pos is "unknown".
type Pos struct {
	Line   int `json:"line"`
	Column int `json:"column"`
}

// Known reports whether p is a place at all.
func (p Pos) Known() bool { return p.Line > 0 }

func (p Pos) compare(q Pos) int {
	return cmp.Or(cmp.Compare(p.Line, q.Line), cmp.Compare(p.Column, q.Column))
}

// Range is a stretch of one file. End stands behind the last rune.
type Range struct {
	File  string `json:"file"`
	Start Pos    `json:"start"`
	End   Pos    `json:"end"`
}

// String is file:line:column, or the file alone where the place is unknown.
func (r Range) String() string {
	if !r.Start.Known() {
		return r.File
	}
	return fmt.Sprintf("%s:%d:%d", r.File, r.Start.Line, r.Start.Column)
}

// Text is the value of a scalar together with the place of each of its runes: what makes a caret inside a quoted, folded
// or block scalar exact.
type Text struct {
	Value string `json:"value"`
	Range Range  `json:"range"`
	// Segments are the runs of runes that stand side by side in the file, in order of Rune. Inside a run each rune is
	// one column further. No segments means that Value starts at Range.Start and stands on one line.
	Segments []Segment `json:"segments,omitempty"`
}

// Segment is one run of neighbouring runes: rune number Rune (from 0) of the value stands at Pos.
type Segment struct {
	Rune int `json:"rune"`
	Pos  Pos `json:"pos"`
}

// At returns the place of rune number i of the value.
func (t Text) At(i int) Pos {
	if len(t.Segments) == 0 {
		return Pos{t.Range.Start.Line, t.Range.Start.Column + i}
	}
	k := sort.Search(len(t.Segments), func(k int) bool { return t.Segments[k].Rune > i }) - 1
	s := t.Segments[max(k, 0)]
	return Pos{s.Pos.Line, s.Pos.Column + i - s.Rune}
}

// Slice returns the range of runes from…to-1 of the value. An empty slice is one rune wide.
func (t Text) Slice(from, to int) Range {
	if !t.Range.Start.Known() {
		return t.Range
	}
	end := t.At(max(from, to-1))
	return Range{File: t.Range.File, Start: t.At(from), End: Pos{end.Line, end.Column + 1}}
}
