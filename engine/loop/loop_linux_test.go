package loop

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func newLoop(t testing.TB, ctx context.Context) *Loop {
	t.Helper()
	l, err := New(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	return l
}

// serve answers each connection with a function, and returns how to reach it.
func serve(t testing.TB, answer func(net.Conn)) func() (net.Conn, error) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var serving sync.WaitGroup
	t.Cleanup(func() {
		_ = listener.Close()
		serving.Wait()
	})
	serving.Go(func() {
		for conn, err := listener.Accept(); err == nil; conn, err = listener.Accept() {
			serving.Go(func() {
				defer conn.Close()
				answer(conn)
			})
		}
	})
	return func() (net.Conn, error) { return net.Dial("tcp", listener.Addr().String()) }
}

func echo(conn net.Conn) { _, _ = io.Copy(conn, conn) }

// run makes tasks and returns when all are over.
func run(l *Loop, tasks ...func()) {
	left := len(tasks)
	for _, f := range tasks {
		l.Start(func() {
			f()
			left--
		})
	}
	l.While(func() bool { return left > 0 })
}

func TestTasksOfOneGoroutineSpeakWithTheirServersAllTheSame(t *testing.T) {
	l := newLoop(t, t.Context())
	dial := serve(t, echo)
	var tasks []func()
	for n := range 20 {
		tasks = append(tasks, func() {
			s, err := l.Dial(dial)
			if err != nil {
				t.Error(err)
				return
			}
			defer s.Close()
			text := strings.Repeat(string(rune('a'+n)), 1000*(n+1))
			for range 20 {
				if _, err := io.WriteString(s, text); err != nil {
					t.Error(err)
				}
				back := make([]byte, len(text))
				if _, err := io.ReadFull(s, back); err != nil || string(back) != text {
					t.Errorf("task %d: %.20q came back, error %v", n, back, err)
				}
			}
		})
	}
	run(l, tasks...)
}

func TestAWriteWaitsForAServerThatDoesNotRead(t *testing.T) {
	l := newLoop(t, t.Context())
	var read int64
	begin, over := make(chan struct{}), make(chan struct{})
	dial := serve(t, func(conn net.Conn) {
		<-begin
		read, _ = io.Copy(io.Discard, conn)
		close(over)
	})
	const size = 64 << 20 // more than any socket buffer
	run(l, func() {
		s, err := l.Dial(dial)
		if err != nil {
			t.Error(err)
			return
		}
		time.AfterFunc(5*time.Millisecond, func() { close(begin) })
		if n, err := s.Write(make([]byte, size)); n != size || err != nil {
			t.Errorf("wrote %d, %v", n, err)
		}
		_ = s.Close()
	})
	if <-over; read != size {
		t.Errorf("the server read %d of %d bytes", read, size)
	}
}

// What ends a wait, and with which error.
func TestAWaitEnds(t *testing.T) {
	for _, row := range []struct {
		name   string
		server func(net.Conn)
		before func(s *Socket)
		want   error
	}{
		{"with the server's end", func(net.Conn) {}, func(*Socket) {}, io.EOF},
		{"with an answer and the end in one", func(c net.Conn) { _, _ = c.Write([]byte("x")) }, func(s *Socket) { _, _ = s.Read(make([]byte, 9)) }, io.EOF},
		{"with the deadline", echo, func(s *Socket) { _ = s.SetDeadline(time.Now().Add(5 * time.Millisecond)) }, os.ErrDeadlineExceeded},
		{"at once with a deadline that is over", echo, func(s *Socket) { _ = s.SetDeadline(time.Now().Add(-time.Hour)) }, os.ErrDeadlineExceeded},
		{"with a deadline that another goroutine sets to the past", echo, func(s *Socket) {
			_ = s.SetDeadline(time.Now().Add(time.Hour))
			time.AfterFunc(5*time.Millisecond, func() { _ = s.SetDeadline(time.Unix(1, 0)) })
		}, os.ErrDeadlineExceeded},
	} {
		t.Run(row.name, func(t *testing.T) {
			l := newLoop(t, t.Context())
			dial := serve(t, row.server)
			run(l, func() {
				s, err := l.Dial(dial)
				if err != nil {
					t.Error(err)
					return
				}
				defer s.Close()
				row.before(s)
				if _, err := s.Read(make([]byte, 9)); !errors.Is(err, row.want) {
					t.Errorf("got %v, want %v", err, row.want)
				}
			})
		})
	}
}

// A connection that its server has closed is known as such before the next request is sent on it.
func TestTheEndOfAnUnusedConnectionIsNoticed(t *testing.T) {
	l := newLoop(t, t.Context())
	hangUp := make(chan struct{})
	dial := serve(t, func(net.Conn) { <-hangUp })
	var s *Socket
	run(l, func() { s, _ = l.Dial(dial) })
	if s == nil || !s.Quiet() {
		t.Fatal("a fresh connection is not quiet")
	}
	close(hangUp)
	l.While(s.Quiet)
	_ = s.Close()
}

func TestUntilKeepsItsMomentAndRunsTheTasksMeanwhile(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	l := newLoop(t, ctx)
	dial := serve(t, echo)
	turns, over := 0, false
	l.Start(func() {
		defer func() { over = true }()
		s, err := l.Dial(dial)
		if err != nil {
			t.Error(err)
			return
		}
		defer s.Close()
		for ; turns < 200; turns++ {
			if _, err := s.Write([]byte("x")); err != nil {
				t.Error(err)
			}
			if _, err := s.Read(make([]byte, 1)); err != nil {
				t.Error(err)
			}
		}
	})
	for !over {
		for _, wait := range []time.Duration{-time.Second, 0, time.Nanosecond, 300 * time.Microsecond, 2 * time.Millisecond} {
			due := time.Now().Add(wait)
			if !l.Until(due) || time.Now().Before(due) {
				t.Errorf("%s from now: %s too early, or ended", wait, time.Until(due))
			}
		}
	}
	time.AfterFunc(5*time.Millisecond, cancel)
	if l.Until(time.Now().Add(time.Hour)) || l.Until(time.Now().Add(-time.Hour)) {
		t.Error("a wait goes on after its context")
	}
}

func TestATaskEndsTheLoop(t *testing.T) {
	l := newLoop(t, t.Context())
	l.Start(func() {
		l.Await(func() { time.Sleep(time.Millisecond) })
		l.End()
	})
	if l.Until(time.Now().Add(time.Hour)) {
		t.Error("the hour is said to be over")
	}
}

func TestATaskThatPausesWaitsForWhoResumesIt(t *testing.T) {
	l := newLoop(t, t.Context())
	var seen []string
	task := l.Start(func() {
		seen = append(seen, "begun")
		l.Pause()
		seen = append(seen, "ended")
	})
	seen = append(seen, "between")
	task.Resume()
	if want := []string{"begun", "between", "ended"}; !slices.Equal(seen, want) {
		t.Errorf("got %v, want %v", seen, want)
	}
}

// What was read to the last byte is at rest, however much was asked for.
func TestAConnectionWhoseBytesAreAllReadIsQuiet(t *testing.T) {
	l := newLoop(t, t.Context())
	more := make(chan struct{})
	dial := serve(t, func(conn net.Conn) {
		_, _ = conn.Write(make([]byte, 1000))
		<-more
		_, _ = conn.Write([]byte("x"))
		_, _ = io.Copy(io.Discard, conn)
	})
	var s *Socket
	run(l, func() {
		s, _ = l.Dial(dial)
		if _, err := io.ReadFull(s, make([]byte, 1000)); err != nil {
			t.Error(err)
		}
	})
	if !s.Quiet() {
		t.Error("nothing has come, and it is not quiet")
	}
	close(more)
	l.While(s.Quiet) // ends when what nobody asked for has come
	if s.Close() != nil || s.Close() == nil {
		t.Error("a connection is closed once")
	}
}

// Who wakes a loop that is closed writes to nobody else's descriptor.
func TestAWakeAfterTheEndReachesNobody(t *testing.T) {
	l, err := New(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	bell := l.poll.bell
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	next, err := unix.Eventfd(0, unix.EFD_NONBLOCK|unix.EFD_CLOEXEC)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(next)
	if next != bell { // that of epoll was free before
		same, err := unix.FcntlInt(uintptr(next), unix.F_DUPFD_CLOEXEC, bell)
		if err != nil || same != bell {
			t.Fatalf("got descriptor %d, want %d: %v", same, bell, err)
		}
		defer unix.Close(same)
	}
	l.poll.wake()
	if _, err := unix.Read(next, make([]byte, 8)); err != unix.EAGAIN {
		t.Errorf("the wake was read as another's: %v", err)
	}
}

// BenchmarkCall is a request and its answer.
func BenchmarkCall(b *testing.B) {
	l := newLoop(b, b.Context())
	dial := serve(b, echo)
	run(l, func() {
		s, err := l.Dial(dial)
		if err != nil {
			b.Error(err)
			return
		}
		defer s.Close()
		buffer := make([]byte, 600)
		b.ReportAllocs()
		for b.Loop() {
			if _, err := s.Write(buffer); err != nil {
				b.Error(err)
			}
			if _, err := io.ReadFull(s, buffer); err != nil {
				b.Error(err)
			}
		}
	})
}
