package remote

import "sync"

// mostCode is how many bytes of code an invoker keeps. What it has forgotten it is sent again.
const mostCode = 256 << 20

// codes are the codes of actions that were sent, by name. The zero value is ready.
type codes struct {
	mu    sync.Mutex
	code  map[string][]byte
	order []string // as they came
	size  int
}

func (c *codes) get(name string) ([]byte, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	code, ok := c.code[name]
	return code, ok
}

func (c *codes) put(name string, code []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, there := c.code[name]; there {
		return
	}
	if c.code == nil {
		c.code = map[string][]byte{}
	}
	c.code[name] = code
	c.order = append(c.order, name)
	c.size += len(code)
	for c.size > mostCode && len(c.order) > 1 {
		oldest := c.order[0]
		c.size -= len(c.code[oldest])
		delete(c.code, oldest)
		c.order = c.order[1:]
	}
}
