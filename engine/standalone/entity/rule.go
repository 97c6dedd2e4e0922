package entity

// Rule is one version of a rule's document: what a trigger starts. Like an action it is never changed once stored.
type Rule struct {
	Name        Name
	Version     Version
	Publish     bool
	Updated     int64 // epoch ms
	Trigger     Name
	Action      Name
	Annotations Parameters
	Active      bool
	// Unlinked says that its trigger was deleted. A trigger of that name that comes again does not know the rule, until
	// somebody writes it or makes it active.
	Unlinked bool
	revision uint64
}

// RulePut is the content of a PUT: what is not sent keeps its old value.
type RulePut struct {
	Trigger     *string     `json:"trigger"`
	Action      *string     `json:"action"`
	Annotations *Parameters `json:"annotations"`
	Publish     *bool       `json:"publish"`
	Version     *Version    `json:"version"`
}

// reference is the name of another document as a rule shows it.
type reference struct {
	Path string `json:"path"`
	Name string `json:"name"`
}

func referTo(n Name) reference { return reference{n.Path(), n.Name} }

type ruleRow struct {
	header
	Trigger     reference  `json:"trigger"`
	Action      reference  `json:"action"`
	Annotations Parameters `json:"annotations"`
}

func (r *Rule) row() ruleRow {
	head := header{r.Name.Namespace, r.Name.Name, r.Version, r.Publish, r.Updated}
	return ruleRow{head, referTo(r.Trigger), referTo(r.Action), orEmpty(r.Annotations)}
}

// Row is the rule in a list: all of it but its status.
func (r *Rule) Row() any { return r.row() }

// Document is the rule as clients see it.
func (r *Rule) Document() any {
	return struct {
		ruleRow
		Status string `json:"status"`
	}{r.row(), r.Status()}
}

// Status is whether the rule fires, as clients read it.
func (r *Rule) Status() string {
	if r.Active {
		return "active"
	}
	return "inactive"
}

// apply makes the next version of a rule out of a PUT; old is nil on create. A new rule is active, and an update keeps
// the status.
func (put *RulePut) apply(name Name, old *Rule, bounds Bounds) (*Rule, error) {
	next := Rule{Name: name, Version: firstVersion, Active: true}
	if old != nil {
		next = *old
		next.Version = old.Version.bumped()
	}
	for _, end := range []struct {
		sent *string
		name *Name
	}{{put.Trigger, &next.Trigger}, {put.Action, &next.Action}} {
		if end.sent == nil {
			if old == nil {
				return nil, Faultf(Malformed, "rule requires a valid trigger and a valid action")
			}
			continue
		}
		n, err := ParseName(*end.sent, name.Namespace)
		if err != nil {
			return nil, badContent("%s", err)
		}
		*end.name = n
	}
	if put.Version != nil {
		next.Version = *put.Version
	}
	if put.Publish != nil {
		next.Publish = *put.Publish
	}
	if put.Annotations != nil {
		next.Annotations = *put.Annotations
	}
	next.Unlinked = false
	return &next, bounds.checkSizes(nil, next.Annotations)
}
