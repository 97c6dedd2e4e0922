package api

import (
	"fmt"
	"net/http"
	"strings"

	"wsk-scenario/engine/standalone/entity"
	"wsk-scenario/engine/standalone/invoke"
)

// idLength is the length of an activation id.
const idLength = 32

var (
	activationsVerbs = verbs{http.MethodGet: (*Handler).listActivations}
	activationVerbs  = verbs{http.MethodGet: (*Handler).getActivation}
)

// activationViews are what can be read of a record, by what follows its id in the path.
var activationViews = map[string]func(*invoke.Record) any{
	"":       (*invoke.Record).Document,
	"logs":   showLogs,
	"result": func(r *invoke.Record) any { return r.Response() },
}

// activationRoutes: activations, activations/id, activations/id/logs and activations/id/result.
func activationRoutes(x *exchange, rest []string) verbs {
	if len(rest) == 0 {
		return activationsVerbs
	}
	x.activation, x.show = rest[0], activationViews[strings.Join(rest[1:], "/")]
	if x.show == nil {
		return nil
	}
	return activationVerbs
}

func showLogs(r *invoke.Record) any {
	logs := r.Logs
	if logs == nil {
		logs = []string{}
	}
	return map[string][]string{"logs": logs}
}

func (h *Handler) getActivation(x *exchange) {
	if err := checkID(x.activation); err != nil {
		x.refuse(err)
		return
	}
	r, err := h.cfg.Controller.History().Get(x.who.Name, x.activation)
	if err != nil {
		x.refuse(err)
		return
	}
	x.answer(http.StatusOK, x.show(r))
}

func checkID(id string) error {
	if len(id) != idLength {
		return entity.Faultf(entity.Malformed, "Activation id length is %d but must be %d.", len(id), idLength)
	}
	if strings.Trim(id, "0123456789abcdef") != "" {
		return entity.Faultf(entity.Malformed, "The activation id is not valid.")
	}
	return nil
}

func (h *Handler) listActivations(x *exchange) {
	q := x.query()
	p, docs, filter := q.page("activations"), q.flag("docs", false), q.filter()
	if !q.ok(x) {
		return
	}
	if p.count && docs {
		x.fail(http.StatusBadRequest, "The parameter 'docs' is not permitted with 'count'.")
		return
	}
	filter.Namespace = x.who.Name
	show := (*invoke.Record).Row
	if docs {
		show = (*invoke.Record).Document
	}
	list(x, "activations", p, h.cfg.Controller.History().List(filter), show)
}

// listActive are the ids of what is at an invoker.
func (h *Handler) listActive(x *exchange) {
	x.answer(http.StatusOK, h.cfg.Controller.Underway())
}

func (h *Handler) getActive(x *exchange) {
	x.send(http.StatusOK, fmt.Append(nil, h.cfg.Controller.Active()))
}
