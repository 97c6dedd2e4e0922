package metrics

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"wsk-scenario/engine/standalone/pool"
)

// ContentType is that of the text form.
const ContentType = "text/plain; version=0.0.4; charset=utf-8"

// prefix begins every name.
const prefix = "openwhisk_standalone_"

// Node is a node at the moment of a reading.
type Node struct {
	Name       string
	Capacity   int64 // MB of all containers together
	Waiting    int   // activations that wait for a container
	Containers []pool.Info
}

// Now is what is not counted but read.
type Now struct {
	Nodes       []Node
	Invokers    []State
	Active      int // activations at the invokers
	Records     int // activation records that are kept
	RecordBytes int
	Process
}

// State is how many invokers are in a state.
type State struct {
	Name  string
	Count int
}

// Process is the server itself.
type Process struct {
	Goroutines int
	Resident   int64 // bytes of memory that it has; 0 when that is not known
	Started    int64 // seconds since 1970
}

// WriteInvoker writes what an invoker in a process of its own knows: its containers and itself.
func WriteInvoker(w io.Writer, n Node, p Process) error {
	t := &text{}
	nodes(t, []Node{n})
	p.gauges(t)
	_, err := io.WriteString(w, t.String())
	return err
}

// Write writes all in the text form of Prometheus.
func (m *Meter) Write(w io.Writer, now Now) error {
	t := &text{}
	m.counters(t)
	for _, h := range []struct {
		name, help string
		of         *[len(starts)]histogram
	}{
		{"wait_seconds", "From the receipt of a request to the start of init, or of run when the container was warm.", &m.wait},
		{"init_seconds", "Starting the process and loading the code.", &m.initialise},
		{"run_seconds", "The run of an action.", &m.run},
	} {
		t.head(h.name, "histogram", h.help)
		for i := range h.of {
			t.histogram(h.name, string(starts[i]), &h.of[i])
		}
	}
	now.gauges(t)
	_, err := io.WriteString(w, t.String())
	return err
}

func (m *Meter) counters(t *text) {
	t.head("activations_total", "counter", "Activations of actions that ended, by how they ended and how their container started.")
	for s, status := range statuses {
		for i, start := range starts {
			t.row("activations_total", m.ended[s][i].Load(), "status", status, "start", string(start))
		}
	}
	t.head("compositions_total", "counter", "Activations of sequences and compositions that ended, by how they ended.")
	for s, status := range statuses {
		t.row("compositions_total", m.composed[s].Load(), "status", status)
	}
	t.head("fires_total", "counter", "Fires of triggers with an active rule.")
	t.row("fires_total", m.fired.Load())
	t.head("throttled_total", "counter", "Requests that a limit of their namespace refused.")
	for l, limit := range limits {
		t.row("throttled_total", m.refused[l].Load(), "limit", limit)
	}
}

func (n Now) gauges(t *text) {
	nodes(t, n.Nodes)
	t.head("invokers", "gauge", "Invokers, by their state.")
	for _, s := range n.Invokers {
		t.row("invokers", s.Count, "state", s.Name)
	}
	t.gauge("active", "Activations that are at an invoker.", n.Active)
	t.gauge("records", "Activation records that are kept.", n.Records)
	t.gauge("record_bytes", "About what these records take in memory.", n.RecordBytes)
	n.Process.gauges(t)
}

func (p Process) gauges(t *text) {
	t.gauge("goroutines", "Goroutines of the server.", p.Goroutines)
	t.gauge("resident_bytes", "Resident memory of the server, without its containers.", p.Resident)
	t.gauge("started_seconds", "When the server was started, since 1970.", p.Started)
}

func nodes(t *text, nodes []Node) {
	t.head("containers", "gauge", "Containers, by node, kind and state.")
	for _, node := range nodes {
		counts, order := map[[2]string]int{}, [][2]string{}
		for _, c := range node.Containers {
			key := [2]string{c.Kind, string(c.State)}
			if counts[key] == 0 {
				order = append(order, key)
			}
			counts[key]++
		}
		for _, key := range order {
			t.row("containers", counts[key], "node", node.Name, "kind", key[0], "state", key[1])
		}
	}
	t.head("container_memory_bytes", "gauge", "Memory that the containers of a node have been given.")
	for _, node := range nodes {
		var used int64
		for _, c := range node.Containers {
			used += c.Memory
		}
		t.row("container_memory_bytes", used<<20, "node", node.Name)
	}
	t.head("container_memory_limit_bytes", "gauge", "Memory that all containers of a node may have together.")
	for _, node := range nodes {
		t.row("container_memory_limit_bytes", node.Capacity<<20, "node", node.Name)
	}
	t.head("waiting", "gauge", "Activations that wait for a container.")
	for _, node := range nodes {
		t.row("waiting", node.Waiting, "node", node.Name)
	}
}

// text is the text form.
type text struct{ strings.Builder }

func (t *text) head(name, kind, help string) {
	fmt.Fprintf(t, "# HELP %s%s %s\n# TYPE %[1]s%[2]s %[4]s\n", prefix, name, help, kind)
}

// gauge writes one without labels.
func (t *text) gauge(name, help string, value any) {
	t.head(name, "gauge", help)
	t.row(name, value)
}

// row writes a value with its labels, name after name and value. Values of labels are names and words, so Go's quoting is
// that of Prometheus.
func (t *text) row(name string, value any, labels ...string) {
	t.WriteString(prefix + name)
	for i := 0; i < len(labels); i += 2 {
		fmt.Fprintf(t, "%c%s=%q", "{,"[min(i, 1)], labels[i], labels[i+1])
	}
	if len(labels) > 0 {
		t.WriteByte('}')
	}
	fmt.Fprintf(t, " %v\n", value)
}

// histogram writes the buckets, each with all that are below it, and says nothing of what never was.
func (t *text) histogram(name, start string, h *histogram) {
	var counts [len(h.buckets)]uint64
	var total uint64
	for i := range h.buckets {
		counts[i] = h.buckets[i].Load()
		total += counts[i]
	}
	if total == 0 {
		return
	}
	var sum uint64
	for i, b := range bounds {
		sum += counts[i]
		t.row(name+"_bucket", sum, "start", start, "le", strconv.FormatFloat(b.Seconds(), 'g', -1, 64))
	}
	t.row(name+"_bucket", total, "start", start, "le", "+Inf")
	t.row(name+"_sum", float64(h.sum.Load())/1e9, "start", start)
	t.row(name+"_count", total, "start", start)
}
