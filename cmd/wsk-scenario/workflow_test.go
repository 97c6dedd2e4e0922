package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// workflow is as much of a workflow of GitHub Actions as the documentation uses.
type workflow struct {
	Name string         `yaml:"name"`
	On   map[string]any `yaml:"on"`
	Jobs map[string]struct {
		RunsOn string `yaml:"runs-on"`
		Steps  []struct {
			Name string            `yaml:"name"`
			ID   string            `yaml:"id"`
			If   string            `yaml:"if"`
			Uses string            `yaml:"uses"`
			Run  string            `yaml:"run"`
			With map[string]string `yaml:"with"`
		} `yaml:"steps"`
	} `yaml:"jobs"`
}

// The workflow in the README is YAML without a key that we do not know, and its commands, flags, formats and files are there.
func TestTheWorkflowInTheReadmeNamesWhatExists(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	commands := map[string]int{}
	for _, block := range yamlBlock.FindAllStringSubmatch(string(readme), -1) {
		if !strings.Contains(block[2], "runs-on:") {
			continue
		}
		var w workflow
		reader := yaml.NewDecoder(strings.NewReader(block[2]))
		reader.KnownFields(true)
		if err := reader.Decode(&w); err != nil {
			t.Fatal(err)
		}
		for _, job := range w.Jobs {
			for _, step := range job.Steps {
				if (step.Uses == "") == (step.Run == "") {
					t.Errorf("the step %+v needs either uses or run", step)
				}
				if words := strings.Fields(step.Run); len(words) > 1 && words[0] == "wsk-scenario" {
					commands[words[1]]++
					exists(t, words[1:])
				}
			}
		}
	}
	if commands["run"] == 0 || commands["compare"] == 0 {
		t.Errorf("the workflow has the commands %v, want run and compare", commands)
	}
}

// exists fails when a command line names a command, a flag, a format or a scenario that is not there.
func exists(t *testing.T, args []string) {
	t.Helper()
	cmd, rest, err := newRoot(Machine{}).Find(args)
	if err != nil {
		t.Errorf("%s: %v", strings.Join(args, " "), err)
		return
	}
	if err := cmd.ParseFlags(rest); err != nil {
		t.Errorf("%s: %v", strings.Join(args, " "), err)
	}
	for flag, known := range map[string]func([]string) error{
		"report": func(v []string) error { _, err := wishes("report", forms, v); return err },
		"format": func(v []string) error { _, err := wishes("format", new(comparing).forms(Machine{}), v); return err },
	} {
		if values, err := cmd.Flags().GetStringArray(flag); err == nil {
			if err := known(values); err != nil {
				t.Errorf("%s: %v", strings.Join(args, " "), err)
			}
		}
	}
	for _, file := range cmd.Flags().Args() {
		if _, err := os.Stat(filepath.Join("../..", file)); filepath.Ext(file) == ".yaml" && err != nil {
			t.Errorf("%s: %v", strings.Join(args, " "), err)
		}
	}
}
