package runtime

import (
	"context"
	"os"
	"path/filepath"
)

// native runs a program that speaks ActionLoop itself: an ELF file or a script, alone or as the file exec of a zip. Such
// a program runs unchanged on every ActionLoop image of OpenWhisk.
type native struct{}

func (native) detect(<-chan struct{}) (string, error) { return "1", nil }

func (native) prepare(context.Context) error { return nil }

func (native) program(ctx context.Context, folder string, code Code) (program, error) {
	data, err := code.bytesOf()
	if err != nil {
		return program{}, err
	}
	if isZip(data) {
		if err := unpack(ctx, data, folder); err != nil {
			return program{}, err
		}
		return unpackedProgram(folder)
	}
	if !isExecutable(data) {
		return program{}, initFailure("the code is neither an ELF program nor a script that begins with #!")
	}
	exec := filepath.Join(folder, "exec")
	return program{args: []string{exec}, actionLoop: true}, writeProgram(exec, data)
}

// unpackedProgram is the file exec of an unpacked zip.
func unpackedProgram(folder string) (program, error) {
	exec := filepath.Join(folder, "exec")
	if info, err := os.Stat(exec); err != nil || !info.Mode().IsRegular() {
		return program{}, initFailure("the zip holds no file named exec")
	}
	// Tools that make a zip on other systems forget that a file can be started.
	return program{args: []string{exec}, actionLoop: true}, os.Chmod(exec, 0o755)
}
