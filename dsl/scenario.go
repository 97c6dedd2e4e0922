// Package dsl is the scenario language: the structs of its sections with their documentation, loading, and every check
// that needs no OpenWhisk. What it returns is a Scenario whose placeholders are compiled and whose names all resolve,
// or diagnostics. The JSON Schema, the decoder and the explanations of keys all come from the struct tags below.
//
// Tags of a field: yaml:"key[,required][,shorthand][,single][,rest]"; doc: what the key means; enum: the allowed words, separated
// by |; example: a value as one would write it. A shorthand field takes the whole node when it is not a mapping, a rest
// field takes all keys that no other field names, a single list may be written as its one item.
package dsl

import (
	"time"

	"wsk-scenario/dsl/syntax"
)

// Scenario is one scenario file.
type Scenario struct {
	Name       syntax.Val[string]        `yaml:"name,required" doc:"The scenario's name: letters, digits, - and _. Results are kept under it." example:"startup"`
	About      syntax.Val[string]        `yaml:"about" doc:"One line that says what is measured, for people." example:"Where the time of a cold start goes."`
	Tags       []syntax.Val[string]      `yaml:"tags" doc:"Words to choose scenarios by: run --tag smoke runs those that have it." example:"[smoke, nightly]"`
	Include    []syntax.Val[string]      `yaml:"include,single" doc:"Other files whose vars, actions, sequences, packages, triggers, payloads and services are merged in. A name that is there twice is an error. Paths in a file are relative to that file." example:"[common/actions.yaml]"`
	Vars       syntax.Dict[*syntax.Node] `yaml:"vars" doc:"Named values, used as ${{ vars.name }}; --set name=value overrides one." example:"{loops: 10}"`
	Matrix     Matrix                    `yaml:"matrix" doc:"Axes whose product makes the cells; every cell runs all phases. Used as ${{ matrix.axis }}." example:"{lang: [nodejs, python]}"`
	Repeat     syntax.Val[int]           `yaml:"repeat" doc:"How often the whole run is made: all cells, then all cells again. Every pass is judged by itself. 1 when not said." example:"3"`
	Require    Require                   `yaml:"require" doc:"What the target must have, checked before anything is created." example:"{limits: {concurrent: 50}, kinds: [nodejs]}"`
	Deployment Deployment                `yaml:"deployment" doc:"The Helm release of OpenWhisk that this scenario needs, laid over the profile's own, so that an axis can sweep a chart value." example:"{set: {invoker.containerFactory.kubernetes.replicaCount: 2}}"`
	Services   syntax.Dict[Service]      `yaml:"services" doc:"What the actions need beside OpenWhisk, such as a database; started before the actions are created, stopped after the run." example:"{store: {command: [pouchdb-server, --in-memory], ready: {tcp: \"127.0.0.1:5984\"}}}"`
	Actions    syntax.Dict[Action]       `yaml:"actions" doc:"The actions that the run creates, by name, and removes after it." example:"{hello: {code: hello.js, kind: \"nodejs:default\"}}"`
	Sequences  syntax.Dict[Sequence]     `yaml:"sequences" doc:"Chains of actions, by name." example:"{pair: [produce, consume]}"`
	Packages   syntax.Dict[Package]      `yaml:"packages" doc:"Packages; an action belongs to one by its name, PACKAGE/ACTION." example:"{bank: {params: {currency: EUR}}}"`
	Triggers   syntax.Dict[Trigger]      `yaml:"triggers" doc:"Triggers with their rules, by name; a phase fires one." example:"{tick: {rules: {action: sleeper, count: 4}}}"`
	Payloads   syntax.Dict[Payload]      `yaml:"payloads" doc:"Named inputs, used by a phase's with." example:"{filler: {size: 50KB}}"`
	Population Population                `yaml:"population" doc:"Sampled applications: how many, and how their chain lengths, memory, durations and inter-arrival times are distributed." example:"{count: 10, seed: 1, duration: {exponential: {mean: 200ms}}}"`
	Placement  Placement                 `yaml:"placement" doc:"On which role the actions run: one role for all, or a role for each action." example:"cloud"`
	Phases     []Phase                   `yaml:"phases,required" doc:"What happens, in the order written." example:"[{name: all, invoke: hello, load: {iterations: 10}}]"`
	Assert     []Assertion               `yaml:"assert" doc:"What must hold after the run, judged once for each cell." example:"[\"warm.response.p95 < 80ms\"]"`
	Report     []Table                   `yaml:"report" doc:"Extra tables and charts. The default tables need none." example:"[{title: Start-up, columns: [cold.response.p50]}]"`

	// File is the name of the scenario's file, as given.
	File string `yaml:"-"`

	values values
}

// Sequence is a chain of actions: a list, or one action several times.
type Sequence struct {
	Actions []syntax.Val[string] `yaml:"actions,shorthand" doc:"The components, first to last." example:"[produce, consume]"`
	Repeat  syntax.Val[string]   `yaml:"repeat" doc:"An action to chain to itself." example:"increment"`
	Times   syntax.Val[int]      `yaml:"times" doc:"How often repeat stands in the chain." example:"10"`
}

// Payload is a named input: exactly one of size, file and json.
type Payload struct {
	Size   syntax.Val[syntax.Bytes]  `yaml:"size" doc:"A made-up JSON object of exactly this many bytes." example:"50KB"`
	Fill   syntax.Val[string]        `yaml:"fill" enum:"zeros|random|text" doc:"What a made-up payload is filled with; zeros when not said."`
	Key    syntax.Val[string]        `yaml:"key" doc:"The parameter that holds the filler or the file; payload when not said." example:"payload"`
	File   syntax.Val[string]        `yaml:"file" doc:"A file to send, relative to the file it is written in." example:"../actions/image-resize/lena.png"`
	Encode syntax.Val[string]        `yaml:"encode" enum:"base64|text" doc:"How the file's bytes become a JSON string; base64 when not said."`
	And    syntax.Dict[*syntax.Node] `yaml:"and" doc:"Further parameters beside the file." example:"{w: 170, h: 280}"`
	JSON   *syntax.Node              `yaml:"json" doc:"The JSON object itself. ${{ seq() }}, ${{ pick(1, 1000) }}, ${{ distinct(1, 1000) }} and ${{ random(16B) }} make a new value for every call, from the seed of the run." example:"{from: \"${{ distinct(1, 1000) }}\", to: \"${{ distinct(1, 1000) }}\", id: \"${{ seq() }}\"}"`
}

// Placement binds actions to roles of nodes.
type Placement struct {
	All    syntax.Val[string]              `yaml:"all,shorthand" doc:"The role of every action." example:"cloud"`
	Action syntax.Dict[syntax.Val[string]] `yaml:",rest" doc:"The role of this action." example:"edge"`
}

// Assertion is one expectation.
type Assertion struct {
	Expect   syntax.Val[string]        `yaml:"expect,shorthand,required" doc:"An expression that must be true." example:"warm.response.p95 < 80ms"`
	Name     syntax.Val[string]        `yaml:"name" doc:"A name for reports, where the expression alone does not say it."`
	When     syntax.Val[string]        `yaml:"when" doc:"An expression on matrix and vars; the assertion is judged only in the cells in which it is true." example:"matrix.node == \"edge\""`
	Across   syntax.Val[string]        `yaml:"across" doc:"An axis whose values become names, as in edge.warm.run.p50 < 8 * cloud.warm.run.p50. Judged once for each combination of the other axes in which all the named cells exist." example:"node"`
	Severity syntax.Val[string]        `yaml:"severity" enum:"error|warn" doc:"Whether a failure fails the run or is only told; error when not said."`
	NoData   syntax.Val[string]        `yaml:"no_data" enum:"fail|allow" doc:"Whether the run fails when there is nothing to judge; fail when not said."`
	Abort    syntax.Val[bool]          `yaml:"abort" doc:"Whether the assertion is judged while its phase runs, too, and stops the phase when it fails; false when not said."`
	After    syntax.Val[time.Duration] `yaml:"after" doc:"How far into the phase the first judgement of abort is." example:"30s"`
}
