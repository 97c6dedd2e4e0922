package syntax

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

type several struct {
	Counts struct {
		Steps []Val[int] `yaml:"steps,shorthand,single"`
		From  Val[int]   `yaml:"from"`
	} `yaml:"counts"`
}

// The path of a value tells whether it was written in a list.
func TestOneValueStandsForAListOfOne(t *testing.T) {
	for _, row := range []struct {
		name, source string
		want         []int
		paths        []string
	}{
		{"one value", "counts: 4", []int{4}, []string{"counts"}},
		{"a list of one", "counts: [4]", []int{4}, []string{"counts[0]"}},
		{"a list of two", "counts: [4, 5]", []int{4, 5}, []string{"counts[0]", "counts[1]"}},
		{"one value behind the key", "counts: {steps: 4}", []int{4}, []string{"counts.steps"}},
		{"a list behind the key", "counts: {steps: [4, 5]}", []int{4, 5}, []string{"counts.steps[0]", "counts.steps[1]"}},
		{"another key", "counts: {from: 4}", nil, nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			root, _ := Parse("a.yaml", []byte(row.source))
			var into several
			if diags := Decode(root, &into, "the sample"); len(diags) > 0 {
				t.Fatal(diags)
			}
			var got []int
			var paths []string
			for _, v := range into.Counts.Steps {
				got, paths = append(got, literal(t, v)), append(paths, v.Path())
			}
			if diff := cmp.Diff(row.want, got) + cmp.Diff(row.paths, paths); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestAValueThatIsNoneOfAListSaysWhatOneMustBe(t *testing.T) {
	root, _ := Parse("a.yaml", []byte("counts: many"))
	var into several
	diags := Decode(root, &into, "the sample")
	if len(diags) != 1 || diags[0].Summary != `counts must be a whole number, not "many"` {
		t.Errorf("got %v", diags)
	}
}
