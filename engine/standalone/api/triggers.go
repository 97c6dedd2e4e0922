package api

import (
	"net/http"
	"strings"

	"wsk-scenario/engine/standalone/entity"
	"wsk-scenario/engine/standalone/invoke"
)

var (
	triggersVerbs = verbs{http.MethodGet: (*Handler).listTriggers}
	triggerVerbs  = verbs{
		http.MethodGet:    (*Handler).getTrigger,
		http.MethodPut:    (*Handler).putTrigger,
		http.MethodDelete: (*Handler).deleteTrigger,
		http.MethodPost:   (*Handler).fireTrigger,
	}
)

// triggerRoutes: triggers and triggers/name.
func triggerRoutes(x *exchange, rest []string) verbs {
	switch len(rest) {
	case 0:
		return triggersVerbs
	case 1:
		x.name.Name = rest[0]
		return triggerVerbs
	}
	return nil
}

func (h *Handler) listTriggers(x *exchange) {
	q := x.query()
	p := q.page("triggers")
	if !q.ok(x) {
		return
	}
	list(x, "triggers", p, h.cfg.Store.Triggers(x.who.Name), (*entity.Trigger).Row)
}

func (h *Handler) getTrigger(x *exchange) {
	t, rules, err := h.cfg.Store.Trigger(x.name)
	x.trigger(t, rules, err)
}

// trigger answers with a trigger and its rules, or with why there is none.
func (x *exchange) trigger(t *entity.Trigger, rules []*entity.Rule, err error) {
	if err != nil {
		x.refuse(err)
		return
	}
	x.answer(http.StatusOK, t.Document(rules))
}

func (h *Handler) putTrigger(x *exchange) {
	q := x.query()
	overwrite := q.flag("overwrite", false)
	var put entity.TriggerPut
	if !q.ok(x) || !x.document(h.maxDocument(), &put) {
		return
	}
	t, rules, err := h.cfg.Store.PutTrigger(x.name, &put, overwrite)
	x.trigger(t, rules, err)
}

func (h *Handler) deleteTrigger(x *exchange) {
	t, rules, err := h.cfg.Store.DeleteTrigger(x.name)
	x.trigger(t, rules, err)
}

// fireTrigger serves a POST on a trigger. As with an action, the limit comes before everything else.
func (h *Handler) fireTrigger(x *exchange) {
	if err := h.cfg.Controller.AdmitFire(x.who.Name); err != nil {
		x.refuse(err)
		return
	}
	payload, ok := x.object()
	if !ok {
		return
	}
	id, err := h.cfg.Controller.Fire(x.r.Context(), invoke.Fire{
		Name: x.name, Payload: payload, Headers: passedOn(x.r), Transaction: x.id, Received: x.received,
	})
	switch {
	case err != nil:
		x.refuse(err)
	case id == "":
		x.w.WriteHeader(http.StatusNoContent)
	default:
		x.w.Header()["X-Openwhisk-Activation-Id"] = []string{id}
		x.answer(http.StatusAccepted, map[string]string{"activationId": id})
	}
}

// passedOn are the headers of a request that actions may see. The credential is not for them: those that shall have it
// are annotated so.
func passedOn(r *http.Request) map[string]string {
	headers := map[string]string{"host": r.Host}
	for name, values := range r.Header {
		if name != "Authorization" {
			headers[strings.ToLower(name)] = strings.Join(values, ", ")
		}
	}
	return headers
}
