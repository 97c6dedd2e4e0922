package docker

import (
	"sync"

	"github.com/moby/moby/api/pkg/stdcopy"
	"github.com/moby/moby/client"

	"wsk-scenario/engine/standalone/protocol"
)

// output reads what a container writes, until it ends.
type output struct {
	log  protocol.Log
	end  chan struct{} // closed when the container writes no more
	conn client.HijackedResponse
	work sync.WaitGroup
}

// follow reads the two streams of a container out of one connection. Close it.
func follow(conn client.HijackedResponse) *output {
	o := &output{conn: conn, end: make(chan struct{})}
	o.work.Go(func() {
		defer close(o.end)
		of := func(stream string) *protocol.Lines {
			return &protocol.Lines{Each: func(line []byte) { o.log.Line(stream, line) }}
		}
		out, err := of("stdout"), of("stderr")
		_, _ = stdcopy.StdCopy(out, err, conn.Reader) // how it ended does not matter
		out.Flush()
		err.Flush()
	})
	return o
}

// ended reports whether the container writes no more.
func (o *output) ended() bool {
	select {
	case <-o.end:
		return true
	default:
		return false
	}
}

// close ends the reading.
func (o *output) close() {
	o.conn.Close()
	o.work.Wait()
}

// OpenLog begins the log of an activation; what was written since the last one belongs to none.
func (c *Container) OpenLog(limit int64) { c.output.log.Open(limit) }

// CloseLog waits for the sentinels and returns the lines before them.
func (c *Container) CloseLog(failed bool) []string {
	return c.output.log.Close(failed, c.shared, c.output.end)
}
