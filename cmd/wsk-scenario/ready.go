package main

import "wsk-scenario/dsl/diag"

// checked reads all files, settles where they run, and tells what is wrong.
func (r *running) checked(m Machine, files []string) ([]loaded, error) {
	r.access.hide(m)
	if r.cluster == "" { // the flags are all there is, and half an answer is told at once
		if err := r.access.complete(m); err != nil {
			return nil, err
		}
	}
	scenarios, err := r.load(m, files)
	if err != nil {
		return nil, err
	}
	if len(files) > 0 {
		if err := noProfiles("run", scenarios); err != nil {
			return nil, err
		}
	}
	if scenarios, err = tagged(scenarios, r.tags); err != nil {
		return nil, err
	}
	faults, sources := faultsOf(m, scenarios)
	if site := r.site(scenarios); site != nil && !faults.HasErrors() {
		more, err := r.access.lay(m, site.profile)
		if err != nil {
			return nil, err
		}
		faults = diag.Merge(faults, more)
	}
	if err := tell(m.screen(m.Err, r.noColor), faults, sources); err != nil {
		return nil, err
	}
	if faults.HasErrors() {
		return nil, &exit{code: exitWrong}
	}
	return scenarios, nil
}
