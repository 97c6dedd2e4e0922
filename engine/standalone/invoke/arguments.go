package invoke

import (
	"bytes"
	"encoding/json"

	"wsk-scenario/engine/standalone/entity"
)

// overridesFinal reports whether the payload sets a parameter that may not be set: one marked final, or any one with a
// value when the action is annotated so.
func overridesFinal(action *entity.Action, params entity.Parameters, payload json.RawMessage) bool {
	all := action.Annotations.Truthy("final", false)
	var sent map[string]json.RawMessage // read when the first parameter asks for it, as most have none that do
	for _, p := range params {
		defined := !bytes.Equal(p.Value, []byte("null"))
		if !p.Final && !(all && defined) {
			continue
		}
		if sent == nil {
			if sent = fields(payload); len(sent) == 0 {
				return false
			}
		}
		if _, set := sent[p.Key]; set {
			return true
		}
	}
	return false
}

func fields(object json.RawMessage) map[string]json.RawMessage {
	var m map[string]json.RawMessage
	if len(object) == 0 || json.Unmarshal(object, &m) != nil {
		return nil
	}
	return m
}

// arguments overlays the parameters with the payload. The payload's bytes are kept as they are: what it does not set is
// put in front of them. An array, which only a sequence can hand on, takes no parameters.
func arguments(params entity.Parameters, payload json.RawMessage) json.RawMessage {
	if len(payload) == 0 {
		payload = json.RawMessage("{}")
	}
	if payload[0] != '{' || !anyArgument(params) {
		return payload
	}
	set := fields(payload)
	args := []byte{'{'}
	for _, p := range params {
		if _, ok := set[p.Key]; ok || p.Init {
			continue
		}
		args = append(args, quote(p.Key)...)
		args = append(args, ':')
		args = append(args, p.Value...)
		args = append(args, ',')
	}
	if len(set) == 0 {
		return append(bytes.TrimSuffix(args, []byte{','}), '}')
	}
	return append(args, payload[1:]...)
}

func anyArgument(params entity.Parameters) bool {
	for _, p := range params {
		if !p.Init {
			return true
		}
	}
	return false
}

// environment are the init parameters: strings as they are, anything else as JSON.
func environment(params entity.Parameters) map[string]string {
	var env map[string]string
	for _, p := range params {
		if !p.Init {
			continue
		}
		if env == nil {
			env = map[string]string{}
		}
		var s string
		if json.Unmarshal(p.Value, &s) != nil {
			s = string(p.Value)
		}
		env[p.Key] = s
	}
	return env
}

func quote(s string) []byte {
	raw, _ := json.Marshal(s) // a string always encodes
	return raw
}
