package api

import (
	"bytes"
	"fmt"
	"net/http"

	"wsk-scenario/engine/standalone/balancer"
)

// getInvokers shows the state of each invoker, in the order of their numbers.
func (h *Handler) getInvokers(x *exchange) {
	var body bytes.Buffer
	for i, one := range h.cfg.Invokers.Health() {
		separator := byte(',')
		if i == 0 {
			separator = '{'
		}
		body.WriteByte(separator)
		fmt.Fprintf(&body, "%q:%q", one.Name, one.State)
	}
	if body.Len() == 0 {
		body.WriteByte('{')
	}
	body.WriteByte('}')
	x.send(http.StatusOK, body.Bytes())
}

func (h *Handler) getHealthy(x *exchange) {
	up, _ := h.healthy()
	x.answer(http.StatusOK, up)
}

// getReady says whether all invokers are healthy: OpenWhisk's readiness fraction of 100 %.
func (h *Handler) getReady(x *exchange) {
	up, all := h.healthy()
	if up < all || all == 0 {
		x.answer(http.StatusInternalServerError, map[string]string{"unhealthy": fmt.Sprintf("%d/%d", all-up, all)})
		return
	}
	x.answer(http.StatusOK, map[string]string{"healthy": fmt.Sprintf("%d/%d", up, all)})
}

// healthy counts the invokers that are up, and all.
func (h *Handler) healthy() (up, all int) {
	list := h.cfg.Invokers.Health()
	for _, one := range list {
		if one.State == balancer.Up {
			up++
		}
	}
	return up, len(list)
}
