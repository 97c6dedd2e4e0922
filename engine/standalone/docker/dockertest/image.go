package dockertest

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	goruntime "runtime"
	"strings"
	"sync"
	"testing"

	"github.com/moby/moby/client"
)

// Image is the name of the image that Load gives an engine. Its program does what its code and its arguments say: see
// testdata/runtime.
const Image = "localhost/wsk-scenario-test:1"

// Load builds the image of a static Go program and nothing else, and gives it to the engine; it is removed after the test.
func (e Engine) Load(t testing.TB) {
	t.Helper()
	image, err := built()
	if err != nil {
		t.Fatal(err)
	}
	loaded, err := e.Client.ImageLoad(t.Context(), bytes.NewReader(image))
	if err != nil {
		t.Fatalf("load the image: %v", err)
	}
	defer loaded.Close()
	if said, err := io.ReadAll(loaded); err != nil || !bytes.Contains(said, []byte(Image)) {
		t.Fatalf("load the image: %v: %s", err, said)
	}
	t.Cleanup(func() {
		_, err := e.Client.ImageRemove(context.WithoutCancel(t.Context()), Image, client.ImageRemoveOptions{Force: true})
		if err != nil {
			t.Errorf("remove the image: %v", err)
		}
	})
}

// built is the image as an archive, made once.
var built = sync.OnceValues(func() ([]byte, error) {
	_, here, _, _ := goruntime.Caller(0)
	dir, err := os.MkdirTemp("", "wsk-image-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	build := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", dir+"/runtime", ".")
	build.Dir = filepath.Join(filepath.Dir(here), "testdata", "runtime")
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOFLAGS=-buildvcs=false")
	if said, err := build.CombinedOutput(); err != nil {
		return nil, &buildError{string(said), err}
	}
	program, err := os.ReadFile(dir + "/runtime")
	if err != nil {
		return nil, err
	}
	return archive(program)
})

type buildError struct {
	said string
	err  error
}

func (e *buildError) Error() string {
	return "build the program of the image: " + e.err.Error() + "\n" + strings.TrimSpace(e.said)
}

// archive is an image as docker save writes it: one layer, its configuration and a list of both.
func archive(program []byte) ([]byte, error) {
	layer, err := pack(file{"runtime", 0o755, program})
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(layer)
	config, err := json.Marshal(map[string]any{
		"architecture": goruntime.GOARCH, "os": "linux",
		"config": map[string]any{"Entrypoint": []string{"/runtime"}},
		"rootfs": map[string]any{"type": "layers", "diff_ids": []string{"sha256:" + hex.EncodeToString(sum[:])}},
	})
	if err != nil {
		return nil, err
	}
	list, err := json.Marshal([]map[string]any{
		{"Config": "config.json", "RepoTags": []string{Image}, "Layers": []string{"layer.tar"}},
	})
	if err != nil {
		return nil, err
	}
	return pack(file{"layer.tar", 0o644, layer}, file{"config.json", 0o644, config}, file{"manifest.json", 0o644, list})
}

type file struct {
	name    string
	mode    int64
	content []byte
}

func pack(files ...file) ([]byte, error) {
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for _, f := range files {
		header := &tar.Header{Typeflag: tar.TypeReg, Name: f.name, Mode: f.mode, Size: int64(len(f.content))}
		if err := w.WriteHeader(header); err != nil {
			return nil, err
		}
		if _, err := w.Write(f.content); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
