// Package diag owns what the user is told about a place in a file: positions, ranges, diagnostics and the one printer
// that draws them. Static faults and failed assertions go through the same picture. It knows nothing of YAML, of the
// scenario language or of OpenWhisk.
package diag

import (
	"cmp"
	"fmt"
	"slices"
)

// Severity says what a diagnostic means for the run. It is also the word the printer shows.
type Severity string

// The severities. Error and Warning are about the text of a file; the others are verdicts of an assertion.
const (
	Error     Severity = "error"
	Warning   Severity = "warning"
	Failed    Severity = "failed"
	NoData    Severity = "no data"
	NotJudged Severity = "not judged"
)

// Diagnostic is one thing to tell the user about one place.
type Diagnostic struct {
	Severity Severity `json:"severity"`
	// Range is where the fault stands. A zero Start means that only the file is known.
	Range Range `json:"range"`
	// Path is the place in the user's words, such as phases[1].load.users. It may be empty.
	Path string `json:"path,omitempty"`
	// Summary says what is wrong, in one line.
	Summary string `json:"summary"`
	// Hint says what to write instead; it is printed beside the caret.
	Hint string `json:"hint,omitempty"`
	// Related are the other places of a conflict.
	Related []Related `json:"related,omitempty"`
}

// Related is a second place that a diagnostic speaks of, such as the first of two equal keys.
type Related struct {
	Range Range  `json:"range"`
	Note  string `json:"note"`
}

// List is the diagnostics of one or more files. The zero value is ready to use.
type List []Diagnostic

// Errorf adds an error at r and returns it, so that a hint can be attached.
func (l *List) Errorf(r Range, format string, args ...any) *Diagnostic {
	return l.add(Error, r, format, args)
}

// Warnf adds a warning at r and returns it.
func (l *List) Warnf(r Range, format string, args ...any) *Diagnostic {
	return l.add(Warning, r, format, args)
}

func (l *List) add(s Severity, r Range, format string, args []any) *Diagnostic {
	*l = append(*l, Diagnostic{Severity: s, Range: r, Summary: fmt.Sprintf(format, args...)})
	return &(*l)[len(*l)-1]
}

// HasErrors reports whether any diagnostic of the list stops a run.
func (l List) HasErrors() bool {
	return slices.ContainsFunc(l, func(d Diagnostic) bool { return d.Severity == Error })
}

// Count returns how many diagnostics have severity s.
func (l List) Count(s Severity) (n int) {
	for _, d := range l {
		if d.Severity == s {
			n++
		}
	}
	return n
}

// Sort orders the list by file and place and drops exact repeats.
func (l *List) Sort() {
	slices.SortStableFunc(*l, func(a, b Diagnostic) int {
		return cmp.Or(cmp.Compare(a.Range.File, b.Range.File),
			a.Range.Start.compare(b.Range.Start), a.Range.End.compare(b.Range.End))
	})
	*l = slices.CompactFunc(*l, func(a, b Diagnostic) bool {
		return a.Severity == b.Severity && a.Range == b.Range && a.Summary == b.Summary
	})
}
