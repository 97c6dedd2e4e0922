package syntax

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"gopkg.in/yaml.v3"

	"wsk-scenario/dsl/diag"
)

// maxSource is the size that a file may have. A scenario is written by hand; data belongs into files of its own.
const maxSource = 1 << 20

// Parse reads the one YAML document of a file. The node is nil when the file is empty or not YAML; faults such as
// duplicate keys leave a tree that can be used.
func Parse(file string, source []byte) (*Node, diag.List) {
	var diags diag.List
	if len(source) > maxSource {
		diags.Errorf(diag.Range{File: file}, "the file is larger than %s", Bytes(maxSource)).
			Hint = "keep data in files of its own and name them, as payloads do"
		return nil, diags
	}
	text := strings.ReplaceAll(strings.TrimPrefix(string(source), "\ufeff"), "\r\n", "\n")
	src := newSource(file, text)
	if d := src.check(text); d != nil {
		return nil, append(diags, *d)
	}
	document, problem := decodeDocument(src, text)
	if problem != nil {
		return nil, append(diags, *problem)
	}
	if document == nil {
		diags.Errorf(diag.Range{File: file}, "the file is empty")
		return nil, diags
	}
	t := &tree{source: src, open: make(map[*yaml.Node]bool)}
	root := t.node(document, diag.Range{File: file})
	return root, t.diags
}

// decodeDocument returns the content of the only document, nil when there is none.
func decodeDocument(src *source, text string) (*yaml.Node, *diag.Diagnostic) {
	decoder := yaml.NewDecoder(strings.NewReader(text))
	var first, second yaml.Node
	switch err := decodeNode(decoder, &first); {
	case errors.Is(err, io.EOF):
		return nil, nil
	case err != nil:
		return nil, syntaxFault(src, text, err)
	}
	switch err := decodeNode(decoder, &second); {
	case errors.Is(err, io.EOF):
	case err != nil:
		return nil, syntaxFault(src, text, err)
	case !empty(&second):
		content := second.Content[0]
		return nil, &diag.Diagnostic{
			Severity: diag.Error, Range: src.lineRange(content.Line),
			Summary: "a second document begins here", Hint: "write each into a file of its own",
		}
	}
	if empty(&first) {
		return nil, nil
	}
	return first.Content[0], nil
}

// decodeNode turns a panic of the library into an error: whatever a file holds, the user gets a message.
func decodeNode(decoder *yaml.Decoder, into *yaml.Node) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("yaml: %v", r)
		}
	}()
	return decoder.Decode(into)
}

func empty(document *yaml.Node) bool {
	if len(document.Content) == 0 {
		return true
	}
	n := document.Content[0]
	return n.Kind == yaml.ScalarNode && n.Value == "" && n.ShortTag() == "!!null"
}

// valid reports whether text is YAML on its own, in all its documents.
func valid(text []byte) bool {
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	for {
		err := decodeNode(decoder, new(yaml.Node))
		if err != nil {
			return errors.Is(err, io.EOF)
		}
	}
}
