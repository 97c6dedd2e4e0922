package standalone_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	goruntime "runtime"
	"testing"
	"time"

	"wsk-scenario/engine/standalone/cgroup"
	"wsk-scenario/engine/standalone/runtime"
)

// held is what a process holds: the containers are the processes in them, the groups the control groups.
type held struct{ goroutines, files, resident, containers, groups int }

func holds(t *testing.T, folder string) held {
	t.Helper()
	files, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	statm, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Fatal(err)
	}
	var size, pages int
	if _, err := fmt.Sscan(string(statm), &size, &pages); err != nil {
		t.Fatal(err)
	}
	return held{goruntime.NumGoroutine(), len(files), pages * os.Getpagesize() >> 20, len(runtime.MarkedBelow(folder)), 0}
}

// groupsOf are the folders of the control groups of the server whose containers are in a folder; none where they are not
// permitted.
func groupsOf(t *testing.T, folder string) []string {
	t.Helper()
	pools, err := filepath.Glob(filepath.Join(folder, "wsk-containers-*"))
	if err != nil || len(pools) != 1 {
		t.Fatalf("got %v, %v; want the folder of one pool", pools, err)
	}
	home, err := cgroup.Find()
	if err != nil {
		return nil
	}
	return home.Folders(filepath.Base(pools[0]))
}

// count returns how many groups there are, those of containers included.
func count(folders []string) (n int) {
	for _, f := range folders {
		_ = filepath.WalkDir(f, func(_ string, e fs.DirEntry, err error) error {
			if err == nil && e.IsDir() {
				n++
			}
			return nil // containers come and go
		})
	}
	return n
}

// eventuallyLeft waits until the process holds no more than before the server was started.
func eventuallyLeft(t *testing.T, before held, folder string) {
	t.Helper()
	var left held
	for range 6000 {
		left = holds(t, folder)
		if left.goroutines <= before.goroutines && left.files <= before.files && left.containers == 0 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if left.goroutines > before.goroutines || left.files > before.files || left.containers > 0 {
		t.Errorf("got %+v left, want no more than %+v from before", left, before)
	}
	entries, err := os.ReadDir(folder)
	if err != nil || len(entries) > 0 {
		t.Errorf("got %d entries left in the folder of the containers (%v), want none", len(entries), err)
	}
}
