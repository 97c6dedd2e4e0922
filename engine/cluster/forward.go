package cluster

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"

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
	ended chan struct{} // closed when nothing gets through any more
	work  sync.WaitGroup
}

// tunnel reaches a service by one of its pods when nothing else does.
func (c *Cluster) tunnel(ctx context.Context, service *corev1.Service, port *corev1.ServicePort) error {
	pod, err := c.podBehind(ctx, service)
	if err != nil {
		return fmt.Errorf("reach service %s through the API server: %w", service.Name, err)
	}
	if c.forward, err = c.open(ctx, pod, targetPort(pod, port)); err != nil {
		return fmt.Errorf("reach pod %s through the API server: %w", pod.Name, err)
	}
	host := fmt.Sprintf("%s://127.0.0.1:%d", scheme(port), c.forward.port)
	bounded, cancel := context.WithTimeout(ctx, forwardFor)
	defer cancel()
	var last error
	if err := poll(bounded, "an answer through the tunnel", func(ctx context.Context) (bool, error) {
		last = c.answers(ctx, host)
		return last == nil, nil
	}); err != nil {
		return fmt.Errorf("OpenWhisk does not answer in pod %s either: %w", pod.Name, errors.Join(last, ctx.Err()))
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
	f := &forward{stop: make(chan struct{}), ended: make(chan struct{})}
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
	close(f.stop)
	f.work.Wait()
}
