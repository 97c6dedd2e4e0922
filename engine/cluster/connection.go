package cluster

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"k8s.io/apimachinery/pkg/version"
	"k8s.io/cli-runtime/pkg/genericclioptions"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/klog/v2"

	"wsk-scenario/engine/plan"
)

// connection is one Kubernetes, as kubectl would reach it.
type connection struct {
	flags   *genericclioptions.ConfigFlags // for Helm
	config  *rest.Config
	client  kubernetes.Interface
	server  *presence
	version string
	context string
}

// reachDeadline bounds the first question to the API server.
const reachDeadline = 30 * time.Second

func connect(ctx context.Context, k plan.Kubernetes, say func(string)) (*connection, error) {
	flags := genericclioptions.NewConfigFlags(true)
	flags.KubeConfig, flags.Context, flags.Namespace = &k.Kubeconfig, &k.Context, &k.Namespace
	loader := flags.ToRawKubeConfigLoader()
	raw, err := loader.RawConfig()
	if err != nil {
		return nil, fmt.Errorf("read the kubeconfig: %w", err)
	}
	if k.Context != "" && raw.Contexts[k.Context] == nil {
		return nil, fmt.Errorf("the kubeconfig has no context %q%s", k.Context, nearest(k.Context, keysOf(raw.Contexts)))
	}
	config, err := loader.ClientConfig()
	if clientcmd.IsEmptyConfig(err) {
		return nil, errors.New("there is no kubeconfig: set KUBECONFIG, or write kubernetes: {kubeconfig: …} in the profile")
	}
	if err != nil {
		return nil, fmt.Errorf("read the kubeconfig: %w", err)
	}
	// What the libraries would write to the standard error is told by the errors that they return.
	klog.SetSlogLogger(slog.New(slog.DiscardHandler))
	config.QPS, config.UserAgent = -1, "wsk-scenario" // the server has its own way to slow down who asks much
	server := &presence{say: say}
	config.Wrap(func(next http.RoundTripper) http.RoundTripper { return &patient{next, server} })
	flags.WrapConfigFn = func(*rest.Config) *rest.Config { return config }
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return nil, fmt.Errorf("reach Kubernetes: %w", err)
	}
	c := &connection{flags: flags, config: config, client: client, server: server, context: k.Context}
	if c.context == "" {
		c.context = raw.CurrentContext
	}
	return c, c.reach(ctx)
}

// reach asks for the version, which every user may.
func (c *connection) reach(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, reachDeadline)
	defer cancel()
	text, err := c.client.Discovery().RESTClient().Get().AbsPath("/version").Do(ctx).Raw()
	var answer version.Info
	if err == nil {
		err = json.Unmarshal(text, &answer)
	}
	if err != nil {
		return fmt.Errorf("reach Kubernetes at %s (context %q): %w", c.config.Host, c.context, err)
	}
	c.version = answer.GitVersion
	if c.client.Discovery().RESTClient().Get().AbsPath("/readyz").Do(ctx).Error() == nil {
		c.server.canTell()
	}
	return nil
}
