// Package expr is the language of assertions, report columns and placeholders: it compiles an expression against the
// names that exist, evaluates it, and explains why it is false. The expr library reads the grammar; what names and units
// mean, and every message, is ours. It knows nothing of YAML or of what is measured.
package expr

import "slices"

// Kind is what an expression's value is.
type Kind int

// The kinds. Any is a value whose kind shows only when it is there.
const (
	Any Kind = iota
	Bool
	Number
	Duration
	Size
	Text
	List
	Fresh // made anew for every call
	group
)

// String is the kind in the user's words.
func (k Kind) String() string {
	return [...]string{"a value", "true or false", "a number", "a duration", "a size", "text", "a list", "a value made for every call", "a group of values"}[k]
}

// Scope is the names that an expression may use, as a tree: cold, cold.init, cold.init.p95.
type Scope struct {
	kind    Kind
	names   []string
	members map[string]*Scope
	absent  map[string]string
	like    func(name string) string
	makers  bool
}

// NewScope returns an empty scope.
func NewScope() *Scope { return &Scope{kind: group, members: make(map[string]*Scope)} }

// WithMakers is the scope with the functions that make a value for every call.
func (s *Scope) WithMakers() *Scope {
	wider := *s
	wider.makers = true
	return &wider
}

// Add declares a value.
func (s *Scope) Add(name string, kind Kind) { s.Put(name, &Scope{kind: kind}) }

// Put declares a group of names under name. One group may stand under several names.
func (s *Scope) Put(name string, members *Scope) {
	if _, known := s.members[name]; !known {
		s.names = append(s.names, name)
	}
	s.members[name] = members
}

// Number declares n groups of the same names under name: name[0], name[1] and so on.
func (s *Scope) Number(name string, n int, members *Scope) {
	list := NewScope()
	for i := range n {
		list.Put(numbered(i), members)
	}
	s.Put(name, list)
}

// Absent says why a name that one may expect is not here; the hint of its error tells it.
func (s *Scope) Absent(name, why string) {
	if s.absent == nil {
		s.absent = make(map[string]string)
	}
	s.absent[name] = why
}

// Without takes a name away and says why, as Absent does.
func (s *Scope) Without(name, why string) {
	delete(s.members, name)
	s.names = slices.DeleteFunc(s.names, func(n string) bool { return n == name })
	s.Absent(name, why)
}

// Like declares all names for which like tells another one, declared before, that stands for the same kind of value; it tells
// nothing for the others.
func (s *Scope) Like(like func(name string) string) { s.like = like }

// find returns what stands under name, or what that is like.
func (s *Scope) find(name string) (*Scope, bool) {
	inner, known := s.members[name]
	if !known && s.like != nil {
		inner, known = s.members[s.like(name)]
	}
	return inner, known
}

// Names are the names of the scope in the order declared.
func (s *Scope) Names() []string { return slices.Clone(s.names) }

// Member returns what stands under name, or nil.
func (s *Scope) Member(name string) *Scope { return s.members[name] }

// Kind is what the value is; it has no meaning for a group.
func (s *Scope) Kind() Kind { return s.kind }

// deeper returns the first path to name one level further down: "response.p95" for p95.
func (s *Scope) deeper(name string) string {
	for _, n := range s.names {
		if _, ok := s.members[n].members[name]; ok {
			return n + "." + name
		}
	}
	return ""
}

// value returns the path of some value in the scope, for examples.
func (s *Scope) value() string {
	if len(s.names) == 0 {
		return ""
	}
	name := s.names[0]
	for _, usual := range []string{"response", "p95"} {
		if slices.Contains(s.names, usual) {
			name = usual
		}
	}
	if m := s.members[name]; m.kind == group {
		return name + "." + m.value()
	}
	return name
}

// Word reports whether name can stand in an expression as a name: no word of the language itself, letters, digits and _.
func Word(name string) bool {
	for i, r := range name {
		letter := r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		if !letter && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return name != "" && !slices.Contains(reserved, name)
}

var reserved = []string{
	"and", "or", "not", "in", "matches", "contains", "startsWith", "endsWith", "true", "false", "nil", "let", "if", "else",
}
