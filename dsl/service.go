package dsl

import (
	"time"

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
	Reset     syntax.Val[string]              `yaml:"reset" enum:"scenario|cell|phase" doc:"How often it is seeded anew; scenario when not said." example:"cell"`
	Values    syntax.Dict[*syntax.Node]       `yaml:"values" doc:"What the scenario uses as ${{ services.NAME.VALUE }}." example:"{url: \"http://127.0.0.1:5984\"}"`
}

// Container is a container that a service runs in.
type Container struct {
	Image syntax.Val[string] `yaml:"image,shorthand" doc:"The image." example:"couchdb:3"`
	Port  syntax.Val[int]    `yaml:"port" doc:"The port it serves on." example:"5984"`
}

// Ready is how one sees that a service is ready: exactly one of http, tcp and log.
type Ready struct {
	HTTP   syntax.Val[string]        `yaml:"http" doc:"An address that must answer with a status below 400." example:"http://127.0.0.1:5984/_up"`
	TCP    syntax.Val[string]        `yaml:"tcp" doc:"An address that must accept a connection." example:"127.0.0.1:5984"`
	Log    syntax.Val[string]        `yaml:"log" doc:"A text that must stand in its output." example:"has started"`
	Within syntax.Val[time.Duration] `yaml:"within" doc:"How long it may take; 60s when not said." example:"30s"`
}

func (c *checker) checkServices() {
	c.checkWords("services", c.Services.Keys())
	for _, e := range c.Services.Entries {
		s, path := e.Value, "services."+e.Key.Value
		c.exactlyOne(path, e.Key.Range, []string{"command", "container", "chart"}, firstOf(s.Command), s.Container.Image, s.Chart.Chart)
		if r := s.Ready; r.HTTP.Set() || r.TCP.Set() || r.Log.Set() || r.Within.Set() {
			c.exactlyOne(path+".ready", firstSet(r.Within, r.HTTP).Range(), []string{"http", "tcp", "log"}, r.HTTP, r.TCP, r.Log)
			c.positive(r.Within)
		}
		atLeast(c, s.Container.Port, 1)
		atMost(c, s.Container.Port, 65535)
	}
}
