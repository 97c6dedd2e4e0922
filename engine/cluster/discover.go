package cluster

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/storage/driver"
	corev1 "k8s.io/api/core/v1"
	kerrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"wsk-scenario/engine/whisk"
)

// candidate is an address at which OpenWhisk may answer, and where it was found.
type candidate struct{ host, from string }

// answerFor is how long an address may take to answer.
const answerFor = 3 * time.Second

// discover finds out how to reach OpenWhisk, removes what a killed run has left there, and waits until it answers an
// activation.
func (c *Cluster) discover(ctx context.Context) error {
	if err := c.address(ctx); err != nil {
		return err
	}
	if c.record != nil {
		if err := c.leftBehind(ctx); err != nil {
			return err
		}
	}
	return c.probe(ctx)
}

// address fills in what is not known of how to reach OpenWhisk.
func (c *Cluster) address(ctx context.Context) error {
	c.access = c.opts.Access
	release, err := c.releaseSettings()
	if err != nil {
		return err
	}
	if c.access.Auth == "" {
		if c.access.Auth, err = c.credentials(ctx, release); err != nil {
			return err
		}
	}
	if c.access.Host == "" {
		if err := c.host(ctx, release); err != nil {
			return err
		}
	}
	c.opts.Say("OpenWhisk answers at " + c.access.Host)
	return nil
}

// releaseSettings are the values that the release was installed with.
func (c *Cluster) releaseSettings() (settings, error) {
	cfg, err := c.helm()
	if err != nil {
		return settings{}, err
	}
	rel, err := cfg.Releases.Last(c.opts.Kubernetes.Release)
	if errors.Is(err, driver.ErrReleaseNotFound) {
		return settings{}, fmt.Errorf("there is no release %s in namespace %s: write deployment in the profile, or name the one that is there as openwhisk.release",
			c.opts.Kubernetes.Release, c.opts.Kubernetes.Namespace)
	}
	if err != nil {
		return settings{}, fmt.Errorf("look for the release %s: %w", c.opts.Kubernetes.Release, err)
	}
	all, err := chartutil.CoalesceValues(rel.Chart, rel.Config)
	if err != nil {
		return settings{}, fmt.Errorf("read the values of release %s: %w", rel.Name, err)
	}
	return settings{all}, nil
}

// credentials reads those of the guest from the release's secret.
func (c *Cluster) credentials(ctx context.Context, s settings) (string, error) {
	name, key, named := strings.Cut(c.opts.Kubernetes.Secret, "/")
	if !named {
		name, key = c.opts.Kubernetes.Release+"-whisk.auth", "guest"
	}
	secret, err := c.conn.client.CoreV1().Secrets(c.opts.Kubernetes.Namespace).Get(ctx, name, metav1.GetOptions{})
	if err == nil {
		text, ok := secret.Data[key]
		if !ok {
			return "", fmt.Errorf("the secret %s in namespace %s has no key %q%s", name, secret.Namespace, key, nearest(key, keysOf(secret.Data)))
		}
		return strings.TrimSpace(string(text)), nil
	}
	if guest := s.text("whisk.auth.guest"); !named && guest != "" && kerrors.IsNotFound(err) {
		return guest, nil
	}
	return "", fmt.Errorf("read the credentials of OpenWhisk from the secret %s: %w", name, err)
}

// host looks for an address that answers: the one that the release was told, then those of its service, then a tunnel
// through the API server.
func (c *Cluster) host(ctx context.Context, s settings) error {
	service, port, err := c.entrance(ctx)
	if err != nil {
		return err
	}
	list := told(s)
	if service != nil {
		list = append(list, c.nodePorts(ctx, service, port)...)
	}
	var tried []error
	if len(list) > 0 {
		bounded, cancel := context.WithTimeout(ctx, forwardFor)
		defer cancel()
		err = poll(bounded, "an address", func(ctx context.Context) (bool, error) {
			tried = c.try(ctx, list)
			return tried == nil, nil
		})
		if err == nil || ctx.Err() != nil {
			return err
		}
	}
	if service == nil {
		return errors.Join(append([]error{errors.New("no address of OpenWhisk answers")}, tried...)...)
	}
	for _, err := range tried {
		c.opts.Say("not reached: " + err.Error())
	}
	return c.tunnel(ctx, service, port)
}

// forwardFor is how long the nodes may take from a pod that is ready to its port being forwarded to it.
const forwardFor = 20 * time.Second

// try takes the first of some addresses that answers; else it says why each does not.
func (c *Cluster) try(ctx context.Context, list []candidate) (tried []error) {
	for _, one := range list {
		err := c.answers(ctx, one.host)
		if err == nil {
			c.access.Host = one.host
			return nil
		}
		tried = append(tried, fmt.Errorf("%s (%s): %w", one.host, one.from, err))
	}
	return tried
}

// told is the address that the release was installed with.
func told(s settings) []candidate {
	name := s.text("whisk.ingress.apiHostName")
	if name == "" {
		return nil
	}
	proto := s.text("whisk.ingress.apiHostProto")
	if proto == "" {
		proto = "https"
	}
	host := proto + "://" + name
	if port := s.number("whisk.ingress.apiHostPort"); port != 0 {
		host += fmt.Sprintf(":%d", port)
	}
	return []candidate{{host, "whisk.ingress of the release"}}
}

// entrance is the service of the release that the API is behind, and its port: nginx in OpenWhisk's chart, the controller in
// that of the standalone.
func (c *Cluster) entrance(ctx context.Context) (*corev1.Service, *corev1.ServicePort, error) {
	services := c.conn.client.CoreV1().Services(c.opts.Kubernetes.Namespace)
	for _, name := range []string{"-nginx", "-controller"} {
		service, err := services.Get(ctx, c.opts.Kubernetes.Release+name, metav1.GetOptions{})
		if kerrors.IsNotFound(err) {
			continue
		}
		if err != nil {
			return nil, nil, fmt.Errorf("look for the service of OpenWhisk: %w", err)
		}
		for _, preferred := range []string{"https-api", "https", "http", ""} {
			for i, p := range service.Spec.Ports {
				if p.Name == preferred || preferred == "" {
					return service, &service.Spec.Ports[i], nil
				}
			}
		}
	}
	return nil, nil, nil
}

func scheme(p *corev1.ServicePort) string {
	if strings.HasPrefix(p.Name, "https") || p.Port == 443 {
		return "https"
	}
	return "http"
}

// nodePorts are the service's port on each node, or its load balancer.
func (c *Cluster) nodePorts(ctx context.Context, service *corev1.Service, port *corev1.ServicePort) (list []candidate) {
	for _, in := range service.Status.LoadBalancer.Ingress {
		if host := in.IP + in.Hostname; host != "" {
			list = append(list, candidate{fmt.Sprintf("%s://%s:%d", scheme(port), host, port.Port), "load balancer of service " + service.Name})
		}
	}
	if port.NodePort == 0 {
		return list
	}
	nodes, err := c.conn.client.CoreV1().Nodes().List(ctx, metav1.ListOptions{})
	if err != nil {
		return list // who may not list nodes uses the tunnel
	}
	for _, kind := range []corev1.NodeAddressType{corev1.NodeExternalIP, corev1.NodeInternalIP} {
		for _, n := range nodes.Items {
			for _, a := range n.Status.Addresses {
				if a.Type == kind {
					list = append(list, candidate{fmt.Sprintf("%s://%s:%d", scheme(port), a.Address, port.NodePort), "port of node " + n.Name})
				}
			}
		}
	}
	return list
}

// answers reports whether an OpenWhisk is at host.
func (c *Cluster) answers(ctx context.Context, host string) error {
	ctx, cancel := context.WithTimeout(ctx, answerFor)
	defer cancel()
	access := c.access
	access.Host = host
	client, err := whisk.New(access, 1)
	if err != nil {
		return err
	}
	defer client.Close()
	if _, err = client.Limits(ctx); errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("no answer within %s", answerFor)
	}
	return err
}
