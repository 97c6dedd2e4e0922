package dsl

import (
	"slices"
	"strings"
	"testing"
)

func TestTopicsAreFoundAsPeopleWriteThem(t *testing.T) {
	for name, row := range map[string]struct{ path, want, doc string }{
		"the whole file":                      {"", "", ""},
		"a key of the file":                   {"phases", "phases", "What happens"},
		"a key of a list's items":             {"phases.load.users", "phases.load.users", "Users that call"},
		"with the number of the item":         {"phases[1].load.users", "phases.load.users", "Users that call"},
		"a key of a table's entries":          {"actions.memory", "actions.memory", "Memory of one container"},
		"with the name of the entry":          {"actions.hello.memory", "actions.NAME.memory", "Memory of one container"},
		"an entry by its name alone":          {"actions.hello", "actions.NAME", "The actions that"},
		"an entry of a table without keys":    {"vars.loops", "vars.NAME", "Named values"},
		"an axis, which any name can be":      {"matrix.lang", "matrix.NAME", "An axis"},
		"a key beside the axes":               {"matrix.exclude", "matrix.exclude", "Cells to leave out"},
		"the key that may be written alone":   {"assert.expect", "assert.expect", "An expression"},
		"the role of one action, by its name": {"placement.hello", "placement.NAME", "The role of this action"},
	} {
		topic, err := FindTopic(Describe(), row.path, "the scenario")
		if err != nil || topic.Path != row.want || !strings.HasPrefix(topic.Key.Doc, row.doc) {
			t.Errorf("%s: %q is %q with %q, %v; want %q", name, row.path, topic.Path, topic.Key.Doc, err, row.want)
		}
	}
}

func TestUnknownTopicsNameTheNearest(t *testing.T) {
	for name, row := range map[string]struct{ path, want string }{
		"at the top":          {"phase", `the scenario has no key "phase": did you mean "phases"?`},
		"inside":              {"phases.load.user", `phases.load has no key "user": did you mean "users"?`},
		"in a table":          {"actions.memry", `actions has no key "memry": did you mean "memory"?`},
		"beside free keys":    {"matrix.exclud", `matrix has no key "exclud": did you mean "exclude"?`},
		"below a single word": {"name.first", `name has no keys inside, so there is no "first"`},
	} {
		if topic, err := FindTopic(Describe(), row.path, "the scenario"); err == nil || err.Error() != row.want {
			t.Errorf("%s: got %+v, %v; want %s", name, topic, err, row.want)
		}
	}
}

// What the shell offers must be what the command then explains, and nothing may be without a word.
func TestEveryTopicIsFoundAndDocumented(t *testing.T) {
	paths := Topics(Describe())
	for _, path := range paths {
		topic, err := FindTopic(Describe(), path, "the scenario")
		if err != nil || topic.Path != path || topic.Key.Doc == "" {
			t.Errorf("%s: found %q, documented as %q, %v", path, topic.Path, topic.Key.Doc, err)
		}
	}
	for _, want := range []string{"name", "actions.memory", "phases.load.users", "assert.expect"} {
		if !slices.Contains(paths, want) {
			t.Errorf("%s is not listed in %v", want, paths)
		}
	}
}
