package run

import (
	"context"
	"net/http"

	"wsk-scenario/engine/whisk"
)

// fire fires a trigger.
type fire struct{ invocation }

func (f fire) send(ctx context.Context, body []byte, transaction string) whisk.Answer {
	a := f.invocation.send(ctx, body, transaction)
	if a.Status == http.StatusNoContent {
		a.Class, a.Error = whisk.NoRule, "the trigger has no active rule"
	}
	return a
}
