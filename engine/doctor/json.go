package doctor

import (
	"encoding/json"
	"io"
)

// JSONVersion is the version of the form that JSON writes.
const JSONVersion = 1

// JSON writes findings for programs: {"version": 1, "tool": …, "worst": …, "checks": […]}, each check with its keys check,
// scenario, release, verdict, found, costs, fix and reason.
func JSON(w io.Writer, tool string, list []Finding) error {
	if list == nil {
		list = []Finding{}
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(struct {
		Version int       `json:"version"`
		Tool    string    `json:"tool"`
		Worst   Verdict   `json:"worst"`
		Checks  []Finding `json:"checks"`
	}{JSONVersion, tool, Worst(list), list})
}
