// Package oci writes images of a single program, without a daemon and without a registry: an archive in the layout of the
// Open Container Initiative, with one image for each architecture, as ctr, k3s and podman load it. A list in docker's own form
// beside it is for docker, which knows the layout only since its version 25.
package oci

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// Image is what an archive holds.
type Image struct {
	Name     string            // such as localhost/pause:1
	Programs map[string][]byte // the program, by architecture as Go names it
	Path     string            // of the program in the image, without the leading slash
	Args     []string          // that the program is started with when nothing else is said
	Folders  []string          // that are there beside it, without the leading slash
	Links    map[string]string // symbolic links and what they point at
}

const (
	manifestType = "application/vnd.oci.image.manifest.v1+json"
	configType   = "application/vnd.oci.image.config.v1+json"
	layerType    = "application/vnd.oci.image.layer.v1.tar+gzip"
	indexType    = "application/vnd.oci.image.index.v1+json"
)

// descriptor points at a blob.
type descriptor struct {
	MediaType   string            `json:"mediaType"`
	Digest      string            `json:"digest"`
	Size        int               `json:"size"`
	Platform    *platform         `json:"platform,omitempty"`
	Annotations map[string]string `json:"annotations,omitempty"`
}

// blobs is the folder of the blobs.
const blobs = "blobs/sha256/"

// path is where the blob stands in the archive.
func (d descriptor) path() string { return blobs + strings.TrimPrefix(d.Digest, "sha256:") }

type platform struct {
	Architecture string `json:"architecture"`
	OS           string `json:"os"`
}

// archive collects blobs, each once.
type archive struct {
	blobs map[string][]byte // by digest
	list  []listed
}

// listed is an image as docker's own list has it. Docker knows no name for several architectures: each has its own.
type listed struct {
	Config   string
	RepoTags []string
	Layers   []string
}

func (a *archive) blob(mediaType string, content []byte) descriptor {
	sum := fmt.Sprintf("%x", sha256.Sum256(content))
	a.blobs[sum] = content
	return descriptor{MediaType: mediaType, Digest: "sha256:" + sum, Size: len(content)}
}

func (a *archive) json(mediaType string, value any) descriptor {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err) // plain data, which always encodes
	}
	return a.blob(mediaType, text)
}

// Write writes the archive of an image. The same programs give the same bytes.
func Write(w io.Writer, image Image) error {
	a := &archive{blobs: map[string][]byte{}}
	var manifests []descriptor
	for _, arch := range slices.Sorted(maps.Keys(image.Programs)) {
		d, err := a.manifest(image, arch)
		if err != nil {
			return err
		}
		manifests = append(manifests, d)
	}
	all := a.json(indexType, map[string]any{"schemaVersion": 2, "mediaType": indexType, "manifests": manifests})
	all.Annotations = map[string]string{"io.containerd.image.name": image.Name, "org.opencontainers.image.ref.name": image.Name}
	index, err := json.Marshal(map[string]any{"schemaVersion": 2, "mediaType": indexType, "manifests": []descriptor{all}})
	if err != nil {
		return err
	}
	list, err := json.Marshal(a.list)
	if err != nil {
		return err
	}
	out := tar.NewWriter(w)
	files := []file{{"oci-layout", []byte(`{"imageLayoutVersion":"1.0.0"}`), 0o644}, {"index.json", index, 0o644}, {"manifest.json", list, 0o644}}
	for _, sum := range slices.Sorted(maps.Keys(a.blobs)) {
		files = append(files, file{blobs + sum, a.blobs[sum], 0o644})
	}
	return writeFiles(out, Image{}, files)
}

// manifest adds the image of one architecture.
func (a *archive) manifest(image Image, arch string) (descriptor, error) {
	var plain bytes.Buffer
	if err := writeFiles(tar.NewWriter(&plain), image, []file{{image.Path, image.Programs[arch], 0o755}}); err != nil {
		return descriptor{}, err
	}
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	if _, err := zip.Write(plain.Bytes()); err != nil {
		return descriptor{}, err
	}
	if err := zip.Close(); err != nil {
		return descriptor{}, err
	}
	config := a.json(configType, map[string]any{
		"architecture": arch, "os": "linux",
		"config": map[string]any{"Entrypoint": []string{"/" + image.Path}, "Cmd": image.Args},
		"rootfs": map[string]any{"type": "layers", "diff_ids": []string{fmt.Sprintf("sha256:%x", sha256.Sum256(plain.Bytes()))}},
	})
	layer := a.blob(layerType, packed.Bytes())
	name := image.Name
	if len(image.Programs) > 1 {
		name += "-" + arch
	}
	a.list = append(a.list, listed{Config: config.path(), RepoTags: []string{name}, Layers: []string{layer.path()}})
	d := a.json(manifestType, map[string]any{"schemaVersion": 2, "mediaType": manifestType, "config": config, "layers": []descriptor{layer}})
	d.Platform = &platform{Architecture: arch, OS: "linux"}
	return d, nil
}

// file is one entry of a tar archive.
type file struct {
	name    string
	content []byte
	mode    int64
}

func writeFiles(w *tar.Writer, image Image, files []file) error {
	for _, link := range slices.Sorted(maps.Keys(image.Links)) {
		if err := w.WriteHeader(&tar.Header{Name: link, Typeflag: tar.TypeSymlink, Linkname: image.Links[link], Mode: 0o777}); err != nil {
			return err
		}
	}
	for _, folder := range image.Folders {
		if err := w.WriteHeader(&tar.Header{Name: folder + "/", Typeflag: tar.TypeDir, Mode: 0o1777}); err != nil {
			return err
		}
	}
	for _, f := range files {
		if err := w.WriteHeader(&tar.Header{Name: f.name, Mode: f.mode, Size: int64(len(f.content))}); err != nil {
			return err
		}
		if _, err := w.Write(f.content); err != nil {
			return err
		}
	}
	return w.Close()
}
