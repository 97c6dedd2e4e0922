package oci

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"maps"
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
	blob := func(d descriptor) []byte { return files[d.path()] }
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

// Docker takes the list, and of each layer what is in it.
func TestDockerFindsEveryArchitectureUnderANameOfItsOwn(t *testing.T) {
	for _, row := range []struct {
		name     string
		programs map[string][]byte
		want     map[string]string // what the program is, by the image's name
	}{
		{"one architecture has the name itself", map[string][]byte{"amd64": []byte("A")}, map[string]string{"localhost/x:1": "A"}},
		{"several are told apart", map[string][]byte{"amd64": []byte("A"), "arm64": []byte("B")},
			map[string]string{"localhost/x:1-amd64": "A", "localhost/x:1-arm64": "B"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			var archive bytes.Buffer
			if err := Write(&archive, Image{Name: "localhost/x:1", Programs: row.programs, Path: "x"}); err != nil {
				t.Fatal(err)
			}
			files := entries(t, archive.Bytes())
			var list []listed
			if err := json.Unmarshal(files["manifest.json"], &list); err != nil {
				t.Fatal(err)
			}
			got := map[string]string{}
			for _, image := range list {
				if !json.Valid(files[image.Config]) {
					t.Errorf("%s has no configuration", image.RepoTags)
				}
				layer, err := gzip.NewReader(bytes.NewReader(files[image.Layers[0]]))
				if err != nil {
					t.Fatal(err)
				}
				plain, err := io.ReadAll(layer)
				if err != nil {
					t.Fatal(err)
				}
				got[image.RepoTags[0]] = string(entries(t, plain)["x"])
			}
			if !maps.Equal(got, row.want) {
				t.Errorf("got %v, want %v", got, row.want)
			}
		})
	}
}
