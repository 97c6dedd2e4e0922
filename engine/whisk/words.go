package whisk

import "sync"

// words keeps the texts that come again in every record, so that each is made once: names of nodes, of containers, of
// kinds. It is safe for concurrent use.
type words struct {
	mu    sync.RWMutex
	known map[string]string
}

// mostWords bounds what is kept: beyond it a text is not one that comes again.
const mostWords = 10_000

func (w *words) of(text []byte) string {
	w.mu.RLock()
	word, known := w.known[string(text)]
	w.mu.RUnlock()
	if known {
		return word
	}
	word = string(text)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.known == nil {
		w.known = map[string]string{}
	}
	if len(w.known) < mostWords {
		w.known[word] = word
	}
	return word
}
