package cluster

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/client-go/tools/portforward"
	"k8s.io/client-go/transport/spdy"
)

// forward is a tunnel from a port of this machine through the API server to a pod.
type forward struct {
	port  uint16 // of this machine
	stop  chan struct{}
	halt  func()        // closes stop, once
	ended chan struct{} // closed when nothing gets through any more
	heard chan struct{} // closed when something has come through
	first sync.Once     // of what has come
	work  sync.WaitGroup
}

// deafFor is how long nothing may come through a tunnel to a pod that has something to say. Some tunnels are made and carry nothing.
const deafFor = 10 * time.Second

// distrust ends the tunnel when nothing has come through for a while, so that another one is made.
func (f *forward) distrust() {
	f.work.Go(func() {
		timer := time.NewTimer(deafFor)
		defer timer.Stop()
		select {
		case <-f.heard:
		case <-f.ended:
		case <-timer.C:
			f.halt()
		}
	})
}

// dial connects through the tunnel.
func (f *forward) dial(ctx context.Context) (net.Conn, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", fmt.Sprintf("127.0.0.1:%d", f.port))
	if err != nil {
		return nil, err
	}
	return &through{conn, f}, nil
}

// through is a connection through a tunnel, which knows by it that something has come.
type through struct {
	net.Conn
	tunnel *forward
}

// Read reads what comes.
func (t *through) Read(into []byte) (int, error) {
	n, err := t.Conn.Read(into)
	if n > 0 {
		t.tunnel.first.Do(func() { close(t.tunnel.heard) })
	}
	return n, err
}

// tunnel reaches a service by one of its pods when nothing else does.
func (c *Cluster) tunnel(ctx context.Context, service *corev1.Service, port *corev1.ServicePort) error {
	pod, err := c.podBehind(ctx, service)
	if err != nil {
		return fmt.Errorf("reach service %s through the API server: %w", service.Name, err)
	}
	bounded, cancel := context.WithTimeout(ctx, forwardFor)
	defer cancel()
	host, last := "", error(nil)
	if err := poll(bounded, "an answer through the tunnel", func(ctx context.Context) (bool, error) {
		c.forward.close() // one that brings no answer may be deaf
		if c.forward, last = c.open(ctx, pod, targetPort(pod, port)); last != nil {
			return false, nil
		}
		host = fmt.Sprintf("%s://127.0.0.1:%d", scheme(port), c.forward.port)
		last = c.answers(ctx, host)
		return last == nil, nil
	}); err != nil {
		return fmt.Errorf("OpenWhisk does not answer in pod %s either, through the API server: %w", pod.Name, errors.Join(last, ctx.Err()))
	}
	c.access.Host = host
	c.opts.Say("no address of the cluster answers from here: the API is reached through the Kubernetes API server, which adds its own time to every call")
	return nil
}

func (c *Cluster) podBehind(ctx context.Context, service *corev1.Service) (*corev1.Pod, error) {
	list, err := c.conn.client.CoreV1().Pods(service.Namespace).List(ctx, metav1.ListOptions{LabelSelector: labels.SelectorFromSet(service.Spec.Selector).String()})
	if err != nil {
		return nil, err
	}
	for i := range list.Items {
		if ready(list.Items[i]) {
			return &list.Items[i], nil
		}
	}
	return nil, errors.New("no pod of it is ready")
}

// targetPort is the port of the pod that a port of the service leads to.
func targetPort(pod *corev1.Pod, port *corev1.ServicePort) int {
	if port.TargetPort.Type == intstr.Int && port.TargetPort.IntVal != 0 {
		return int(port.TargetPort.IntVal)
	}
	for _, container := range pod.Spec.Containers {
		for _, p := range container.Ports {
			if p.Name == port.TargetPort.StrVal {
				return int(p.ContainerPort)
			}
		}
	}
	return int(port.Port)
}

// open opens the tunnel on a free port of this machine. Its goroutine ends with close.
func (c *Cluster) open(ctx context.Context, pod *corev1.Pod, port int) (*forward, error) {
	transport, upgrader, err := spdy.RoundTripperFor(c.conn.config)
	if err != nil {
		return nil, err
	}
	url := c.conn.client.CoreV1().RESTClient().Post().Resource("pods").Namespace(pod.Namespace).Name(pod.Name).SubResource("portforward").URL()
	dialer := spdy.NewDialer(upgrader, &http.Client{Transport: transport}, http.MethodPost, url)
	f := &forward{stop: make(chan struct{}), ended: make(chan struct{}), heard: make(chan struct{})}
	f.halt = sync.OnceFunc(func() { close(f.stop) })
	ready, faults := make(chan struct{}), new(strings.Builder)
	tunnel, err := portforward.NewOnAddresses(dialer, []string{"127.0.0.1"}, []string{fmt.Sprintf("0:%d", port)}, f.stop, ready, io.Discard, faults)
	if err != nil {
		return nil, err
	}
	var broken error // why it ended, once it has
	f.work.Go(func() {
		defer close(f.ended)
		broken = tunnel.ForwardPorts()
	})
	select {
	case <-f.ended:
		return nil, broken
	case <-ctx.Done():
		f.close()
		return nil, ctx.Err()
	case <-ready:
	}
	ports, err := tunnel.GetPorts()
	if err != nil {
		f.close()
		return nil, err
	}
	f.port = ports[0].Local
	return f, nil
}

func (f *forward) close() {
	if f == nil {
		return
	}
	f.halt()
	f.work.Wait()
}
