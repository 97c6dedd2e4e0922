package api

import (
	"net/http"

	"wsk-scenario/engine/standalone/entity"
)

var (
	rulesVerbs = verbs{http.MethodGet: (*Handler).listRules}
	ruleVerbs  = verbs{
		http.MethodGet:    (*Handler).getRule,
		http.MethodPut:    (*Handler).putRule,
		http.MethodDelete: (*Handler).deleteRule,
		http.MethodPost:   (*Handler).setRule,
	}
)

// ruleRoutes: rules and rules/name.
func ruleRoutes(x *exchange, rest []string) verbs {
	switch len(rest) {
	case 0:
		return rulesVerbs
	case 1:
		x.name.Name = rest[0]
		return ruleVerbs
	}
	return nil
}

func (h *Handler) listRules(x *exchange) {
	q := x.query()
	p := q.page("rules")
	if !q.ok(x) {
		return
	}
	list(x, "rules", p, h.cfg.Store.Rules(x.who.Name), (*entity.Rule).Row)
}

func (h *Handler) getRule(x *exchange) { x.rule(h.cfg.Store.Rule(x.name)) }

func (h *Handler) putRule(x *exchange) {
	q := x.query()
	overwrite := q.flag("overwrite", false)
	var put entity.RulePut
	if !q.ok(x) || !x.document(h.maxDocument(), &put) {
		return
	}
	x.rule(h.cfg.Store.PutRule(x.name, &put, overwrite))
}

func (h *Handler) deleteRule(x *exchange) { x.rule(h.cfg.Store.DeleteRule(x.name)) }

// setRule serves a POST on a rule, which says what state it shall have.
func (h *Handler) setRule(x *exchange) {
	var state struct {
		Status *string `json:"status"`
	}
	if !x.document(x.payload, &state) {
		return
	}
	switch {
	case state.Status == nil:
		x.fail(http.StatusBadRequest, malformedContent+"key not found: status")
		return
	case *state.Status != "active" && *state.Status != "inactive":
		x.fail(http.StatusBadRequest, malformedContent+"requirement failed: "+*state.Status+" is not a recognized rule state")
		return
	}
	if err := h.cfg.Store.SetRule(x.name, *state.Status == "active"); err != nil {
		x.refuse(err)
		return
	}
	x.sendAs(http.StatusOK, "text/plain; charset=UTF-8", []byte("OK")) // and not the rule
}

// rule answers with a rule, or with why there is none.
func (x *exchange) rule(r *entity.Rule, err error) {
	if err != nil {
		x.refuse(err)
		return
	}
	x.answer(http.StatusOK, r.Document())
}
