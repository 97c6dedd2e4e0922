package oci

import (
	"bytes"
	"io"
	"slices"
	"testing"

	"github.com/moby/moby/client"

	"wsk-scenario/engine/standalone/docker/dockertest"
)

func TestADockerEngineLoadsTheArchive(t *testing.T) {
	const name = "localhost/wsk-scenario-archive:test"
	engine := dockertest.Start(t)
	var archive bytes.Buffer
	err := Write(&archive, Image{Name: name, Programs: map[string][]byte{"amd64": []byte("A"), "arm64": []byte("B")}, Path: "x"})
	if err != nil {
		t.Fatal(err)
	}
	answer, err := engine.Client.ImageLoad(t.Context(), &archive)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Close()
	told, err := io.ReadAll(answer)
	if err != nil {
		t.Fatal(err)
	}
	for _, arch := range []string{"amd64", "arm64"} {
		tag := name + "-" + arch
		image, err := engine.Client.ImageInspect(t.Context(), tag)
		if err != nil {
			t.Fatalf("%v; the engine said %s", err, told)
		}
		if image.Architecture != arch || !slices.Equal(image.Config.Entrypoint, []string{"/x"}) {
			t.Errorf("%s is for %s and starts %v", tag, image.Architecture, image.Config.Entrypoint)
		}
		if _, err := engine.Client.ImageRemove(t.Context(), tag, client.ImageRemoveOptions{}); err != nil {
			t.Error(err)
		}
	}
}
