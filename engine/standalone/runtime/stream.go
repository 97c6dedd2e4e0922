package runtime

import (
	"os"
	"syscall"
	"time"
)

// stream reads one of the two log pipes of a process into its journal.
//
// Two goroutines read the same pipe. follow reads whenever something comes, so that a process that logs much never blocks
// on a full pipe. drain reads, at the end of an activation, all that is in the pipe. A process answers after it has
// logged, so at that moment everything it logged is in the pipe or was read before: no end mark and no waiting is needed
// to tell one activation's lines from the next one's. For that, a read and the filing of what was read are one step
// under the journal's lock.
type stream struct {
	file     *os.File
	raw      syscall.RawConn
	journal  *journal
	splitter lineSplitter
	buf      []byte // used under the journal's lock
}

func newStream(name string, file *os.File, j *journal) (*stream, error) {
	raw, err := file.SyscallConn()
	if err != nil {
		return nil, err
	}
	return &stream{file: file, raw: raw, journal: j, splitter: lineSplitter{stream: name}, buf: make([]byte, 16<<10)}, nil
}

// follow reads until the pipe ends or is closed.
func (s *stream) follow() {
	for {
		var n int
		err := s.raw.Read(func(fd uintptr) bool {
			n = s.read(fd)
			return n != nothingYet
		})
		if err != nil || n <= 0 {
			return
		}
	}
}

// drainMost bounds drain: a pipe never holds more, and a process that goes on writing must not keep us here.
const drainMost = 1 << 20

// drain reads what is in the pipe and ends the last line.
func (s *stream) drain() {
	_ = s.raw.Control(func(fd uintptr) {
		for total := 0; total < drainMost; {
			n := s.read(fd)
			if n <= 0 {
				break
			}
			total += n
		}
	})
	s.journal.mu.Lock()
	defer s.journal.mu.Unlock()
	s.splitter.flush(s.journal, time.Now())
}

// nothingYet is what read returns when the pipe is empty but open.
const nothingYet = -1

// read reads once and files what it got. It returns the number of bytes, 0 at the end of the pipe or nothingYet.
func (s *stream) read(fd uintptr) int {
	s.journal.mu.Lock()
	defer s.journal.mu.Unlock()
	for {
		n, err := syscall.Read(int(fd), s.buf)
		switch {
		case err == syscall.EINTR:
			continue
		case err == syscall.EAGAIN:
			return nothingYet
		case err != nil || n <= 0:
			return 0
		}
		s.splitter.write(s.journal, time.Now(), s.buf[:n])
		return n
	}
}
