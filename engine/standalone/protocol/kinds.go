package protocol

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"wsk-scenario/engine/standalone/runtime"
)

// Blackbox is OpenWhisk's kind of actions that are made of an image.
const Blackbox = "blackbox"

// ImageKind is the kind of an action that is made of an image.
func ImageKind(image string) runtime.Kind {
	return runtime.Kind{Name: Blackbox, Family: Blackbox, Image: image}
}

// official are OpenWhisk's own kinds and images, the default of a family first. native is a program that speaks ActionLoop:
// any image with the ActionLoop proxy runs it, and that of Go needs nothing else.
var official = []struct{ kind, image string }{
	{"nodejs:20", "openwhisk/action-nodejs-v20"},
	{"nodejs:18", "openwhisk/action-nodejs-v18"},
	{"python:3.10", "openwhisk/action-python-v3.10"},
	{"python:3.11", "openwhisk/action-python-v3.11"},
	{"java:8", "openwhisk/java8action"},
	{"go:1.20", "openwhisk/action-golang-v1.20"},
	{"php:8.1", "openwhisk/action-php-v8.1"},
	{"ruby:2.5", "openwhisk/action-ruby-v2.5"},
	{"rust:1.34", "openwhisk/action-rust-v1.34"},
	{"native:1", "openwhisk/action-golang-v1.20"},
}

// Official returns OpenWhisk's own kinds with their images.
func Official() (kinds []runtime.Kind) {
	for _, o := range official {
		kinds = add(kinds, o.kind, o.image)
	}
	return kinds
}

// Overlay returns the kinds with other images for some, then new ones by name. An image for family:default is for the default
// kind of the family.
func Overlay(kinds []runtime.Kind, images map[string]string) ([]runtime.Kind, error) {
	kinds = slices.Clone(kinds)
	for _, name := range slices.Sorted(maps.Keys(images)) {
		family, version, _ := strings.Cut(name, ":")
		if family == "" || images[name] == "" || family == Blackbox || family == "sequence" {
			return nil, fmt.Errorf("image %q for kind %q: write a kind such as nodejs:20 and the name of an image", images[name], name)
		}
		known := slices.IndexFunc(kinds, func(k runtime.Kind) bool {
			return k.Name == name || k.Family == family && k.Default && (version == "" || version == "default")
		})
		switch {
		case known >= 0:
			kinds[known].Image, kinds[known].Missing = images[name], ""
		case version == "" || version == "default":
			kinds = add(kinds, family+":1", images[name])
		default:
			kinds = add(kinds, name, images[name])
		}
	}
	return kinds, nil
}

// add appends a kind; the first of its family is the default one.
func add(kinds []runtime.Kind, name, image string) []runtime.Kind {
	family, version, _ := strings.Cut(name, ":")
	first := !slices.ContainsFunc(kinds, func(k runtime.Kind) bool { return k.Family == family })
	return append(kinds, runtime.Kind{Name: name, Family: family, Version: version, Default: first, Image: image})
}
