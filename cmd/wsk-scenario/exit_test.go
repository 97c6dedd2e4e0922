package main

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"wsk-scenario/engine/result"
	"wsk-scenario/engine/slo"
)

func TestExitCodeSaysHowARunEnded(t *testing.T) {
	red := []slo.Verdict{{Status: slo.Pass}, {Status: slo.NoData}}
	for _, c := range []struct {
		says   string
		result result.Result
		want   int
	}{
		{"all met", result.Result{Status: result.Complete, Verdicts: red[:1]}, exitMet},
		{"nothing asserted", result.Result{Status: result.Complete}, exitMet},
		{"no data is not green", result.Result{Status: result.Complete, Verdicts: red}, exitUnmet},
		{"broken beats red", result.Result{Status: result.Broken, Verdicts: red}, exitCannot},
		{"interrupted beats red", result.Result{Status: result.Interrupted, Verdicts: red}, exitInterrupted},
		{"a warning fails nothing", result.Result{Verdicts: []slo.Verdict{{Status: slo.Fail, Warn: true}}}, exitMet},
	} {
		code, silent := codeOf(ended(&c.result))
		if code != c.want || !silent {
			t.Errorf("%s: exit code %d, said already %t; want %d, true", c.says, code, silent, c.want)
		}
	}
}

func TestExitCodeOfAnErrorIsFoundThroughItsWrappers(t *testing.T) {
	cause := errors.New("no such file")
	if code, silent := codeOf(fmt.Errorf("plan: %w", wrong(cause))); code != exitWrong || silent {
		t.Errorf("a fault of the user gives exit code %d, said already %t; want %d, false", code, silent, exitWrong)
	}
	if code, _ := codeOf(cause); code != exitCannot {
		t.Errorf("any other error gives exit code %d, want %d", code, exitCannot)
	}
}

func TestMainRunsInProcess(t *testing.T) {
	var out, faults bytes.Buffer
	m := Machine{In: strings.NewReader(""), Out: &out, Err: &faults, Env: func(string) string { return "" }}
	if code := Main(t.Context(), []string{"version"}, m); code != exitMet || !strings.HasPrefix(out.String(), "wsk-scenario ") {
		t.Errorf("version: exit code %d, output %q, faults %q", code, out.String(), faults.String())
	}
	if code := Main(t.Context(), []string{"nonsense"}, m); code != exitWrong || !strings.Contains(faults.String(), "nonsense") {
		t.Errorf("nonsense: exit code %d, faults %q", code, faults.String())
	}
}
