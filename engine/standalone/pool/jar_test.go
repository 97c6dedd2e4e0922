package pool

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// A fat jar holds the classes of the action and of the libraries that it needs, and is run without being compiled.
func TestAFatJarRuns(t *testing.T) {
	folder := t.TempDir()
	sources := map[string]string{
		"app/Main.java": `package app;
import com.google.gson.JsonObject;
public class Main {
  public static JsonObject main(JsonObject o) { return other(o); }
  public static JsonObject other(JsonObject o) { o.addProperty("v", lib.Lib.v()); return o; }
}`,
		"lib/Lib.java": `package lib; public class Lib { public static String v() { return "lib"; } }`,
	}
	files := map[string]string{"META-INF/MANIFEST.MF": "Manifest-Version: 1.0\n\n"}
	args := []string{"-cp", "/usr/share/java/gson.jar", "-d", folder}
	for name, text := range sources {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		args = append(args, path)
	}
	if out, err := exec.CommandContext(t.Context(), "javac", args...).CombinedOutput(); err != nil {
		t.Fatalf("javac: %v\n%s", err, out)
	}
	for _, name := range []string{"app/Main.class", "lib/Lib.class"} {
		class, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		files[name] = string(class)
	}
	p := newPool(t, Config{})
	for _, main := range []string{"app.Main", "app.Main#other"} {
		a := action("java", zipped(t, files))
		a.Binary, a.Main, a.Key = true, main, main
		if got := succeed(t, p, a, `{}`); string(got.Result) != `{"v":"lib"}` {
			t.Errorf("%s: got %s", main, got.Result)
		}
	}
}
