package entity

import (
	"encoding/json"
	"strings"
)

// Trigger is one version of a trigger's document. Like an action it is never changed once stored. Which rules listen to
// it is known by the rules.
type Trigger struct {
	Name        Name
	Version     Version
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
	Version     *Version    `json:"version"`
}

// Document is the trigger as clients see it, with the rules that listen to it, if any.
func (t *Trigger) Document(rules []*Rule) any {
	type link struct {
		Action reference `json:"action"`
		Status string    `json:"status"`
	}
	links := map[string]link{}
	for _, r := range rules {
		links[r.Name.String()] = link{referTo(r.Action), r.Status()}
	}
	return struct {
		header
		Parameters  Parameters      `json:"parameters"`
		Limits      struct{}        `json:"limits"`
		Annotations Parameters      `json:"annotations"`
		Rules       map[string]link `json:"rules,omitempty"`
	}{t.header(), orEmpty(t.Parameters), struct{}{}, orEmpty(t.Annotations), links}
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
	if old == nil {
		if err := checkFeed(next.Annotations); err != nil {
			return nil, err
		}
	}
	return &next, bounds.checkSizes(next.Parameters, next.Annotations)
}

// checkFeed says that the annotation of a trigger for the action that feeds it names none. Whether there is such an action
// is the business of who sets up the feed.
func checkFeed(annotations Parameters) error {
	value, is := annotations.Get("feed")
	if !is {
		return nil
	}
	var path string
	err := json.Unmarshal(value, &path)
	for _, segment := range strings.Split(strings.TrimPrefix(path, "/"), "/") {
		if err == nil {
			err = CheckName(segment)
		}
	}
	if err != nil {
		return Faultf(Malformed, "Feed name is not valid")
	}
	return nil
}
