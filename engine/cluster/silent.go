package cluster

import (
	"context"
	"errors"
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// How long one waits for what is to end: containers have half a minute for it, workers five seconds, and a busy node takes its time;
// and how long when nothing is left to end but pods on nodes that do not answer. A node that hangs, or is cut off, may come back after days.
const (
	goneFor   = 5 * time.Minute
	crewGone  = 2 * time.Minute
	silentFor = 10 * time.Second
)

// ended waits until something is gone. Where only nodes that do not answer could end what is left, nobody is waited for long: the
// error names those pods and nodes, and what is left stays in the record.
func (c *Cluster) ended(ctx context.Context, what string, atMost time.Duration, gone func(context.Context) (bool, error)) error {
	bounded, cancel := context.WithTimeout(ctx, atMost)
	defer cancel()
	var since time.Time // nothing but such pods has been left
	err := poll(bounded, what, func(ctx context.Context) (bool, error) {
		done, err := gone(ctx)
		if done || err != nil {
			return done, err
		}
		stuck, others, err := c.ending(ctx)
		switch {
		case err != nil:
			return false, ignoreShort(err)
		case len(stuck) == 0 || others:
			since = time.Time{}
		case since.IsZero():
			since = time.Now()
		case time.Since(since) > silentFor:
			return false, fmt.Errorf("waiting for %s: a node does not answer", what)
		}
		return false, nil
	})
	if err == nil {
		return nil
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), reachDeadline)
	defer cancel()
	stuck, _, ignored := c.ending(last)
	if ignored != nil || len(stuck) == 0 {
		return err // the first error is the one to read
	}
	return errors.Join(append([]error{err}, stuck...)...)
}

// ending are the pods that are to end and do not, because the node that would end them does not answer; others says that there are
// some that will.
func (c *Cluster) ending(ctx context.Context) (stuck []error, others bool, err error) {
	client := c.conn.client.CoreV1()
	pods, err := client.Pods(c.opts.Kubernetes.Namespace).List(ctx, metav1.ListOptions{})
	if err != nil {
		return nil, false, err
	}
	silent := map[string]bool{}
	for _, p := range pods.Items {
		if p.DeletionTimestamp == nil {
			continue
		}
		node := p.Spec.NodeName
		if _, known := silent[node]; !known && node != "" {
			found, err := client.Nodes().Get(ctx, node, metav1.GetOptions{})
			silent[node] = err == nil && !nodeReady(*found)
		}
		if !silent[node] {
			others = true
			continue
		}
		stuck = append(stuck, stuckOn(p, node))
	}
	return stuck, others, nil
}

func stuckOn(p corev1.Pod, node string) error {
	return fmt.Errorf("  pod %s is to end, and node %s does not answer: bring the node back, or kubectl delete pod %[1]s -n %[3]s --force; "+
		"wsk-scenario down then removes what is left", p.Name, node, p.Namespace)
}
