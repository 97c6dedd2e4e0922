package target

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"wsk-scenario/engine/standalone"
	"wsk-scenario/engine/whisk"
)

func answers(t *testing.T, access whisk.Access) (whisk.Limits, error) {
	t.Helper()
	client, err := whisk.New(access, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	return client.Limits(t.Context())
}

func TestTheStandaloneIsUpBetweenUpAndDown(t *testing.T) {
	target := Standalone(standalone.Config{WorkDir: t.TempDir()})
	if err := target.Down(t.Context()); err != nil {
		t.Errorf("down before up: %v", err)
	}
	access, err := target.Up(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	limits, err := answers(t, access)
	if err != nil || limits.PerMinute != embeddedPerMinute || limits.Concurrent != embeddedConcurrent {
		t.Errorf("limits %+v, error %v: they must not shape the load", limits, err)
	}
	if target.Name() == "" || len(target.Facts()) == 0 {
		t.Error("the target does not say what it is")
	}
	if l, says := target.(*embedded).server.Limits(), fmt.Sprint(target.Facts()); len(l.Held) > 0 && !strings.Contains(says, "limited in "+l.String()+" by control groups") ||
		len(l.Held) == 0 && !strings.Contains(says, "unlimited in memory and CPU ("+l.Reason) {
		t.Errorf("of limits %+v it says %s", l, says)
	}
	if err := target.Down(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := answers(t, access); err == nil {
		t.Error("it answers after Down")
	}
}

func TestTheStandaloneKeepsTheLimitsThatItIsGiven(t *testing.T) {
	target := Standalone(standalone.Config{WorkDir: t.TempDir(), PerMinute: 60, Concurrent: 30})
	access, err := target.Up(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer target.Down(t.Context())
	if limits, err := answers(t, access); err != nil || limits.PerMinute != 60 || limits.Concurrent != 30 {
		t.Errorf("limits %+v, error %v", limits, err)
	}
}

func TestAnAttachedOpenWhiskIsLeftAlone(t *testing.T) {
	served := Standalone(standalone.Config{WorkDir: t.TempDir()})
	access, err := served.Up(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer served.Down(context.WithoutCancel(t.Context()))
	attached := Attach(access)
	if got, err := attached.Up(t.Context()); err != nil || got != access {
		t.Errorf("access %+v, error %v", got, err)
	}
	if err := attached.Down(t.Context()); err != nil {
		t.Error(err)
	}
	resp, err := http.Get(access.Host + "/ping")
	if err != nil {
		t.Fatalf("it was taken down: %v", err)
	}
	resp.Body.Close()
}
