package dsl

import (
	"slices"
	"time"

	"wsk-scenario/dsl/expr"
	"wsk-scenario/dsl/syntax"
)

// Service is what the actions need beside OpenWhisk: exactly one of command, container and chart.
type Service struct {
	Command   []syntax.Val[string]            `yaml:"command,single" doc:"A program of this machine and its arguments; one text is given to the shell." example:"[pouchdb-server, --in-memory]"`
	Container Container                       `yaml:"container" doc:"A container on the target." example:"{image: \"couchdb:3\", port: 5984}"`
	Chart     Deployment                      `yaml:"chart" doc:"A Helm release on the target." example:"{chart: bitnami/minio}"`
	Env       syntax.Dict[syntax.Val[string]] `yaml:"env" doc:"Variables of its environment." example:"{COUCHDB_USER: bench}"`
	Ready     Ready                           `yaml:"ready" doc:"How one sees that it is ready." example:"{tcp: \"127.0.0.1:5984\", within: 30s}"`
	Seed      []syntax.Val[string]            `yaml:"seed,single" doc:"A command that fills it with its first data." example:"[node, seed.js]"`
	Reset     syntax.Val[string]              `yaml:"reset" enum:"scenario|cell|phase" doc:"How often it is seeded: once, or at the beginning of each cell or phase; scenario when not said." example:"cell"`
	Values    syntax.Dict[*syntax.Node]       `yaml:"values" doc:"What the scenario uses as ${{ services.NAME.VALUE }}, beside host and port: the address of this machine as the target sees it, and a free port, which the command also finds as PORT; and login, which is empty, or USER:PASSWORD@ of a service that a cluster profile gives with credentials." example:"{url: \"http://${{ services.store.host }}:${{ services.store.port }}\"}"`
}

// Container is a container that a service runs in.
type Container struct {
	Image syntax.Val[string] `yaml:"image,shorthand" doc:"The image." example:"couchdb:3"`
	Port  syntax.Val[int]    `yaml:"port" doc:"The port it serves on." example:"5984"`
}

// Ready is how one sees that a service is ready: exactly one of http, tcp, log and command.
type Ready struct {
	HTTP    syntax.Val[string]        `yaml:"http" doc:"An address that must answer with a status below 400." example:"http://127.0.0.1:5984/_up"`
	TCP     syntax.Val[string]        `yaml:"tcp" doc:"An address that must accept a connection." example:"127.0.0.1:5984"`
	Log     syntax.Val[string]        `yaml:"log" doc:"A text that must stand in its output." example:"has started"`
	Command []syntax.Val[string]      `yaml:"command,single" doc:"A command that must end with exit code 0." example:"[redis-cli, ping]"`
	Within  syntax.Val[time.Duration] `yaml:"within" doc:"How long it may take; 60s when not said." example:"30s"`
}

func (c *checker) checkServices() {
	c.checkWords("services", c.Services.Keys())
	for _, e := range c.Services.Entries {
		s, path := e.Value, "services."+e.Key.Value
		c.exactlyOne(path, e.Key.Range, []string{"command", "container", "chart"}, firstOf(s.Command), s.Container.Image, s.Chart.Chart)
		if r := s.Ready; r.HTTP.Set() || r.TCP.Set() || r.Log.Set() || len(r.Command) > 0 || r.Within.Set() {
			check := firstOf(r.Command)
			c.exactlyOne(path+".ready", firstSet(r.Within, r.HTTP).Range(), []string{"http", "tcp", "log", "command"}, r.HTTP, r.TCP, r.Log, check)
			c.positive(r.Within)
		}
		if s.Reset.Set() && len(s.Seed) == 0 {
			c.fault(s.Reset, " has no seed beside it").Hint = "write the command that seeds it, or remove reset"
		}
		atLeast(c, s.Container.Port, 1)
		atMost(c, s.Container.Port, 65535)
		c.checkWords(path+".values", s.Values.Keys())
		for _, k := range s.Values.Keys() {
			if slices.Contains(given, k.Value) {
				c.diags.Errorf(k.Range, "%s.values.%s: every service has %s already", path, k.Value, k.Value).Hint = "give it another name"
			}
		}
	}
}

// given are the values that every service has.
var given = []string{"host", "port", "login"}

// ServiceValue stands in a plan for a value of a service, which is known when the service has started: it is the placeholder
// itself.
func ServiceValue(service, value string) string {
	return "${{ services." + service + "." + value + " }}"
}

// services declares the values of the services. What a placeholder gives before the run is what stands for it.
func (l *loader) services() {
	scope, env := expr.NewScope(), map[string]any{}
	section := l.root.Get("services")
	if section == nil {
		l.names.Absent("services", "the scenario has no services")
		return
	}
	for _, service := range section.Fields {
		name := service.Key.Value
		members, values := expr.NewScope(), map[string]any{}
		own := slices.Clone(given)
		if list := service.Value.Get("values"); list != nil {
			own = append(own, keys(list)...)
		}
		for _, value := range own {
			members.Add(value, expr.Text)
			values[value] = ServiceValue(name, value)
		}
		scope.Put(name, members)
		env[name] = values
	}
	l.names.Put("services", scope)
	l.scenario.values.services = env
	l.names.Absent("matrix", "a service runs for all cells and does not depend on one")
	l.placeholders(section, l.compiler())
}
