package cluster

import (
	"strings"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/tools/cache"
)

// actionPod is the label that pods of actions have from their creation on.
const actionPod = "user-action-pod=true"

// lives are how pods of actions came to be, and whether they are gone: at the moments at which two watches, of pods and of what
// nodes report of them, told us so, by the clock of this machine.
type lives struct {
	events bool // are watched; without them nobody tells of the image and of the container's creation

	mu      sync.Mutex
	pods    map[types.UID]*life
	changed chan struct{} // closed by the next that is told
}

// life is one pod. A moment is zero where nothing told of it.
type life struct {
	name   string
	action string // as a label says, which a pod gets at its first init
	here   bool   // it is there, as far as was told
	known  bool   // it was there before the watch, so that its moments are not known

	named, requested, scheduled, pulling, pulled, created, started, ready time.Time
}

func newLives(events bool) *lives {
	return &lives{events: events, pods: map[types.UID]*life{}, changed: make(chan struct{})}
}

// change notes what is told of a pod. What is told of one that the other watch has not shown yet is kept for it.
func (l *lives) change(uid types.UID, note func(p *life, now time.Time)) {
	now := time.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	p := l.pods[uid]
	if p == nil {
		p = &life{}
		l.pods[uid] = p
	}
	note(p, now)
	close(l.changed)
	l.changed = make(chan struct{})
}

// first keeps the first moment of several.
func first(moment *time.Time, now time.Time) {
	if moment.IsZero() {
		*moment = now
	}
}

// podHandler takes in what the watch of pods tells.
func (l *lives) podHandler() cache.ResourceEventHandler {
	return cache.ResourceEventHandlerDetailedFuncs{
		AddFunc:    func(o any, before bool) { l.see(o, before) },
		UpdateFunc: func(_, o any) { l.see(o, false) },
		DeleteFunc: func(o any) {
			if last, ok := o.(cache.DeletedFinalStateUnknown); ok {
				o = last.Obj
			}
			if pod, ok := o.(*corev1.Pod); ok {
				l.change(pod.UID, func(p *life, _ time.Time) { p.here = false })
			}
		},
	}
}

// see notes what is told of a pod that is there.
func (l *lives) see(o any, before bool) {
	pod, ok := o.(*corev1.Pod)
	if !ok {
		return
	}
	l.change(pod.UID, func(p *life, now time.Time) {
		p.name, p.here, p.known = pod.Name, true, p.known || before
		if action := pod.Labels[actionLabel]; action != "" && p.action == "" {
			p.action, p.named = action, now
		}
		first(&p.requested, now)
		if pod.Spec.NodeName != "" {
			first(&p.scheduled, now)
		}
		for _, s := range pod.Status.ContainerStatuses {
			if s.State.Running != nil || s.State.Terminated != nil {
				first(&p.started, now)
			}
		}
		for _, c := range pod.Status.Conditions {
			if c.Type == corev1.PodReady && c.Status == corev1.ConditionTrue {
				first(&p.ready, now)
			}
		}
	})
}

// eventHandler takes in what schedulers and nodes report of pods. Reports of before the watch are of pods that it does not time.
func (l *lives) eventHandler() cache.ResourceEventHandler {
	return cache.ResourceEventHandlerDetailedFuncs{
		AddFunc: func(o any, before bool) {
			if event, ok := o.(*corev1.Event); ok && !before {
				l.report(event)
			}
		},
		UpdateFunc: func(_, o any) {
			if event, ok := o.(*corev1.Event); ok {
				l.report(event)
			}
		},
	}
}

// report notes an event of a pod. An image that the node had already is pulled without having been pulling.
func (l *lives) report(event *corev1.Event) {
	if strings.HasPrefix(event.InvolvedObject.FieldPath, "spec.initContainers") {
		return
	}
	l.change(event.InvolvedObject.UID, func(p *life, now time.Time) {
		switch event.Reason {
		case "Scheduled":
			first(&p.scheduled, now)
		case "Pulling":
			first(&p.pulling, now)
		case "Pulled":
			first(&p.pulled, now)
		case "Created":
			first(&p.created, now)
		case "Started":
			first(&p.started, now)
		}
	})
}

// briefEvent leaves of an event what is read of it: there are many.
func briefEvent(o any) (any, error) {
	event, ok := o.(*corev1.Event)
	if !ok {
		return o, nil
	}
	return &corev1.Event{ObjectMeta: event.ObjectMeta, InvolvedObject: event.InvolvedObject, Reason: event.Reason}, nil
}

// of reports whether the pod is one of an action: by its label, or by its name where it has none yet. OpenWhisk puts the action's
// last in the name, in lower case and without what names may not have; that of a container which waits for any action of its
// kind ends otherwise.
func (p *life) of(action string) bool {
	if p.action != "" {
		return p.action == action
	}
	return ofAction(p.name, action)
}

func ofAction(pod, action string) bool {
	wanted := plain(action)
	return wanted != "" && strings.HasSuffix(plain(pod), wanted)
}

// plain is a name in lower case, of letters and digits alone.
func plain(name string) string {
	return strings.Map(func(c rune) rune {
		if 'a' <= c && c <= 'z' || '0' <= c && c <= '9' {
			return c
		}
		return -1
	}, strings.ToLower(name))
}

// whole reports whether all is known of the pod that will be told.
func (l *lives) whole(p *life) bool {
	return !p.ready.IsZero() && (!l.events || !p.pulled.IsZero() && !p.created.IsZero())
}
