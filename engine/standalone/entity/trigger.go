package entity

// Trigger is one version of a trigger's document. Like an action it is never changed once stored. Which rules listen to
// it is known by the rules.
type Trigger struct {
	Name        Name
	Version     string
	Publish     bool
	Updated     int64 // epoch ms
	Parameters  Parameters
	Annotations Parameters
	revision    uint64
}

// TriggerPut is the content of a PUT: what is not sent keeps its old value.
type TriggerPut struct {
	Parameters  *Parameters `json:"parameters"`
	Annotations *Parameters `json:"annotations"`
	Publish     *bool       `json:"publish"`
	Version     *string     `json:"version"`
}

type triggerDocument struct {
	header
	Parameters  Parameters `json:"parameters"`
	Limits      struct{}   `json:"limits"`
	Annotations Parameters `json:"annotations"`
}

func (t *Trigger) document() triggerDocument {
	return triggerDocument{t.header(), orEmpty(t.Parameters), struct{}{}, orEmpty(t.Annotations)}
}

// Document is the trigger as the answer to a change shows it: without its rules.
func (t *Trigger) Document() any { return t.document() }

// WithRules is the trigger as a reader sees it, with the rules that listen to it.
func (t *Trigger) WithRules(rules []*Rule) any {
	type link struct {
		Action reference `json:"action"`
		Status string    `json:"status"`
	}
	links := map[string]link{}
	for _, r := range rules {
		links[r.Name.String()] = link{referTo(r.Action), r.Status()}
	}
	return struct {
		triggerDocument
		Rules map[string]link `json:"rules"`
	}{t.document(), links}
}

// Row is the trigger in a list.
func (t *Trigger) Row() any {
	return struct {
		header
		Annotations Parameters `json:"annotations"`
	}{t.header(), orEmpty(t.Annotations)}
}

func (t *Trigger) header() header {
	return header{t.Name.Namespace, t.Name.Name, t.Version, t.Publish, t.Updated}
}

// apply makes the next version of a trigger out of a PUT; old is nil on create.
func (put *TriggerPut) apply(name Name, old *Trigger, bounds Bounds) (*Trigger, error) {
	next := Trigger{Name: name, Version: firstVersion}
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
	return &next, bounds.checkSizes(next.Parameters, next.Annotations)
}
