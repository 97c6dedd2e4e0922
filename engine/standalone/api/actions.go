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
	if _, _, err := h.cfg.Store.Package(x.name); err != nil {
		x.refuse(err)
		return
	}
	h.listActions(x)
}

// listActions lists the actions of the package that the path names, or of the whole namespace.
func (h *Handler) listActions(x *exchange) {
	q := x.query()
	p := q.page("actions")
	if !q.ok(x) {
		return
	}
	list(x, "actions", p, h.cfg.Store.Actions(x.name.Namespace, x.name.Name), (*entity.Action).Row)
}

func (h *Handler) getAction(x *exchange) {
	q := x.query()
	code := q.flag("code", true)
	if !q.ok(x) {
		return
	}
	a, pkg, err := h.cfg.Store.Resolve(x.name)
	if err != nil {
		x.refuse(err)
		return
	}
	if pkg != nil { // shown with what it inherits
		merged := *a
		merged.Parameters = pkg.Parameters.Merge(a.Parameters)
		a = &merged
	}
	x.answer(http.StatusOK, a.Document(code))
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
	if !a.Exec.Sequence() {
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
