package pool

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestModulesForAllActionsAreFound(t *testing.T) {
	cache := t.TempDir()
	p := newPool(t, Config{CacheDir: cache, Stems: []Stems{{Kind: "nodejs:default", Memory: 256, Count: 1}}})
	const use = "const m = require('beside'); function main() { return {got: m.value} }"
	out := invoke(t, p, action("nodejs", use), `{}`)
	where := filepath.Join(cache, "nodejs")
	got, hint := errorOf(t, out), "\nPack it with the action, or have it for all actions: npm install --prefix "+where+" beside"
	if out.Status != DeveloperError || !strings.HasPrefix(got, initFailed+"Error: Cannot find module 'beside'") || !strings.HasSuffix(got, hint) {
		t.Fatalf("status %d with %q; want it with%s", out.Status, got, hint)
	}
	module := filepath.Join(where, "node_modules", "beside")
	if err := os.MkdirAll(module, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(module, "index.js"), []byte("exports.value = 7"), 0o644); err != nil {
		t.Fatal(err)
	}
	packed := action("nodejs", zipped(t, map[string]string{"index.js": use + "\nexports.main = main"}))
	packed.Binary = true
	own := action("nodejs", zipped(t, map[string]string{
		"index.js": use + "\nexports.main = main", "node_modules/beside/index.js": "exports.value = 8"}))
	own.Binary = true
	late := action("nodejs", "function main() { return {got: require('beside').value} }")
	late.Memory = 256
	for name, row := range map[string]struct {
		action Action
		want   string
	}{
		"a file": {action("nodejs", use), `{"got":7}`}, "a package": {packed, `{"got":7}`},
		"a package with its own": {own, `{"got":8}`}, "one that asks when it runs": {late, `{"got":7}`},
	} {
		if out := succeed(t, p, row.action, `{}`); string(out.Result) != row.want {
			t.Errorf("%s: got %s, want %s", name, out.Result, row.want)
		}
	}
}
