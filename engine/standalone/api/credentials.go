package api

import (
	"crypto/subtle"
	"encoding/base64"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"wsk-scenario/engine/standalone/invoke"
)

// key is the credential of a namespace, as the Authorization header that is let in.
type key struct {
	header []byte
	owner  *invoke.Namespace
}

func keysOf(namespaces []invoke.Namespace) (keys []key) {
	for i, n := range namespaces {
		keys = append(keys, key{[]byte(basic(n.Auth)), &namespaces[i]})
	}
	return keys
}

func basic(auth string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(auth))
}

// owner is the namespace whose credential is in an Authorization header; nil when it is nobody's.
func (h *Handler) owner(header string) *invoke.Namespace {
	for _, k := range h.keys {
		if subtle.ConstantTimeCompare([]byte(header), k.header) == 1 {
			return k.owner
		}
	}
	return nil
}

// caller is the namespace that a request comes from; nil when that is unknown. supplied is whether it has credentials.
func (h *Handler) caller(r *http.Request) (who *invoke.Namespace, supplied bool) {
	if who = h.owner(r.Header.Get("Authorization")); who != nil {
		return who, true
	}
	user, password, ok := r.BasicAuth()
	if !ok {
		return nil, false
	}
	return h.owner(basic(user + ":" + password)), true // perhaps another spelling of the same credentials
}

// authenticate lets the request in, or answers it.
func (h *Handler) authenticate(x *exchange) bool {
	who, supplied := h.caller(x.r)
	if who != nil {
		x.who = who
		return true
	}
	text := "The supplied authentication is invalid"
	if !supplied {
		text = "The resource requires authentication, which was not supplied with the request"
	}
	x.w.Header().Set("WWW-Authenticate", `Basic realm="OpenWhisk secure realm"`)
	x.fail(http.StatusUnauthorized, text)
	return false
}

// foreign reports whether a browser sends the request for a page that is not of this machine. With credentials that
// everybody knows, such a page could run code here. One that gives its own name the address of this machine need not say
// where it comes from, but still calls the server by that name.
func foreign(r *http.Request) bool {
	if named(r.Host) {
		return true
	}
	origin := r.Header.Get("Origin")
	if origin == "" {
		return false
	}
	u, err := url.Parse(origin)
	return err != nil || !Loopback(u.Hostname())
}

// named reports whether a host, perhaps with a port, is a name that somebody else could give to this machine.
func named(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	_, err := netip.ParseAddr(host)
	return err != nil && host != "" && !strings.EqualFold(host, "localhost")
}

// Loopback reports whether a host, without port, is this machine for sure.
func Loopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
