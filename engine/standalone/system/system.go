// Package system holds the actions of the namespace whisk.system, which everybody may invoke and clients and tutorials
// rely on: the packages utils and samples. They are actions like any other and run as any other.
package system

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"strings"

	"wsk-scenario/engine/standalone/entity"
)

// Namespace is whose the packages are. Nobody can log in to it, so that nobody can change them.
const Namespace = "whisk.system"

//go:embed utils/*.js samples/*.js
var sources embed.FS

// packages are what there is, with what a list says of it.
var packages = []struct{ name, description string }{
	{"utils", "Building blocks that format and assemble data"},
	{"samples", "A suite of simple actions to help you get started with OpenWhisk"},
}

// Install puts the packages into a store. Where there is no Node.js they are empty, and say what to install.
func Install(store *entity.Store) error {
	for _, p := range packages {
		if err := install(store, p.name, p.description); err != nil {
			return fmt.Errorf("make the package /%s/%s: %w", Namespace, p.name, err)
		}
	}
	return nil
}

func install(store *entity.Store, name, description string) error {
	published := true
	put := &entity.PackagePut{Publish: &published, Annotations: described(description)}
	if _, err := store.PutPackage(entity.Name{Namespace: Namespace, Name: name}, put, true); err != nil {
		return err
	}
	files, err := sources.ReadDir(name)
	if err != nil {
		return err
	}
	for _, f := range files {
		source, err := sources.ReadFile(path.Join(name, f.Name()))
		if err != nil {
			return err
		}
		action := entity.Name{Namespace: Namespace, Package: name, Name: strings.TrimSuffix(f.Name(), ".js")}
		var fault *entity.Fault
		switch err := installAction(store, action, string(source)); {
		case errors.As(err, &fault): // there is no Node.js, and the fault says what to install
			put.Annotations = described(description + ". " + fault.Text)
			_, err := store.PutPackage(action.InPackage(), put, true)
			return err
		case err != nil:
			return err
		}
	}
	return nil
}

// installAction makes an action whose description is the comment that its source begins with.
func installAction(store *entity.Store, name entity.Name, source string) error {
	kind := "nodejs:default"
	comment, _, _ := strings.Cut(source, "\n")
	_, err := store.PutAction(name, &entity.ActionPut{
		Exec:        &entity.ExecPut{Kind: &kind, Code: &source},
		Annotations: described(strings.TrimPrefix(comment, "// ")),
	}, true)
	return err
}

func described(text string) *entity.Parameters {
	raw, _ := json.Marshal(text) // a string always encodes
	return &entity.Parameters{{Key: "description", Value: raw}}
}
