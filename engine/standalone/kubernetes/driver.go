// Package kubernetes starts the containers of an invoker as pods, one for each, as OpenWhisk's KubernetesContainerFactory does:
// names, labels, memory and the protocol are those of that. The invoker is a pod itself, and its containers are on its own
// node. It knows nothing of when a container is wanted; that is pool's.
//
// Three things differ. That a pod is ready is seen in a watch, where OpenWhisk asks once a second. A pod is owned by that of
// its invoker, so that nothing is left when a release is removed. And a container that ends is not started again: its pod is
// replaced.
package kubernetes

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/client-go/kubernetes"
	typed "k8s.io/client-go/kubernetes/typed/core/v1"
	"k8s.io/client-go/rest"

	"wsk-scenario/engine/standalone/pool"
	"wsk-scenario/engine/standalone/protocol"
	"wsk-scenario/engine/standalone/runtime"
)

// Config is how the pods shall be. API, Namespace and Pod are required; the zero value of another field means its default.
type Config struct {
	API        API
	Namespace  string            // of the invoker's own pod, and of all others
	Pod        string            // the name of the invoker's own pod
	APIHost    string            // what actions are told is the address of OpenWhisk
	Images     map[string]string // image by kind; the kinds of the others are those of this machine, and their image is the invoker's
	CacheDir   string            // as in runtime.Config
	SearchPath string            // as in runtime.Config
	Concurrent bool              // containers of Node.js may be asked to run several activations at a time
	Result     int               // bytes of the longest result, of which a longer one is cut to; 1 MiB when 0
	Log        *slog.Logger      // nil: silent
}

// API is where the API server is, and how it is asked.
type API struct {
	URL       string
	TokenFile string // read anew when it changes
	CAFile    string
}

// Driver starts pods. It is a pool.Prewarmer, a pool.Imager, a pool.Sharer and a pool.LogsLater.
type Driver struct {
	cfg     Config
	client  *kubernetes.Clientset
	pods    typed.PodInterface
	own     *own
	kinds   []runtime.Kind
	set     *runtime.Set // what the invoker's image runs
	http    *http.Client
	watch   watch
	starts  protocol.Starts
	counter atomic.Int64
	once    sync.Once
}

// Bounds of what Kubernetes may take for one step.
const (
	stepTime  = 10 * time.Second
	closeTime = 20 * time.Second
)

// New finds out about its own pod, removes what a killed invoker has left, and begins to watch.
func New(ctx context.Context, cfg Config) (*Driver, error) {
	cfg.Result = cmp.Or(cfg.Result, 1<<20)
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	client, err := kubernetes.NewForConfig(&rest.Config{
		Host: cfg.API.URL, BearerTokenFile: cfg.API.TokenFile, TLSClientConfig: rest.TLSClientConfig{CAFile: cfg.API.CAFile},
		QPS: -1, UserAgent: "wsk-scenario", // the server has its own way to slow down who asks much
	})
	if err != nil {
		return nil, fault("reach "+cfg.API.URL, err)
	}
	d := &Driver{
		cfg: cfg, client: client, pods: client.CoreV1().Pods(cfg.Namespace), http: protocol.HTTP(), starts: protocol.NewStarts(),
	}
	ctx, cancel := context.WithTimeout(ctx, protocol.StartTime)
	defer cancel()
	if d.own, err = d.findOwn(ctx); err != nil {
		return nil, err
	}
	if err := d.sweep(ctx); err != nil {
		return nil, err
	}
	if d.set, err = runtime.New(runtime.Config{CacheDir: cfg.CacheDir, SearchPath: cfg.SearchPath}); err != nil {
		return nil, err
	}
	if err = d.nameKinds(); err == nil {
		err = d.startWatch(ctx)
	}
	if err != nil {
		d.set.Close()
		return nil, err
	}
	return d, nil
}

// nameKinds are those of the invoker's image, with other images for some, and new ones.
func (d *Driver) nameKinds() (err error) {
	kinds := d.set.Kinds()
	for i := range kinds {
		kinds[i].Image = d.own.container.Image
	}
	d.kinds, err = protocol.Overlay(kinds, d.cfg.Images)
	return err
}

// Limits is what Kubernetes holds containers to.
func (d *Driver) Limits() pool.Limits {
	return pool.Limits{Held: []string{"memory"}, By: "Kubernetes", Reason: "as on OpenWhisk, pods of actions have a limit of memory alone"}
}

// Kinds returns those of the invoker's image and those of Config. Whether another image can be had is known once it is wanted.
func (d *Driver) Kinds() []runtime.Kind { return d.kinds }

// ImageKind is the kind of an action that is made of an image.
func (d *Driver) ImageKind(image string) runtime.Kind { return protocol.ImageKind(image) }

// Prepare has nothing to make: each node pulls an image when it needs it.
func (d *Driver) Prepare(_ context.Context, kind runtime.Kind) error {
	if kind.Missing != "" {
		return fmt.Errorf("%s cannot run here: %s", kind.Family, kind.Missing)
	}
	return nil
}

// Concurrent reports whether containers of a kind can run several activations at a time: as in OpenWhisk, those of Node.js
// when they are told so from the beginning.
func (d *Driver) Concurrent(kind runtime.Kind) bool {
	return d.cfg.Concurrent && kind.Family == "nodejs"
}

// LogsLater says that logs come over the API server.
func (d *Driver) LogsLater() {}

// Close removes every pod that is left, and ends the watch. It may be called more than once.
func (d *Driver) Close() { d.once.Do(d.close) }

func (d *Driver) close() {
	ctx, cancel := context.WithTimeout(context.Background(), closeTime)
	defer cancel()
	if err := d.sweep(ctx); err != nil {
		d.cfg.Log.Warn("remove the pods", "error", err)
	}
	d.watch.close()
	d.set.Close()
	d.http.CloseIdleConnections()
}

// own is the invoker's own pod, after which others are made.
type own struct {
	*corev1.Pod
	container corev1.Container // in which the invoker is
	invoker   string           // the label of all pods of the invoker, such as invoker0
	short     string           // how the invoker is called in their names, such as 0
}

// fault says what was tried in vain.
func fault(what string, err error) error { return fmt.Errorf("kubernetes: %s: %w", what, err) }

var errNoNode = errors.New("it has no node")
