package code

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// tree writes files below a new folder and returns it.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, content := range files {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		mode := os.FileMode(0o644)
		if strings.HasPrefix(content, "#!") {
			mode = 0o755
		}
		if err := os.WriteFile(path, []byte(content), mode); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// unzip returns the files of an archive in base64, by name, with their modes.
func unzip(t *testing.T, code string) (files map[string]string, modes map[string]os.FileMode) {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString(code)
	if err != nil {
		t.Fatal(err)
	}
	archive, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	files, modes = map[string]string{}, map[string]os.FileMode{}
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, _ := io.ReadAll(r)
		files[f.Name], modes[f.Name] = string(content), f.Mode()
	}
	return files, modes
}

func TestASingleSourceIsSentAsText(t *testing.T) {
	root := tree(t, map[string]string{"js/hello.js": "function main() {}", "js/README.md": "notes", "py/hello.py": "def main(a): pass"})
	for _, row := range []struct{ name, path, kind, want string }{
		{"a file", "js/hello.js", "nodejs:default", "function main() {}"},
		{"a folder with one source and notes", "js", "nodejs:20", "function main() {}"},
		{"a folder with one Python source", "py", "python:3", "def main(a): pass"},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, err := Pack(t.Context(), filepath.Join(root, row.path), row.kind, "")
			if err != nil || got.Binary || got.Code != row.want {
				t.Errorf("got %+v, error %v", got, err)
			}
		})
	}
}

func TestAFolderOfFilesIsArchived(t *testing.T) {
	root := tree(t, map[string]string{"package.json": "{}", "index.js": "x", "lib/a.js": "y", ".git/config": "no", ".hidden": "no"})
	first, err := Pack(t.Context(), root, "nodejs:default", "")
	if err != nil || !first.Binary {
		t.Fatalf("binary %t, error %v", first.Binary, err)
	}
	files, _ := unzip(t, first.Code)
	if len(files) != 3 || files["lib/a.js"] != "y" || files["index.js"] != "x" {
		t.Errorf("archive holds %v", files)
	}
	if again, _ := Pack(t.Context(), root, "nodejs:default", ""); again.Code != first.Code {
		t.Error("the same folder gave other bytes")
	}
}

func TestAnExecutableIsArchivedAsExec(t *testing.T) {
	root := tree(t, map[string]string{"start.sh": "#!/bin/sh\n", "folder/exec": "#!/bin/sh\n"})
	for _, path := range []string{"start.sh", "folder"} {
		got, err := Pack(t.Context(), filepath.Join(root, path), "native:default", "")
		if err != nil {
			t.Fatal(err)
		}
		files, modes := unzip(t, got.Code)
		if files["exec"] != "#!/bin/sh\n" || modes["exec"]&0o111 == 0 {
			t.Errorf("%s: archive %v with modes %v", path, files, modes)
		}
	}
}

func TestAnArchiveIsSentAsItIs(t *testing.T) {
	root := tree(t, map[string]string{"a.zip": "PK-zip", "a.jar": "PK-jar"})
	for file, want := range map[string]string{"a.zip": "PK-zip", "a.jar": "PK-jar"} {
		got, err := Pack(t.Context(), filepath.Join(root, file), "java:default", "")
		if raw, _ := base64.StdEncoding.DecodeString(got.Code); err != nil || !got.Binary || string(raw) != want {
			t.Errorf("%s: got %+v, error %v", file, got, err)
		}
	}
}

const javaSource = `package demo;
import com.google.gson.JsonObject;
public class Hello {
    public static JsonObject main(JsonObject args) { return args; }
}
`

func TestJavaIsCompiledOnce(t *testing.T) {
	root, cache := tree(t, map[string]string{"Hello.java": javaSource, "README.md": "notes"}), t.TempDir()
	first, err := Pack(t.Context(), root, "java:default", cache)
	if err != nil {
		t.Fatal(err)
	}
	files, _ := unzip(t, first.Code)
	if first.Main != "demo.Hello" || files["demo/Hello.class"] == "" {
		t.Errorf("main %q, archive %d files", first.Main, len(files))
	}
	jars, _ := filepath.Glob(filepath.Join(cache, "java", "*"))
	if len(jars) != 1 || filepath.Ext(jars[0]) != ".jar" {
		t.Fatalf("the cache holds %v", jars)
	}
	if err := os.WriteFile(jars[0], []byte("from the cache"), 0o644); err != nil {
		t.Fatal(err)
	}
	again, _ := Pack(t.Context(), root, "java:default", cache)
	if raw, _ := base64.StdEncoding.DecodeString(again.Code); string(raw) != "from the cache" {
		t.Error("it was compiled again")
	}
}

func TestWhatCannotBePackedSaysWhy(t *testing.T) {
	root := tree(t, map[string]string{"notes.txt": "x", "bad/Hello.java": "class Hello { int }", "odd/a.txt": "x"})
	if err := os.Mkdir(filepath.Join(root, "empty"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct{ name, path, kind, want string }{
		{"nothing there", "gone", "nodejs:default", "there is no file or folder"},
		{"an empty folder", "empty", "nodejs:default", "is empty"},
		{"a source of Java without its folder", "bad/Hello.java", "java:default", "is compiled with its folder: write "},
		{"a text file", "notes.txt", "nodejs:default", "is no source of kind nodejs"},
		{"Java that does not compile", "bad", "java:default", "Hello.java:1: error"},
		{"a Java folder without Java", "odd", "java:default", "neither .java nor .jar"},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := Pack(t.Context(), filepath.Join(root, row.path), row.kind, t.TempDir())
			if err == nil || !strings.Contains(err.Error(), row.want) {
				t.Errorf("got %v, want %q", err, row.want)
			}
		})
	}
}

func TestALinkToAFolderIsThatFolder(t *testing.T) {
	root := tree(t, map[string]string{"real/hello.js": "function main() {}"})
	link := filepath.Join(root, "link")
	if err := os.Symlink(filepath.Join(root, "real"), link); err != nil {
		t.Fatal(err)
	}
	got, err := Pack(t.Context(), link, "nodejs:default", "")
	if err != nil || got.Code != "function main() {}" {
		t.Errorf("got %+v, error %v", got, err)
	}
}

func TestWhatIsNoPlainFileIsAnErrorNotAGap(t *testing.T) {
	root := tree(t, map[string]string{"index.js": "require('./lib.js')", "package.json": "{}", "elsewhere.txt": "x"})
	if err := os.Symlink(filepath.Join(root, "elsewhere.txt"), filepath.Join(root, "lib.js")); err != nil {
		t.Fatal(err)
	}
	if _, err := Pack(t.Context(), root, "nodejs:default", ""); err == nil || !strings.Contains(err.Error(), "lib.js is no plain file but a symbolic link") {
		t.Errorf("got %v", err)
	}
	if _, err := Pack(t.Context(), "/dev/zero", "nodejs:default", ""); err == nil || !strings.Contains(err.Error(), "/dev/zero is no plain file but a device") {
		t.Errorf("got %v", err)
	}
}
