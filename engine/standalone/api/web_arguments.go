package api

import (
	"bytes"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"wsk-scenario/engine/standalone/entity"
)

// reserved are the arguments that say what the request was; a request may not set them.
var reserved = []string{"__ow_method", "__ow_headers", "__ow_path", "__ow_user", "__ow_query", "__ow_body"}

// webArguments is what the arguments of a web action depend on beside the request.
type webArguments struct {
	raw  bool   // the request as it came, in __ow_query and __ow_body
	path string // after the action's name
	user string // the caller's namespace, when it is known
}

// webPayload makes the arguments of a web action out of the request: its query, overlaid by its body. It has answered
// when it returns false.
func (x *exchange) webPayload(in webArguments, body []byte) (json.RawMessage, bool) {
	args := map[string]any{}
	if in.raw {
		args["__ow_query"] = x.r.URL.RawQuery
		args["__ow_body"] = opaque(x.r, body)
	} else if !x.webFields(args, body) {
		return nil, false
	}
	args["__ow_method"] = strings.ToLower(x.r.Method)
	args["__ow_headers"] = passedOn(x.r)
	args["__ow_path"] = in.path
	if in.user != "" {
		args["__ow_user"] = in.user
	}
	return encode(args), true
}

// webFields spreads query and body over the arguments. A body that has no fields is one argument of its own.
func (x *exchange) webFields(args map[string]any, body []byte) bool {
	for key, values := range x.r.URL.Query() {
		args[key] = values[len(values)-1]
	}
	media := mediaOf(x.r)
	var whole any
	switch {
	case len(body) == 0:
	case jsonFamily(media):
		var ok bool
		if body, ok = x.clean(body); !ok {
			return false
		}
		var fields map[string]json.RawMessage
		if !json.Valid(body) {
			var v any
			x.malformed(json.Unmarshal(body, &v))
			return false
		}
		if bytes.TrimSpace(body)[0] != '{' {
			whole = json.RawMessage(body)
			break
		}
		_ = json.Unmarshal(body, &fields) // valid, and an object
		for key, value := range fields {
			args[key] = value
		}
	case media == "application/x-www-form-urlencoded":
		form, err := url.ParseQuery(string(body))
		if err != nil {
			x.fail(http.StatusBadRequest, malformedContent+err.Error())
			return false
		}
		for key, values := range form {
			args[key] = values[len(values)-1]
		}
	default:
		whole = opaque(x.r, body)
	}
	for key := range args {
		if slices.Contains(reserved, key) {
			x.refuse(entity.Faultf(entity.Malformed, entity.Reserved))
			return false
		}
	}
	if whole != nil {
		args["__ow_body"] = whole
	}
	return true
}

// opaque is a body as one string: text as it is, and all else, JSON for reasons of age included, in base64.
func opaque(r *http.Request, body []byte) string {
	if media := mediaOf(r); media == "application/json" || !textual(media) {
		return base64.StdEncoding.EncodeToString(body)
	}
	return strings.ToValidUTF8(string(body), "\uFFFD")
}

// mediaOf is the media type of a request without its parameters. None at all is bytes.
func mediaOf(r *http.Request) string {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return "application/octet-stream"
	}
	return media
}

func jsonFamily(media string) bool {
	return media == "application/json" || strings.HasSuffix(media, "+json")
}

// texts are the types that are text, beside all of text/*. Whatever is not known is bytes: image/svg+xml too.
var texts = []string{
	"application/json", "application/xml", "application/javascript", "application/x-www-form-urlencoded",
	"application/atom+xml", "application/rss+xml", "application/soap+xml", "application/xhtml+xml", "application/xml-dtd",
}

func textual(media string) bool {
	return strings.HasPrefix(media, "text/") || slices.Contains(texts, media)
}

// same compares secrets in a time that tells nothing of them.
func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
