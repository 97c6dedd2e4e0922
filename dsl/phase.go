package dsl

import (
	"time"

	"wsk-scenario/dsl/syntax"
)

// Phase is one step of the scenario: exactly one of invoke, mix, fire, request, exec, wait and together.
type Phase struct {
	Name     syntax.Val[string]               `yaml:"name,required" doc:"The phase's name in assertions and tables: letters, digits and _." example:"cold"`
	Invoke   syntax.Val[string]               `yaml:"invoke" doc:"The action or sequence to invoke." example:"hello"`
	Mix      syntax.Dict[syntax.Val[float64]] `yaml:"mix" doc:"Actions or sequences to invoke by chance, each with its weight." example:"{balance: 15, deposit: 25}"`
	Fire     syntax.Val[string]               `yaml:"fire" doc:"The trigger to fire." example:"tick"`
	Request  Request                          `yaml:"request" doc:"A request to a web action or an API." example:"{action: page, method: GET}"`
	Exec     Exec                             `yaml:"exec" doc:"A command to run on this machine; its time is a sample." example:"{command: [wsk, action, list]}"`
	Wait     syntax.Val[time.Duration]        `yaml:"wait" doc:"Nothing is sent for so long." example:"5s"`
	Together []Phase                          `yaml:"together" doc:"Phases that run side by side, such as a probe beside a background load. One whose load has no end stops when the others are over." example:"[{name: probe, invoke: hello, load: {iterations: 10}}]"`
	With     *syntax.Node                     `yaml:"with" doc:"The input: a payload's name, or a JSON object written here." example:"{name: edge}"`
	Blocking syntax.Val[string]               `yaml:"blocking" enum:"record|result|none" doc:"What the call waits for: the activation record, the result alone, or nothing (completion then comes from the record). record when not said."`
	Start    StartKind                        `yaml:"start" doc:"The kind of start this phase measures. any when not said." example:"cold"`
	Warmup   Warmup                           `yaml:"warmup" doc:"Calls before the load: sent and recorded, kept out of the statistics." example:"{iterations: 3}"`
	Load     Load                             `yaml:"load" doc:"When to send; everything that sends needs one." example:"{iterations: 100}"`
	Timeout  syntax.Val[time.Duration]        `yaml:"timeout" doc:"How long the client waits for one answer; 70s when not said." example:"70s"`
	Await    Await                            `yaml:"await" doc:"What completes a call that returns early." example:"{until: rules, deadline: 30s}"`
	Expect   syntax.Val[string]               `yaml:"expect" doc:"An expression on one response that must be true; where it is false the outcome is unexpected." example:"status == 200 and result.sum == 3"`
	Extract  syntax.Dict[Extraction]          `yaml:"extract" doc:"Metrics taken out of the result, by name; used as PHASE.NAME.STATISTIC." example:"{execute: {from: result.executeTime, unit: ns}}"`
	Measure  syntax.Val[bool]                 `yaml:"measure" doc:"Whether the phase stands in tables and assertions; it is counted and reconciled in any case. true when not said." example:"false"`
}

// StartKind is the kind of start a phase measures, and how it is forced.
type StartKind struct {
	Kind syntax.Val[string] `yaml:"kind,shorthand" enum:"any|cold|prewarmed|warm" doc:"cold is forced before each call and proved, from the record or by a watch of pods; prewarmed wants a stem cell; warm wants a warmup." example:"cold"`
	By   syntax.Val[string] `yaml:"by" enum:"update|copies|idle|pods" doc:"How a cold start is forced: by a new version of the action, by copies that were never called, by waiting until containers have gone, or by deleting their pods. update when not said." example:"copies"`
}

// Request is a request to a web action or an API.
type Request struct {
	Action    syntax.Val[string]              `yaml:"action" doc:"The web action." example:"page"`
	Path      syntax.Val[string]              `yaml:"path" doc:"A path of the API host instead of an action's." example:"/api/v1/web/guest/default/page.json"`
	Extension syntax.Val[string]              `yaml:"extension" enum:"json|html|http|svg|text" doc:"How a web action's result becomes the answer, behind its name; the platform decides when not said." example:"json"`
	Method    syntax.Val[string]              `yaml:"method" enum:"GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS" doc:"GET when not said." example:"POST"`
	Headers   syntax.Dict[syntax.Val[string]] `yaml:"headers" doc:"Headers of the request." example:"{Accept: text/html}"`
}

// Exec is a command of this machine.
type Exec struct {
	Command []syntax.Val[string]            `yaml:"command,shorthand,single,required" doc:"The program and its arguments; one text is given to the shell." example:"[wsk, action, list]"`
	Dir     syntax.Val[string]              `yaml:"dir" doc:"The folder it runs in, relative to the scenario's file." example:"../tools"`
	Env     syntax.Dict[syntax.Val[string]] `yaml:"env" doc:"Variables of its environment." example:"{MODE: bench}"`
}

// Await is what completes a call that returns early.
type Await struct {
	Until    syntax.Val[string]        `yaml:"until,shorthand" enum:"activation|rules|chain|service" doc:"activation: its own record; rules: those of all that a trigger's rules started, as for every fire when not said; chain: also those that results name as activationId or activationIds; service: a condition of a service." example:"rules"`
	Service  syntax.Val[string]        `yaml:"service" doc:"The service that says so." example:"store"`
	When     syntax.Val[string]        `yaml:"when" doc:"What the service must answer." example:"doc_count == 100"`
	Deadline syntax.Val[time.Duration] `yaml:"deadline" doc:"After which the call counts as lost; 60s when not said." example:"30s"`
}

// Extraction is a metric out of the result.
type Extraction struct {
	From syntax.Val[string] `yaml:"from,shorthand,required" doc:"Where it stands; a list gives one sample for each of its elements." example:"result.executeTime"`
	Unit syntax.Val[string] `yaml:"unit" enum:"ns|us|ms|s|B|kB|KiB|none" doc:"The unit of the number; none when not said." example:"ns"`
}

// Warmup is what every user does before the load.
type Warmup struct {
	Iterations syntax.Val[int]           `yaml:"iterations,shorthand" doc:"Calls of each user." example:"3"`
	For        syntax.Val[time.Duration] `yaml:"for" doc:"How long each user calls back to back." example:"10s"`
}
