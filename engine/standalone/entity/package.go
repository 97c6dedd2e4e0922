package entity

import (
	"encoding/json"
	"slices"
)

// Package is one version of a package's document. Like an action it is never changed once stored.
type Package struct {
	Name        Name
	Version     Version
	Publish     bool
	Updated     int64 // epoch ms
	Parameters  Parameters
	Annotations Parameters
	Binding     Name // the package whose actions this one gives; zero when they are its own
	revision    uint64
}

// Bound reports whether the package stands for another one.
func (p *Package) Bound() bool { return p.Binding != Name{} }

// PackagePut is the content of a PUT: what is not sent keeps its old value.
type PackagePut struct {
	Parameters  *Parameters `json:"parameters"`
	Annotations *Parameters `json:"annotations"`
	Publish     *bool       `json:"publish"`
	Version     *Version    `json:"version"`
	Binding     *BindingPut `json:"binding"`
}

// BindingPut is a reference to another package. An empty one is no binding.
type BindingPut struct {
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
}

// of is the name that a binding refers to, for an owner of the namespace own; zero when it refers to nothing.
func (b *BindingPut) of(own string) (Name, error) {
	if b == nil || *b == (BindingPut{}) {
		return Name{}, nil
	}
	n := Name{Namespace: b.Namespace, Name: b.Name}
	if n.Namespace == "" || n.Namespace == "_" {
		n.Namespace = own
	}
	for _, part := range []string{n.Namespace, n.Name} {
		if err := CheckName(part); err != nil {
			return Name{}, err
		}
	}
	return n, nil
}

// bindingDocument is the binding in a document; that of no binding is an empty object.
type bindingDocument struct {
	Namespace string `json:"namespace,omitempty"`
	Name      string `json:"name,omitempty"`
}

type packageDocument struct {
	header
	Binding     bindingDocument `json:"binding"`
	Parameters  Parameters      `json:"parameters"`
	Annotations Parameters      `json:"annotations"`
}

func (p *Package) document() packageDocument {
	return packageDocument{p.header(), p.bindingDocument(), orEmpty(p.Parameters), orEmpty(p.Annotations)}
}

// Document is the package as the answer to a change shows it: without its actions.
func (p *Package) Document() any { return p.document() }

// WithActions is the package as a reader sees it, with the actions in it.
func (p *Package) WithActions(actions []*Action) any {
	type member struct {
		Name        string     `json:"name"`
		Version     Version    `json:"version"`
		Annotations Parameters `json:"annotations"`
	}
	members, feeds := []member{}, []member{}
	for _, a := range actions {
		m := member{a.Name.Name, a.Version, orEmpty(a.Annotations)}
		if _, feed := a.Annotations.Get("feed"); feed {
			feeds = append(feeds, m)
			continue
		}
		members = append(members, m)
	}
	return struct {
		packageDocument
		Actions []member `json:"actions"`
		Feeds   []member `json:"feeds"`
	}{p.document(), members, feeds}
}

// Row is the package in a list.
func (p *Package) Row() any {
	row := struct {
		header
		Binding     any        `json:"binding"`
		Annotations Parameters `json:"annotations"`
	}{p.header(), false, orEmpty(p.Annotations)}
	if p.Bound() {
		row.Binding = p.bindingDocument()
	}
	return row
}

func (p *Package) bindingDocument() bindingDocument {
	return bindingDocument{p.Binding.Namespace, p.Binding.Name}
}

func (p *Package) header() header {
	return header{p.Name.Namespace, p.Name.Name, p.Version, p.Publish, p.Updated}
}

// reservedPackages are names that mean something else in a path.
var reservedPackages = []string{"default"}

// apply makes the next version of a package out of a PUT; old is nil on create.
func (put *PackagePut) apply(name Name, old *Package, bounds Bounds) (*Package, error) {
	if slices.Contains(reservedPackages, name.Name) {
		return nil, Faultf(Malformed, "Package name '%s' is reserved.", name.Name)
	}
	binding, err := put.Binding.of(name.Namespace)
	if err != nil {
		return nil, err
	}
	next := Package{Name: name, Version: firstVersion}
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
	if put.Parameters != nil {
		next.Parameters = *put.Parameters
	}
	if put.Annotations != nil {
		next.Annotations = *put.Annotations
	}
	if binding != (Name{}) {
		if old != nil && !old.Bound() {
			return nil, Faultf(Conflict, "Resource is a package and cannot be converted into a binding.")
		}
		next.Binding = binding
	}
	next.noteBinding()
	return &next, bounds.checkSizes(next.Parameters, next.Annotations)
}

// noteBinding keeps the annotation that lists tell bindings by: nobody but the server writes it.
func (p *Package) noteBinding() {
	const key = "binding"
	if !p.Bound() {
		p.Annotations = p.Annotations.Without([]string{key})
		return
	}
	raw, _ := json.Marshal(p.bindingDocument()) // strings always encode
	p.Annotations = p.Annotations.with(Parameter{Key: key, Value: raw})
}
