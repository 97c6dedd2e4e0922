package result

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
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
	want := &Result{Version: Version, Run: "r1", Status: Complete, Started: time.Unix(7, 0).UTC(), Plan: &plan.Plan{Scenario: "startup"}}
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
	if err := os.WriteFile(filepath.Join(folder, samplesFile), []byte("{\"outcome\":\"ok\"}\n{\"outcome\":\"o"), 0o644); err != nil {
		t.Fatal(err)
	}
	n := 0
	err := Samples(folder, func(*measure.Sample) error { n++; return nil })
	if n != 1 || err == nil || !strings.Contains(err.Error(), "read sample 2") {
		t.Errorf("%d samples, error %v", n, err)
	}
}
