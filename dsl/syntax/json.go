package syntax

import (
	"bytes"
	"encoding/json"
	"math"
	"time"

	"wsk-scenario/dsl/diag"
)

// JSON is the node as JSON, with its placeholders filled in and the order of its keys kept. Numbers stay as they were
// written, however long they are.
func (n *Node) JSON(env Env) ([]byte, diag.List) {
	w := &jsonWriter{env: env}
	w.node(n)
	if len(w.diags) > 0 {
		return nil, w.diags
	}
	return w.out.Bytes(), nil
}

type jsonWriter struct {
	env   Env
	out   bytes.Buffer
	diags diag.List
}

func (w *jsonWriter) node(n *Node) {
	switch {
	case n == nil:
		w.out.WriteString("null")
	case n.Template != nil:
		value, d := n.Template.Resolve(w.env)
		if d != nil {
			w.diags = append(w.diags, *d)
			return
		}
		w.value(n, value)
	case n.Kind == Map:
		w.mapping(n)
	case n.Kind == List:
		w.out.WriteByte('[')
		for i, item := range n.Items {
			w.comma(i)
			w.node(item)
		}
		w.out.WriteByte(']')
	case (n.Kind == Int || n.Kind == Float) && json.Valid([]byte(n.Text.Value)):
		w.out.WriteString(n.Text.Value)
	default:
		w.value(n, n.native())
	}
}

func (w *jsonWriter) mapping(n *Node) {
	w.out.WriteByte('{')
	for i, f := range n.Fields {
		w.comma(i)
		w.value(n, f.Key.Value)
		w.out.WriteByte(':')
		w.node(f.Value)
	}
	w.out.WriteByte('}')
}

func (w *jsonWriter) comma(i int) {
	if i > 0 {
		w.out.WriteByte(',')
	}
}

func (w *jsonWriter) value(n *Node, value any) {
	switch v := value.(type) {
	case time.Duration:
		value = FormatDuration(v)
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			w.diags.Errorf(n.Range, "JSON has no number %s", n.Text.Value)
			return
		}
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		w.diags.Errorf(n.Range, "this value cannot be written as JSON: %v", err)
		return
	}
	w.out.Write(bytes.TrimSuffix(text.Bytes(), []byte("\n")))
}
