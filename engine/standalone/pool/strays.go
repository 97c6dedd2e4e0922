package pool

import (
	"path/filepath"
	"time"

	"wsk-scenario/engine/standalone/runtime"
)

// strayEvery is how soon processes are ended that left the group of their container and outlived it.
const strayEvery = time.Second

// endStrays kills what outlived its container, and returns how many that were. Who is found first and whose container is
// looked up after that cannot be one that is only being started.
func (p *Pool) endStrays() (n int) {
	marked := runtime.MarkedBelow(p.folder)
	if len(marked) == 0 {
		return 0
	}
	living := map[string]bool{}
	for _, c := range p.book.infos() {
		living[c.ID] = true
	}
	for _, m := range marked {
		if id, err := filepath.Rel(p.folder, m.Folder); err == nil && !living[id] {
			m.Kill()
			n++
		}
	}
	return n
}
