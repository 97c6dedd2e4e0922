package file

import (
	"fmt"
	"io"
	"strings"

	"wsk-scenario/engine/report/content"
)

// Methods writes the paragraph of a paper that says how the figures came to be, from the facts of the run alone.
func Methods(w io.Writer, r *content.Report) error {
	if _, err := io.WriteString(w, MethodsText(r)+"\n"); err != nil {
		return fmt.Errorf("write the methods: %w", err)
	}
	return nil
}

// MethodsText is the paragraph.
func MethodsText(r *content.Report) string {
	say := []string{fmt.Sprintf("The scenario %s (plan %s, seed %d) was run on %s with wsk-scenario %s.",
		r.Scenario, r.Plan.Short(), r.Plan.Seed, r.Started.Format("2 January 2006 at 15:04 UTC"), r.Tool)}
	if r.Target != "" {
		say = append(say, "The target was: "+r.Target+".")
	}
	for _, f := range r.Facts {
		say = append(say, capital(f.Name)+": "+strings.TrimRight(f.Value, ".")+".")
	}
	if n := len(r.Cells); n > 1 {
		var axes []string
		for _, a := range r.Plan.Axes {
			axes = append(axes, fmt.Sprintf("%s (%s)", a.Name, strings.Join(a.Values, ", ")))
		}
		say = append(say, fmt.Sprintf("%d combinations were measured, of %s.", n, strings.Join(axes, " and ")))
	}
	say = append(say, phasesSaid(r)...)
	say = append(say, fmt.Sprintf("In all %s issued, of which %s; %s.", was(r.Books.Issued), content.Count(r.Books.Errors, "error"), balance(r.Books.Balance)))
	say = append(say, "Response times count from the moment at which a call was due, so that a late generator does not hide them. "+
		"Percentiles are exact, by nearest rank, of all calls that ended well; calls of another start than asked for are left out of them and counted, and no outlier was removed.")
	if len(r.Clocks) > 0 {
		var clocks []string
		for _, c := range r.Clocks {
			clocks = append(clocks, c.Text)
		}
		say = append(say, "The clocks of the platform were ahead of the generator's by: "+strings.Join(clocks, ", ")+".")
	}
	switch r.Verdict.Word {
	case content.Broken:
		say = append(say, "The run broke off: "+r.Verdict.Text+".")
	case content.Interrupted:
		say = append(say, "The run was interrupted, and its figures are of what was measured until then.")
	}
	return strings.Join(say, " ")
}

func balance(holds bool) string {
	if holds {
		return "every call ended in exactly one outcome"
	}
	return "the books do not balance"
}

func was(n int) string {
	if n == 1 {
		return "1 call was"
	}
	return fmt.Sprintf("%d calls were", n)
}

// phasesSaid says each phase once; where cells differ, the first speaks for them and the rest is counted.
func phasesSaid(r *content.Report) (say []string) {
	seen := map[string]bool{}
	for _, p := range r.Phases {
		start := ""
		if p.Start != "any" {
			start = ", of which only the " + p.Start + " starts count"
		}
		warmup := ""
		if p.Warmups > 0 {
			warmup = fmt.Sprintf(", after %s kept out of the statistics", content.Count(p.Warmups, "call"))
		}
		state := ""
		if p.State != content.Measured {
			state = " (" + string(p.State) + ")"
		}
		text := fmt.Sprintf("Phase %s called %s: %s%s%s%s.", p.Name, p.Invoke, p.Load, start, warmup, state)
		if !seen[text] {
			seen[text] = true
			say = append(say, text)
		}
	}
	const most = 12
	if more := len(say) - most; more > 0 {
		say = append(say[:most], fmt.Sprintf("%d more phases are in the plan.", more))
	}
	return say
}

func capital(text string) string {
	if text == "" {
		return text
	}
	return strings.ToUpper(text[:1]) + text[1:]
}
