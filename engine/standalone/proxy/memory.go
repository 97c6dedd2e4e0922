package proxy

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"wsk-scenario/engine/standalone/runtime"
)

// errMemory is what OpenWhisk says of an action whose memory was used up.
var errMemory = &runtime.Failure{Text: "The action exhausted its memory and was aborted."}

// counters are where a container finds how often the kernel has ended one of its processes because its memory was used up, with
// control groups of version 2 and of version 1.
var counters = []string{"memory.events", "memory/memory.oom_control"}

// memoryKills is that number. It is 0 where nobody counts.
func (p *Proxy) memoryKills() (n int) {
	for _, name := range counters {
		text, _ := os.ReadFile(filepath.Join(p.cfg.Groups, name))
		for line := range strings.Lines(string(text)) {
			if key, value, _ := strings.Cut(strings.TrimSpace(line), " "); key == "oom_kill" {
				n, _ = strconv.Atoi(value)
				return n
			}
		}
	}
	return 0
}

// because is why something went wrong: err, unless memory was used up since there were so many kills.
func (p *Proxy) because(err error, kills int) error {
	if err != nil && p.memoryKills() > kills {
		return errMemory
	}
	return err
}
