package api

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"wsk-scenario/engine/standalone/entity"
)

const (
	apiPath        = "/api/v1"
	namespacesPath = apiPath + "/namespaces"
	docsPath       = apiPath + "/api-docs"
)

// verbs are what a route does, by method. Method expressions, and not closures, keep routing free of allocations.
type verbs map[string]func(*Handler, *exchange)

// openRoutes need no credentials.
var openRoutes = map[string]verbs{
	"":                        {http.MethodGet: (*Handler).getInfo},
	apiPath:                   {http.MethodGet: (*Handler).getVersion},
	docsPath:                  {http.MethodGet: (*Handler).getDescription},
	"/ping":                   {http.MethodGet: (*Handler).getPing},
	"/invokers":               {http.MethodGet: (*Handler).getInvokers},
	"/invokers/healthy/count": {http.MethodGet: (*Handler).getHealthy},
	"/invokers/ready":         {http.MethodGet: (*Handler).getReady},
	"/activation":             {http.MethodGet: (*Handler).listActive},
	"/activation/count":       {http.MethodGet: (*Handler).getActive},
	"/metrics":                {http.MethodGet: (*Handler).getMetrics},
}

// collections find what a path inside a namespace does; they note in the exchange what it names. No verbs: no route.
var collections = map[string]func(*exchange, []string) verbs{
	"actions":     actionRoutes,
	"packages":    packageRoutes,
	"triggers":    triggerRoutes,
	"rules":       ruleRoutes,
	"activations": activationRoutes,
	"limits":      limitRoutes,
}

// route finds what serves a request. Names may hold escaped slashes and spaces, so the path is cut before it is
// unescaped.
func (h *Handler) route(x *exchange) {
	path := x.r.URL.EscapedPath()
	if web(x.r) {
		h.routeWeb(x)
		return
	}
	if strings.HasPrefix(path, apiPath+"/") && path != apiPath+"/" && path != docsPath {
		h.routeAPI(x, path)
		return
	}
	v, ok := openRoutes[strings.TrimSuffix(path, "/")]
	if !ok {
		x.notFound()
		return
	}
	h.dispatch(x, v)
}

// routeAPI serves what needs credentials. Like OpenWhisk it asks for them before it says that a path does not exist.
func (h *Handler) routeAPI(x *exchange, path string) {
	if !h.authenticate(x) {
		return
	}
	rest, ok := strings.CutPrefix(path, namespacesPath)
	if !ok || rest != "" && rest[0] != '/' {
		x.notFound()
		return
	}
	if rest == "" || rest == "/" {
		h.dispatch(x, verbs{http.MethodGet: (*Handler).getNamespaces})
		return
	}
	segments, err := cut(rest[1:])
	if err != nil {
		x.fail(http.StatusBadRequest, "The request URI was malformed: "+err.Error())
		return
	}
	if len(segments) < 2 {
		x.notFound()
		return
	}
	h.routeNamespace(x, segments[0], segments[1], segments[2:])
}

// cut splits a path into its unescaped segments.
func cut(path string) ([]string, error) {
	segments := strings.Split(path, "/")
	for i, s := range segments {
		var err error
		if segments[i], err = url.PathUnescape(s); err != nil {
			return nil, err
		}
	}
	return segments, nil
}

// routeNamespace serves the collections of a namespace. Rest is what follows the collection's name.
func (h *Handler) routeNamespace(x *exchange, namespace, collection string, rest []string) {
	find, ok := collections[collection]
	if !ok {
		x.notFound()
		return
	}
	if err := entity.CheckNamespace(namespace); err != nil {
		x.refuse(err)
		return
	}
	if namespace == "_" {
		namespace = x.who.Name
	}
	if namespace != x.who.Name && !shared(x.r.Method, collection, rest) {
		resource := strings.TrimSuffix(strings.Join(append([]string{namespace}, rest...), "/"), "/")
		x.fail(http.StatusForbidden, "The supplied authentication is not authorized to access '"+resource+"'.")
		return
	}
	if len(rest) == 1 && rest[0] == "" { // a collection may have a trailing slash
		rest = nil
	}
	x.name.Namespace = namespace
	v := find(x, rest)
	if v == nil {
		x.notFound()
		return
	}
	if err := x.name.Check(); err != nil {
		x.refuse(err)
		return
	}
	h.dispatch(x, v)
}

// shared reports whether a request may be for a namespace of somebody else: to read packages and what is in them, and to
// invoke that. Which packages those are, their documents say.
func shared(method, collection string, rest []string) bool {
	read := method == http.MethodGet
	switch collection {
	case "packages":
		return read
	case "actions":
		return len(rest) == 2 && (read || method == http.MethodPost)
	}
	return false
}

// dispatch serves the request with the verb that it names.
func (h *Handler) dispatch(x *exchange, v verbs) {
	if serve, ok := v[x.r.Method]; ok {
		serve(h, x)
		return
	}
	supported := strings.Join(slices.Sorted(maps.Keys(v)), ", ")
	x.w.Header().Set("Allow", supported)
	x.fail(http.StatusMethodNotAllowed, "HTTP method not allowed, supported methods: "+supported)
}
