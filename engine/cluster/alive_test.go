package cluster

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

func TestARunOfThisMachineIsKnownToHaveEnded(t *testing.T) {
	folder := t.TempDir()
	if abandoned(folder, "somebody-1") {
		t.Error("of a run that was never here it is known that it has ended")
	}
	own, err := makeMark(folder, "me-1")
	if err != nil {
		t.Fatal(err)
	}
	if abandoned(folder, "me-1") {
		t.Error("a run that lives is taken for one that has ended")
	}
	own.remove()
	if abandoned(folder, "me-1") {
		t.Error("a run that has ended well has left its mark")
	}
	// Another process, which is killed: flock takes the lock of a file that it is told of and holds it.
	path := filepath.Join(folder, "killed-1")
	other := exec.CommandContext(t.Context(), "flock", "--no-fork", path, "sh", "-c", "echo held; exec sleep 60")
	out, err := other.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := out.Read(make([]byte, 4)); err != nil {
		t.Fatal(err)
	}
	if abandoned(folder, "killed-1") {
		t.Error("a run that lives in another process is taken for one that has ended")
	}
	_ = other.Process.Kill()
	_ = other.Wait()
	if _, err := os.Stat(path); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"", "..", "../" + filepath.Base(folder) + "/killed-1"} {
		if abandoned(folder, id) {
			t.Errorf("%q is taken for the name of a run", id)
		}
	}
}
