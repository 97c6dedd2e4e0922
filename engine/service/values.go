package service

import (
	"bytes"
	"encoding/json"
	"strings"

	"wsk-scenario/dsl"
)

// Values are what services give to the scenario. Texts of a plan hold placeholders for them. The zero value has none.
type Values struct{ list []value }

type value struct {
	placeholder string
	json        json.RawMessage
}

func (v *Values) set(service, name string, raw json.RawMessage) {
	v.list = append(v.list, value{dsl.ServiceValue(service, name), raw})
}

func text(s string) json.RawMessage {
	raw, err := json.Marshal(s)
	if err != nil {
		return json.RawMessage("null") // a text always has a form in JSON
	}
	return raw
}

// With are the values and one more: what a placeholder stands for.
func (v Values) With(placeholder, is string) Values {
	return Values{append(v.list[:len(v.list):len(v.list)], value{placeholder, text(is)})}
}

// plain is a value as it stands in a text.
func (v value) plain() string {
	var s string
	if json.Unmarshal(v.json, &s) == nil {
		return s
	}
	return string(v.json)
}

// Text is a text with the values filled in.
func (v Values) Text(s string) string {
	if !strings.Contains(s, "${{ ") {
		return s
	}
	for _, one := range v.list {
		s = strings.ReplaceAll(s, one.placeholder, one.plain())
	}
	return s
}

// Texts are several texts with the values filled in.
func (v Values) Texts(list []string) []string {
	filled := make([]string, len(list))
	for i, s := range list {
		filled[i] = v.Text(s)
	}
	return filled
}

// JSON is JSON text, or a piece of it, with the values filled in: a string that is a placeholder and nothing else becomes
// the value itself, whatever it is.
func (v Values) JSON(raw json.RawMessage) json.RawMessage {
	if !bytes.Contains(raw, []byte("${{ ")) {
		return raw
	}
	s := string(raw)
	for _, one := range v.list {
		s = strings.ReplaceAll(s, `"`+one.placeholder+`"`, string(one.json))
		inside := text(one.plain())
		s = strings.ReplaceAll(s, one.placeholder, string(inside[1:len(inside)-1]))
	}
	return json.RawMessage(s)
}
