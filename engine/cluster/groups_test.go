package cluster

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	coordination "k8s.io/api/coordination/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/kubernetes/fake"
	clientgotesting "k8s.io/client-go/testing"

	"wsk-scenario/engine/plan"
)

// onFake has the releases of a profile on a cluster that pretends, for one who is called id.
func onFake(client *fake.Clientset, id string) *Groups {
	g := NewGroups(Options{Kubernetes: grouped(ownChart), ID: id})
	for _, c := range g.list {
		c.conn = &connection{client: client}
	}
	return g
}

// pretended is a cluster that pretends. Each version of a lease has a number of its own, as on a real one.
func pretended() *fake.Clientset {
	client, versions := fake.NewClientset(), 0
	client.PrependReactor("*", "leases", func(a clientgotesting.Action) (bool, runtime.Object, error) {
		if written, ok := a.(interface{ GetObject() runtime.Object }); ok {
			versions++ // one action at a time
			written.GetObject().(*coordination.Lease).ResourceVersion = strconv.Itoa(versions)
		}
		return false, nil, nil
	})
	return client
}

// giveBack gives back the leases that are held.
func (g *Groups) giveBack(ctx context.Context) (err error) {
	for _, c := range g.list {
		if e := c.holder.release(ctx); e != nil {
			err = e
		}
		c.holder = nil
	}
	return err
}

func TestOnlyOneOfTwoHoldsTheReleasesOfAProfile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := pretended()
		first, second := onFake(client, "first"), onFake(client, "second")
		if err := first.hold(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := second.hold(t.Context()); err == nil || !strings.Contains(err.Error(), "first-ow-cloud is at work on release ow-cloud in namespace faas") {
			t.Errorf("while the first is at work, the second has error %v", err)
		}
		if err := first.giveBack(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := second.hold(t.Context()); err != nil {
			t.Error(err)
		}
		if err := second.giveBack(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestALeaseOfOneReleaseKeepsOthersFromAllOfThem(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := pretended()
		first, second := onFake(client, "first"), onFake(client, "second")
		edge := first.list[1]
		if err := edge.hold(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := second.hold(t.Context()); err == nil || !strings.Contains(err.Error(), "first-ow-edge is at work on release ow-edge") {
			t.Errorf("error %v", err)
		}
		if err := second.giveBack(t.Context()); err != nil {
			t.Error(err)
		}
		edge.holder.stop() // as if it was killed: nobody renews it
		began := time.Now()
		if err := second.hold(t.Context()); err != nil {
			t.Error(err)
		}
		if time.Since(began) < leaseFor {
			t.Errorf("a lease is taken over %s after it was renewed last", time.Since(began))
		}
		if err := second.giveBack(t.Context()); err != nil {
			t.Error(err)
		}
		edge.holder.renewing.Wait()
	})
}

func TestWhatIsRecordedOfReleasesThatTheProfileDoesNotNameIsTold(t *testing.T) {
	g := onFake(pretended(), "first")
	if others, err := g.Others(t.Context()); err != nil || len(others) > 0 {
		t.Errorf("where nothing is recorded there are %v, %v", others, err)
	}
	fog := newRecord(g.list[0].conn.client, plan.Kubernetes{Release: "ow-fog", Namespace: "faas"})
	if err := fog.write(t.Context()); err != nil {
		t.Fatal(err)
	}
	if others, err := g.Others(t.Context()); err != nil || !slices.Equal(others, []string{"ow-fog"}) {
		t.Errorf("beside the record of ow-fog there are %v, %v", others, err)
	}
}
