package secret

import (
	"errors"
	"strings"
	"sync"
	"testing"
)

func TestASecretInPiecesIsHidden(t *testing.T) {
	text := "before " + issued + " between " + base64Of(issued) + " after " + issued[:10]
	want := "before *** between *** after " + issued[:10]
	for size := 1; size <= len(text); size++ {
		var out strings.Builder
		w := knowing(issued).Writer(&out)
		for rest := text; rest != ""; {
			n := min(size, len(rest))
			if got, err := w.Write([]byte(rest[:n])); got != n || err != nil {
				t.Fatalf("wrote %d of %d bytes, error %v", got, n, err)
			}
			if leak(issued, out.String()) != "" {
				t.Fatalf("pieces of %d bytes leave %q", size, out.String())
			}
			rest = rest[n:]
		}
		if err := w.Flush(); err != nil || out.String() != want {
			t.Fatalf("pieces of %d bytes give %q, error %v; want %q", size, out.String(), err, want)
		}
	}
}

func base64Of(s string) string {
	return strings.TrimPrefix(ways(s)["a header"], "Basic ")
}

func TestALineIsNotHeldBack(t *testing.T) {
	var out strings.Builder
	w := knowing(issued, "hello-world").Writer(&out)
	if _, err := w.Write([]byte("he says hello-\nhello-")); err != nil || out.String() != "he says hello-\n" {
		t.Errorf("wrote %q, error %v", out.String(), err)
	}
	if err := w.Flush(); err != nil || out.String() != "he says hello-\nhello-" {
		t.Errorf("wrote %q, error %v", out.String(), err)
	}
	if err := w.Flush(); err != nil || out.Len() != len("he says hello-\nhello-") {
		t.Errorf("a second flush writes %q, error %v", out.String(), err)
	}
}

func TestASecretMayBecomeKnownWhileWriting(t *testing.T) {
	var out strings.Builder
	r := new(Redactor)
	w := r.Writer(&out)
	var writing sync.WaitGroup
	for range 4 {
		writing.Go(func() {
			for range 100 {
				_, _ = w.Write([]byte("a line\n"))
			}
		})
	}
	r.Add(issued)
	writing.Wait()
	_, _ = w.Write([]byte(issued + "\n"))
	if got := out.String(); strings.Count(got, "a line\n") != 400 || !strings.HasSuffix(got, "***\n") {
		t.Errorf("%d bytes were written, the end is %q", len(got), got[max(0, len(got)-40):])
	}
}

type closed struct{}

var errClosed = errors.New("closed")

func (closed) Write([]byte) (int, error) { return 0, errClosed }

func TestAFaultOfTheWriterBehindIsTold(t *testing.T) {
	w := knowing(issued).Writer(closed{})
	if _, err := w.Write([]byte("text\n")); !errors.Is(err, errClosed) {
		t.Errorf("got %v", err)
	}
	if w.Unwrap() != (closed{}) {
		t.Error("it does not say what is behind it")
	}
}
