package command

import (
	"bytes"
	"sync"
)

// Output keeps the last bytes of what a program writes. The zero value keeps 64 kB. It is safe for concurrent use.
type Output struct {
	Most int // how many bytes are kept

	mu   sync.Mutex
	kept []byte
	lost bool // there was more
}

const usualOutput = 64 << 10

func (o *Output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	most := o.Most
	if most == 0 {
		most = usualOutput
	}
	o.kept = append(o.kept, p...)
	if over := len(o.kept) - most; over > 0 {
		o.kept, o.lost = append(o.kept[:0], o.kept[over:]...), true
	}
	return len(p), nil
}

// Bytes is what is kept.
func (o *Output) Bytes() []byte {
	o.mu.Lock()
	defer o.mu.Unlock()
	return bytes.Clone(o.kept)
}

// String is what is kept without the blanks around it; dots stand for what is not.
func (o *Output) String() string {
	text := string(bytes.TrimSpace(o.Bytes()))
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.lost {
		return "… " + text
	}
	return text
}
