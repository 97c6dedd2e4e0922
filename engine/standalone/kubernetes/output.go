package kubernetes

import (
	"bytes"
	"context"
	"io"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"wsk-scenario/engine/standalone/protocol"
)

// output reads what a container writes, over the API server, from the first activation whose log is kept. The API server does
// not tell which stream a line is from: as in OpenWhisk all are taken for those of standard output.
type output struct {
	log  protocol.Log
	once sync.Once
	end  chan struct{} // closed when the container writes no more; nil while nobody reads
	stop context.CancelFunc
}

// OpenLog begins the log of an activation; what was written since the last one belongs to none.
func (c *Container) OpenLog(limit int64) {
	c.output.log.Open(limit)
	if limit > 0 {
		c.output.once.Do(c.follow)
	}
}

// CloseLog waits for the sentinels and returns the lines before them.
func (c *Container) CloseLog(failed bool) []string {
	return c.output.log.Close(failed, c.shared, c.output.end)
}

// readAgain is how long after a connection that broke another one is made.
const readAgain = 100 * time.Millisecond

// follow begins to read.
func (c *Container) follow() {
	o := &c.output
	ctx, cancel := context.WithCancel(context.Background())
	o.stop, o.end = cancel, make(chan struct{})
	go func() {
		defer close(o.end)
		var last time.Time
		for ctx.Err() == nil {
			last = c.read(ctx, last)
			if isClosed(c.gone) || !c.Alive() {
				return
			}
			select {
			case <-time.After(readAgain):
			case <-ctx.Done():
			}
		}
	}()
}

// read files the lines after since until the connection ends, and returns the time of the last one.
func (c *Container) read(ctx context.Context, since time.Time) (last time.Time) {
	options := &corev1.PodLogOptions{Container: containerName, Follow: true, Timestamps: true}
	if last = since; !since.IsZero() {
		from := metav1.NewTime(since) // in whole seconds
		options.SinceTime = &from
	}
	stream, err := c.driver.pods.GetLogs(c.name, options).Stream(ctx)
	if err != nil {
		if ctx.Err() == nil {
			c.driver.cfg.Log.Debug("read the log of a pod", "pod", c.name, "error", err)
		}
		return last
	}
	defer stream.Close()
	lines := &protocol.Lines{Each: func(line []byte) {
		stamp, text, _ := bytes.Cut(line, []byte{' '})
		at, err := time.Parse(time.RFC3339Nano, string(stamp))
		if err != nil || !at.After(since) {
			return
		}
		last = at
		c.output.log.Line("stdout", text)
	}}
	_, _ = io.Copy(lines, stream) // how it ended does not matter
	lines.Flush()
	return last
}

// close ends the reading.
func (o *output) close() {
	if o.stop != nil {
		o.stop()
		<-o.end
	}
}
