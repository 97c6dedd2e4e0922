package secret

import (
	"io"
	"sync"
)

// Writer writes without the secrets of its redactor, also where one comes in several pieces: what may be the beginning of
// a secret is held back until more comes, or Flush. It is safe for concurrent use.
type Writer struct {
	redactor *Redactor
	to       io.Writer

	mu   sync.Mutex
	held []byte
}

// Writer returns a writer to w.
func (r *Redactor) Writer(w io.Writer) *Writer { return &Writer{redactor: r, to: w} }

// Write takes the whole of text, whatever becomes of it on the way.
func (w *Writer) Write(text []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	clean, rest := w.redactor.scan(nil, append(w.held, text...), false, short)
	w.held = append([]byte(nil), rest...)
	if len(clean) == 0 {
		return len(text), nil
	}
	if _, err := w.to.Write(clean); err != nil {
		return 0, err
	}
	return len(text), nil
}

// Flush writes what is held back: nothing more will come.
func (w *Writer) Flush() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.held) == 0 {
		return nil
	}
	clean, _ := w.redactor.scan(nil, w.held, true, short)
	w.held = nil
	_, err := w.to.Write(clean)
	return err
}

// Unwrap is the writer behind it.
func (w *Writer) Unwrap() io.Writer { return w.to }
