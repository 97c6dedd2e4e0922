package file

import (
	"encoding/json"
	"fmt"
	"io"

	"wsk-scenario/engine/compare"
	"wsk-scenario/engine/report/content"
)

// JSON writes the report as it is; schema/report.schema.json says what its members mean.
func JSON(w io.Writer, r *content.Report) error { return indented(w, r) }

// ComparisonJSON writes a comparison as it is; schema/comparison.schema.json says what its members mean.
func ComparisonJSON(w io.Writer, r *compare.Report) error { return indented(w, r) }

func indented(w io.Writer, v any) error {
	out := json.NewEncoder(w)
	out.SetIndent("", "  ")
	out.SetEscapeHTML(false)
	if err := out.Encode(v); err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	return nil
}
