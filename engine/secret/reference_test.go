package secret

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestReferencesAreRead(t *testing.T) {
	home := t.TempDir()
	for name, text := range map[string]string{
		"auth": issued + "\n", ".wskprops": "APIHOST=http://h\nAUTH = " + issued + "\nNAMESPACE=_\n",
		"plain": "no-credentials-here", "two": issued + "\n" + issued, "props": "APIHOST=http://h\n",
	} {
		if err := os.WriteFile(filepath.Join(home, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	env := func(name string) string {
		return map[string]string{"HOME": home, "WSK_AUTH": issued, "HALF": "user:", "WORD": "no-credentials-here"}[name]
	}
	for _, row := range []struct {
		says, fault string
		from        Reference
	}{
		{"a variable", "", Reference{Env: "WSK_AUTH"}},
		{"a file with a line end", "", Reference{File: filepath.Join(home, "auth")}},
		{"the properties of wsk in the home", "", Reference{Wskprops: "~/.wskprops"}},
		{"a variable that is not set", "the environment has no NOTHING", Reference{Env: "NOTHING"}},
		{"a variable without a key", "the variable HALF does not hold UUID:KEY", Reference{Env: "HALF"}},
		{"a variable with something else", "the variable WORD does not hold UUID:KEY", Reference{Env: "WORD"}},
		{"a file that is not there", "there is no file " + home, Reference{File: filepath.Join(home, "none")}},
		{"a folder", "read the credentials", Reference{File: home}},
		{"a file with something else", "does not hold UUID:KEY", Reference{File: filepath.Join(home, "plain")}},
		{"a file with two", "does not hold UUID:KEY", Reference{File: filepath.Join(home, "two")}},
		{"properties without AUTH", "has no AUTH", Reference{Wskprops: filepath.Join(home, "props")}},
	} {
		got, err := row.from.Read(env)
		switch {
		case row.fault == "" && (got != issued || err != nil):
			t.Errorf("%s: %q, %v", row.says, got, err)
		case row.fault != "" && (err == nil || !strings.Contains(err.Error(), row.fault) || got != ""):
			t.Errorf("%s: %q, %v; want %q", row.says, got, err, row.fault)
		case err != nil && strings.Contains(err.Error(), "no-credentials-here"):
			t.Errorf("%s: the error quotes what was read: %v", row.says, err)
		}
	}
}
