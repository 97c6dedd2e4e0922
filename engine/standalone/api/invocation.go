package api

import (
	"net/http"

	"wsk-scenario/engine/standalone/invoke"
	"wsk-scenario/engine/standalone/pool"
)

// invokeAction serves a POST on an action. As in OpenWhisk the limits of the namespace come before everything else: a
// request that turns out to be malformed, or for nothing at all, has been counted.
func (h *Handler) invokeAction(x *exchange) {
	if err := h.cfg.Controller.Admit(x.who.Name); err != nil {
		x.refuse(err)
		return
	}
	q := x.query()
	blocking, bare, wait := q.flag("blocking", false), q.flag("result", false), q.wait()
	payload, ok := []byte(nil), q.ok(x)
	if ok {
		payload, ok = x.object()
	}
	if !ok {
		return
	}
	slot, err := h.cfg.Controller.Slot(x.who.Name)
	if err != nil {
		x.refuse(err)
		return
	}
	call := invoke.Call{
		Namespace: x.who.Name, Name: x.name, Payload: payload, Transaction: x.id, Received: x.received,
	}
	pending, err := h.cfg.Controller.Invoke(x.r.Context(), slot, call)
	if err != nil {
		x.refuse(err)
		return
	}
	x.w.Header()["X-Openwhisk-Activation-Id"] = []string{pending.ID}
	var record *invoke.Record
	if blocking {
		record = pending.Wait(x.r.Context(), wait)
	}
	if record == nil {
		x.answer(http.StatusAccepted, map[string]string{"activationId": pending.ID})
		return
	}
	x.result(record, bare)
}

// result answers a blocking call. An error of the action is a bad gateway, one of the platform an internal error.
func (x *exchange) result(r *invoke.Record, bare bool) {
	status := http.StatusOK
	switch r.Status {
	case pool.ApplicationError, pool.DeveloperError:
		status = http.StatusBadGateway
	case pool.WhiskError:
		status = http.StatusInternalServerError
	}
	if bare || r.ArrayResult() {
		x.send(status, r.Result)
		return
	}
	x.answer(status, r.Answer())
}
