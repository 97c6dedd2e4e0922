package plan

import "testing"

func TestNeedIsTheMostOfAnyCell(t *testing.T) {
	small, large := Action{Name: "small", MemoryMB: 128}, Action{Name: "large", MemoryMB: 512}
	many := Action{Name: "many", Kind: "nodejs:20", Concurrency: 4} // of the usual 256 MB
	alone, made := many, many
	alone.Kind, made.Kind = "python:3", "blackbox"
	pair := []Sequence{{Name: "pair", Actions: []string{"small", "large", "small"}}, {Name: "outer", Actions: []string{"pair", "many"}}}
	phase := func(invoke string, users int) Phase { return Phase{Invoke: invoke, Load: Load{Users: users}} }
	for _, row := range []struct {
		name  string
		cells []Cell
		want  Need
	}{
		{"one user of one action", []Cell{{Actions: []Action{small}, Phases: []Phase{phase("small", 1)}}}, Need{1, 128, 128}},
		{"a container for each user", []Cell{{Actions: []Action{small}, Phases: []Phase{phase("small", 5)}}}, Need{5, 640, 640}},
		{"phases of one action share its containers",
			[]Cell{{Actions: []Action{small}, Phases: []Phase{phase("small", 5), phase("small", 2)}}}, Need{5, 640, 640}},
		{"phases of two actions keep both warm",
			[]Cell{{Actions: []Action{small, large}, Phases: []Phase{phase("small", 5), phase("large", 1)}}}, Need{5, 640, 1152}},
		{"containers that take four calls", []Cell{{Actions: []Action{many}, Phases: []Phase{phase("many", 5)}}}, Need{5, 512, 512}},
		{"containers of another kind take one call, whatever is asked for",
			[]Cell{{Actions: []Action{alone}, Phases: []Phase{phase("many", 5)}}}, Need{5, 1280, 1280}},
		{"and so do those made of an image", []Cell{{Actions: []Action{made}, Phases: []Phase{phase("many", 2)}}}, Need{2, 512, 512}},
		{"a user is in one part of a sequence at a time",
			[]Cell{{Actions: []Action{small, large}, Sequences: pair, Phases: []Phase{phase("pair", 2)}}}, Need{2, 1024, 1280}},
		{"a sequence of a sequence",
			[]Cell{{Actions: []Action{small, large, many}, Sequences: pair, Phases: []Phase{phase("outer", 4)}}}, Need{4, 2048, 2816}},
		{"cells run one after the other", []Cell{
			{Actions: []Action{small}, Phases: []Phase{phase("small", 8)}},
			{Actions: []Action{large}, Phases: []Phase{phase("large", 3)}}}, Need{8, 1536, 1536}},
	} {
		if got := (&Plan{Cells: row.cells}).Need(); got != row.want {
			t.Errorf("%s: %+v, want %+v", row.name, got, row.want)
		}
	}
}
