package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// sources are what the binary of the components and the pause program are made from: the key of the cache.
var sources = []string{"kubernetes/main.go", "kubernetes/go.mod", "kubernetes/go.sum", "pause/main.go"}

// kubernetesVersion is the version of k8s.io/kubernetes in kubernetes/go.mod. It is set into the binary, because a build from
// modules does not know it, and charts ask the server for it.
const kubernetesVersion = "v1.37.2"

// buildDeadline bounds a build from nothing: seven minutes on two idle processors.
const buildDeadline = 30 * time.Minute

// programs are where the built programs are.
type programs struct{ Kubernetes, Pause string }

func printBinary(ctx context.Context) error {
	p, err := build(ctx, os.Stderr)
	if err == nil {
		fmt.Println(p.Kubernetes)
	}
	return err
}

// build returns the programs, from the user's cache when they are there. Two that ask at once build once.
func build(ctx context.Context, progress *os.File) (programs, error) {
	ctx, cancel := context.WithTimeout(ctx, buildDeadline)
	defer cancel()
	folder, err := cacheFolder(ctx)
	if err != nil {
		return programs{}, err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return programs{}, err
	}
	lock, err := lockFile(filepath.Join(folder, "lock"), true)
	if err != nil {
		return programs{}, err
	}
	defer lock.Close()
	p := programs{Kubernetes: filepath.Join(folder, "kubernetes"), Pause: filepath.Join(folder, "pause")}
	if exists(p.Kubernetes) && exists(p.Pause) {
		return p, nil
	}
	fmt.Fprintln(progress, "cluster: building Kubernetes", kubernetesVersion, "(seven minutes and more when nothing of it is built yet)")
	if err := goBuild(ctx, "pause", p.Pause, ""); err != nil {
		return programs{}, err
	}
	return p, goBuild(ctx, "kubernetes", p.Kubernetes, versionFlags())
}

// goBuild builds a folder beside this file. The name appears when the program is whole.
func goBuild(ctx context.Context, folder, program, ldflags string) error {
	here, err := sourceFolder(ctx)
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, "go", "build", "-mod=readonly", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w"+ldflags, "-o", program+".new", ".")
	cmd.Dir, cmd.Env = filepath.Join(here, folder), append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=", "GOOS=linux")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build %s: %w\n%s", folder, err, lastLines(string(out), 30))
	}
	return os.Rename(program+".new", program)
}

// sourceFolder is where this program's sources are: it is run from within its module.
func sourceFolder(ctx context.Context) (string, error) {
	out, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}").Output()
	folder := filepath.Join(strings.TrimSpace(string(out)), ".ci", "cluster")
	if err != nil || !exists(filepath.Join(folder, sources[0])) {
		return "", errors.Join(errors.New("find the sources: run this inside the project"), err)
	}
	return folder, nil
}

func versionFlags() string {
	major, minor, _ := strings.Cut(strings.TrimPrefix(kubernetesVersion, "v"), ".")
	minor, _, _ = strings.Cut(minor, ".")
	var flags strings.Builder
	for _, module := range []string{"k8s.io/component-base", "k8s.io/client-go/pkg"} {
		for _, v := range [][2]string{
			{"gitVersion", kubernetesVersion}, {"gitMajor", major}, {"gitMinor", minor}, {"gitTreeState", "clean"},
			{"gitCommit", strings.Repeat("0", 40)}, {"buildDate", "1970-01-01T00:00:00Z"},
		} {
			fmt.Fprintf(&flags, " -X %s/version.%s=%s", module, v[0], v[1])
		}
	}
	return flags.String()
}

func cacheFolder(ctx context.Context) (string, error) {
	version, err := exec.CommandContext(ctx, "go", "env", "GOVERSION", "GOARCH").Output()
	if err != nil {
		return "", fmt.Errorf("ask Go for its version: %w", err)
	}
	sum := sha256.New()
	fmt.Fprintf(sum, "%s\n%s\n", version, versionFlags())
	here, err := sourceFolder(ctx)
	if err != nil {
		return "", err
	}
	for _, path := range sources {
		text, err := os.ReadFile(filepath.Join(here, path))
		if err != nil {
			return "", err
		}
		fmt.Fprintf(sum, "%s %d\n%s", path, len(text), text)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(cache, "wsk-scenario", "cluster", hex.EncodeToString(sum.Sum(nil))[:16]), nil
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
