// Command image builds the image of wsk-scenario, in which the embedded OpenWhisk runs in a cluster: an archive for ctr, k3s,
// podman or docker, built by Go alone.
//
//	go run ./.ci/image -o bin/wsk-scenario.tar -arch amd64,arm64
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"wsk-scenario/.ci/oci"
)

func main() {
	out := flag.String("o", "bin/wsk-scenario-image.tar", "`file` to write the archive to")
	arches := flag.String("arch", "amd64,arm64", "architectures, as Go names them")
	name := flag.String("name", "localhost/wsk-scenario:dev", "the image's `name`")
	built := flag.String("program", "", "a `file` that is built already, for the one architecture of -arch")
	version := flag.String("version", "dev", "what the program says of its version")
	flag.Parse()
	if err := image(*out, *name, *version, *built, strings.Split(*arches, ",")); err != nil {
		fmt.Fprintln(os.Stderr, "image:", err)
		os.Exit(1)
	}
}

func image(out, name, version, built string, arches []string) error {
	if built != "" && len(arches) != 1 {
		return errors.New("-program is for one architecture: say which with -arch")
	}
	folder, err := os.MkdirTemp("", "wsk-scenario-image-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	programs := map[string][]byte{}
	for _, arch := range arches {
		program := built
		if program == "" {
			program = filepath.Join(folder, arch)
			if err := build(program, arch, version); err != nil {
				return err
			}
		}
		if programs[arch], err = os.ReadFile(program); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(filepath.Dir(out), 0o755); err != nil {
		return err
	}
	f, err := os.Create(out)
	if err != nil {
		return err
	}
	defer f.Close()
	err = oci.Write(f, oci.Image{
		Name: name, Programs: programs, Path: "wsk-scenario", Folders: []string{"tmp"},
		// For languages of the node, whose /usr the chart mounts.
		Links: map[string]string{"bin": "usr/bin", "sbin": "usr/sbin", "lib": "usr/lib", "lib64": "usr/lib64"},
	})
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err != nil {
		return err
	}
	fmt.Printf("%s: %s for %s, %.1f MB\n", out, name, strings.Join(arches, " and "), float64(info.Size())/1e6)
	return f.Close()
}

// build builds the program for an architecture, as make build does: it needs nothing beside itself.
func build(program, arch, version string) error {
	cmd := exec.Command("make", "build", "PROGRAM="+program, "VERSION="+version)
	cmd.Env = append(os.Environ(), "GOOS=linux", "GOARCH="+arch)
	if text, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build for %s: %w\n%s", arch, err, text)
	}
	return nil
}
