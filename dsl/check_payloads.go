package dsl

import (
	"encoding/json"

	"wsk-scenario/dsl/diag"
	"wsk-scenario/dsl/syntax"
)

// written stands for a key that is no scalar.
type written struct {
	set   bool
	place diag.Range
	path  string
}

func (w written) Set() bool         { return w.set }
func (w written) Range() diag.Range { return w.place }
func (w written) Path() string      { return w.path }

func (c *checker) checkPayloads() {
	for _, e := range c.Payloads.Entries {
		p, path := e.Value, "payloads."+e.Key.Value
		object := written{path: path + ".json"}
		if p.JSON != nil {
			object.set, object.place = true, p.JSON.Range
			c.checkObject(p.JSON, object.path)
		}
		if c.exactlyOne(path, e.Key.Range, []string{"size", "file", "json"}, p.Size, p.File, object) {
			c.checkCompany(p, path)
		}
		c.checkFile(p.File)
		c.checkSize(p)
	}
}

// checkCompany checks the keys that mean something beside one of size and file only.
func (c *checker) checkCompany(p Payload, path string) {
	rules := []struct {
		key     scalar
		name    string
		allowed bool
		needs   string
	}{
		{p.Fill, "fill", p.Size.Set(), "size"},
		{p.Key, "key", p.Size.Set() || p.File.Set(), "size or file"},
		{p.Encode, "encode", p.File.Set(), "file"},
		{written{len(p.And.Entries) > 0, p.And.Range, path + ".and"}, "and", p.File.Set(), "file"},
	}
	for _, r := range rules {
		if r.key.Set() && !r.allowed {
			c.fault(r.key, " has a meaning only beside %s", r.needs).Hint = "remove it"
		}
	}
}

// checkSize checks that the filler leaves room for the JSON around it.
func (c *checker) checkSize(p Payload) {
	key := "payload"
	if k, ok := p.Key.Literal(); ok {
		key = k
	}
	around, _ := json.Marshal(map[string]string{key: ""})
	for _, f := range each(c, p.Size) {
		if f.Value < syntax.Bytes(len(around)) {
			c.fault(p.Size, " must be at least %dB, not %s%s", len(around), f.Value, f.where()).
				Hint = "the JSON around the filler, " + string(around) + ", counts too"
		}
	}
}

// checkObject checks an input written as JSON.
func (c *checker) checkObject(n *syntax.Node, path string) {
	if n.Kind == syntax.Map {
		return
	}
	if n.Template == nil {
		d := c.diags.Errorf(n.Range, "%s must be an object", path)
		d.Path, d.Hint = path, "write it in { }, such as {name: edge}"
		return
	}
	for i, env := range c.envs {
		value, fault := n.Template.Resolve(env)
		if _, ok := value.(map[string]any); !ok && fault == nil {
			d := c.diags.Errorf(n.Range, "%s must be an object%s", path, inCell([]string{c.ids[i]}))
			d.Path = path
			return
		}
	}
}
