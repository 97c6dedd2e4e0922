package run

import (
	"encoding/json"
	"regexp"
	"slices"
	"testing"

	"wsk-scenario/dsl"
	"wsk-scenario/engine/plan"
)

// parts are those of the input of a scenario's only phase.
func parts(t *testing.T, with string) []plan.Part {
	t.Helper()
	source := "name: s\nvars: {names: [ann, \"b\\\"ob\"]}\nactions: {a: {code: make_test.go, kind: \"x:1\"}}\n" +
		"phases: [{name: p, invoke: a, with: " + with + ", load: {iterations: 1}}]\n"
	s, diags := dsl.Read("s.yaml", []byte(source), dsl.Options{})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	p, diags := plan.Build(s, plan.Options{Seed: 1})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return p.Cells[0].Phases[0].Payload.Parts
}

// bodies are those of some calls of some users, user after user.
func bodies(t *testing.T, with string, seed uint64, users, calls int) (list []string) {
	t.Helper()
	made := parts(t, with)
	for user := range users {
		m := newMaker(made, seed, 0, user, users)
		for range calls {
			body := m.body()
			if !json.Valid(body) {
				t.Fatalf("%s is no JSON", body)
			}
			list = append(list, string(body))
		}
	}
	return list
}

const transfer = `{from: "${{ distinct(1, 9) }}", to: "${{ distinct(1, 9) }}", id: "${{ seq() }}", who: "${{ pick(vars.names) }}", ` +
	`text: "user-${{ pick(1, 3) }}${{ pick(1, 3) }}, ${{ random(4B) }}, ${{ pick(vars.names) }}", key: "${{ random(16B) }}", share: "${{ random() }}", fixed: 7}`

func TestOneSeedMakesTheSameBytes(t *testing.T) {
	first, second := bodies(t, transfer, 1, 3, 50), bodies(t, transfer, 1, 3, 50)
	if !slices.Equal(first, second) {
		t.Error("two runs with one seed send different bodies")
	}
	if other := bodies(t, transfer, 2, 3, 50); slices.Equal(first, other) {
		t.Error("two seeds send the same bodies")
	}
}

func TestWhatIsMadeForACall(t *testing.T) {
	text := regexp.MustCompile(`^user-[1-3][1-3], [\w-]{4}, (ann|b"ob)$`)
	seen, ids := map[int]bool{}, map[int]bool{}
	for _, body := range bodies(t, transfer, 1, 4, 100) {
		var b struct {
			From, To, ID, Fixed int
			Who, Text, Key      string
			Share               float64
		}
		if err := json.Unmarshal([]byte(body), &b); err != nil {
			t.Fatal(body, err)
		}
		seen[b.From], seen[b.To], ids[b.ID] = true, true, true
		if b.From == b.To || b.From < 1 || b.To > 9 || b.Fixed != 7 || len(b.Key) != 16 || !text.MatchString(b.Text) || b.Share < 0 || b.Share >= 1 {
			t.Fatalf("got %s", body)
		}
	}
	if len(seen) != 9 {
		t.Errorf("400 calls met %d of the 9 accounts", len(seen))
	}
	for id := range 400 {
		if !ids[id] {
			t.Fatalf("no call has the number %d", id)
		}
	}
}

func BenchmarkMakeABody(b *testing.B) {
	m := newMaker([]plan.Part{{Text: `{"fixed":"` + letters + `"}`}}, 1, 0, 0, 1)
	b.ReportAllocs()
	for b.Loop() {
		m.body()
	}
}
