package entity

import (
	"encoding/json"
)

// Action is one version of an action's document. It is never changed once it is stored, so that everybody may hold on
// to it without a lock.
type Action struct {
	Name        Name
	Version     Version
	Publish     bool
	Updated     int64 // epoch ms
	Exec        Exec
	Parameters  Parameters
	Limits      Limits
	Annotations Parameters
	// Key is unique to this document and revision: a container of one key never serves another.
	Key      string
	revision uint64
}

// ActionPut is the content of a PUT: what is not sent keeps its old value.
type ActionPut struct {
	Exec           *ExecPut    `json:"exec"`
	Parameters     *Parameters `json:"parameters"`
	Limits         *LimitsPut  `json:"limits"`
	Version        *Version    `json:"version"`
	Publish        *bool       `json:"publish"`
	Annotations    *Parameters `json:"annotations"`
	DelAnnotations []string    `json:"delAnnotations"`
}

// Document is the action as clients see it.
func (a *Action) Document(code bool) any {
	return struct {
		header
		Exec        any        `json:"exec"`
		Parameters  Parameters `json:"parameters"`
		Limits      Limits     `json:"limits"`
		Annotations Parameters `json:"annotations"`
	}{a.header(), a.Exec.Document(code), orEmpty(a.Parameters), a.Limits, orEmpty(a.Annotations)}
}

// Row is the action in a list.
func (a *Action) Row() any {
	type exec struct {
		Binary bool `json:"binary"`
	}
	return struct {
		header
		Exec        exec       `json:"exec"`
		Limits      Limits     `json:"limits"`
		Annotations Parameters `json:"annotations"`
	}{a.header(), exec{a.Exec.Binary}, a.Limits, orEmpty(a.Annotations)}
}

func (a *Action) header() header {
	return header{a.Name.Path(), a.Name.Name, a.Version, a.Publish, a.Updated}
}

// header is what every document and row starts with.
type header struct {
	Namespace string  `json:"namespace"`
	Name      string  `json:"name"`
	Version   Version `json:"version"`
	Publish   bool    `json:"publish"`
	Updated   int64   `json:"updated"`
}

func orEmpty(p Parameters) Parameters {
	if p == nil {
		return Parameters{}
	}
	return p
}

// apply makes the next version of an action out of a PUT; old is nil on create.
func (put *ActionPut) apply(name Name, old *Action, rules Rules) (*Action, error) {
	next := Action{Name: name, Version: firstVersion, Limits: rules.Bounds.Default}
	if old != nil {
		next = *old
		next.Version = old.Version.bumped()
	}
	if put.Version != nil {
		next.Version = *put.Version
	}
	if put.Publish != nil {
		next.Publish = *put.Publish
	}
	if err := put.applyExec(&next, old, rules); err != nil {
		return nil, err
	}
	put.applyAnnotations(&next, old == nil)
	next.Limits = put.Limits.over(next.Limits)
	if err := rules.Bounds.check(next.Limits); err != nil {
		return nil, err
	}
	return &next, rules.Bounds.checkSizes(next.Parameters, next.Annotations)
}

// applyExec sets exec and parameters. A sequence has no parameters of its own: it stores the names of its components
// under _actions, whatever was sent, and they do not leak into an action that replaces it.
func (put *ActionPut) applyExec(next, old *Action, rules Rules) error {
	if put.Exec == nil && old == nil {
		return Faultf(Malformed, "exec undefined")
	}
	if put.Exec != nil {
		exec, err := put.Exec.resolve(rules, next.Name.Namespace)
		if err != nil {
			return err
		}
		next.Exec = exec
		if old != nil && old.Exec.Sequence() {
			next.Parameters = nil
		}
	}
	if next.Exec.Sequence() {
		next.Parameters = Parameters{componentsParameter(next.Exec.Components)}
	} else if put.Parameters != nil {
		next.Parameters = *put.Parameters
	}
	return nil
}

func componentsParameter(components []Name) Parameter {
	paths := make([]string, len(components))
	for i, c := range components {
		paths[i] = "/" + c.String()
	}
	raw, _ := json.Marshal(paths) // strings always encode
	return Parameter{Key: "_actions", Value: raw}
}

// applyAnnotations merges what was sent into what is there. New actions do without an API key unless they ask for it;
// actions from before that annotation keep getting one.
func (put *ActionPut) applyAnnotations(next *Action, create bool) {
	next.Annotations = next.Annotations.Without(put.DelAnnotations)
	if put.Annotations != nil {
		next.Annotations = next.Annotations.Merge(*put.Annotations)
	}
	if _, ok := next.Annotations.Get("provide-api-key"); !ok && create {
		next.Annotations = next.Annotations.with(Parameter{Key: "provide-api-key", Value: json.RawMessage("false")})
	}
	next.Annotations = next.Annotations.with(text("exec", next.Exec.Kind))
}
