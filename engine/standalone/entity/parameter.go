package entity

import (
	"bytes"
	"encoding/json"
	"slices"
)

// Parameter is one key of a document's parameters or annotations.
type Parameter struct {
	Key   string          `json:"key"`
	Value json.RawMessage `json:"value"`
	Init  bool            `json:"init,omitempty"`  // goes into the environment of the action, not into its arguments
	Final bool            `json:"final,omitempty"` // may not be overridden by a caller
}

// Parameters are in the order they were first given; a key stands once.
type Parameters []Parameter

// UnmarshalJSON reads the list form [{key, value}]. The last value of a repeated key counts.
func (p *Parameters) UnmarshalJSON(data []byte) error {
	var rows []struct {
		Key   *string         `json:"key"`
		Value json.RawMessage `json:"value"`
		Init  bool            `json:"init"`
		Final bool            `json:"final"`
	}
	if err := json.Unmarshal(data, &rows); err != nil {
		return Faultf(Malformed, "parameters malformed!")
	}
	list := make(Parameters, 0, len(rows))
	for _, r := range rows {
		if r.Key == nil || *r.Key == "" || r.Value == nil {
			return Faultf(Malformed, "parameters malformed!")
		}
		list = append(list, Parameter{Key: *r.Key, Value: compact(r.Value), Init: r.Init, Final: r.Final})
	}
	*p = Parameters{}.with(list...)
	return nil
}

// compact is a value on one line, which is what a runtime reads.
func compact(value json.RawMessage) json.RawMessage {
	var b bytes.Buffer
	_ = json.Compact(&b, value) // it was decoded from valid JSON
	return b.Bytes()
}

// with returns p with more parameters, each in the place of the one of its key if there is one. There may be so many that
// none may be looked for one after the other.
func (p Parameters) with(more ...Parameter) Parameters {
	all := make(Parameters, len(p), len(p)+len(more))
	places := make(map[string]int, len(p)+len(more))
	for i, q := range p {
		all[i], places[q.Key] = q, i
	}
	for _, q := range more {
		if i, there := places[q.Key]; there {
			all[i] = q
			continue
		}
		places[q.Key] = len(all)
		all = append(all, q)
	}
	return all
}

// Merge returns p overlaid by over. Neither is changed.
func (p Parameters) Merge(over Parameters) Parameters {
	switch {
	case len(p) == 0:
		return over
	case len(over) == 0:
		return p
	}
	return p.with(over...)
}

// Without returns p without the named keys.
func (p Parameters) Without(keys []string) Parameters {
	if len(keys) == 0 {
		return p
	}
	gone := make(map[string]bool, len(keys))
	for _, k := range keys {
		gone[k] = true
	}
	return slices.DeleteFunc(slices.Clone(p), func(q Parameter) bool { return gone[q.Key] })
}

// Get returns the value of key.
func (p Parameters) Get(key string) (json.RawMessage, bool) {
	if i := p.index(key); i >= 0 {
		return p[i].Value, true
	}
	return nil, false
}

// Truthy reports whether key is set to something other than false, null, zero and the empty string; missing is what
// holds when the key is not there.
func (p Parameters) Truthy(key string, missing bool) bool {
	value, ok := p.Get(key)
	if !ok {
		return missing
	}
	return !slices.Contains([]string{"false", "null", "0", `""`}, string(bytes.TrimSpace(value)))
}

func (p Parameters) index(key string) int {
	return slices.IndexFunc(p, func(q Parameter) bool { return q.Key == key })
}

// size is about what p takes in a document.
func (p Parameters) size() (n int) {
	for _, q := range p {
		n += len(q.Key) + len(q.Value)
	}
	return n
}

// text is a parameter that holds a string.
func text(key, value string) Parameter {
	raw, _ := json.Marshal(value) // a string always encodes
	return Parameter{Key: key, Value: raw}
}
