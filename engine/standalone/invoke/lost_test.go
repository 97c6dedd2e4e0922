package invoke

import (
	"context"
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

// TestAnActivationIsLostWithItsInvoker plays, in virtual time, what a client and the next clients see of it.
func TestAnActivationIsLostWithItsInvoker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := entity.NewStore(entity.Rules{Bounds: entity.DefaultBounds, SequenceLength: 5, Now: time.Now,
			Runtimes: func() entity.Runtimes {
				return entity.Runtimes{{Kind: "native:1", Family: "native", Default: true}}
			}})
		put := func(name string, exec *entity.ExecPut) {
			if _, err := store.PutAction(entity.Name{Namespace: "guest", Name: name}, &entity.ActionPut{Exec: exec}, false); err != nil {
				t.Fatal(err)
			}
		}
		kind, code, sequence, components := "native:default", "#!", entity.SequenceKind, []string{"/_/hello", "/_/hello"}
		put("hello", &entity.ExecPut{Kind: &kind, Code: &code})
		put("chain", &entity.ExecPut{Kind: &sequence, Components: &components})
		c := New(Config{Store: store, Invokers: balancer.New(balancer.Offer{Node: "pi", Memory: 2048, Invoker: gone{}}), SequenceLength: 5,
			Namespaces: []Namespace{{Name: "guest", Auth: "a:b", PerMinute: 100, FiresPerMinute: 100, Concurrent: 1}}, Now: time.Now})
		call := func(name string) (*Pending, error) {
			slot, err := c.Admit("guest")
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
