package entity_test

import (
	"encoding/json"
	"sync"
	"testing"
	"time"

	"wsk-scenario/engine/standalone/entity"
)

func newStore() *entity.Store {
	return entity.NewStore(entity.Rules{
		Runtimes: func() entity.Runtimes {
			return entity.Runtimes{{Kind: "nodejs:20", Family: "nodejs", Default: true}}
		},
		Bounds: entity.DefaultBounds, SequenceLength: 50, Now: time.Now,
	})
}

func put(t *testing.T, s *entity.Store, name, content string) *entity.Action {
	t.Helper()
	var p entity.ActionPut
	if err := json.Unmarshal([]byte(content), &p); err != nil {
		t.Fatal(err)
	}
	a, err := s.PutAction(entity.Name{Namespace: "guest", Name: name}, &p, true)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

const plain = `{"exec":{"kind":"nodejs:20","code":"x"}}`

func TestKeysAreNeverUsedTwice(t *testing.T) {
	s := newStore()
	keys := map[string]string{}
	add := func(when string, a *entity.Action) {
		if before, used := keys[a.Key]; used {
			t.Errorf("%s: got key %s, which is also that %s", when, a.Key, before)
		}
		keys[a.Key] = when
	}
	add("of the first version", put(t, s, "a", plain))
	add("of an update that changes nothing", put(t, s, "a", `{}`))
	add("of another action", put(t, s, "b", plain))
	if _, err := s.DeleteAction(entity.Name{Namespace: "guest", Name: "a"}); err != nil {
		t.Fatal(err)
	}
	add("of an action made again", put(t, s, "a", plain))
}

func TestAStoredVersionIsNotChanged(t *testing.T) {
	s := newStore()
	first := put(t, s, "a", `{"exec":{"kind":"nodejs:20","code":"x"},"annotations":[{"key":"k","value":1}],`+
		`"parameters":[{"key":"p","value":1}]}`)
	before, _ := json.Marshal(first.Document(true))
	put(t, s, "a", `{"annotations":[{"key":"k","value":2},{"key":"l","value":3}],"delAnnotations":["exec"],"parameters":[]}`)
	if after, _ := json.Marshal(first.Document(true)); string(after) != string(before) {
		t.Errorf("got %s after an update, want %s", after, before)
	}
}

func TestWritersDoNotLoseVersions(t *testing.T) {
	s := newStore()
	put(t, s, "a", plain)
	var writers sync.WaitGroup
	for range 20 {
		writers.Go(func() {
			if _, err := s.PutAction(entity.Name{Namespace: "guest", Name: "a"}, &entity.ActionPut{}, true); err != nil {
				t.Error(err)
			}
			s.Actions("guest")
		})
	}
	writers.Wait()
	a, err := s.Action(entity.Name{Namespace: "guest", Name: "a"})
	if want := entity.Version("0.0.21"); err != nil || a.Version != want {
		t.Errorf("got version %s (%v) after 20 updates, want %s", a.Version, err, want)
	}
}

func TestTruthy(t *testing.T) {
	for value, want := range map[string]bool{
		"true": true, "1": true, `"yes"`: true, "{}": true, "false": false, "null": false, "0": false, `""`: false,
	} {
		p := entity.Parameters{{Key: "k", Value: json.RawMessage(value)}}
		if got := p.Truthy("k", !want); got != want {
			t.Errorf("Truthy of %s: got %t, want %t", value, got, want)
		}
		if got := p.Truthy("other", want); got != want {
			t.Errorf("Truthy of nothing: got %t, want %t", got, want)
		}
	}
}
