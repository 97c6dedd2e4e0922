package report

import (
	"bytes"
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"
	"wsk-scenario/engine/report/reporttest"
)

// The page about the JSON form must name every key that can be in it.
func TestPlanPageNamesEveryKey(t *testing.T) {
	page, err := os.ReadFile("../../docs/plan.md")
	if err != nil {
		t.Fatal(err)
	}
	for key := range keysOf(reflect.TypeFor[PlanDocument](), map[string]bool{}) {
		if !strings.Contains(string(page), "`"+key+"`") {
			t.Errorf("docs/plan.md does not explain %q", key)
		}
	}
}

// keysOf collects the JSON keys of a type and of all that it holds.
func keysOf(t reflect.Type, keys map[string]bool) map[string]bool {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice:
		return keysOf(t.Elem(), keys)
	case reflect.Struct:
		for field := range t.Fields() {
			if name, _, _ := strings.Cut(field.Tag.Get("json"), ","); name != "" && name != "-" {
				keys[name] = true
			}
			keysOf(field.Type, keys)
		}
	}
	return keys
}

func TestPlanForProgramsHoldsPlanCostAndNeed(t *testing.T) {
	p := reporttest.Startup()
	var out bytes.Buffer
	if err := PlanJSON(&out, p); err != nil {
		t.Fatal(err)
	}
	var got PlanDocument
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.Scenario != "startup" || len(got.Cells) != 3 || got.Estimate != p.Estimate() || got.Need != p.Need() {
		t.Errorf("got %+v", got)
	}
}
