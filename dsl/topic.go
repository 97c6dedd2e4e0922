package dsl

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"wsk-scenario/dsl/diag"
)

// Topic is one key of the language, or the whole of a file, with all that can be said of it.
type Topic struct {
	// Path is the key in the user's words, such as phases.load.users; empty for the whole file.
	Path string
	// Key is what the tags say of it. The whole file has no Name and no Doc.
	Key Key
}

// Section is the shape whose keys the topic holds: its own, that of its items or of its entries; nil when it holds none.
func (t Topic) Section() *Shape {
	s := t.Key.Shape
	for s != nil && (s.Form == ListForm || s.Form == TableForm) {
		s = s.Elem
	}
	if s == nil || s.Form != SectionForm {
		return nil
	}
	return s
}

// FindTopic follows a path of keys from the shape of a file. Names that a user gives, such as an action's, may be left
// out: actions.memory is actions.hello.memory, and phases.name is phases[0].name. An error calls the file whole.
func FindTopic(root *Shape, path, whole string) (Topic, error) {
	t := Topic{Key: Key{Shape: root}}
	words := strings.FieldsFunc(path, func(r rune) bool { return r == '.' })
	for i := 0; i < len(words); i++ {
		word, _, _ := strings.Cut(words[i], "[") // phases[1] is phases
		next, known := t.below(word)
		switch {
		case known:
			t = next
		case t.named(word, words[i+1:]):
			t.Path += ".NAME"
			t.Key.Shape = t.Key.Shape.Elem
		default:
			return Topic{}, t.unknown(word, whole)
		}
	}
	return t, nil
}

// below is the key of that name inside the topic; any name fits where a section takes further keys.
func (t Topic) below(word string) (Topic, bool) {
	s := t.Section()
	if s == nil {
		return Topic{}, false
	}
	if k := s.Key(word); k != nil {
		return Topic{strings.TrimPrefix(t.Path+"."+word, "."), *k}, true
	}
	if s.Rest == nil || len(diag.Nearest(word, s.Names())) > 0 {
		return Topic{}, false
	}
	rest := *s.Rest
	rest.Name, rest.Shape = "NAME", rest.Shape.Elem
	return Topic{t.Path + ".NAME", rest}, true
}

// named reports whether a word that is no key stands for an entry's name: the topic is a table, and what follows fits.
func (t Topic) named(word string, rest []string) bool {
	if t.Key.Shape.Form != TableForm {
		return false
	}
	s := t.Section()
	if len(rest) == 0 {
		return s == nil || len(diag.Nearest(word, s.Names())) == 0
	}
	next, _, _ := strings.Cut(rest[0], "[")
	_, known := t.below(next)
	return known
}

func (t Topic) unknown(word, whole string) error {
	where, s := cmp.Or(t.Path, whole), t.Section()
	if s == nil {
		return fmt.Errorf("%s has no keys inside, so there is no %q", where, word)
	}
	return fmt.Errorf("%s has no key %q: %s", where, word, diag.Suggest(word, s.Names()))
}

// Topics are the paths of all keys below root, in the order declared. A section inside itself is listed once.
func Topics(root *Shape) []string {
	return topicsBelow(Topic{Key: Key{Shape: root}}, nil)
}

func topicsBelow(t Topic, outer []*Shape) (paths []string) {
	s := t.Section()
	if s == nil || slices.Contains(outer, s) {
		return nil
	}
	for _, k := range s.Keys {
		inner, _ := t.below(k.Name)
		paths = append(append(paths, inner.Path), topicsBelow(inner, append(outer, s))...)
	}
	return paths
}
