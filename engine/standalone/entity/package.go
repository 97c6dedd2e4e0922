package entity

import "slices"

// Package is one version of a package's document. Like an action it is never changed once stored.
type Package struct {
	Name        Name
	Version     string
	Publish     bool
	Updated     int64 // epoch ms
	Parameters  Parameters
	Annotations Parameters
	revision    uint64
}

// PackagePut is the content of a PUT: what is not sent keeps its old value.
type PackagePut struct {
	Parameters  *Parameters `json:"parameters"`
	Annotations *Parameters `json:"annotations"`
	Publish     *bool       `json:"publish"`
	Version     *string     `json:"version"`
	Binding     *BindingPut `json:"binding"`
}

// BindingPut is a reference to another package. An empty one is no binding.
type BindingPut struct {
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
}

// Document is the package as clients see it, with the actions in it.
func (p *Package) Document(actions []*Action) any {
	type member struct {
		Name        string     `json:"name"`
		Version     string     `json:"version"`
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
		header
		Binding     struct{}   `json:"binding"`
		Parameters  Parameters `json:"parameters"`
		Annotations Parameters `json:"annotations"`
		Actions     []member   `json:"actions"`
		Feeds       []member   `json:"feeds"`
	}{p.header(), struct{}{}, orEmpty(p.Parameters), orEmpty(p.Annotations), members, feeds}
}

// Row is the package in a list.
func (p *Package) Row() any {
	return struct {
		header
		Binding     bool       `json:"binding"`
		Annotations Parameters `json:"annotations"`
	}{p.header(), false, orEmpty(p.Annotations)}
}

func (p *Package) header() header {
	return header{p.Name.Namespace, p.Name.Name, p.Version, p.Publish, p.Updated}
}

// reservedPackages are names that mean something else in a path.
var reservedPackages = []string{"default"}

// apply makes the next version of a package out of a PUT; old is nil on create.
func (put *PackagePut) apply(name Name, old *Package) (*Package, error) {
	if slices.Contains(reservedPackages, name.Name) {
		return nil, Faultf(Malformed, "Package name '%s' is reserved.", name.Name)
	}
	if put.Binding != nil && *put.Binding != (BindingPut{}) {
		return nil, badContent("package bindings are not supported by this server")
	}
	next := Package{Name: name, Version: firstVersion}
	if old != nil {
		next = *old
		next.Version = bumped(old.Version)
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
		next.Annotations = next.Annotations.Merge(*put.Annotations)
	}
	if size := next.Parameters.size(); size > MaxParameters {
		return nil, tooBig("parameters", size, MaxParameters)
	}
	return &next, nil
}
