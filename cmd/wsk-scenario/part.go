package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/spf13/pflag"

	"wsk-scenario/engine/standalone"
)

// part is which part of the embedded OpenWhisk a process is, where each is a process of its own.
type part struct {
	as         string
	controller string
	advertise  string
	token      string
	name       string
	pod        string
	node       standalone.Node
}

// tokenVariable is where the token is looked for when no file is named.
const tokenVariable = "WSK_INVOKER_TOKEN"

func (p *part) flags(f *pflag.FlagSet) {
	f.StringVar(&p.as, "as", "", "be one `PART` alone: controller or invoker; both are in this process when not said")
	f.StringVar(&p.token, "token", "", "`FILE` with the token that controller and invokers share; better than in the environment as "+tokenVariable)
	f.StringVar(&p.controller, "controller", "", "`URL` of the controller that an invoker works for")
	f.StringVar(&p.advertise, "advertise", "", "`URL` at which the controller reaches an invoker, where --listen does not say it")
	f.StringVar(&p.name, "name", "", "`name` of an invoker, which no other of its controller has; that of its node when not said")
	f.StringVar(&p.node.Name, "node", "", "`name` of an invoker's node in the records; the host's when not said")
	f.StringVar(&p.pod, "pod", "", "an invoker's own pod, beside which --driver kubernetes starts others (`NAMESPACE/NAME`)")
	f.StringVar(&p.node.Role, "role", "", "`role` of an invoker's node, such as edge")
}

// check refuses what is said of a part that is not this one.
func (p *part) check(f *pflag.FlagSet) error {
	if p.as != "" {
		if err := oneOf("--as", p.as, "controller", "invoker"); err != nil {
			return err
		}
	}
	for _, name := range []string{"controller", "advertise", "name", "node", "role", "pod"} {
		if f.Changed(name) && p.as != "invoker" {
			return wrong(fmt.Errorf("--%s is for --as invoker", name))
		}
	}
	if f.Changed("token") && p.as == "" {
		return wrong(errors.New("--token is for --as controller and --as invoker"))
	}
	if p.as != "invoker" {
		return nil
	}
	for _, name := range []string{"data", "namespaces", "wskprops", "per-minute", "fires-per-minute", "concurrent", "keep", "keep-for"} {
		if f.Changed(name) {
			return wrong(fmt.Errorf("--%s is for the controller", name))
		}
	}
	for _, u := range []struct{ flag, url string }{{"controller", p.controller}, {"advertise", p.advertise}} {
		parsed, err := url.Parse(u.url)
		if u.url == "" && u.flag == "advertise" {
			continue
		}
		if err != nil || parsed.Host == "" || parsed.Scheme != "http" {
			return wrong(fmt.Errorf("--%s needs an address such as http://10.0.0.1:3233, not %q", u.flag, u.url))
		}
	}
	return nil
}

// readToken finds the token, and hides it.
func (p *part) readToken(m Machine) (string, error) {
	token := strings.TrimSpace(m.Env(tokenVariable))
	if p.token != "" {
		text, err := readText(p.token)
		if err != nil {
			return "", wrong(fmt.Errorf("--token: %w", err))
		}
		token = strings.TrimSpace(string(text))
	}
	m.secrets.Add(token)
	if len(token) < leastToken {
		return "", wrong(fmt.Errorf("--as %s needs a token of %d characters at least, the same for controller and invokers: "+
			"who has it may run anything on an invoker. Write it into a file and name that with --token", p.as, leastToken))
	}
	return token, nil
}

// leastToken is what cannot be guessed.
const leastToken = 16

// invoke runs an invoker until ctx ends, then lets it finish.
func (s *service) invoke(ctx context.Context, m Machine) error {
	cfg := standalone.InvokerConfig{
		Controller: s.part.controller, Advertise: s.part.advertise, Token: s.cfg.InvokerToken, Name: s.part.name, Node: s.part.node,
		IdleTimeout: s.cfg.IdleTimeout, Stems: s.cfg.Stems, Like: s.cfg.Like, Bounds: s.cfg.Bounds, Docker: s.cfg.Docker,
		Kubernetes: s.cfg.Kubernetes, CacheDir: s.cfg.CacheDir, Log: s.cfg.Log,
	}
	cfg.Node.Memory, cfg.Node.CPUs = s.cfg.UserMemory, s.cpus
	if s.flags.Changed("listen") {
		cfg.Listen = s.cfg.Listen
	}
	invoker, err := standalone.StartInvoker(ctx, cfg)
	if err != nil {
		return fmt.Errorf("start the invoker: %w", err)
	}
	fmt.Fprintf(m.Out, "The invoker of node %s listens at %s for the controller at %s. Ctrl-C stops it.\n",
		invoker.Node(), invoker.URL(), cfg.Controller)
	return m.untilStopped(ctx, "the invoker", invoker.Close)
}
