package report

import (
	"encoding/json"
	"fmt"
	"io"

	"wsk-scenario/engine/plan"
)

// PlanDocument is a plan as programs get it: all that is decided, and what it will cost. docs/plan.md explains every key.
type PlanDocument struct {
	*plan.Plan
	Estimate plan.Estimate `json:"estimate"`
	Need     plan.Need     `json:"need"`
}

// PlanJSON writes the plan for programs.
func PlanJSON(out io.Writer, p *plan.Plan) error {
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(PlanDocument{p, p.Estimate(), p.Need()}); err != nil {
		return fmt.Errorf("write the plan: %w", err)
	}
	return nil
}
