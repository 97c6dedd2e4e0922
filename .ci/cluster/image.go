package main

import (
	"os"
	"runtime"

	"wsk-scenario/.ci/oci"
)

// writeImage makes an archive of an image that holds one program, to be imported by a node.
func writeImage(name, program, archive string) error {
	binary, err := os.ReadFile(program)
	if err != nil {
		return err
	}
	f, err := os.Create(archive)
	if err != nil {
		return err
	}
	defer f.Close()
	image := oci.Image{Name: name, Programs: map[string][]byte{runtime.GOARCH: binary}, Path: "program"}
	if err := oci.Write(f, image); err != nil {
		return err
	}
	return f.Close()
}
