package main

import (
	"io"
	"os"

	"golang.org/x/term"

	"wsk-scenario/dsl/diag"
)

// screen is what is known of a stream that people may look at.
type screen struct {
	out      io.Writer
	file     *os.File // what is behind out, where it is a terminal
	terminal bool
	width    int // 0 where it is no terminal: a file has no width
	color    bool
}

// screen looks at a stream. Colour is for terminals, unless the user does not want it: see https://no-color.org.
func (m Machine) screen(out io.Writer, noColor bool) screen {
	s := screen{out: out}
	file, ok := behind(out).(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return s
	}
	s.terminal, s.file = true, file
	s.color = !noColor && m.Env("NO_COLOR") == "" && m.Env("TERM") != "dumb"
	if width, _, err := term.GetSize(int(file.Fd())); err == nil {
		s.width = width
	}
	return s
}

// behind is the stream that a writer in between writes to at last.
func behind(out io.Writer) io.Writer {
	for {
		wrapped, ok := out.(interface{ Unwrap() io.Writer })
		if !ok {
			return out
		}
		out = wrapped.Unwrap()
	}
}

// printer draws diagnostics on the screen.
func (s screen) printer(sources diag.Sources) diag.Printer {
	return diag.Printer{Out: s.out, Sources: sources, Color: s.color}
}
