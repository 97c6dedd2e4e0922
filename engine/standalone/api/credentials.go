package api

import (
	"crypto/subtle"
	"encoding/base64"
	"net"
	"net/http"
	"net/url"
	"strings"
)

func basic(auth string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(auth))
}

// authenticate lets the request in, or answers it.
func (h *Handler) authenticate(x *exchange) bool {
	given := x.r.Header.Get("Authorization")
	if subtle.ConstantTimeCompare([]byte(given), []byte(h.challenge)) == 1 {
		return true
	}
	text := "The supplied authentication is invalid"
	user, key, ok := x.r.BasicAuth()
	switch {
	case !ok:
		text = "The resource requires authentication, which was not supplied with the request"
	case subtle.ConstantTimeCompare([]byte(basic(user+":"+key)), []byte(h.challenge)) == 1:
		return true // another spelling of the same credentials
	}
	x.w.Header().Set("WWW-Authenticate", `Basic realm="OpenWhisk secure realm"`)
	x.fail(http.StatusUnauthorized, text)
	return false
}

// foreign reports whether a browser sends the request for a page that is not of this machine. With credentials that
// everybody knows, such a page could run code here.
func foreign(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" {
		return false
	}
	u, err := url.Parse(origin)
	return err != nil || !Loopback(u.Hostname())
}

// Loopback reports whether a host, without port, is this machine for sure.
func Loopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
