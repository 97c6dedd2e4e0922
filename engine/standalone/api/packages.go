package api

import (
	"net/http"

	"wsk-scenario/engine/standalone/entity"
)

var (
	packagesVerbs = verbs{http.MethodGet: (*Handler).listPackages}
	packageVerbs  = verbs{
		http.MethodGet:    (*Handler).getPackage,
		http.MethodPut:    (*Handler).putPackage,
		http.MethodDelete: (*Handler).deletePackage,
	}
)

// packageRoutes: packages and packages/name.
func packageRoutes(x *exchange, rest []string) verbs {
	switch len(rest) {
	case 0:
		return packagesVerbs
	case 1:
		x.name.Name = rest[0]
		return packageVerbs
	}
	return nil
}

func (h *Handler) listPackages(x *exchange) {
	q := x.query()
	p := q.page("packages")
	if !q.ok(x) {
		return
	}
	list(x, "packages", p, h.cfg.Store.Packages(x.who.Name, x.name.Namespace), (*entity.Package).Row)
}

func (h *Handler) getPackage(x *exchange) {
	p, actions, err := h.cfg.Store.Package(x.who.Name, x.name)
	if err != nil {
		x.refuse(err)
		return
	}
	x.answer(http.StatusOK, p.Document(actions))
}

func (h *Handler) putPackage(x *exchange) {
	q := x.query()
	overwrite := q.flag("overwrite", false)
	var put entity.PackagePut
	if !q.ok(x) || !x.document(h.maxDocument(), &put) {
		return
	}
	p, err := h.cfg.Store.PutPackage(x.name, &put, overwrite)
	if err != nil {
		x.refuse(err)
		return
	}
	x.answer(http.StatusOK, p.Document(nil))
}

func (h *Handler) deletePackage(x *exchange) {
	q := x.query()
	force := q.flag("force", false)
	if !q.ok(x) {
		return
	}
	p, err := h.cfg.Store.DeletePackage(x.name, force)
	if err != nil {
		x.refuse(err)
		return
	}
	x.answer(http.StatusOK, p.Document(nil))
}
