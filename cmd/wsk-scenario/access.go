package main

import (
	ctls "crypto/tls"
	"encoding/pem"
	"errors"
	"fmt"
	"net/url"
	"os"
	"reflect"
	"runtime"
	"strings"

	"github.com/spf13/pflag"

	"wsk-scenario/dsl"
	"wsk-scenario/dsl/diag"
	"wsk-scenario/dsl/syntax"
	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/secret"
	"wsk-scenario/engine/standalone"
	"wsk-scenario/engine/target"
	"wsk-scenario/engine/whisk"
)

// access is what names a running OpenWhisk, by flags and by a profile; without it there is the embedded one.
type access struct {
	apihost, auth string
	insecure      bool
	ca, cert, key string // PEM
	kubernetes    *plan.Kubernetes
	logins        map[string]string // of services that a profile gives, USER:PASSWORD by name
}

func (a *access) flags(f *pflag.FlagSet) {
	f.StringVar(&a.apihost, "apihost", "", "`URL` of a running OpenWhisk to use instead of the embedded one")
	f.StringVar(&a.auth, "auth", "", "its credentials, `UUID:KEY`; better in the environment as WSK_AUTH")
	f.BoolVarP(&a.insecure, "insecure", "i", false, "do not verify its certificate")
}

// hide makes the redactor know the credentials that are given beside a profile, before anything is written.
func (a *access) hide(m Machine) {
	m.secrets.Add(a.auth)
	m.secrets.Add(m.Env("WSK_AUTH"))
}

// lay puts the flags over the profile. What the profile refers to and is not there is a fault of it, at its place.
func (a *access) lay(m Machine, p *dsl.Profile) (diag.List, error) {
	if key := embeddedOnly(p); a.apihost != "" && key != "" {
		return nil, wrong(fmt.Errorf("--apihost names a running OpenWhisk, but %s in %s is of the embedded one: leave one of them out",
			key, p.File))
	}
	a.kubernetes = plan.ClusterOf(p).Kubernetes
	if a.apihost != "" && a.kubernetes != nil && len(a.kubernetes.Releases) > 0 {
		return nil, wrong(fmt.Errorf("--apihost is one address, and %s has a release for each role (placement: releases): leave it out", p.File))
	}
	if faults := a.fromProfile(m, p); faults.HasErrors() {
		return faults, nil
	}
	return nil, a.complete(m)
}

// complete takes the credentials from the environment where nothing else gives them, and refuses half an answer.
func (a *access) complete(m Machine) error {
	if a.kubernetes != nil { // what is missing is found on the cluster
		return nil
	}
	if a.apihost == "" {
		if a.auth != "" || a.insecure {
			return wrong(errors.New("--auth and --insecure are for a running OpenWhisk: say which with --apihost URL or --cluster FILE"))
		}
		return nil
	}
	if _, err := whisk.ParseHost(a.apihost); err != nil {
		return wrong(err)
	}
	if a.auth == "" {
		a.auth = m.Env("WSK_AUTH")
	}
	if a.auth == "" {
		return wrong(fmt.Errorf("the OpenWhisk at %s needs credentials: set WSK_AUTH=UUID:KEY in the environment, or --auth UUID:KEY", a.apihost))
	}
	return nil
}

// embeddedOnly is the first key of a profile that only the embedded OpenWhisk honours; empty when there is none.
func embeddedOnly(p *dsl.Profile) string {
	switch {
	case p.Like.Set():
		return p.Like.Path()
	case !reflect.ValueOf(p.Limits).IsZero():
		return "limits"
	case p.Memory.Set():
		return p.Memory.Path()
	case p.Driver.Set():
		return p.Driver.Path()
	}
	switch {
	case p.IdleTimeout.Set():
		return p.IdleTimeout.Path()
	case len(p.Prewarm.Entries) > 0:
		return "prewarm"
	case len(p.Nodes.Entries) > 0:
		return "nodes"
	}
	return ""
}

// fromProfile takes from the profile what no flag says.
func (a *access) fromProfile(m Machine, p *dsl.Profile) (faults diag.List) {
	if a.apihost == "" {
		a.apihost, _ = p.OpenWhisk.APIHost.Literal()
	}
	if verify, said := p.OpenWhisk.TLS.Verify.Literal(); said && !verify {
		a.insecure = true
	}
	tls := p.OpenWhisk.TLS
	a.ca = pemFile(&faults, p, tls.CA, "certificate", "CERTIFICATE")
	a.cert = pemFile(&faults, p, tls.Cert, "certificate", "CERTIFICATE")
	a.key = pemFile(&faults, p, tls.Key, "private key", "PRIVATE KEY")
	if a.cert != "" && a.key != "" {
		m.secrets.Add(a.key)
		if _, err := ctls.X509KeyPair([]byte(a.cert), []byte(a.key)); err != nil {
			refused(&faults, tls.Key, err).Hint = "name the key that the certificate was made for"
		}
	}
	if where, reference := credentials(p); a.auth == "" && where.Set() {
		text, err := reference.Read(m.Env)
		if err != nil {
			refused(&faults, where, err).Hint = "the credentials of OpenWhisk have the form UUID:KEY; wsk property get --auth shows them"
		}
		m.secrets.Add(text)
		a.auth = text
	}
	a.logins = logins(m, p, &faults)
	return faults
}

// logins are the credentials of the services that a profile gives, where it says that they have some.
func logins(m Machine, p *dsl.Profile, faults *diag.List) map[string]string {
	list := map[string]string{}
	for _, e := range p.Services.Entries {
		where, reference := e.Value.Auth.Env, secret.Reference{}
		reference.Env, _ = where.Literal()
		if file, said := e.Value.Auth.File.Literal(); said && !where.Set() {
			where, reference.File = e.Value.Auth.File, p.Path(file)
		}
		if !where.Set() {
			continue
		}
		text, err := reference.Read(m.Env)
		if err != nil {
			refused(faults, where, err).Hint = "the credentials of a service have the form USER:PASSWORD"
			continue
		}
		m.secrets.Add(text)
		user, password, _ := strings.Cut(text, ":")
		m.secrets.Add(url.UserPassword(user, password).String()) // as it stands in addresses
		list[e.Key.Value] = text
	}
	return list
}

// pemFile is the text of a file that must hold something in PEM form; empty when none is named.
func pemFile(faults *diag.List, p *dsl.Profile, v syntax.Val[string], what, block string) string {
	path, said := v.Literal()
	if !said {
		return ""
	}
	text, err := os.ReadFile(p.Path(path))
	if found, _ := pem.Decode(text); err == nil && (found == nil || !strings.HasSuffix(found.Type, block)) {
		err = fmt.Errorf("it holds no %s in PEM form", what)
	}
	if err != nil {
		refused(faults, v, err).Hint = "name a file that begins with -----BEGIN " + block + "-----"
		return ""
	}
	return string(text)
}

func refused(faults *diag.List, v syntax.Val[string], err error) *diag.Diagnostic {
	d := faults.Errorf(v.Range(), "%s: %v", v.Path(), err)
	d.Path = v.Path()
	return d
}

// credentials is where a profile says that its credentials are.
func credentials(p *dsl.Profile) (syntax.Val[string], secret.Reference) {
	auth := p.OpenWhisk.Auth
	env, _ := auth.Env.Literal()
	file, _ := auth.File.Literal()
	props, _ := auth.Wskprops.Literal()
	reference := secret.Reference{Env: env, File: p.Path(file), Wskprops: p.Path(props)}
	for _, v := range []syntax.Val[string]{auth.Env, auth.File} {
		if v.Set() {
			return v, reference
		}
	}
	return auth.Wskprops, reference
}

// stemMemory is the size of containers that are started ahead: OpenWhisk's own, and the default of actions.
const stemMemory = 256 // MB

func (a *access) target(m Machine, cache string, p *plan.Plan, say func(string)) target.Target {
	if a.kubernetes != nil {
		return a.onKubernetes(m, a.kubernetes.Calls(p.Cells), say, false)
	}
	if a.apihost != "" {
		return target.Attach(whisk.Access{Host: a.apihost, Auth: a.auth, Insecure: a.insecure, CA: a.ca, Cert: a.cert, Key: a.key})
	}
	cfg := standalone.Config{CacheDir: cache}
	if p.Cluster != nil {
		embed(m, &cfg, p.Cluster.Embedded)
	}
	cfg.Nodes, cfg.Seed = emulated(p.Nodes), p.Seed
	return target.Standalone(cfg)
}

// bounded is OpenWhisk's own bounds of actions with what a profile says over them.
func bounded(l plan.Limits) standalone.Bounds {
	b := standalone.DefaultBounds()
	for _, f := range []struct {
		said int64
		to   *int
	}{{l.Payload, &b.Payload}, {l.Result, &b.Result}, {l.Parameters, &b.Parameters}, {l.Code, &b.Code}} {
		if f.said != 0 {
			*f.to = int(f.said)
		}
	}
	for _, f := range []struct {
		said         plan.Range
		low, std, up *int64
	}{
		{l.TimeMS, &b.Min.Timeout, &b.Default.Timeout, &b.Max.Timeout},
		{l.MemoryMB, &b.Min.Memory, &b.Default.Memory, &b.Max.Memory},
		{l.LogsMB, &b.Min.Logs, &b.Default.Logs, &b.Max.Logs},
		{l.Concurrency, &b.Min.Concurrency, &b.Default.Concurrency, &b.Max.Concurrency},
	} {
		f.said.Over(f.low, f.std, f.up)
	}
	return b
}

// embed takes over what a profile says of the embedded OpenWhisk.
func embed(m Machine, cfg *standalone.Config, e plan.Embedded) {
	cfg.PerMinute, cfg.Concurrent = e.PerMinute, e.Concurrent
	cfg.UserMemory, cfg.IdleTimeout = int64(e.MemoryMB), e.IdleTimeout
	cfg.Nodes = emulated(e.Nodes)
	cfg.Like = standalone.Release(e.Like)
	cfg.FiresPerMinute, cfg.SequenceLength = e.Limits.FiresPerMinute, e.Limits.SequenceLength
	bounds := bounded(e.Limits)
	cfg.Bounds = &bounds
	prewarm := e.Prewarm
	implied := e.Like != "" && len(prewarm) == 0
	if implied {
		prewarm = []plan.Prewarm{{Family: "nodejs", Count: 2}} // as both of them have it, and
		if e.Like == string(standalone.Master) {
			prewarm[0].Reactive = &plan.Reactive{} // as it is by default
		}
	}
	for _, p := range prewarm {
		stems := standalone.Stems{Kind: p.Family + ":default", Memory: stemMemory, Count: p.Count, Optional: implied}
		if r := p.Reactive; r != nil {
			stems.Reactive = &standalone.Reactive{Min: r.Min, Max: r.Max, TTL: r.TTL, Threshold: r.Threshold, Increment: r.Increment}
		}
		cfg.Stems = append(cfg.Stems, stems)
	}
	if e.Driver != driverDocker {
		return
	}
	cfg.Docker = &standalone.Docker{Host: m.Env("DOCKER_HOST"), Images: map[string]string{}}
	for _, i := range e.Images {
		if image := i.For(runtime.GOARCH); image != "" {
			cfg.Docker.Images[i.Family] = image
		}
	}
}

// emulated are nodes of a plan or a profile, as the embedded OpenWhisk takes them.
func emulated(nodes []plan.Node) (list []standalone.Node) {
	for _, n := range nodes {
		l := n.Link
		list = append(list, standalone.Node{
			Name: n.Name, Role: n.Role, Arch: n.Arch, CPUs: n.CPUs, Memory: int64(n.MemoryMB),
			Link: standalone.Link{Name: l.Name, Delay: l.Delay, Jitter: l.Jitter, Rate: l.BitRate,
				Outage: standalone.Outage{Every: l.OutageEvery, Last: l.OutageLast}},
		})
	}
	return list
}
