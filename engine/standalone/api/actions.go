package api

import (
	"net/http"

	"wsk-scenario/engine/standalone/entity"
)

var (
	actionsVerbs  = verbs{http.MethodGet: (*Handler).listActions}
	packagedVerbs = verbs{http.MethodGet: (*Handler).listPackage}
	actionVerbs   = verbs{
		http.MethodGet:    (*Handler).getAction,
		http.MethodPut:    (*Handler).putAction,
		http.MethodDelete: (*Handler).deleteAction,
		http.MethodPost:   (*Handler).invokeAction,
	}
)

// actionRoutes: actions, actions/name, actions/package/ and actions/package/name.
func actionRoutes(x *exchange, rest []string) verbs {
	switch {
	case len(rest) == 0:
		return actionsVerbs
	case len(rest) == 1:
		x.name.Name = rest[0]
		return actionVerbs
	case len(rest) == 2 && rest[1] == "":
		x.name.Name = rest[0]
		return packagedVerbs
	case len(rest) == 2:
		x.name.Package, x.name.Name = rest[0], rest[1]
		return actionVerbs
	}
	return nil
}

// listPackage lists the actions of one package.
func (h *Handler) listPackage(x *exchange) {
	_, members, err := h.cfg.Store.Package(x.who.Name, x.name)
	if err != nil {
		x.refuse(err)
		return
	}
	x.actions(members)
}

// listActions lists the actions of the namespace, those in packages with the others.
func (h *Handler) listActions(x *exchange) { x.actions(h.cfg.Store.Actions(x.who.Name)) }

func (x *exchange) actions(actions []*entity.Action) {
	q := x.query()
	p := q.page("actions")
	if !q.ok(x) {
		return
	}
	list(x, "actions", p, actions, (*entity.Action).Row)
}

func (h *Handler) getAction(x *exchange) {
	q := x.query()
	code := q.flag("code", true)
	if !q.ok(x) {
		return
	}
	target, err := h.cfg.Store.Reach(x.who.Name, x.name)
	if err != nil {
		x.refuse(err)
		return
	}
	shown := *target.Action // with what it inherits
	shown.Parameters = target.Bound()
	x.answer(http.StatusOK, shown.Document(code))
}

func (h *Handler) putAction(x *exchange) {
	q := x.query()
	overwrite := q.flag("overwrite", false)
	var put entity.ActionPut
	if !q.ok(x) || !x.document(h.maxDocument(), &put) {
		return
	}
	a, err := h.cfg.Store.PutAction(x.name, &put, overwrite)
	if err != nil {
		x.refuse(err)
		return
	}
	if !a.Exec.Sequence() && a.Exec.Image == "" {
		// What the kind needs is made now and not in the first activation. It will say itself what is wrong, if anything.
		if err := h.cfg.Prepare(x.r.Context(), a.Exec.Kind); err != nil {
			h.cfg.Log.Warn("prepare a kind", "kind", a.Exec.Kind, "error", err)
		}
	}
	x.answer(http.StatusOK, a.Document(true))
}

func (h *Handler) deleteAction(x *exchange) {
	a, err := h.cfg.Store.DeleteAction(x.name)
	if err != nil {
		x.refuse(err)
		return
	}
	x.answer(http.StatusOK, a.Document(true))
}
