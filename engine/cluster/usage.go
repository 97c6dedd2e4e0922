package cluster

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	kerrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"wsk-scenario/engine/target"
)

// mostMetered is how many nodes are asked what they use, where no role says which of them matter.
const mostMetered = 20

// meter is how the use of nodes is read.
type meter struct {
	nodes map[string]corev1.Node // those that are asked
	read  func(ctx context.Context) ([]target.Usage, error)
	left  int // nodes that are too many
}

// UsageEvery is once in 5 s: kubelets count about every 10 s, the metrics API about every 15 s.
func (c *Cluster) UsageEvery() time.Duration { return 5 * time.Second }

// Usage is what the nodes with a role use, or all nodes where there are no roles: from the metrics API where the cluster has it,
// else from the kubelet of each.
func (c *Cluster) Usage(ctx context.Context) ([]target.Usage, error) {
	if c.meter == nil {
		m, err := c.newMeter(ctx)
		if err != nil {
			return nil, fmt.Errorf("what the nodes use: %w", err)
		}
		c.meter = m
	}
	list, err := c.meter.read(ctx)
	if c.meter.left > 0 {
		err = errors.Join(err, fmt.Errorf("what %d of %d nodes use: no role names them", c.meter.left, c.meter.left+mostMetered))
	}
	return list, err
}

func (c *Cluster) newMeter(ctx context.Context) (*meter, error) {
	all, err := c.conn.client.CoreV1().Nodes().List(ctx, metav1.ListOptions{})
	if err != nil {
		return nil, err
	}
	m := &meter{nodes: map[string]corev1.Node{}}
	for _, n := range all.Items {
		switch {
		case len(c.nodes) > 0 && !slices.ContainsFunc(c.nodes, func(one target.Node) bool { return one.Name == n.Name }):
		case len(c.nodes) == 0 && len(m.nodes) == mostMetered:
			m.left++
		default:
			m.nodes[n.Name] = n
		}
	}
	m.read = func(ctx context.Context) ([]target.Usage, error) { return c.byMetrics(ctx, m) }
	if _, err := m.read(ctx); kerrors.IsNotFound(err) || kerrors.IsServiceUnavailable(err) || kerrors.IsForbidden(err) {
		m.read = func(ctx context.Context) ([]target.Usage, error) { return c.byKubelets(ctx, m) }
	}
	return m, nil
}

// has fills in what a node has.
func (m *meter) has(u target.Usage) target.Usage {
	n := m.nodes[u.Node]
	u.CPUs, u.MemoryTotal = n.Status.Capacity.Cpu().AsApproximateFloat64(), n.Status.Capacity.Memory().Value()
	return u
}

// ask reads what the API server answers for a path.
func (c *Cluster) ask(ctx context.Context, answer any, path string, params ...string) error {
	request := c.conn.client.Discovery().RESTClient().Get().AbsPath(path)
	for i := 0; i+1 < len(params); i += 2 {
		request = request.Param(params[i], params[i+1])
	}
	text, err := request.Do(ctx).Raw()
	if err != nil {
		return err
	}
	return json.Unmarshal(text, answer)
}

// byMetrics asks the metrics API, metrics.k8s.io.
func (c *Cluster) byMetrics(ctx context.Context, m *meter) (list []target.Usage, err error) {
	var answer struct {
		Items []struct {
			Metadata  struct{ Name string }
			Timestamp time.Time
			Window    string
			Usage     struct{ CPU, Memory resource.Quantity }
		}
	}
	if err := c.ask(ctx, &answer, "/apis/metrics.k8s.io/v1beta1/nodes"); err != nil {
		return nil, fmt.Errorf("what nodes use, by the metrics API: %w", err)
	}
	for _, item := range answer.Items {
		if _, asked := m.nodes[item.Metadata.Name]; asked {
			list = append(list, m.has(target.Usage{
				Node: item.Metadata.Name, Source: "the metrics API, averages over " + item.Window, At: item.Timestamp,
				CPU: item.Usage.CPU.AsApproximateFloat64(), Memory: item.Usage.Memory.Value(),
			}))
		}
	}
	return list, nil
}

// kubeletFor is how long a kubelet may take to answer: one that hangs must not hide what others say.
const kubeletFor = 5 * time.Second

// byKubelets asks the kubelets of all nodes at once, through the API server.
func (c *Cluster) byKubelets(ctx context.Context, m *meter) (list []target.Usage, err error) {
	ctx, cancel := context.WithTimeout(ctx, kubeletFor)
	defer cancel()
	nodes := keysOf(m.nodes)
	usages, faults := make([]*target.Usage, len(nodes)), make([]error, len(nodes))
	var asking sync.WaitGroup
	for i, node := range nodes {
		asking.Go(func() { usages[i], faults[i] = c.byKubelet(ctx, node) })
	}
	asking.Wait()
	for i, node := range nodes {
		switch u := usages[i]; {
		case kerrors.IsForbidden(faults[i]):
			return list, fmt.Errorf("what the nodes use: there is no metrics API, and kubelets may not be asked (right get on nodes/proxy): %w", faults[i])
		case errors.Is(faults[i], context.DeadlineExceeded):
			err = errors.Join(err, fmt.Errorf("what node %s uses: its kubelet does not answer", node))
		case faults[i] != nil:
			err = errors.Join(err, fmt.Errorf("what node %s uses: %w", node, faults[i]))
		case u != nil: // a kubelet that has just started has not counted yet
			list = append(list, m.has(*u))
		}
	}
	return list, err
}

// byKubelet asks one; nil when it has not counted yet.
func (c *Cluster) byKubelet(ctx context.Context, node string) (*target.Usage, error) {
	var answer struct {
		Node struct {
			CPU struct {
				Time           time.Time
				UsageNanoCores *uint64
			}
			Memory struct{ WorkingSetBytes *uint64 }
		}
	}
	err := c.ask(ctx, &answer, "/api/v1/nodes/"+node+"/proxy/stats/summary", "only_cpu_and_memory", "true")
	cpu, memory := answer.Node.CPU.UsageNanoCores, answer.Node.Memory.WorkingSetBytes
	if err != nil || cpu == nil || memory == nil {
		return nil, err
	}
	return &target.Usage{
		Node: node, Source: "its kubelet, averages over some 10 s", At: answer.Node.CPU.Time, CPU: float64(*cpu) / 1e9, Memory: int64(*memory),
	}, nil
}
