package api

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"wsk-scenario/engine/standalone/entity"
	"wsk-scenario/engine/standalone/invoke"
	"wsk-scenario/engine/standalone/pool"
)

// webPath is where web actions are reached: webPath/namespace/package/name[.ext][/path], by anybody.
const webPath = apiPath + "/web/"

// webVerbs are all methods alike: which one it was, is for the action to judge.
var webVerbs = verbs{
	http.MethodGet: (*Handler).serveWeb, http.MethodHead: (*Handler).serveWeb, http.MethodPost: (*Handler).serveWeb,
	http.MethodPut: (*Handler).serveWeb, http.MethodDelete: (*Handler).serveWeb, http.MethodPatch: (*Handler).serveWeb,
	http.MethodOptions: (*Handler).serveWeb,
}

// web reports whether a request is for a web action, which answers OPTIONS itself.
func web(r *http.Request) bool { return strings.HasPrefix(r.URL.EscapedPath(), webPath) }

// routeWeb serves what lies below webPath. Wrong credentials are no fault here: the caller is nobody then.
func (h *Handler) routeWeb(x *exchange) {
	var ok bool
	if x.web, ok = webCallOf(x.r.URL.EscapedPath()); !ok {
		x.notFound()
		return
	}
	h.dispatch(x, webVerbs)
}

// webCall is what the path of a web action says.
type webCall struct {
	name      entity.Name
	extension extension
	path      string // what follows the action's name, with its slash
}

// webCallOf reads the path of a web action; one whose segments are no names is no path. The package "default"
// stands for none.
func webCallOf(escaped string) (c webCall, ok bool) {
	parts := strings.SplitN(strings.TrimPrefix(escaped, webPath), "/", 4)
	if len(parts) < 3 {
		return c, false
	}
	for i, part := range parts[:3] {
		name, err := url.PathUnescape(part)
		if err != nil || entity.CheckName(name) != nil {
			return c, false
		}
		parts[i] = name
	}
	base, ext := splitExtension(parts[2])
	c = webCall{name: entity.Name{Namespace: parts[0], Package: parts[1], Name: base}, extension: ext}
	if c.name.Package == "default" {
		c.name.Package = ""
	}
	if len(parts) == 4 {
		c.path = "/" + parts[3]
	}
	return c, true
}

// serveWeb serves a web action. The order of OpenWhisk: size of the body, the action and whether it is exported, the
// limits of its owner, the answer to OPTIONS, the secret, and only then what the request says.
func (h *Handler) serveWeb(x *exchange) {
	if x.r.ContentLength > x.payload {
		x.tooLarge(x.r.ContentLength, x.payload)
		return
	}
	call := x.web
	action, err := h.cfg.Store.Action(call.name)
	if err != nil || !isTrue(action.Annotations, "web-export") {
		x.refuse(entity.Faultf(entity.Missing, entity.NotThere)) // and not whether something else is there
		return
	}
	x.name = call.name
	if err := h.cfg.Controller.Admit(x.name.Namespace); err != nil {
		x.refuse(err)
		return
	}
	options, custom := x.r.Method == http.MethodOptions, isTrue(action.Annotations, "web-custom-options")
	x.webHeaders(custom)
	x.who, _ = h.caller(x.r)
	switch {
	case options && !custom:
		x.w.WriteHeader(http.StatusOK)
	case !options && !maySee(action.Annotations, x.r, x.who != nil):
		x.fail(http.StatusUnauthorized, "The authentication is possible but has failed or not yet been provided.")
	default:
		h.invokeWeb(x, action, call)
	}
}

// invokeWeb invokes the action with what the request says and answers with what comes back.
func (h *Handler) invokeWeb(x *exchange, action entity.Target, call webCall) {
	in := webArguments{raw: isTrue(action.Annotations, "raw-http"), path: call.path}
	if x.who != nil {
		in.user = x.who.Name
	}
	body, ok := x.take(x.payload)
	if !ok {
		return
	}
	payload, ok := x.webPayload(in, body)
	if !ok {
		return
	}
	slot, err := h.cfg.Controller.Slot(call.name.Namespace)
	if err != nil {
		x.refuse(err)
		return
	}
	pending, err := h.cfg.Controller.Invoke(x.r.Context(), slot, invoke.Call{
		Namespace: call.name.Namespace, Name: call.name, Payload: payload, Transaction: x.id, Received: x.received,
	})
	if err != nil {
		x.refuse(err)
		return
	}
	x.w.Header()["X-Openwhisk-Activation-Id"] = []string{pending.ID}
	record := pending.Wait(x.r.Context(), MaxWait)
	if record == nil {
		x.fail(http.StatusAccepted, "Response not yet ready.")
		return
	}
	x.webResult(record, call.extension)
}

// webResult answers with the result, or with the error that an action returned on purpose. What else went wrong is not
// for the public.
func (x *exchange) webResult(r *invoke.Record, e extension) {
	result := r.Result
	switch r.Status {
	case pool.Success:
	case pool.ApplicationError:
		var fault struct {
			Error json.RawMessage `json:"error"`
		}
		if json.Unmarshal(result, &fault) != nil || fault.Error == nil {
			x.fail(http.StatusNotFound, noProperty)
			return
		}
		result = fault.Error
	default:
		x.fail(http.StatusBadRequest, "There was an error processing your request.")
		return
	}
	e.answer(x, result)
}

// webHeaders are what pages of other origins may do. An action with options of its own says so itself.
func (x *exchange) webHeaders(custom bool) {
	header := x.w.Header()
	if custom {
		for _, key := range []string{"Origin", "Methods", "Headers"} {
			header.Del("Access-Control-Allow-" + key)
		}
		return
	}
	header["Access-Control-Allow-Methods"] = []string{"OPTIONS, GET, DELETE, POST, PUT, HEAD, PATCH"}
	if wanted := x.r.Header.Get("Access-Control-Request-Headers"); wanted != "" {
		header["Access-Control-Allow-Headers"] = []string{wanted}
	}
}

// maySee reports whether the request satisfies require-whisk-auth: true asks for credentials, a string or a number is a
// secret that the caller must send, and anything else lets nobody in.
func maySee(annotations entity.Parameters, r *http.Request, known bool) bool {
	value, ok := annotations.Get("require-whisk-auth")
	if !ok {
		return true
	}
	var secret any
	if json.Unmarshal(value, &secret) != nil {
		return false
	}
	sent, given := r.Header["X-Require-Whisk-Auth"]
	switch s := secret.(type) {
	case bool:
		return s && known
	case string:
		return given && same(sent[0], s)
	case float64:
		return given && same(sent[0], string(value))
	}
	return false
}

// isTrue reports whether an annotation is true itself, and not only something like it.
func isTrue(annotations entity.Parameters, key string) bool {
	value, _ := annotations.Get(key)
	return string(value) == "true"
}
