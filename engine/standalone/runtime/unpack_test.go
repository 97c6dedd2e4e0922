package runtime

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"context"
	"encoding/base64"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// entry is one entry of a zip; a link's content is its target.
type entry struct {
	name    string
	mode    fs.FileMode
	content string
}

func zipOf(t *testing.T, entries ...entry) []byte {
	t.Helper()
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	for _, e := range entries {
		h := &zip.FileHeader{Name: e.name}
		h.SetMode(e.mode)
		f, err := w.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(f, e.content); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func TestPackagesAreUnpackedWithFoldersModesAndLinks(t *testing.T) {
	data := zipOf(t,
		entry{"bin/", fs.ModeDir | 0o755, ""},
		entry{"bin/tool", 0o755, "#!/bin/sh\n"},
		entry{"deep/er/file", 0o644, "text"},
		entry{"link", fs.ModeSymlink | 0o777, "deep/er/file"},
		entry{"deep/up", fs.ModeSymlink | 0o777, "../bin"},
	)
	dir := t.TempDir()
	if err := unpack(t.Context(), data, dir); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(filepath.Join(dir, "link")); err != nil || string(got) != "text" {
		t.Errorf("through the link: %q, %v", got, err)
	}
	if info, err := os.Stat(filepath.Join(dir, "deep/up/tool")); err != nil || info.Mode().Perm() != 0o755 {
		t.Errorf("the tool through the link to its folder: %v, %v", info, err)
	}
}

func TestPackagesThatReachOutAreRefused(t *testing.T) {
	link := fs.ModeSymlink | 0o777
	rows := []struct {
		name    string
		entries []entry
	}{
		{"a path through the parent", []entry{{"../out", 0o644, "x"}}},
		{"a path that comes back", []entry{{"a/../../out", 0o644, "x"}}},
		{"an absolute path", []entry{{"/tmp/out", 0o644, "x"}}},
		{"a path with backslashes", []entry{{`..\out`, 0o644, "x"}}},
		{"a link to an absolute path", []entry{{"l", link, "/etc/passwd"}}},
		{"a link to the parent", []entry{{"l", link, "../out"}}},
		{"a chain of links, each of them harmless", []entry{{"a/b/top", link, "../.."}, {"l", link, "a/b/top/.."}}},
		{"a file through a link", []entry{{"l", link, ".."}, {"l/out", 0o644, "x"}}},
		{"a device", []entry{{"null", fs.ModeDevice | fs.ModeCharDevice | 0o644, ""}}},
		{"a path through thousands of folders", []entry{{strings.Repeat("d/", 2100) + "f", 0o644, "x"}}},
		{"two links of one name", []entry{{"l", link, "a"}, {"l", link, "b"}}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			parent := t.TempDir()
			dir := filepath.Join(parent, "folder")
			if err := os.Mkdir(dir, 0o755); err != nil {
				t.Fatal(err)
			}
			var fault *Failure
			if err := unpack(t.Context(), zipOf(t, row.entries...), dir); !errors.As(err, &fault) {
				t.Errorf("got %v, want a fault of the action", err)
			}
			if left, err := os.ReadDir(parent); err != nil || len(left) != 1 {
				t.Errorf("beside the folder there is now %v (%v)", left, err)
			}
		})
	}
}

func TestBombsAreRefused(t *testing.T) {
	u := newUnpacker(nil, 100)
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	u.root = root
	archive := zipOf(t, entry{"a", 0o644, strings.Repeat("0", 60)}, entry{"b", 0o644, strings.Repeat("0", 60)})
	r, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		t.Fatal(err)
	}
	if err := u.add(r.File[0]); err != nil {
		t.Fatalf("the first file fits: %v", err)
	}
	if err := u.add(r.File[1]); err == nil || !strings.Contains(err.Error(), "larger than") {
		t.Errorf("the second file does not fit, but: %v", err)
	}

	many := make([]entry, filesMost+1)
	for i := range many {
		many[i] = entry{"same", 0o644, ""}
	}
	if err := unpack(t.Context(), zipOf(t, many...), t.TempDir()); err == nil || !strings.Contains(err.Error(), "more than 20000 files") {
		t.Errorf("too many files: got %v", err)
	}
}

// damaged returns a zip of one file with one part of it changed.
func damaged(t *testing.T, change func(data []byte) []byte) []byte {
	t.Helper()
	return change(zipOf(t, entry{"exec", 0o755, strings.Repeat("#!/bin/sh\n", 1000)}))
}

// directory is where the list of a zip's files begins: "PK 1 2", and after it, 8 bytes on, the flags, and 24 the size.
func directory(data []byte) int { return bytes.Index(data, []byte("PK\x01\x02")) }

func TestDamagedPackagesAreFaultsThatSayWhy(t *testing.T) {
	for _, row := range []struct {
		name, says string
		data       []byte
	}{
		{"cut off", "is not a readable zip", damaged(t, func(d []byte) []byte { return d[:len(d)/2] })},
		{"only its first bytes", "is not a readable zip", []byte("PK\x03\x04")},
		{"encrypted", "it is encrypted", damaged(t, func(d []byte) []byte { d[directory(d)+8] |= 1; return d })},
		{"of a compression that nobody has", "unsupported compression", damaged(t, func(d []byte) []byte { d[directory(d)+10] = 99; return d })},
		{"with a file that is not as long as it says", "the zip's entry \"exec\"", damaged(t, func(d []byte) []byte { d[directory(d)+24]++; return d })},
		{"with a file whose bytes are others", "the zip's entry \"exec\"", damaged(t, func(d []byte) []byte { d[45] ^= 0xff; return d })},
		{"that says it is huge", "at most 512 MB are taken", damaged(t, func(d []byte) []byte {
			copy(d[directory(d)+24:], []byte{0xfe, 0xff, 0xff, 0xff})
			return d
		})},
	} {
		t.Run(row.name, func(t *testing.T) {
			var fault *Failure
			if err := unpack(t.Context(), row.data, t.TempDir()); !errors.As(err, &fault) || !strings.Contains(fault.Text, row.says) {
				t.Errorf("got %v, want a fault of the action with %q", err, row.says)
			}
		})
	}
}

func TestABombIsRefusedBeforeItIsUnpacked(t *testing.T) {
	// A thousandth of its size: 600 MB of zeros, of which a single one is really compressed.
	var chunk, buf bytes.Buffer
	deflate, err := flate.NewWriter(&chunk, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := deflate.Write(make([]byte, 1<<20)); err != nil {
		t.Fatal(err)
	}
	if err := deflate.Flush(); err != nil {
		t.Fatal(err)
	}
	w := zip.NewWriter(&buf)
	for i := range 6 {
		packed := bytes.Repeat(chunk.Bytes(), 100)
		f, err := w.CreateRaw(&zip.FileHeader{
			Name: strings.Repeat("x", i+1), Method: zip.Deflate, UncompressedSize64: 100 << 20, CompressedSize64: uint64(len(packed)),
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write(packed); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	var fault *Failure
	if err := unpack(t.Context(), buf.Bytes(), dir); !errors.As(err, &fault) || !strings.Contains(fault.Text, "unpacks to 600 MB, and at most 512 MB") {
		t.Errorf("%d kB: got %v", buf.Len()>>10, err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("%d files were unpacked (%v)", len(left), err)
	}
}

func FuzzUnpackStaysInItsFolder(f *testing.F) {
	f.Add("a/../b", "target", true)
	f.Add("..", "/", true)
	f.Add("x/y", "../..", true)
	f.Fuzz(func(t *testing.T, name, target string, isLink bool) {
		parent := t.TempDir()
		dir := filepath.Join(parent, "folder")
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		name = strings.TrimRight(name, "/") // that would make it a folder, into which nothing can be written
		mode := fs.FileMode(0o644)
		if isLink {
			mode |= fs.ModeSymlink
		}
		err := unpack(t.Context(), zipOf(t, entry{name, mode, target}, entry{name + "/f", 0o644, "x"}), dir)
		if left, readErr := os.ReadDir(parent); readErr != nil || len(left) != 1 {
			t.Errorf("beside the folder there is now %v (%v) after %v", left, readErr, err)
		}
	})
}

func TestCodeThatIsNoBase64IsAFault(t *testing.T) {
	var fault *Failure
	if _, err := (Code{Data: []byte("%%%"), Binary: true}).bytesOf(); !errors.As(err, &fault) {
		t.Errorf("got %v, want a fault of the action", err)
	}
	want := "#!/bin/sh\n"
	got, err := Code{Data: []byte(base64.StdEncoding.EncodeToString([]byte(want)) + "\n"), Binary: true}.bytesOf()
	if err != nil || string(got) != want {
		t.Errorf("got %q, %v; want %q", got, err, want)
	}
}

// TestFoldersCount has a few small entries name many folders.
func TestFoldersCount(t *testing.T) {
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	u := newUnpacker(root, 100)
	u.more = 3
	for _, row := range []struct {
		name string
		fits bool
	}{{"a/b", true}, {"a/b", true}, {"a/c", true}, {"d", false}, {"a", true}, {"a/b/e", false}} {
		if err := u.folder(row.name); (err == nil) != row.fits {
			t.Errorf("%s: got %v, want that it fits: %v", row.name, err, row.fits)
		}
	}
}

func TestUnpackingEndsWithItsTime(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := unpack(ctx, zipOf(t, entry{"exec", 0o755, "#!/bin/sh\n"}), t.TempDir()); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v when there is no time, want %v", err, context.Canceled)
	}
}
