package diag

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// JSON writes the list as one array.
func (p Printer) JSON(list List) error {
	if list == nil {
		list = List{}
	}
	encoder := json.NewEncoder(p.Out)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(list)
}

// GitHub writes each diagnostic as a workflow command, which GitHub shows beside the line in a pull request.
func (p Printer) GitHub(list List) error {
	var b strings.Builder
	for _, d := range list {
		command := "error"
		if d.Severity == Warning {
			command = "warning"
		}
		message := d.Summary
		if d.Severity != Error && d.Severity != Warning {
			message = string(d.Severity) + ": " + message
		}
		if d.Hint != "" {
			message += "\n" + d.Hint
		}
		for _, related := range d.Related {
			message += "\n" + related.Range.String() + ": " + related.Note
		}
		fmt.Fprintf(&b, "::%s %s::%s\n", command, annotationPlace(d.Range), escapeData(message))
	}
	_, err := io.WriteString(p.Out, b.String())
	return err
}

// annotationPlace are the properties of a workflow command. GitHub's endColumn is the last column itself, and it takes
// columns only where both ends stand on one line.
func annotationPlace(r Range) string {
	place := "file=" + escapeProperty(r.File)
	switch {
	case !r.Start.Known():
		return place
	case r.End.Line > r.Start.Line:
		return fmt.Sprintf("%s,line=%d,endLine=%d", place, r.Start.Line, r.End.Line)
	}
	return fmt.Sprintf("%s,line=%d,col=%d,endColumn=%d", place, r.Start.Line, r.Start.Column,
		max(r.Start.Column, r.End.Column-1))
}

func escapeData(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

func escapeProperty(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C").Replace(s)
}
