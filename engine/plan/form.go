package plan

import (
	"path/filepath"

	"wsk-scenario/dsl"
)

// exec is the command of a phase; nil where it has none. It runs in a folder relative to the file that describes it.
func (b *builder) exec(e dsl.Exec) *Exec {
	if len(e.Command) == 0 {
		return nil
	}
	made := &Exec{Command: texts(b, e.Command), Dir: filepath.Dir(e.Command[0].Range().File), Env: b.environment(e.Env)}
	if e.Dir.Set() {
		made.Dir = dsl.PathOf(e.Dir, read(b, e.Dir))
	}
	return made
}

// request is the request of a phase; nil where it has none.
func (b *builder) request(r dsl.Request) *Request {
	if !r.Action.Set() && !r.Path.Set() {
		return nil
	}
	made := &Request{Action: read(b, r.Action), Extension: read(b, r.Extension), Path: read(b, r.Path), Method: or(b, r.Method, "GET")}
	for _, e := range r.Headers.Entries {
		made.Headers = append(made.Headers, e.Key.Value+": "+read(b, e.Value))
	}
	return made
}
