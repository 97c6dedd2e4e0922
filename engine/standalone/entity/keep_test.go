package entity_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"wsk-scenario/engine/standalone/entity"
)

// memory keeps documents in a map, or fails.
type memory struct {
	kept map[string][]byte
	err  error
}

func (m *memory) Keep(changes []entity.Kept) error {
	for _, c := range changes {
		if m.err == nil {
			m.kept[c.Key] = c.Data
		}
	}
	return m.err
}

func TestWhatCannotBeKeptIsNotThere(t *testing.T) {
	s, m := newStore(), &memory{kept: map[string][]byte{}}
	if err := s.Restore(m, nil); err != nil {
		t.Fatal(err)
	}
	first := put(t, s, "a", plain)
	m.err = errors.New("the disk is full")
	name := entity.Name{Namespace: "guest", Name: "a"}
	if _, err := s.PutAction(name, &entity.ActionPut{}, true); !errors.Is(err, m.err) {
		t.Errorf("an update: got %v, want %v", err, m.err)
	}
	if _, err := s.DeleteAction(name); !errors.Is(err, m.err) {
		t.Errorf("a removal: got %v, want %v", err, m.err)
	}
	if a, err := s.Action(name); err != nil || a.Action != first {
		t.Errorf("got %v (%v) after both, want the first version", a, err)
	}
}

func TestWhatWasNotKeptByUsIsRefused(t *testing.T) {
	for _, row := range []struct{ name, key, data, want string }{
		{"no JSON", "actions/guest/a", "{", "actions/guest/a: unexpected end"},
		{"no document", "actions/guest/a", `{"Revision":1,"Document":null}`, "there is no document"},
		{"another collection", "notes/guest/a", "{}", `no collection "notes"`},
		{"no name", "actions/a", "{}", "fully qualified name"},
	} {
		err := newStore().Restore(&memory{}, []entity.Kept{{Key: row.key, Data: []byte(row.data)}})
		if err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: got %v, want %s", row.name, err, row.want)
		}
	}
}

// A key names one revision for ever, also when the documents of later ones are gone.
func TestRevisionsGoOnAfterARestore(t *testing.T) {
	s, m := newStore(), &memory{kept: map[string][]byte{}}
	if err := s.Restore(m, nil); err != nil {
		t.Fatal(err)
	}
	put(t, s, "b", plain)
	a := put(t, s, "a", plain)
	again := newStore()
	var all []entity.Kept
	for key, data := range m.kept {
		all = append(all, entity.Kept{Key: key, Data: data})
	}
	if err := again.Restore(m, all); err != nil {
		t.Fatal(err)
	}
	next := put(t, again, "b", `{}`)
	got, _ := json.Marshal([]string{again.Actions("guest")[0].Name.Name, string(next.Version)})
	if want := `["b","0.0.2"]`; string(got) != want || next.Key == a.Key {
		t.Errorf("got %s with key %s, want %s and a key of its own", got, next.Key, want)
	}
}
