package secret

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Reference says where credentials are: one of its fields.
type Reference struct {
	Env      string // a variable of the environment
	File     string // a file that holds them and nothing else
	Wskprops string // a properties file of wsk, of which AUTH is taken
}

// Read returns the credentials. env is the environment. No error quotes what was read.
func (r Reference) Read(env func(string) string) (string, error) {
	switch {
	case r.Env != "":
		if text := strings.TrimSpace(env(r.Env)); text != "" {
			return form(text, "the variable "+r.Env)
		}
		return "", fmt.Errorf("the environment has no %s", r.Env)
	case r.File != "":
		text, err := read(r.File, env)
		if err != nil {
			return "", err
		}
		return form(strings.TrimSpace(text), r.File)
	}
	text, err := read(r.Wskprops, env)
	if err != nil {
		return "", err
	}
	for line := range strings.Lines(text) {
		if key, value, _ := strings.Cut(line, "="); strings.TrimSpace(key) == "AUTH" {
			return form(strings.TrimSpace(value), "AUTH of "+r.Wskprops)
		}
	}
	return "", fmt.Errorf("%s has no AUTH", r.Wskprops)
}

func form(text, where string) (string, error) {
	user, key, _ := strings.Cut(text, ":")
	if user == "" || key == "" || strings.ContainsAny(text, " \t\r\n") {
		return "", fmt.Errorf("%s does not hold UUID:KEY, or USER:PASSWORD", where)
	}
	return text, nil
}

// read reads a file, whose path may begin with ~ for the user's home.
func read(path string, env func(string) string) (string, error) {
	full := path
	if rest, ok := strings.CutPrefix(path, "~"); ok {
		full = filepath.Join(env("HOME"), rest)
	}
	text, err := os.ReadFile(full)
	if os.IsNotExist(err) {
		return "", fmt.Errorf("there is no file %s", full)
	}
	if err != nil {
		return "", fmt.Errorf("read the credentials: %w", err)
	}
	return string(text), nil
}
