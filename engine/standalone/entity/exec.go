package entity

import "strings"

// SequenceKind is the kind of an action that is a list of other actions.
const SequenceKind = "sequence"

// Exec is what an action runs: code of a kind, or the components of a sequence.
type Exec struct {
	Kind       string
	Main       string
	Code       []byte // as sent: source text, or base64 when Binary
	Binary     bool
	Components []Name
}

// Sequence reports whether the action is a list of other actions.
func (e Exec) Sequence() bool { return e.Kind == SequenceKind }

// Document is the exec of a document, with or without its code.
func (e Exec) Document(code bool) any {
	if e.Sequence() {
		components := make([]string, len(e.Components))
		for i, c := range e.Components {
			components[i] = "/" + c.String()
		}
		return struct {
			Kind       string   `json:"kind"`
			Components []string `json:"components"`
		}{e.Kind, components}
	}
	d := struct {
		Kind   string  `json:"kind"`
		Main   string  `json:"main,omitempty"`
		Code   *string `json:"code,omitempty"`
		Binary bool    `json:"binary"`
	}{Kind: e.Kind, Main: e.Main, Binary: e.Binary}
	if code {
		s := string(e.Code)
		d.Code = &s
	}
	return d
}

// ExecPut is the exec of a PUT.
type ExecPut struct {
	Kind       *string   `json:"kind"`
	Main       *string   `json:"main"`
	Code       *string   `json:"code"`
	Components *[]string `json:"components"`
}

// resolve turns what was sent into an Exec: the kind made concrete, the code looked at.
func (p *ExecPut) resolve(rules Rules, namespace string) (Exec, error) {
	if p.Kind == nil {
		return Exec{}, badContent("'kind' must be a string defined in 'exec'")
	}
	if *p.Kind == SequenceKind {
		return p.sequence(namespace)
	}
	runtime, err := rules.Runtimes.Resolve(*p.Kind)
	if err != nil {
		return Exec{}, err
	}
	if p.Code == nil {
		return Exec{}, badContent("'code' must be a string or attachment object defined in 'exec' for '%s' actions",
			runtime.Kind)
	}
	if size, most := len(*p.Code), rules.Bounds.Code; size > most {
		return Exec{}, tooBig("exec", size, most)
	}
	e := Exec{Kind: runtime.Kind, Code: []byte(*p.Code), Binary: isBase64(*p.Code)}
	if p.Main != nil {
		e.Main = *p.Main
	}
	if runtime.RequireMain && e.Main == "" {
		return Exec{}, badContent("'main' must be a string defined in 'exec' for '%s' actions", runtime.Kind)
	}
	return e, nil
}

func (p *ExecPut) sequence(namespace string) (Exec, error) {
	if p.Components == nil {
		return Exec{}, badContent("'components' must be defined for sequence kind")
	}
	e := Exec{Kind: SequenceKind}
	for _, c := range *p.Components {
		n, err := ParseName(c, namespace)
		if err != nil {
			return Exec{}, badContent("%s", err)
		}
		e.Components = append(e.Components, n)
	}
	return e, nil
}

// isBase64 is how OpenWhisk tells an archive from source text: by whether the code could be base64. A source of, say,
// exactly four letters is therefore taken for an archive here as there.
func isBase64(code string) bool {
	s := strings.TrimSpace(code)
	if s == "" || len(s)%4 != 0 {
		return false
	}
	s = strings.TrimSuffix(strings.TrimSuffix(s, "="), "=")
	for i := range len(s) {
		if c := s[i]; !wordRune(rune(c)) && c != '+' && c != '/' || c == '_' {
			return false
		}
	}
	return true
}
