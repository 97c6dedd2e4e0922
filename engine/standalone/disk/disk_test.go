package disk_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"wsk-scenario/engine/standalone/disk"
	"wsk-scenario/engine/standalone/entity"
)

var bounds = disk.Bounds{Count: 1000, Age: time.Hour}

func open(t *testing.T, folder string) *disk.Disk {
	t.Helper()
	d, err := disk.Open(folder, bounds)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() }) // most tests close it themselves
	return d
}

func TestChangesAreThereAfterAReopen(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "new", "data")
	d := open(t, folder)
	if err := d.Keep([]entity.Kept{{Key: "actions/guest/a", Data: []byte("1")}, {Key: "actions/guest/b", Data: []byte("2")}}); err != nil {
		t.Fatal(err)
	}
	if err := d.Keep([]entity.Kept{{Key: "actions/guest/a", Data: []byte("3")}, {Key: "actions/guest/b"}}); err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	all, err := open(t, folder).Entities()
	if want := "[{actions/guest/a 3}]"; err != nil || fmt.Sprintf("%s", all) != want {
		t.Errorf("got %s (%v), want %s", all, err, want)
	}
}

func TestActivationsAreBoundedByCountAndAge(t *testing.T) {
	folder := t.TempDir()
	d, err := disk.Open(folder, disk.Bounds{Count: 3, Age: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	noon := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	for _, row := range []struct {
		when string
		now  time.Time
		add  []string
		want string
	}{
		{"some", noon, []string{"a", "b"}, "a b"},
		{"more than the count", noon.Add(time.Second), []string{"c", "d", "e"}, "c d e"},
		{"when the first are too old", noon.Add(61*time.Second + time.Millisecond), []string{"f"}, "f"},
		{"after the clock went back", noon, []string{"g"}, "g f"},
		{"nothing, much later", noon.Add(time.Hour), nil, ""},
	} {
		var records [][]byte
		for _, r := range row.add {
			records = append(records, []byte(r))
		}
		if err := d.Append(records, row.now); err != nil {
			t.Fatal(err)
		}
		var got []string
		if err := d.Activations(row.now, func(r []byte, _ time.Time) error { got = append(got, string(r)); return nil }); err != nil {
			t.Fatal(err)
		}
		if strings.Join(got, " ") != row.want {
			t.Errorf("%s: got %q, want %q", row.when, got, row.want)
		}
	}
}

func TestAFolderHasOneServer(t *testing.T) {
	folder := t.TempDir()
	open(t, folder)
	if _, err := disk.Open(folder, bounds); err == nil || !strings.Contains(err.Error(), "another server uses this folder") {
		t.Errorf("got %v, want that another server uses the folder", err)
	}
}

func TestWhatIsNotOursIsRefusedAndLeftAsItIs(t *testing.T) {
	for _, row := range []struct {
		name string
		make func(t *testing.T, file string)
		want string
	}{
		{"text", func(t *testing.T, file string) { write(t, file, strings.Repeat("no database\n", 1000)) },
			"damaged, or not a file of wsk-scenario standalone"},
		{"a short file", func(t *testing.T, file string) { write(t, file, "x") }, "damaged, or not a file"},
		{"a database of others", func(t *testing.T, file string) {
			alter(t, file, func(tx *bolt.Tx) error { _, err := tx.CreateBucket([]byte("theirs")); return err })
		}, "not a file of wsk-scenario standalone; it stays as it is"},
		{"one of a later program", func(t *testing.T, file string) {
			filled(t, filepath.Dir(file))
			alter(t, file, func(tx *bolt.Tx) error { return tx.Bucket([]byte("wsk-scenario")).Put([]byte("format"), []byte("2")) })
		}, "written by a later wsk-scenario (format 2, this one reads up to 1)"},
		{"one cut in half", func(t *testing.T, file string) {
			filled(t, filepath.Dir(file))
			whole := read(t, file)
			write(t, file, whole[:len(whole)/2])
		}, "damaged"},
	} {
		t.Run(row.name, func(t *testing.T) {
			folder := t.TempDir()
			file := filepath.Join(folder, "entities.db")
			row.make(t, file)
			before := read(t, file)
			_, err := disk.Open(folder, bounds)
			if err == nil || !strings.Contains(err.Error(), row.want) || !strings.HasPrefix(err.Error(), file) {
				t.Errorf("got %v, want %s: … %s", err, file, row.want)
			}
			if read(t, file) != before {
				t.Error("the file was changed")
			}
		})
	}
}

// Every byte that matters is under a checksum, or is looked at: a flip is either refused, or changes nothing.
func TestAFlippedByteIsFoundOrHarmless(t *testing.T) {
	folder := t.TempDir()
	want := filled(t, folder)
	file := filepath.Join(folder, "entities.db")
	whole := read(t, file)
	random := rand.New(rand.NewPCG(1, 2))
	refused := 0
	for range 200 {
		at, flip := random.IntN(len(whole)), byte(1+random.IntN(255))
		damaged := []byte(whole)
		damaged[at] ^= flip
		write(t, file, string(damaged))
		d, err := disk.Open(folder, bounds)
		if err != nil {
			refused++
			continue
		}
		if all, err := d.Entities(); err != nil || fmt.Sprint(all) != want {
			t.Errorf("byte %d ^ %#x: opened, and has other content (%v)", at, flip, err)
		}
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if refused == 0 {
		t.Error("no flip was refused")
	}
}

// filled makes a folder with some documents in it, and returns them as text.
func filled(t *testing.T, folder string) string {
	t.Helper()
	d := open(t, folder)
	for i := range 60 {
		data := []byte(strings.Repeat(fmt.Sprint(i), 400))
		if err := d.Keep([]entity.Kept{{Key: fmt.Sprintf("actions/guest/%d", i), Data: data}}); err != nil {
			t.Fatal(err)
		}
	}
	all, err := d.Entities()
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(all)
}

func alter(t *testing.T, file string, f func(*bolt.Tx) error) {
	t.Helper()
	db, err := bolt.Open(file, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Update(f); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
