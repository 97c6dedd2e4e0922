package proxy

import (
	"io"
	"strings"

	"wsk-scenario/engine/standalone/protocol"
	"wsk-scenario/engine/standalone/runtime"
)

// write closes the log of a process and writes its lines to the streams that they came from. The sentinels end what belongs
// to an activation: as in OpenWhisk, the log of an init that went well belongs to the run after it.
func (p *Proxy) write(process *runtime.Process, ends bool) {
	lines := process.CloseLog(false)
	p.logs.Lock()
	defer p.logs.Unlock()
	for _, line := range lines {
		_, rest, _ := strings.Cut(line, " ") // the time: who reads the streams has its own
		stream, text, _ := strings.Cut(rest, ": ")
		to := p.cfg.Out
		if stream == "stderr" {
			to = p.cfg.Err
		}
		_, _ = io.WriteString(to, text+"\n") // who does not read has no log
	}
	if ends {
		_, _ = io.WriteString(p.cfg.Out, protocol.Sentinel+"\n")
		_, _ = io.WriteString(p.cfg.Err, protocol.Sentinel+"\n")
	}
}
