package runtime

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"
)

// The bounds of a package. OpenWhisk takes at most 48 MB of code; more than tenfold when unpacked is no honest package.
const (
	unpackedMost = 512 << 20
	filesMost    = 20_000 // and as many folders
	deepest      = 200    // folders in one another
	linkMost     = 4096   // bytes of a symbolic link's target
)

// encrypted is the flag of a zip's entry that says so.
const encrypted = 1

// bytesOf returns the code as it was before OpenWhisk's encoding.
func (c Code) bytesOf() ([]byte, error) {
	if !c.Binary {
		return c.Data, nil
	}
	data, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(c.Data)))
	if err != nil {
		return nil, initFailure("the code is not base64")
	}
	return data, nil
}

func isZip(data []byte) bool { return bytes.HasPrefix(data, []byte("PK\x03\x04")) }

// isExecutable reports whether data is something that the kernel can start: a script with an interpreter, or an ELF file.
func isExecutable(data []byte) bool {
	return bytes.HasPrefix(data, []byte("#!")) || bytes.HasPrefix(data, []byte("\x7fELF"))
}

// unpack puts the files of a zip into folder until ctx ends. A package that reaches out of its folder or is a bomb is
// refused whole.
func unpack(ctx context.Context, data []byte, folder string) error {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return initFailure("the code is not a readable zip: " + err.Error())
	}
	if len(archive.File) > filesMost {
		return initFailure(fmt.Sprintf("the zip holds more than %d files", filesMost))
	}
	if said := declared(archive); said > unpackedMost { // what an entry does not admit is met while it is unpacked
		return initFailure(fmt.Sprintf("the zip unpacks to %d MB, and at most %d MB are taken", said>>20, unpackedMost>>20))
	}
	root, err := os.OpenRoot(folder) // whatever the names and links say, nothing is written outside
	if err != nil {
		return err
	}
	defer root.Close()
	u := newUnpacker(root, unpackedMost)
	for _, f := range archive.File {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := u.add(f); err != nil {
			return initFailure(fmt.Sprintf("the zip's entry %q: %v", f.Name, err))
		}
	}
	return u.link()
}

// declared is how large the entries say they are, together.
func declared(archive *zip.Reader) (total uint64) {
	for _, f := range archive.File {
		// An entry alone may say any number; the sum must not begin anew because of it.
		total += min(f.UncompressedSize64, unpackedMost+1)
	}
	return total
}

type unpacker struct {
	root    *os.Root
	room    int64           // bytes that may still be written
	more    int             // folders that may still be made
	folders map[string]bool // that are there
	links   []link
}

func newUnpacker(root *os.Root, room int64) *unpacker {
	return &unpacker{root: root, room: room, more: filesMost, folders: map[string]bool{".": true}}
}

type link struct{ name, target string }

// add unpacks one entry. Links wait until all files are there, so that no file is written through one.
func (u *unpacker) add(f *zip.File) error {
	name := path.Clean(f.Name)
	if strings.Contains(f.Name, `\`) || !filepath.IsLocal(name) {
		return errors.New("its name leads out of the package")
	}
	if strings.Count(name, "/") > deepest {
		return fmt.Errorf("it lies more than %d folders deep", deepest)
	}
	if f.Flags&encrypted != 0 {
		return errors.New("it is encrypted, and nobody has told the password")
	}
	mode := f.Mode()
	if mode.IsDir() {
		return u.folder(name)
	}
	if err := u.folder(path.Dir(name)); err != nil {
		return err
	}
	content, err := f.Open()
	if err != nil {
		return err
	}
	defer content.Close()
	switch {
	case mode&fs.ModeSymlink != 0:
		target, err := io.ReadAll(io.LimitReader(content, linkMost))
		u.links = append(u.links, link{name, string(target)})
		return err
	case mode.IsRegular():
		return u.write(name, mode.Perm()|0o600, content)
	default:
		return errors.New("it is neither a file nor a folder nor a link")
	}
}

// folder makes a folder with all that it lies in. An entry of a few bytes can name thousands, so they count like files.
func (u *unpacker) folder(name string) error {
	if u.folders[name] {
		return nil
	}
	if err := u.folder(path.Dir(name)); err != nil {
		return err
	}
	if u.more == 0 {
		return fmt.Errorf("the zip makes more than %d folders", filesMost)
	}
	u.more--
	u.folders[name] = true
	return u.root.Mkdir(name, 0o755)
}

func (u *unpacker) write(name string, perm fs.FileMode, content io.Reader) error {
	// A process started while this file is open would inherit it for a moment, and a program that is open for writing
	// cannot be started ("text file busy"). The lock keeps every start of a process out.
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	file, err := u.root.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, perm)
	if err != nil {
		return err
	}
	n, err := io.Copy(file, io.LimitReader(content, u.room+1))
	u.room -= n
	if u.room < 0 {
		err = fmt.Errorf("the package is larger than %d MB when unpacked", unpackedMost>>20)
	}
	return errors.Join(err, file.Close())
}

// link makes the links and looks where they lead: a chain of links may go where no single one seems to.
func (u *unpacker) link() error {
	for _, l := range u.links {
		if !filepath.IsLocal(path.Join(path.Dir(l.name), l.target)) || path.IsAbs(l.target) {
			return initFailure(fmt.Sprintf("the zip's link %q leads out of the package", l.name))
		}
		if err := u.root.Symlink(l.target, l.name); err != nil {
			return initFailure(fmt.Sprintf("the zip's link %q: %v", l.name, err))
		}
	}
	for _, l := range u.links {
		if _, err := u.root.Stat(l.name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return initFailure(fmt.Sprintf("the zip's link %q leads out of the package", l.name))
		}
	}
	return nil
}

// writeProgram writes a file that can be started.
func writeProgram(file string, data []byte) error {
	syscall.ForkLock.RLock() // see unpacker.write
	defer syscall.ForkLock.RUnlock()
	return os.WriteFile(file, data, 0o755)
}
