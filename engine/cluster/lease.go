package cluster

import (
	"context"
	"fmt"
	"sync"
	"time"

	coordination "k8s.io/api/coordination/v1"
	kerrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
)

// How long a lease is good for without renewal, and how often it is renewed.
const (
	leaseFor    = 10 * time.Second
	leaseRenews = 2 * time.Second
)

// holder holds the lease of a release: while it does, nobody else of us changes the release or the labels of its nodes.
type holder struct {
	client          kubernetes.Interface
	namespace, name string
	id              string
	alive           *lifeMark
	stop            context.CancelFunc
	renewing        sync.WaitGroup
}

// take takes the lease. Somebody else's that is renewed before our eyes is refused; one that is not renewed while it is good
// is of a run that was killed, and taken over: at once when it ran on this machine, where its mark tells. Only our own clock
// measures the time.
func take(ctx context.Context, client kubernetes.Interface, opts Options) (*holder, error) {
	k, say := opts.Kubernetes, opts.Say
	alive, err := makeMark(opts.Marks, opts.ID)
	if err != nil {
		return nil, err
	}
	h := &holder{client: client, namespace: k.Namespace, name: recordName + "-" + k.Release, id: opts.ID, alive: alive}
	var seen *coordination.Lease
	var since time.Time
	err = poll(ctx, "the lease of release "+k.Release, func(ctx context.Context) (bool, error) {
		gone := seen != nil && (time.Since(since) > leaseFor || abandoned(opts.Marks, holderOf(seen)))
		found, err := h.attempt(ctx, gone)
		switch {
		case kerrors.IsConflict(err), kerrors.IsAlreadyExists(err):
			return false, nil // somebody was faster: look again
		case err != nil:
			return false, fmt.Errorf("take the lease %s in namespace %s: %w", h.name, h.namespace, err)
		case found == nil:
			return true, nil
		case seen == nil && abandoned(opts.Marks, holderOf(found)):
			say(holderOf(found) + " held the lease of this release, and has ended without giving it back")
			seen, since = found, time.Now()
		case seen == nil:
			say(holderOf(found) + " holds the lease of this release: waiting to see whether it is alive")
			seen, since = found, time.Now()
		case seen.ResourceVersion != found.ResourceVersion:
			return false, fmt.Errorf("%s is at work on release %s in namespace %s: wait for its end", holderOf(found), k.Release, k.Namespace)
		}
		return false, nil
	})
	if err != nil {
		alive.remove()
		return nil, err
	}
	if seen != nil {
		forget(opts.Marks, holderOf(seen))
	}
	renew, stop := context.WithCancel(context.WithoutCancel(ctx))
	h.stop = stop
	h.renewing.Go(func() { h.keep(renew) })
	return h, nil
}

func holderOf(l *coordination.Lease) string {
	if l.Spec.HolderIdentity == nil {
		return ""
	}
	return *l.Spec.HolderIdentity
}

// attempt takes the lease when nobody has it, or in any case; else it returns the one that somebody holds.
func (h *holder) attempt(ctx context.Context, anyway bool) (*coordination.Lease, error) {
	leases := h.client.CoordinationV1().Leases(h.namespace)
	now, seconds := metav1.NowMicro(), int32(leaseFor/time.Second)
	spec := coordination.LeaseSpec{HolderIdentity: &h.id, LeaseDurationSeconds: &seconds, AcquireTime: &now, RenewTime: &now}
	found, err := leases.Get(ctx, h.name, metav1.GetOptions{})
	if kerrors.IsNotFound(err) {
		made := &coordination.Lease{ObjectMeta: metav1.ObjectMeta{Name: h.name, Labels: map[string]string{mark: ours}}, Spec: spec}
		_, err = leases.Create(ctx, made, metav1.CreateOptions{})
		return nil, err
	}
	if err != nil {
		return nil, err
	}
	if other := holderOf(found); other != "" && other != h.id && !anyway {
		return found, nil
	}
	found.Spec = spec
	_, err = leases.Update(ctx, found, metav1.UpdateOptions{})
	return nil, err
}

// keep renews the lease until ctx ends. A renewal that fails is tried again: others wait as long as the lease is good.
func (h *holder) keep(ctx context.Context) {
	ticker := time.NewTicker(leaseRenews)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			_, _ = h.attempt(ctx, false)
		}
	}
}

// release gives the lease back.
func (h *holder) release(ctx context.Context) error {
	if h == nil {
		return nil
	}
	h.stop()
	h.renewing.Wait()
	defer h.alive.remove()
	err := h.client.CoordinationV1().Leases(h.namespace).Delete(ctx, h.name, metav1.DeleteOptions{})
	if err != nil && !kerrors.IsNotFound(err) {
		return fmt.Errorf("give the lease back: %w", err)
	}
	return nil
}
