package api

import (
	"errors"
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
		x.refuse(naming(x.name, err))
		return
	}
	x.answer(http.StatusOK, p.WithActions(actions))
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
	x.answer(http.StatusOK, p.Document())
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
	x.answer(http.StatusOK, p.Document())
}

// naming is the fault of a package that is not there, which of all documents alone is named: OpenWhisk finds it missing when
// it looks whether the caller may read it.
func naming(name entity.Name, err error) error {
	var fault *entity.Fault
	if errors.As(err, &fault) && fault.Reason == entity.Missing {
		return entity.Faultf(entity.Missing, "The requested resource '%s' does not exist.", name)
	}
	return err
}
