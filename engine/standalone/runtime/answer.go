package runtime

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"syscall"
)

// Answer is one line that a process wrote on file descriptor 3.
type Answer struct {
	Line []byte // without its end; only the beginning when it was longer than is kept
	Size int    // length of the whole line
	cut  bool   // the process ended before the line did
}

// answers reads the lines of file descriptor 3.
type answers struct {
	kept   int // bytes of an answer; the rest is counted and thrown away
	file   *os.File
	raw    syscall.RawConn
	reader *bufio.Reader
}

func newAnswers(file *os.File, kept int) (*answers, error) {
	raw, err := file.SyscallConn()
	if err != nil {
		return nil, err
	}
	return &answers{kept: kept, file: file, raw: raw, reader: bufio.NewReaderSize(file, 32<<10)}, nil
}

// next waits for a line.
func (a *answers) next() (Answer, error) {
	var answer Answer
	for {
		part, err := a.reader.ReadSlice('\n')
		ended := err == nil
		if ended {
			part = part[:len(part)-1]
		}
		answer.Size += len(part)
		answer.Line = append(answer.Line, part[:min(len(part), a.kept-len(answer.Line))]...)
		switch {
		case ended:
			return answer, nil
		case errors.Is(err, io.EOF) && answer.Size > 0:
			answer.cut = true // unless it only left out the last line break
			return answer, nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return answer, err
		}
	}
}

// pending reports whether the process has written more than it was asked for: it is out of step then.
func (a *answers) pending() bool {
	if a.reader.Buffered() > 0 {
		return true
	}
	waiting := 0
	_ = a.raw.Control(func(fd uintptr) { waiting = unread(fd) })
	return waiting > 0
}

// faultMark begins a line by which a launcher says that the code could not be loaded or has thrown: what OpenWhisk's own
// runtimes say with an HTTP status other than 200. No JSON begins so.
const faultMark = '!'

// fault returns what a launcher complains of.
func (a Answer) fault() (reason string, is bool) {
	if len(a.Line) == 0 || a.Line[0] != faultMark {
		return "", false
	}
	if json.Unmarshal(a.Line[1:], &reason) != nil {
		reason = string(a.Line[1:])
	}
	return reason, true
}

// acknowledged reports whether the line is the one by which a program says that it is ready.
func (a Answer) acknowledged() bool {
	return string(bytes.ReplaceAll(a.Line, []byte{' '}, nil)) == `{"ok":true}`
}
