package pool

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// TestFoldersAreRemovedWhateverIsInThem makes what an action may leave behind. The folders in folders are more than a process
// may have files open in most places.
func TestFoldersAreRemovedWhateverIsInThem(t *testing.T) {
	for _, row := range []struct {
		name string
		make func(folder string) error
	}{
		{"nothing", func(string) error { return nil }},
		{"folders in folders", func(folder string) error {
			root, err := os.OpenRoot(folder)
			for depth := 0; err == nil && depth < 1500; depth++ {
				var inner *os.Root
				if err = root.Mkdir("d", 0o755); err == nil {
					inner, err = root.OpenRoot("d")
				}
				root.Close()
				root = inner
			}
			if root != nil {
				root.Close()
			}
			return err
		}},
		{"folders that may not be read or changed", func(folder string) error {
			inner := filepath.Join(folder, "a", "b")
			if err := os.MkdirAll(inner, 0o755); err != nil {
				return err
			}
			if err := os.WriteFile(filepath.Join(inner, "file"), nil, 0o444); err != nil {
				return err
			}
			if err := os.Chmod(inner, 0o500); err != nil {
				return err
			}
			return os.Chmod(filepath.Dir(inner), 0)
		}},
		{"many beside each other, with files in them", func(folder string) error {
			for i := range 300 {
				inner := filepath.Join(folder, fmt.Sprint(i), "x")
				if err := os.MkdirAll(inner, 0o755); err != nil {
					return err
				}
				if err := os.WriteFile(filepath.Join(inner, "file"), nil, 0o644); err != nil {
					return err
				}
			}
			return nil
		}},
		{"a link in its place", func(folder string) error {
			if err := os.Remove(folder); err != nil {
				return err
			}
			return os.Symlink(filepath.Join(filepath.Dir(folder), "other"), folder)
		}},
		{"a link to a folder elsewhere", func(folder string) error {
			return os.Symlink(filepath.Dir(folder), filepath.Join(folder, "up"))
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			around := t.TempDir()
			folder, beside := filepath.Join(around, "folder"), filepath.Join(around, "other", "inner", "file")
			if err := os.MkdirAll(filepath.Dir(beside), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.Mkdir(folder, 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(beside, nil, 0o644); err != nil {
				t.Fatal(err)
			}
			if err := row.make(folder); err != nil {
				t.Fatal(err)
			}
			if err := flatten(folder); err != nil {
				t.Error(err)
			}
			if left, err := foldersIn(folder); err != nil || len(left) > 1 {
				t.Errorf("folders are left: %q, %v; want at most the empty one they were moved to", left, err)
			}
			if err := removeTree(folder); err != nil {
				t.Error(err)
			}
			if _, err := os.Lstat(folder); !os.IsNotExist(err) {
				t.Errorf("the folder is still there: %v", err)
			}
			if _, err := os.Lstat(beside); err != nil {
				t.Errorf("what is beside it: %v", err)
			}
		})
	}
}
