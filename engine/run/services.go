package run

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/url"

	"wsk-scenario/dsl"
	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/result"
)

// services starts what the actions need beside OpenWhisk.
func (r *runner) services(ctx context.Context) error {
	if len(r.plan.Services) == 0 {
		return nil
	}
	r.beside.Host, r.beside.Logins = ownAddress(r.client.Host()), r.opts.Logins
	r.cleanup.push("stop the services", r.beside.Stop)
	for _, s := range r.plan.Services {
		r.watch.emit(ServiceStarting{s.Name})
		if err := r.beside.Start(ctx, s); err != nil {
			return fmt.Errorf("%s: %w", s.Range, err)
		}
		at := "on port " + r.beside.Values().Text(dsl.ServiceValue(s.Name, "port"))
		if s.At != nil {
			at = fmt.Sprintf("at %s:%d, which was there", s.At.Host, s.At.Port)
		}
		r.fact("service "+s.Name, at)
	}
	return nil
}

// ownAddress is that of this machine on the way to the target, from where its actions come back.
func ownAddress(target string) string {
	const loopback = "127.0.0.1"
	to, err := url.Parse(target)
	if err != nil {
		return loopback
	}
	port := to.Port()
	if port == "" {
		port = "443"
	}
	conn, err := net.Dial("udp", net.JoinHostPort(to.Hostname(), port)) // nothing is sent
	if err != nil {
		return loopback
	}
	defer conn.Close()
	return conn.LocalAddr().(*net.UDPAddr).IP.String()
}

// keepLogs keeps what the services wrote beside the result of a run that did not go well.
func (r *runner) keepLogs() {
	if r.result.Status == result.Complete && !r.result.Failed() {
		return
	}
	for name, log := range r.beside.Logs() {
		if err := r.bundle.Keep("service-"+name+".log", []byte(log)); err != nil {
			r.broken(err)
			return
		}
		r.note("what service %s wrote is in service-%s.log", name, name)
	}
}

// filled is an input with what the services gave.
func (r *runner) filled(p plan.Payload) plan.Payload {
	values := r.values
	p.JSON, p.And = values.JSON(p.JSON), values.JSON(p.And)
	parts := make([]plan.Part, len(p.Parts))
	for i, part := range p.Parts {
		part.Text = string(values.JSON(json.RawMessage(part.Text)))
		parts[i] = part
	}
	if len(parts) > 0 {
		p.Parts = parts
	}
	return p
}
