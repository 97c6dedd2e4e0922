package file

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/report/chart"
	"wsk-scenario/engine/report/reporttest"
	"wsk-scenario/engine/result"
)

// vega is the specification of a run with these samples.
func vega(t *testing.T, r *result.Result, samples []measure.Sample) []byte {
	t.Helper()
	of := report(r)
	charts, err := chart.New(of, func(_ bool, each func(*measure.Sample) error) error {
		for i := range samples {
			if err := each(&samples[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := VegaLite(&out, of, charts); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestTheChartsOfEveryRunAreAsTheirGoldenFile(t *testing.T) {
	measured, samples := reporttest.Measured(3)
	golden(t, "vega/measured.json", string(vega(t, measured, samples[:60])))
	for _, run := range reporttest.All() {
		golden(t, "vega/"+run.Name+".json", string(vega(t, run.Result, nil)))
	}
}

// vegaLite is the npm package that the schema comes from.
const vegaLite = "vega-lite@6.5.0"

func TestVegaLiteAcceptsTheCharts(t *testing.T) {
	folder := t.TempDir()
	pack := exec.CommandContext(t.Context(), "npm", "pack", "--silent", vegaLite)
	pack.Dir = folder
	name, err := pack.Output()
	if err != nil {
		t.Fatalf("npm, which make test installs, does not get %s: %v", vegaLite, err)
	}
	unpack := exec.CommandContext(t.Context(), "tar", "xzf", string(bytes.TrimSpace(name)), "package/build/vega-lite-schema.json")
	unpack.Dir = folder
	if out, err := unpack.CombinedOutput(); err != nil {
		t.Fatalf("unpack: %v\n%s", err, out)
	}
	text, err := os.ReadFile(filepath.Join(folder, "package", "build", "vega-lite-schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("vega-lite.json", document); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("vega-lite.json")
	if err != nil {
		t.Fatal(err)
	}
	measured, samples := reporttest.Measured(30)
	runs := map[string][]byte{"measured": vega(t, measured, samples)}
	for _, run := range reporttest.All() {
		runs[run.Name] = vega(t, run.Result, nil)
	}
	for name, text := range runs {
		spec, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(spec); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
