package oci

import (
	"archive/tar"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"testing"
)

// entries are the files of an archive, by name.
func entries(t *testing.T, archive []byte) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	for r := tar.NewReader(bytes.NewReader(archive)); ; {
		head, err := r.Next()
		if errors.Is(err, io.EOF) {
			return files
		}
		if err != nil {
			t.Fatal(err)
		}
		if files[head.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAnArchiveLeadsFromItsNameToTheProgramOfEachArchitecture(t *testing.T) {
	image := Image{Name: "localhost/x:1", Programs: map[string][]byte{"amd64": []byte("A"), "arm64": []byte("B")}, Path: "x"}
	var first, second bytes.Buffer
	if err := errors.Join(Write(&first, image), Write(&second, image)); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("the same programs give different archives")
	}
	files := entries(t, first.Bytes())
	type index struct{ Manifests []descriptor }
	var top, all index
	if err := json.Unmarshal(files["index.json"], &top); err != nil {
		t.Fatal(err)
	}
	if name := top.Manifests[0].Annotations["io.containerd.image.name"]; name != image.Name {
		t.Errorf("the image is called %q", name)
	}
	blob := func(d descriptor) []byte { return files["blobs/sha256/"+d.Digest[len("sha256:"):]] }
	if err := json.Unmarshal(blob(top.Manifests[0]), &all); err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, d := range all.Manifests {
		var manifest struct{ Config, Layers json.RawMessage }
		if err := json.Unmarshal(blob(d), &manifest); err != nil || len(blob(d)) != d.Size {
			t.Errorf("%s: %d bytes, error %v", d.Platform.Architecture, len(blob(d)), err)
		}
		found = append(found, d.Platform.Architecture)
	}
	if len(found) != 2 || found[0] != "amd64" || found[1] != "arm64" {
		t.Errorf("architectures %v", found)
	}
}
