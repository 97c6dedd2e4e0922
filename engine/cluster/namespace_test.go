package cluster

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	kerrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

func TestARefusalIsToldWithWhatHelps(t *testing.T) {
	forbidden := func() *kerrors.StatusError {
		return kerrors.NewForbidden(schema.GroupResource{Group: "coordination.k8s.io", Resource: "leases"}, "wsk-scenario-ow", errors.New("no"))
	}
	ending := forbidden()
	ending.ErrStatus.Details.Causes = []metav1.StatusCause{{Type: corev1.NamespaceTerminatingCause}}
	for _, c := range []struct {
		name string
		err  error
		want string
	}{
		{"a right that lacks", forbidden(), "rbac.yaml"},
		{"a namespace that ends", ending, "wait until the namespace is gone"},
	} {
		t.Run(c.name, func(t *testing.T) {
			told := permitted(fmt.Errorf("take the lease: %w", c.err))
			if _, hint, _ := strings.Cut(told.Error(), "\n"); !strings.Contains(hint, c.want) || !errors.Is(told, c.err) {
				t.Errorf("%v; want the hint %q", told, c.want)
			}
		})
	}
}
