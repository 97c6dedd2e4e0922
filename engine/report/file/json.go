package file

import (
	"encoding/json"
	"fmt"
	"io"

	"wsk-scenario/engine/report/content"
)

// JSON writes the report as it is; schema/report.schema.json says what its members mean.
func JSON(w io.Writer, r *content.Report) error {
	out := json.NewEncoder(w)
	out.SetIndent("", "  ")
	out.SetEscapeHTML(false)
	if err := out.Encode(r); err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	return nil
}
