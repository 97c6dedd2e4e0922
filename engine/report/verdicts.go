package report

import (
	"fmt"
	"io"
	"strings"

	"wsk-scenario/engine/result"
)

// Verdicts writes only how a result was judged, with the verdict as its last line.
func (t Terminal) Verdicts(r *result.Result) error {
	d := &document{Terminal: t, result: r, paint: paint(t.Color)}
	d.heading()
	d.block(books(r))
	if err := d.assertions(); err != nil {
		return err
	}
	if err := d.pictures(); err != nil {
		return err
	}
	d.block(d.bullets("Problems", r.Problems))
	d.block(d.verdict())
	return d.flush()
}

// flush writes the document.
func (d *document) flush() error {
	if _, err := io.WriteString(d.Out, strings.Join(d.blocks, "\n")); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}
