package cluster

import (
	"encoding/json"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"wsk-scenario/engine/target"
	"wsk-scenario/engine/whisk"
)

// podOf is a pod in some state.
func podOf(name, action, node string, running, ready bool) *corev1.Pod {
	pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: name, UID: types.UID(name)}, Spec: corev1.PodSpec{NodeName: node}}
	if action != "" {
		pod.Labels = map[string]string{actionLabel: action}
	}
	if running {
		pod.Status.ContainerStatuses = []corev1.ContainerStatus{{State: corev1.ContainerState{Running: &corev1.ContainerStateRunning{}}}}
	}
	if ready {
		pod.Status.Conditions = []corev1.PodCondition{{Type: corev1.PodReady, Status: corev1.ConditionTrue}}
	}
	return pod
}

// news is one thing that a watch tells, a millisecond after the one before.
type news struct {
	pod    *corev1.Pod
	before bool   // the watch began with it
	gone   string // the name of a pod
	of     string // a pod that an event is of
	reason string
	path   string
}

func (l *lives) hear(list ...news) {
	for _, one := range list {
		time.Sleep(time.Millisecond)
		switch {
		case one.gone != "":
			l.podHandler().OnDelete(podOf(one.gone, "", "", false, false))
		case one.reason != "":
			l.eventHandler().OnAdd(&corev1.Event{
				InvolvedObject: corev1.ObjectReference{UID: types.UID(one.of), FieldPath: one.path}, Reason: one.reason,
			}, one.before)
		default:
			l.podHandler().OnAdd(one.pod, one.before)
		}
	}
}

// stagesText are the moments in milliseconds after a moment, "-" where nothing was told.
func stagesText(s target.Start, since time.Time) (text string) {
	for _, m := range []time.Time{s.Requested, s.Scheduled, s.Pulling, s.Pulled, s.Created, s.Started, s.Ready} {
		if m.IsZero() {
			text += "- "
		} else {
			text += fmt.Sprint(m.Sub(since).Milliseconds(), " ")
		}
	}
	return text
}

const coldPod = "wskow-invoker-00-1-guest-wsksabc00hello"

func TestStagesOfAStartAreTheMomentsAtWhichTheyWereTold(t *testing.T) {
	pod := func(node string, running, ready bool) news {
		return news{pod: podOf(coldPod, "", node, running, ready)}
	}
	event := func(reason string) news {
		return news{of: coldPod, reason: reason, path: "spec.containers{user-action}"}
	}
	tests := []struct {
		name   string
		events bool
		told   []news
		want   string
		more   bool
	}{
		{"an image that is pulled", true, []news{pod("", false, false), pod("vm", false, false), event("Pulling"), event("Pulled"), event("Created"), event("Started"), pod("vm", true, true)},
			"1 2 3 4 5 6 7 ", false},
		{"an image that is there", true, []news{pod("", false, false), pod("vm", false, false), event("Pulled"), event("Created"), event("Started"), pod("vm", true, true)},
			"1 2 - 3 4 5 6 ", false},
		{"events that come before the pod, and again", true, []news{event("Scheduled"), pod("vm", false, false), event("Pulled"), event("Created"), event("Pulled"), pod("vm", true, true)},
			"1 1 - 3 4 6 6 ", false},
		{"events that come behind what follows them", true, []news{pod("", false, false), pod("vm", false, false), pod("vm", true, true), event("Pulling"), event("Pulled"), event("Created"), event("Started")},
			"1 2 3 3 3 3 3 ", false},
		{"an image of something else in the pod", true, []news{pod("vm", false, false), {of: coldPod, reason: "Pulled", path: "spec.initContainers{wait}"}, pod("vm", true, true)},
			"1 1 - - - 3 3 ", true},
		{"events that may not be watched", false, []news{pod("", false, false), pod("vm", false, false), pod("vm", true, false), pod("vm", true, true)},
			"1 2 - - - 3 4 ", false},
		{"a pod that is not ready yet", false, []news{pod("", false, false), pod("vm", false, false)}, "1 2 - - - - - ", true},
	}
	for _, row := range tests {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l, sent := newLives(row.events), time.Now()
				l.hear(row.told...)
				start, more := l.startOf(&whisk.Record{Name: "wsks-abc-0.0-hello"}, sent, time.Now().Add(time.Second))
				if start.Temperature != "cold" || start.Container != coldPod || stagesText(start, sent) != row.want || more != row.more {
					t.Errorf("%+v: %s(more: %t), want cold and %s(more: %t)", start, stagesText(start, sent), more, row.want, row.more)
				}
			})
		})
	}
}

func TestAStartIsOfThePodThatCameDuringTheCall(t *testing.T) {
	const action, stem = "wsks-abc-0.0-hello", "wskow-invoker-00-2-prewarm-nodejs20"
	came := func(name, action string) news { return news{pod: podOf(name, action, "vm", true, true)} }
	tests := []struct {
		name          string
		before        []news // the call
		during, after []news
		host          string // that the record names
		want          target.Start
		more          bool
	}{
		{"one that is named after the action", nil, []news{came(coldPod, "")}, nil, "", target.Start{Temperature: "cold", Container: coldPod}, false},
		{"one with the label of the action", nil, []news{came("pod-7", action)}, nil, "", target.Start{Temperature: "cold", Container: "pod-7"}, false},
		{"not one with the label of another", nil, []news{came(coldPod, "other")}, nil, "", target.Start{}, true},
		{"not one of another action, whose name ends so", nil, []news{came("pod-7", "wsks-abc-0.1-hello")}, nil, "", target.Start{}, true},
		{"not one that came later", nil, nil, []news{came(coldPod, action)}, "", target.Start{}, true},
		{"not one that an earlier call had", []news{came(coldPod, action)}, nil, nil, "", target.Start{}, true},
		{"one that waited for any action, named during the call", []news{came(stem, "")}, []news{came(stem, action)}, nil, "", target.Start{Temperature: "prewarmed", Container: stem}, false},
		{"one that waited for any action, named behind the answer", []news{came(stem, "")}, nil, []news{came(stem, action)}, "", target.Start{Temperature: "prewarmed", Container: stem}, false},
		{"one that was there before the watch", []news{{pod: podOf(stem, "", "vm", true, true), before: true}}, []news{came(stem, action)}, nil, "", target.Start{Temperature: "prewarmed", Container: stem}, false},
		{"one of two new ones: cold, and no stages", nil, []news{came("pod-7", action), came("pod-8", action)}, nil, "", target.Start{Temperature: "cold"}, false},
		{"a new one or an old one: nothing is proved", []news{came(stem, "")}, []news{came("pod-7", action), came(stem, action)}, nil, "", target.Start{}, true},
		{"the one that the record names", nil, []news{came("pod-7", action), came("pod-8", action)}, nil, "pod-8", target.Start{Temperature: "cold", Container: "pod-8"}, false},
		{"not one that was gone before it ran", nil, []news{{pod: podOf("pod-7", action, "vm", false, false)}, {gone: "pod-7"}, came("pod-8", action)}, nil, "",
			target.Start{Temperature: "cold", Container: "pod-8"}, false},
		{"none", nil, nil, nil, "", target.Start{}, true},
	}
	for _, row := range tests {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLives(false)
				l.hear(row.before...)
				time.Sleep(time.Second)
				sent := time.Now()
				l.hear(row.during...)
				time.Sleep(time.Second)
				done := time.Now()
				l.hear(row.after...)
				start, more := l.startOf(recordOf(t, action, row.host), sent, done)
				got := target.Start{Temperature: start.Temperature, Container: start.Container}
				if got != row.want || more != row.more || start.Requested.IsZero() != (got.Temperature != "cold" || got.Container == "") {
					t.Errorf("%+v (more: %t), want %+v (more: %t)", start, more, row.want, row.more)
				}
			})
		})
	}
}

// recordOf is the record of an activation of an action, with the container that the standalone names.
func recordOf(t *testing.T, action, container string) *whisk.Record {
	t.Helper()
	body := map[string]any{"name": action}
	if container != "" {
		body["annotations"] = []any{map[string]any{"key": "standalone", "value": map[string]string{"container": container}}}
	}
	text, err := json.Marshal(body)
	record := new(whisk.Record)
	if err == nil {
		err = json.Unmarshal(text, record)
	}
	if err != nil {
		t.Fatal(err)
	}
	return record
}
