package invoke

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"wsk-scenario/engine/standalone/balancer"
	"wsk-scenario/engine/standalone/entity"
	"wsk-scenario/engine/standalone/pool"
)

// gone is an invoker that takes activations and is not heard of again.
type gone struct{}

func (gone) Invoke(context.Context, pool.Request) pool.Outcome { return pool.Outcome{Lost: true} }

// lostController is a controller of one invoker and of a namespace that may run one activation at a time, and what makes its
// actions.
func lostController(invoker balancer.Offer) (c *Controller, put func(t *testing.T, name, kind, code string, components ...string)) {
	store := entity.NewStore(entity.Rules{Bounds: entity.DefaultBounds, SequenceLength: 5, Now: time.Now,
		Runtimes: func() entity.Runtimes {
			return entity.Runtimes{{Kind: "native:1", Family: "native", Default: true}}
		}})
	c = New(Config{Store: store, Invokers: balancer.New(invoker), SequenceLength: 5,
		Namespaces: []Namespace{{Name: "guest", Auth: "a:b", PerMinute: 100, FiresPerMinute: 100, Concurrent: 1}}, Now: time.Now})
	return c, func(t *testing.T, name, kind, code string, components ...string) {
		exec := &entity.ExecPut{Kind: &kind, Code: &code, Components: &components}
		if _, err := store.PutAction(entity.Name{Namespace: "guest", Name: name}, &entity.ActionPut{Exec: exec}, false); err != nil {
			t.Fatal(err)
		}
	}
}

// TestAnActivationIsLostWithItsInvoker plays, in virtual time, what a client and the next clients see of it.
func TestAnActivationIsLostWithItsInvoker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, put := lostController(balancer.Offer{Node: "pi", Memory: 2048, Invoker: gone{}})
		put(t, "hello", "native:default", "#!")
		put(t, "chain", entity.SequenceKind, "", "/_/hello", "/_/hello")
		call := func(name string) (*Pending, error) {
			slot, err := c.Slot("guest")
			if err != nil {
				return nil, err
			}
			return c.Invoke(t.Context(), slot, Call{Namespace: "guest", Name: entity.Name{Namespace: "guest", Name: name}, Received: time.Now()})
		}
		p, err := call("hello")
		if err != nil {
			t.Fatal(err)
		}
		if r := p.Wait(t.Context(), time.Minute); r != nil {
			t.Errorf("there is a record: %+v", r)
		}
		time.Sleep(1*time.Minute + 59*time.Second)
		if _, err := call("hello"); err == nil {
			t.Error("its slot is free after 2m59s, before the slowest invoker would have said something")
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if _, err := c.History().Get("guest", p.ID); err == nil {
			t.Error("a lost activation has a record")
		}
		chain, err := call("chain")
		if err != nil {
			t.Fatalf("its slot is not free after 3m1s: %v", err)
		}
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		r, err := c.History().Get("guest", chain.ID)
		if err != nil || r.Status != pool.WhiskError || len(r.Logs) != 1 {
			t.Errorf("the sequence of which a component was lost: %+v, %v", r, err)
		}
		if err != nil || !strings.Contains(string(r.Result), "Timeout reached when retrieving activation "+r.Logs[0]+" for sequence component.") {
			t.Errorf("the sequence says %s", r.Result)
		}
		time.Sleep(time.Minute + time.Second) // the component's slot is free as late as that of any other
		if _, err := call("hello"); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		began := time.Now()
		if err := c.Close(t.Context()); err != nil || time.Since(began) > 0 {
			t.Errorf("closing waited %v for what is lost (%v)", time.Since(began), err)
		}
	})
}

// hung is an invoker that takes activations and ends them when it is told to.
type hung struct{ end chan struct{} }

func (h hung) Invoke(ctx context.Context, _ pool.Request) pool.Outcome {
	select {
	case <-h.end:
		return pool.Outcome{Result: []byte(`{}`)}
	case <-ctx.Done():
		return pool.Outcome{Status: pool.WhiskError, Result: []byte(`{}`)}
	}
}

// TestAnActivationThatIsOverdueGivesItsPlaceBack plays, in virtual time, an invoker that holds on to an activation, such as one
// where it waits for a container: what it took is free again some time, and its record comes with its end.
func TestAnActivationThatIsOverdueGivesItsPlaceBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		end := make(chan struct{})
		c, put := lostController(balancer.Offer{Node: "pi", Memory: 256, Invoker: hung{end}})
		put(t, "hello", "native:default", "#!")
		call := func() (*Pending, error) {
			slot, err := c.Slot("guest")
			if err != nil {
				return nil, err
			}
			return c.Invoke(t.Context(), slot, Call{Namespace: "guest", Name: entity.Name{Namespace: "guest", Name: "hello"}, Received: time.Now()})
		}
		first, err := call()
		if err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if ids := c.Underway(); len(ids) != 1 || ids[0] != first.ID {
			t.Errorf("under way are %v, want %s", ids, first.ID)
		}
		time.Sleep(3*time.Minute - time.Second)
		if _, err := call(); err == nil {
			t.Error("its slot is free before its time")
		}
		time.Sleep(2 * time.Second)
		if _, err := call(); err != nil {
			t.Errorf("its slot is not free: %v", err)
		}
		close(end)
		synctest.Wait()
		if r, err := c.History().Get("guest", first.ID); err != nil || r.Status != pool.Success {
			t.Errorf("its record: %+v, %v", r, err)
		}
		if n := c.Active(); n != 0 {
			t.Errorf("%d slots are taken, want none", n)
		}
		if err := c.Close(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// TestACompositionEndsWithAPartThatIsNotHeardOf plays, in virtual time, a conductor that is lost with its invoker: nobody can
// ask it what comes next.
func TestACompositionEndsWithAPartThatIsNotHeardOf(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _ := lostController(balancer.Offer{Node: "pi", Memory: 2048, Invoker: gone{}})
		kind, code := "native:default", "#!"
		name := entity.Name{Namespace: "guest", Name: "conduct"}
		put := &entity.ActionPut{Exec: &entity.ExecPut{Kind: &kind, Code: &code}, Annotations: &entity.Parameters{{Key: "conductor", Value: []byte("true")}}}
		if _, err := c.cfg.Store.PutAction(name, put, false); err != nil {
			t.Fatal(err)
		}
		slot, err := c.Slot("guest")
		if err != nil {
			t.Fatal(err)
		}
		p, err := c.Invoke(t.Context(), slot, Call{Namespace: "guest", Name: name, Received: time.Now()})
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(2*time.Minute - time.Second)
		synctest.Wait()
		if _, err := c.History().Get("guest", p.ID); err == nil {
			t.Error("the composition is over before its conductor could be heard of")
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		r, err := c.History().Get("guest", p.ID)
		if err != nil || r.Status != pool.WhiskError || len(r.Logs) != 1 ||
			!strings.Contains(string(r.Result), "Timeout reached when retrieving activation "+r.Logs[0]+" during composition.") {
			t.Errorf("the composition: %+v, %v", r, err)
		}
		if err := c.Close(t.Context()); err != nil {
			t.Error(err)
		}
	})
}
