package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"wsk-scenario/dsl"
)

// yamlBlock is a fenced block of YAML: what stands behind the word yaml, then the text.
var yamlBlock = regexp.MustCompile("(?ms)^```ya?ml([^\n]*)\n(.*?)^```")

// Every scenario that the documentation shows is read as if it stood in scenarios/. What is part of one only is marked
// ```yaml fragment.
func TestScenariosInTheDocumentationAreValid(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	pages, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	blocks := 0
	for _, page := range append(pages, filepath.Join(root, "README.md")) {
		text, err := os.ReadFile(page)
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		for _, block := range yamlBlock.FindAllStringSubmatch(string(text), -1) {
			if strings.TrimSpace(block[1]) == "fragment" {
				continue
			}
			blocks++
			_, diags := dsl.Read(filepath.Join(root, "scenarios", "shown.yaml"), []byte(block[2]), dsl.Options{})
			if len(diags) > 0 {
				t.Errorf("%s shows a faulty scenario: %v\n%s", page, diags, block[2])
			}
		}
	}
	if blocks == 0 {
		t.Error("the documentation shows no scenario")
	}
}
