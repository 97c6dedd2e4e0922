package entity

import "strings"

// The kinds that are no runtimes: an action that is a list of other actions, and one that is made of an image.
const (
	SequenceKind = "sequence"
	ImageKind    = "blackbox"
)

// Exec is what an action runs: code of a kind, an image with or without code, or the components of a sequence.
type Exec struct {
	Kind       string
	Image      string // of ImageKind alone
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
		Image  string  `json:"image,omitempty"`
		Main   string  `json:"main,omitempty"`
		Code   *string `json:"code,omitempty"`
		Binary bool    `json:"binary"`
	}{Kind: e.Kind, Image: e.Image, Main: e.Main, Binary: e.Binary}
	if code && (e.Image == "" || len(e.Code) > 0) {
		s := string(e.Code)
		d.Code = &s
	}
	return d
}

// ExecPut is the exec of a PUT.
type ExecPut struct {
	Kind       *string   `json:"kind"`
	Image      *string   `json:"image"`
	Main       *string   `json:"main"`
	Code       *string   `json:"code"`
	Components *[]string `json:"components"`
}

// resolve turns what was sent into an Exec: the kind made concrete, the code looked at.
func (p *ExecPut) resolve(rules Rules, namespace string) (Exec, error) {
	if p.Kind == nil {
		return Exec{}, badContent("'kind' must be a string defined in 'exec'")
	}
	kind := strings.ToLower(strings.TrimSpace(*p.Kind))
	if kind == SequenceKind {
		return p.sequence(namespace)
	}
	if kind == ImageKind && rules.Images != nil && rules.Images() {
		return p.image(rules)
	}
	runtime, err := rules.Runtimes().Resolve(kind)
	if err != nil {
		return Exec{}, err
	}
	if p.Code == nil {
		return Exec{}, badContent("'code' must be a string or attachment object defined in 'exec' for '%s' actions",
			runtime.Kind)
	}
	e := Exec{Kind: runtime.Kind}
	if err := p.code(&e, rules); err != nil {
		return Exec{}, err
	}
	if runtime.RequireMain && e.Main == "" {
		return Exec{}, badContent("'main' must be a string defined in 'exec' for '%s' actions", runtime.Kind)
	}
	return e, nil
}

// image is an action that is made of an image; the code is optional.
func (p *ExecPut) image(rules Rules) (Exec, error) {
	if p.Image == nil || strings.TrimSpace(*p.Image) == "" {
		return Exec{}, badContent("'image' must be a string defined in 'exec' for 'blackbox' actions")
	}
	e := Exec{Kind: ImageKind, Image: strings.TrimSpace(*p.Image)}
	if p.Code != nil && strings.TrimSpace(*p.Code) == "" {
		p.Code = nil
	}
	err := p.code(&e, rules)
	return e, err
}

// code takes over the code and its entry point.
func (p *ExecPut) code(e *Exec, rules Rules) error {
	if p.Main != nil {
		e.Main = *p.Main
	}
	if p.Code == nil {
		return nil
	}
	if size, most := len(*p.Code), rules.Bounds.Code; size > most {
		return tooBig("exec", size, most)
	}
	e.Code, e.Binary = []byte(*p.Code), isBase64(*p.Code)
	return nil
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
