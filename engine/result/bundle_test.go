package result

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"wsk-scenario/dsl/diag"
	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/slo"
)

func TestABundleReadsBackAsItWasWritten(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "startup", "now")
	bundle, err := Create(folder, map[string][]byte{"scenarios/startup.yaml": []byte("name: startup\n")}, nil)
	if err != nil {
		t.Fatal(err)
	}
	wait := int64(-3)
	samples := []measure.Sample{
		{Outcome: measure.OK, Due: 5, Sent: 6, Done: 9, Record: &measure.Record{Start: 1, Duration: 2, Wait: &wait}},
		{Outcome: measure.Network, Error: "connection reset", Phase: 1},
	}
	for _, s := range samples {
		if err := bundle.Add([]measure.Sample{s}); err != nil {
			t.Fatal(err)
		}
	}
	want := &Result{Version: Version, Run: "r1", Status: Complete, Started: time.Unix(7, 0).UTC(), Plan: &plan.Plan{Scenario: "startup", Cells: []plan.Cell{{ID: "all"}}}}
	if err := bundle.Finish(want); err != nil {
		t.Fatal(err)
	}
	got, err := Read(folder)
	if err != nil || got.Samples != 2 || got.Run != "r1" || !got.Started.Equal(want.Started) || got.Plan.Scenario != "startup" {
		t.Errorf("read %+v, error %v", got, err)
	}
	var read []measure.Sample
	err = Samples(folder, func(s *measure.Sample) error { read = append(read, *s); return nil })
	if err != nil || !reflect.DeepEqual(read, samples) {
		t.Errorf("read %+v, error %v", read, err)
	}
	sources, err := Sources(folder)
	if err != nil || string(sources["startup.yaml"]) != "name: startup\n" {
		t.Errorf("sources %q, error %v", sources, err)
	}
}

func TestABundleIsNeverWrittenOverAnother(t *testing.T) {
	folder := t.TempDir()
	if _, err := Create(folder, nil, nil); err == nil {
		t.Error("a folder that exists was taken")
	}
}

func TestWhatIsNoBundleSaysSo(t *testing.T) {
	for _, row := range []struct{ name, content, want string }{
		{"no result", "", "holds no result"},
		{"garbage", "{", "unexpected end"},
		{"a later format", `{"version":99}`, "format version 99"},
		{"no plan", `{"version":1}`, "holds no plan"},
		{"a plan without cells", `{"version":1,"plan":{}}`, "holds no plan"},
		{"an unknown status", `{"version":1,"status":"great","plan":{"cells":[{}]}}`, `its status is "great"`},
		{"a summary of no cell", `{"version":1,"status":"complete","plan":{"cells":[{"phases":[{}]}]},"summaries":[{"cell":9}]}`, "phase 0 of cell 9"},
		{"books of no phase", `{"version":1,"status":"complete","plan":{"cells":[{"phases":[{}]}]},"books":[{"phase":-1}]}`, "phase -1 of cell 0"},
		{"a verdict on no cell", `{"version":1,"status":"complete","plan":{"cells":[{}]},"verdicts":[{"cell":1,"assertion":-1}]}`, "assertion -1 in cell 1"},
	} {
		t.Run(row.name, func(t *testing.T) {
			folder := t.TempDir()
			if row.content != "" {
				if err := os.WriteFile(filepath.Join(folder, resultFile), []byte(row.content), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := Read(folder); err == nil || !strings.Contains(err.Error(), row.want) {
				t.Errorf("got %v, want %q", err, row.want)
			}
		})
	}
}

func TestSamplesOfACrashedRunAreReadUpToTheCut(t *testing.T) {
	folder := t.TempDir()
	write(t, folder, []measure.Sample{{Outcome: measure.OK}, {Outcome: measure.OK, Phase: 1}})
	path := filepath.Join(folder, samplesFile)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, whole[:len(whole)-3], 0o644); err != nil {
		t.Fatal(err)
	}
	n := 0
	err = Samples(folder, func(*measure.Sample) error { n++; return nil })
	if n != 1 || err == nil || !strings.Contains(err.Error(), "read block 2 of the samples: the file ends in the middle of it") {
		t.Errorf("%d samples, error %v", n, err)
	}
}

// write makes the samples file of a folder anew.
func write(t *testing.T, folder string, samples []measure.Sample) {
	t.Helper()
	file, err := os.Create(filepath.Join(folder, samplesFile))
	if err != nil {
		t.Fatal(err)
	}
	w, err := newSampleWriter(file, func(text string) string { return text })
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.add(samples), w.flush(), file.Close()); err != nil {
		t.Fatal(err)
	}
}

// saved writes a complete bundle of two calls, of which samples are in the file.
func saved(t *testing.T, samples []measure.Sample, issued int) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "bundle")
	bundle, err := Create(folder, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := bundle.Add([]measure.Sample{{Outcome: measure.OK}, {Outcome: measure.OK}}); err != nil {
		t.Fatal(err)
	}
	p := &plan.Plan{Cells: []plan.Cell{{ID: "all", Phases: []plan.Phase{{Name: "p", Start: plan.AnyStart}}}}}
	r := &Result{Version: Version, Status: Complete, Plan: p, Summaries: []measure.Summary{{Name: "p"}}, Books: []measure.Books{{Issued: issued}}}
	if err := bundle.Finish(r); err != nil {
		t.Fatal(err)
	}
	write(t, folder, samples)
	return folder
}

func TestNothingIsJudgedOfABundleThatDoesNotFitTogether(t *testing.T) {
	ok := measure.Sample{Outcome: measure.OK}
	for _, row := range []struct {
		name    string
		samples []measure.Sample
		issued  int
		want    string
	}{
		{"all there", []measure.Sample{ok, ok}, 2, ""},
		{"no samples", nil, 2, "holds 0 samples, but the run had 2"},
		{"samples twice", []measure.Sample{ok, ok, ok, ok}, 2, "holds 4 samples, but the run had 2"},
		{"more issued than ended", []measure.Sample{ok, ok}, 9, "the books of phase p in cell all do not balance"},
		{"a sample of another plan", []measure.Sample{ok, {Outcome: measure.OK, Phase: 3}}, 2, "which the plan does not have"},
	} {
		t.Run(row.name, func(t *testing.T) {
			folder := saved(t, row.samples, row.issued)
			r, err := Read(folder)
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			if err := r.Judge(folder); err != nil {
				got = err.Error()
			}
			if (row.want == "") != (got == "") || !strings.Contains(got, row.want) {
				t.Errorf("got %q, want %q", got, row.want)
			}
			if row.want == "" && r.Summaries[0].Counters["ok"] != 2 {
				t.Errorf("summary %+v", r.Summaries[0])
			}
		})
	}
}

func TestAPhaseThatCouldNotBeSummedUpIsShownAsFarAsItIsSaved(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "full")
	bundle, err := Create(folder, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	done := measure.Summarize(0, 0, "p", measure.WantAny, nil, measure.All([]measure.Sample{{Outcome: measure.OK}}), measure.Asked{})
	broken := &Result{Version: Version, Status: Broken, Summaries: []measure.Summary{done}, Problems: []string{"no space left"}, Plan: &plan.Plan{
		Cells:      []plan.Cell{{ID: "all", Phases: []plan.Phase{{Name: "p", Start: plan.AnyStart}, {Name: "q", Start: plan.AnyStart}}}},
		Assertions: []plan.Assertion{{Expect: diag.Text{Value: "q.errors == 0"}}},
	}}
	saved := []measure.Sample{{Outcome: measure.OK}, {Outcome: measure.OK, Phase: 1}, {Outcome: measure.Network, Phase: 1}}
	if err := errors.Join(bundle.Add(saved), bundle.Finish(broken)); err != nil {
		t.Fatal(err)
	}
	r, err := Read(folder)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Summaries) != 2 || r.Summaries[1].Counters["issued"] != 2 || !r.Summaries[1].Cut || r.Samples != 3 {
		t.Errorf("%d samples, summaries %+v; want that of phase q, too, cut, of 2 calls", r.Samples, r.Summaries)
	}
	if len(r.Books) != 1 || r.Books[0].Check() == nil {
		t.Errorf("books %+v; want those of phase q, which do not balance", r.Books)
	}
	if len(r.Verdicts) != 1 || r.Verdicts[0].Status != slo.NotJudged {
		t.Errorf("verdicts %+v; want one that is not judged", r.Verdicts)
	}
}

func TestARunThatWasKilledIsReadAsFarAsItCame(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "killed")
	bundle, err := Create(folder, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	begun := &Result{Version: Version, Run: "r1", Status: Complete, Started: time.Unix(7, 0).UTC(), Plan: &plan.Plan{
		Cells:      []plan.Cell{{ID: "all", Phases: []plan.Phase{{Name: "p", Start: plan.AnyStart}, {Name: "q", Start: plan.AnyStart}}}},
		Assertions: []plan.Assertion{{Expect: diag.Text{Value: "p.errors == 0"}}},
	}}
	if err := bundle.Begin(begun); err != nil {
		t.Fatal(err)
	}
	waiting, err := bundle.Waiting()
	if err != nil {
		t.Fatal(err)
	}
	err = errors.Join(bundle.Add([]measure.Sample{{Outcome: measure.OK}, {Outcome: measure.OK}}), bundle.Flush(),
		waiting.Add([]measure.Sample{{Outcome: measure.Accepted, Activation: strings.Repeat("a", 32)}}))
	if err != nil {
		t.Fatal(err)
	}

	r, err := Read(folder)
	if err != nil {
		t.Fatal(err)
	}
	if r.Status != Broken || len(r.Problems) != 1 || !strings.Contains(r.Problems[0], "was killed, or is still under way") || r.Samples != 3 {
		t.Errorf("status %s, problems %q, %d samples; want a broken run of 3 samples that says why", r.Status, r.Problems, r.Samples)
	}
	if len(r.Summaries) != 1 || r.Summaries[0].Counters["ok"] != 2 || r.Summaries[0].Counters["accepted"] != 1 || !r.Summaries[0].Cut {
		t.Errorf("summaries %+v; want that of phase p, cut, of 2 calls that ended well and one accepted", r.Summaries)
	}
	if _, known := r.Summaries[0].Counters["dropped"]; known {
		t.Error("how many calls were dropped is said, and not known")
	}
	for _, v := range r.Verdicts {
		if v.Status != slo.NotJudged {
			t.Errorf("%s is %s; want it not judged", v.Expect, v.Status)
		}
	}
	if len(r.Books) != 1 || r.Books[0].Issued != 3 || r.Books[0].Check() == nil {
		t.Errorf("books %+v; want those of 3 calls, which do not balance", r.Books)
	}
	if err := r.Judge(folder); err == nil || !strings.Contains(err.Error(), "nothing of it is judged") {
		t.Errorf("judged: %v", err)
	}

	if err := errors.Join(waiting.Close(), bundle.Finish(begun)); err != nil {
		t.Fatal(err)
	}
	if r, err = Read(folder); err != nil || r.Status != Complete {
		t.Errorf("after its end: status %s, error %v", r.Status, err)
	}
	if left, err := filepath.Glob(filepath.Join(folder, "*")); err != nil || len(left) != 3 {
		t.Errorf("left in the folder: %q, error %v; want the result, the samples and the sources", left, err)
	}
}
