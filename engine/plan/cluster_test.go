package plan

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"wsk-scenario/dsl"
)

// planned is the plan of a scenario on a profile; the same file for all.
func planned(t *testing.T, profile string) *Plan {
	t.Helper()
	var p *dsl.Profile
	if profile != "" {
		read, faults := dsl.ReadProfile("here.yaml", []byte(profile), dsl.ProfileOptions{})
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		p = read
	}
	text := strings.ReplaceAll(scenario, "code: hello.js", "code: build_test.go")
	s, faults := dsl.Read("sweep.yaml", []byte(text), dsl.Options{Profile: p})
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	plan, faults := Build(s, Options{Seed: 1, Profile: p})
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	return plan
}

func TestAProfileDecidesKindsVariablesAndTheEmbeddedServer(t *testing.T) {
	p := planned(t, `
cluster: here
about: My own.
vars: {loops: 9}
kinds: {nodejs: "nodejs:20"}
limits: {invocations_per_minute: 60, concurrent: 30}
memory: 512MB
idle_timeout: 2s
prewarm: {nodejs: 2, python: {max: 3, ttl: 1m}}
`)
	if got := p.Cells[0].Actions[0].Kind + " " + p.Cells[2].Actions[0].Kind; got != "nodejs:20 python:default" {
		t.Errorf("kinds %s", got)
	}
	if got := p.Cells[0].Phases[0].Load.Iterations; got != 9 {
		t.Errorf("%d iterations", got)
	}
	want := Cluster{Name: "here", About: "My own.", File: "here.yaml", Embedded: Embedded{
		PerMinute: 60, Concurrent: 30, MemoryMB: 512, IdleTimeout: 2 * time.Second, Prewarm: []Prewarm{
			{Family: "nodejs", Count: 2}, {Family: "python", Count: 1, Reactive: &Reactive{Max: 3, TTL: time.Minute}},
		},
	}}
	if p.Cluster == nil || !reflect.DeepEqual(*p.Cluster, want) {
		t.Errorf("got %+v, want %+v", p.Cluster, want)
	}
}

func TestNoCredentialsAreInAPlan(t *testing.T) {
	p := planned(t, `{cluster: x, openwhisk: {apihost: "https://h:1", auth: {env: MY_OWN_AUTH}}}`)
	text, err := json.Marshal(p)
	if err != nil || strings.Contains(string(text), "MY_OWN_AUTH") || !strings.Contains(string(text), `"apihost":"https://h:1"`) {
		t.Errorf("error %v, plan %s", err, text)
	}
}

func TestTheFingerprintHasWhatAProfileChanges(t *testing.T) {
	without := planned(t, "").Fingerprint
	for profile, same := range map[string]bool{
		"cluster: x": true,
		`{cluster: x, openwhisk: {apihost: "http://h"}}`: true,
		"{cluster: x, vars: {loops: 3, elsewhere: 4}}":   true,
		"{cluster: x, vars: {loops: 4}}":                 false,
		`{cluster: x, kinds: {python: "python:3"}}`:      false,
		"{cluster: x, limits: {concurrent: 30}}":         false,
		"{cluster: x, memory: 256MB}":                    false,
		"{cluster: x, idle_timeout: 1s}":                 false,
	} {
		if got := planned(t, profile).Fingerprint; (got == without) != same {
			t.Errorf("%s: the fingerprint is %s, without a profile %s", profile, got, without)
		}
	}
}
