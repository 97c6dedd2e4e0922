package runtime

import (
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

func TestFindUnderstandsTheNamesOfKinds(t *testing.T) {
	kinds := []Kind{
		newKind("nodejs", "20", nil),
		newKind("python", "3.11", nil),
		newKind("java", "", errNotInstalled),
	}
	rows := []struct{ name, want string }{
		{"nodejs:20", "nodejs:20"},
		{"nodejs:default", "nodejs:20"},
		{"nodejs", "nodejs:20"},
		{"nodejs:2", ""},
		{"nodejs:18", ""},
		{"python:3", "python:3.11"},
		{"python:3.11", "python:3.11"},
		{"python:3.1", ""},
		{"java:default", "java:default"},
		{"java:17", ""},
		{"cobol", ""},
		{"", ""},
	}
	for _, row := range rows {
		got, err := Find(kinds, row.name)
		if got.Name != row.want || (err == nil) != (row.want != "") {
			t.Errorf("Find(%q) = %q, %v; want %q", row.name, got.Name, err, row.want)
		}
	}
}

func TestMissingKindsSaySo(t *testing.T) {
	k := newKind("java", "17", errNotInstalled)
	if k.Name != "java:default" || k.Missing != "not installed" || k.Version != "" || !k.Default {
		t.Errorf("got %+v", k)
	}
}

func TestToolsThatAreNoVersionManagersAreMissing(t *testing.T) {
	dir := t.TempDir()
	for _, tool := range []string{"node", "python3", "java", "go"} {
		if err := os.WriteFile(filepath.Join(dir, tool), []byte("#!/bin/sh\necho nonsense\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	set, err := New(Config{CacheDir: t.TempDir(), SearchPath: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	for _, k := range set.Kinds() {
		if (k.Missing == "") != (k.Family == "native") {
			t.Errorf("%s: missing says %q", k.Name, k.Missing)
		}
	}
}

func TestCacheIsFilledOnceAndNeverHalf(t *testing.T) {
	h := &host{cache: t.TempDir()}
	dir := filepath.Join(h.cache, "made")
	if err := h.once(dir, func(string) error { return errNotInstalled }); !errors.Is(err, errNotInstalled) {
		t.Fatalf("got %v, want the fault of the filling", err)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Fatal("a folder that could not be filled is there")
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			err := h.once(dir, func(tmp string) error { return os.WriteFile(filepath.Join(tmp, "f"), nil, 0o644) })
			if err != nil {
				t.Errorf("make the folder: %v", err)
			}
			if _, err := os.Stat(filepath.Join(dir, "f")); err != nil {
				t.Errorf("the folder is there without its file: %v", err)
			}
		})
	}
	wg.Wait()
	if left, err := os.ReadDir(h.cache); err != nil || len(left) != 1 {
		t.Errorf("the cache holds %v (%v), want one folder", left, err)
	}
}
